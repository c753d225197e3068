/// Puts a plan together from requests: one target, names that differ, secrets left out, notes about everything else.
struct PlanAssembler {
    /// A file with more requests is a recording of days, and no plan that a person reads.
    static let maximumSteps = 2_000
    static let maximumFileBytes = 64 << 20

    let options: ImportOptions
    let name: String
    var notes = NoteBook()
    var secrets = SecretTable()
    var keepsCookies = false
    private(set) var data: [ImportedData] = []
    private(set) var files: [ImportedFile] = []
    private var fileBytes = 0
    private var stepNames: Set<String> = []
    /// The number that the next step of a name gets, by group and name.
    private var nextNumbers: [String: Int] = [:]
    private(set) var stepCount = 0

    init(_ options: ImportOptions) {
        self.options = options
        name = NameCleaner.plan(options.name)
    }

    // MARK: Steps

    /// The step for a request, or nil with a note when no plan can have it.
    ///
    /// - Parameter group: names are unique inside of it.
    mutating func step(_ parts: RequestParts, group: String = "") -> ImportedStep? {
        guard stepCount < Self.maximumSteps else {
            notes.add("Requests after the first \(Self.maximumSteps) were left out")
            return nil
        }
        let method = parts.method.trimmedBlanks.uppercased()
        guard HTTPWords.isMethod(method), method != "CONNECT" else {
            notes.add("Requests whose method Gale cannot send were left out", of: parts.method)
            return nil
        }
        var step = ImportedStep(method: ImportedText(method), path: parts.path)
        if let query = parts.query {
            switch QueryReader.read(query, translate: parts.translate, secrets: &secrets) {
            case .pairs(let pairs): step.query = pairs
            case .raw(let raw):
                step.path.append("?")
                step.path.append(raw)
            }
        }
        step.headers = HeaderFilter.filter(
            parts.headers, cookiesAreKept: keepsCookies, secrets: &secrets, notes: &notes)
        step.cookies = parts.cookies
        setBody(of: &step, parts)
        NULFilter.clean(&step, &notes)
        step.status = parts.status
        step.think = parts.think
        step.notes = parts.notes
        setName(of: &step, wanted: parts.name, group: group)
        stepCount += 1
        return step
    }

    private mutating func setBody(of step: inout ImportedStep, _ parts: RequestParts) {
        guard let body = parts.body else { return }
        guard step.method.literal != "TRACE" else {
            notes.add("Bodies of TRACE requests were left out, because they must not have one")
            return
        }
        let place = step.headers.firstIndex { $0.name.lowercased() == "content-type" }
        let given = place.map { step.headers[$0].value }
        // A type with places in it stays as it is.
        let type = given.flatMap(\.literal)
        let read = BodyReader.read(body, type: type, translate: parts.translate, assembler: &self)
        step.body = read.body
        guard given == nil || type != nil else { return }
        if let place { step.headers.remove(at: place) }
        if let type = read.type, HTTPWords.isHeaderValue(type) {
            step.headers.insert(ImportedPair("Content-Type", ImportedText(type)), at: place ?? step.headers.count)
        }
    }

    /// Names are what budgets and reports go by, so they differ inside a group. A step without a name of its own goes by its
    /// method and path, as the plan calls it by itself.
    private mutating func setName(of step: inout ImportedStep, wanted: String?, group: String) {
        let own = wanted.map(NameCleaner.step).flatMap { $0.isEmpty ? nil : $0 }
        let base = own ?? NameCleaner.step("\(step.method.label) \(step.path.label.prefix { $0 != "?" })")
        let key = group + "\u{0}"
        var name = base
        while !stepNames.insert(key + name).inserted {
            let number = nextNumbers[key + base, default: 2]
            nextNumbers[key + base] = number + 1
            name = NameCleaner.numbered(base, number)
        }
        step.name = own == nil && name == base ? nil : name
    }

    // MARK: Data and files

    /// The name of a data source like this one: the wanted name, or one with a number where that is another source's.
    mutating func addData(_ wanted: String, _ source: ImportedData.Source) -> String {
        let base = NameCleaner.variable(wanted)
        var name = base
        var number = 2
        while let known = data.first(where: { $0.name == name }) {
            if known.source == source { return name }
            name = "\(base)-\(number)"
            number += 1
        }
        data.append(ImportedData(name: name, source: source))
        return name
    }

    /// Keeps bytes for a file beside the plan, and says what it is called.
    mutating func addFile(_ bytes: [UInt8], ending: String) -> String {
        if let known = files.first(where: { $0.bytes == bytes }) { return known.name }
        let name = "\(self.name)-body-\(files.count + 1).\(ending)"
        guard fileBytes + bytes.count <= Self.maximumFileBytes else {
            notes.add("Bodies were left empty, because all of them together have more than 64 MB", of: name)
            files.append(ImportedFile(name: name, bytes: []))
            return name
        }
        fileBytes += bytes.count
        files.append(ImportedFile(name: name, bytes: bytes))
        return name
    }

    mutating func addFile(named name: String, _ bytes: [UInt8]) {
        files.append(ImportedFile(name: name, bytes: bytes))
    }

    // MARK: The plan

    /// The plan of these flows.
    ///
    /// - Parameter requests: how many requests the file had, where they are not the plan's steps.
    /// - Throws: when no request was left.
    func plan(
        _ flows: [ImportedFlow], target: String?, from source: String, load: [ImportedLoad]? = nil, requests: Int? = nil
    ) throws(ImportError) -> ImportedPlan {
        var plan = ImportedPlan(name: name)
        plan.flows = flows.filter { flow in flow.items.contains { $0.stepCount > 0 } }
        guard plan.stepCount > 0 else {
            let reason = notes.lines.first.map { " (\($0.dropLast()))" } ?? ""
            throw ImportError(.file, "it has no request that a plan can have\(reason)", remedy: "check the file")
        }
        plan.target = options.target ?? target
        plan.keepsCookies = keepsCookies
        plan.data = data
        plan.load = load ?? [.rate(options.rate, duration: options.duration)]
        plan.files = files
        let count = requests ?? plan.stepCount
        plan.notes = ["Imported from \(source): \(count) \(count == 1 ? "request" : "requests")."]
        plan.notes += notes.lines.map { "- " + $0 }
        let variables = secrets.variables
        if !variables.isEmpty {
            let shown = variables.prefix(20).joined(separator: ", ")
            let more = variables.count > 20 ? " and \(variables.count - 20) more" : ""
            plan.notes.append("- Set these in the environment; their values were not copied: \(shown)\(more).")
        }
        return plan
    }
}

extension ImportedText {
    /// The text in a name, which has no places: variables as a plan writes them, those of the environment by name.
    var label: String {
        pieces.map { piece in
            switch piece {
            case .literal(let text), .environment(let text): text
            case .variable(let name): "{{\(name)}}"
            }
        }.joined()
    }
}

extension HTTPWords {
    /// What may stand in quotes in a header, as the names of a multipart body do.
    static func isQuotable(_ text: String) -> Bool { isHeaderValue(text) && !text.unicodeScalars.contains("\"") }

    /// What may stand in a header as it is.
    static func isHeaderValue(_ text: String) -> Bool {
        !text.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\t") || $0.value == 0x7F }
    }
}
