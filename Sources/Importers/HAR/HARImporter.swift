/// HAR 1.2 recordings (http://www.softwareishard.com/blog/har-12-spec/): the requests of one origin in their order.
package enum HARImporter {
    /// Longest pause that a plan takes over, in milliseconds: beyond it the person at the browser was away.
    private static let maximumPause = 60_000

    package static func read(_ bytes: [UInt8], options: ImportOptions) throws(ImportError) -> ImportedPlan {
        let document = try JSONTree.parse(bytes)
        guard let log = document["log"], log.members != nil else {
            throw ImportError(
                .file, "it has no `log`, and a HAR file is an object with one",
                remedy: "save the recording as HAR with content")
        }
        guard case .list(let list)? = log["entries"]?.content else {
            throw ImportError(
                .line(log.line), "`log` has no list `entries`", remedy: "save the recording as HAR with content")
        }
        guard !list.isEmpty else {
            throw ImportError(
                .line(log.line), "`entries` is empty: nothing was recorded",
                remedy: "record with the network tab open, and save again")
        }
        var assembler = PlanAssembler(options)
        let entries = list.compactMap { HAREntry($0) }
        if entries.count < list.count {
            let count = list.count - entries.count
            assembler.notes.add("Entries without a request that can be sent over HTTP were left out (\(count))")
        }
        guard let origin = origin(of: entries) else {
            throw ImportError(
                .entry(1), "no entry has a request with an `http://` or `https://` URL", remedy: "check the file")
        }
        let kept = entries.filter { entry in
            if entry.address.origin != origin {
                assembler.notes.add("Requests to other hosts were left out", of: entry.address.origin)
            }
            return entry.address.origin == origin
        }
        assembler.keepsCookies = kept.contains(where: \.setsCookies)
        var items: [ImportedItem] = []
        for (index, entry) in kept.enumerated() {
            var parts = entry.parts(&assembler)
            parts.think = pause(between: entry, and: index + 1 < kept.count ? kept[index + 1] : nil, &assembler)
            if let step = assembler.step(parts) { items.append(.step(step)) }
        }
        let flow = ImportedFlow(name: "main", items: items)
        return try assembler.plan([flow], target: origin, from: "a HAR recording")
    }

    /// The origin of the first document that was shown, else of the first request.
    private static func origin(of entries: [HAREntry]) -> String? {
        let documents = entries.filter(\.isDocument)
        let shown = documents.first { (200..<300).contains($0.status) } ?? documents.first
        return (shown ?? entries.first)?.address.origin
    }

    /// What a person waited before the next page, in milliseconds; nil between the requests of one page.
    private static func pause(
        between entry: HAREntry, and next: HAREntry?, _ assembler: inout PlanAssembler
    ) -> Int? {
        guard let next, let end = entry.end, let start = next.start else { return nil }
        let gap = start - end
        // Without pages a second of silence is taken for the end of one.
        let isBreak = entry.page == nil && next.page == nil ? gap >= 1_000 : entry.page != next.page
        guard isBreak, gap >= 50 else { return nil }
        guard gap <= maximumPause else {
            assembler.notes.remind("Pauses of more than a minute were made one minute long")
            return maximumPause
        }
        let pause = Int(gap)
        return pause >= 1_000 ? (pause + 50) / 100 * 100 : (pause + 5) / 10 * 10
    }
}

/// One entry of a recording that has a request over HTTP.
struct HAREntry {
    let address: WebAddress
    let method: String
    let status: Int
    /// Answered with HTML.
    let isDocument: Bool
    let setsCookies: Bool
    let page: String?
    /// Milliseconds since 1970; nil where the recording does not say it.
    let start: Int64?
    let end: Int64?
    private let request: DocumentNode

    init?(_ node: DocumentNode) {
        guard let request = node["request"], let url = request["url"]?.string, let address = WebAddress(url) else {
            return nil
        }
        self.request = request
        self.address = address
        method = request["method"]?.string ?? "GET"
        let response = node["response"]
        status = response?["status"]?.integer ?? 0
        // 101 is the beginning of a WebSocket.
        guard status != 101 else { return nil }
        isDocument = response?["content"]?["mimeType"]?.string.map { BodyReader.essence($0) == "text/html" } ?? false
        setsCookies =
            response?["cookies"]?.items.isEmpty == false
            || response?["headers"]?.items.contains { $0["name"]?.string?.lowercased() == "set-cookie" } == true
        page = node["pageref"]?.string
        start = node["startedDateTime"]?.string.flatMap(TimeText.iso8601)
        let length = node["time"]?.scalarText.flatMap(Double.init) ?? 0
        end = start.map { $0 + Int64((0...86_400_000).contains(length) ? length : 0) }
    }

    func parts(_ assembler: inout PlanAssembler) -> RequestParts {
        var parts = RequestParts(method: method, address: address)
        if parts.query == nil { parts.query = queryString }
        for header in request["headers"]?.items ?? [] {
            guard let name = header["name"]?.string, let value = header["value"]?.scalarText else { continue }
            parts.headers.append(ImportedPair(name, ImportedText(value)))
        }
        if let credentials = address.credentials { parts.headers.setCredentials(credentials, &assembler.secrets) }
        parts.body = body(&assembler)
        if (200..<600).contains(status) { parts.status = "\(status / 100)xx" }
        return parts
    }

    /// `queryString` of a recording whose URLs have none.
    private var queryString: String? {
        let fields = (request["queryString"]?.items ?? []).compactMap { field -> String? in
            guard let name = field["name"]?.string, !name.isEmpty else { return nil }
            return PercentCoding.strict(name) + "=" + PercentCoding.strict(field["value"]?.scalarText ?? "")
        }
        return fields.isEmpty ? nil : fields.joined(separator: "&")
    }

    private func body(_ assembler: inout PlanAssembler) -> RequestParts.Body? {
        guard let data = request["postData"], data.members != nil else { return nil }
        let type = data["mimeType"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        let text = data["text"]?.string ?? ""
        let fields = data["params"]?.items ?? []
        switch type.map(BodyReader.essence) {
        case "multipart/form-data"? where !fields.isEmpty: return .multipart(self.parts(fields, &assembler))
        case _ where !text.isEmpty || fields.isEmpty: return .text(ImportedText(text), type: type)
        default:
            let pairs = fields.compactMap { field -> ImportedPair? in
                guard let name = field["name"]?.string else { return nil }
                let value = field["value"]?.scalarText ?? ""
                // Browsers record the fields as they were sent, percent-encoded.
                return ImportedPair(
                    PercentCoding.decode(name) ?? name, ImportedText(PercentCoding.decode(value) ?? value))
            }
            return .form(pairs)
        }
    }

    private func parts(_ fields: [DocumentNode], _ assembler: inout PlanAssembler) -> [ImportedPart] {
        fields.compactMap { field in
            guard let name = field["name"]?.string else { return nil }
            let value = field["value"]?.scalarText ?? ""
            if let file = field["fileName"]?.string, value.isEmpty {
                assembler.notes.add("Uploaded files are not in the recording: put them beside the plan", of: file)
                let type = field["contentType"]?.string
                return FileNames.relative(file).map { ImportedPart(name, .file($0, type: type)) }
            }
            return ImportedPart(name, .text(ImportedText(value)))
        }
    }
}

extension [ImportedPair] {
    /// `user:password` of a URL as the header that says it, unless there is one.
    mutating func setCredentials(_ credentials: String, _ secrets: inout SecretTable) {
        guard !contains(where: { $0.name.lowercased() == "authorization" }) else { return }
        append(ImportedPair("Authorization", secrets.place(for: "Basic " + credentials, of: "Authorization")))
    }
}
