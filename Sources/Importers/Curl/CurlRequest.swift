/// What one command line of curl has said so far about its request.
struct CurlRequest {
    var method: String?
    var headers: [ImportedPair] = []
    var urls: [ImportedText] = []
    private(set) var fields: [ImportedText] = []
    private(set) var parts: [ImportedPart] = []
    private(set) var file: String?
    private(set) var isJSON = false
    var getsData = false
    var isHead = false
    private(set) var isUpload = false

    mutating func apply(
        _ option: CurlOption, _ value: ImportedText, at line: Int, _ assembler: inout PlanAssembler
    ) throws(ImportError) {
        switch option {
        case .request: method = value.literal ?? value.written
        case .header: setHeader(value, &assembler)
        case .data, .dataBinary: addData(value, &assembler)
        case .dataRaw: fields.append(value)
        case .json:
            isJSON = true
            // Several of them are one text (curl 7.82).
            if let last = fields.indices.last, value.literal?.hasPrefix("@") != true {
                fields[last].append(value)
            } else {
                addData(value, &assembler)
            }
        case .dataURLEncode: encode(value, &assembler)
        case .form: addPart(value, &assembler)
        case .formString:
            let (name, text) = value.split(at: "=")
            parts.append(ImportedPart(name, .text(text ?? ImportedText())))
        case .user: headers.append(ImportedPair("Authorization", credentials(value, &assembler)))
        case .bearer:
            var header = ImportedText("Bearer ")
            header.append(value.literal.map { assembler.secrets.place(for: $0, of: "token") } ?? value)
            headers.append(ImportedPair("Authorization", header))
        case .cookie:
            guard value.literal?.contains("=") ?? true else {
                assembler.notes.add("Files of cookies were left out", of: value.literal ?? "")
                return
            }
            headers.append(ImportedPair("Cookie", value))
        case .agent: headers.append(ImportedPair("User-Agent", value))
        case .referer: headers.append(ImportedPair("Referer", value))
        case .url: urls.append(value)
        case .upload:
            isUpload = true
            setFile(value.literal ?? "", &assembler)
        case .get: getsData = true
        case .head: isHead = true
        case .compressed: headers.append(ImportedPair("Accept-Encoding", ImportedText("gzip")))
        case .setting(let note), .settingValue(let note): assembler.notes.remind(note)
        case .next, .ignored, .ignoredValue: break
        }
    }

    private mutating func setHeader(_ value: ImportedText, _ assembler: inout PlanAssembler) {
        if let literal = value.literal, literal.hasPrefix("@") {
            assembler.notes.add("Files of headers were left out", of: String(literal.dropFirst()))
            return
        }
        let (name, text) = value.split(at: ":")
        if let text {
            let trimmed = text.trimmedStart
            // `Name:` takes a header away that curl would send.
            if !trimmed.isEmpty { headers.append(ImportedPair(name.trimmedBlanks, trimmed)) }
        } else if name.hasSuffix(";") {
            headers.append(ImportedPair(String(name.dropLast()), ImportedText()))
        }
    }

    private mutating func addData(_ value: ImportedText, _ assembler: inout PlanAssembler) {
        if let literal = value.literal, literal.hasPrefix("@") {
            setFile(String(literal.dropFirst()), &assembler)
        } else {
            fields.append(value)
        }
    }

    private mutating func setFile(_ path: String, _ assembler: inout PlanAssembler) {
        assembler.notes.add("Bodies are in files: put them beside the plan", of: path)
        file = FileNames.relative(path)
    }

    /// `content`, `=content`, `name=content`; `@file` and `name@file` are files.
    private mutating func encode(_ value: ImportedText, _ assembler: inout PlanAssembler) {
        let (name, text) = value.split(at: "=")
        if let text {
            var field = ImportedText(name.isEmpty ? "" : name + "=")
            field.append(text.mapLiterals { PercentCoding.strict($0) })
            fields.append(field)
        } else if let literal = value.literal, let at = literal.firstIndex(of: "@") {
            assembler.notes.add(
                "Fields from files were left out", of: String(literal[literal.index(after: at)...]))
        } else {
            fields.append(value.mapLiterals { PercentCoding.strict($0) })
        }
    }

    /// `name=text`, `name=@file;type=image/png`, `name=<file`.
    private mutating func addPart(_ value: ImportedText, _ assembler: inout PlanAssembler) {
        let (name, content) = value.split(at: "=")
        guard let content else { return }
        guard let literal = content.literal, let first = literal.first, first == "@" || first == "<" else {
            parts.append(ImportedPart(name, .text(content)))
            return
        }
        let pieces = literal.dropFirst().split(separator: ";")
        let path = pieces.first.map(String.init) ?? ""
        let type = pieces.dropFirst().first { $0.hasPrefix("type=") }.map { String($0.dropFirst(5)) }
        assembler.notes.add("Uploaded files are to be put beside the plan", of: path)
        if let file = FileNames.relative(path) { parts.append(ImportedPart(name, .file(file, type: type))) }
    }

    private func credentials(_ value: ImportedText, _ assembler: inout PlanAssembler) -> ImportedText {
        assembler.notes.remind("`Authorization` of `-u user:password` is `Basic` and the Base64 of both")
        return assembler.secrets.place(for: "Basic " + value.written, of: "Authorization")
    }

    // MARK: The request

    /// The parts of the request to one of its URLs; nil, with a note, for a URL that cannot be read.
    func request(to url: ImportedText, _ assembler: inout PlanAssembler) -> (origin: String, parts: RequestParts)? {
        let marked = ShellMark.marked(url)
        guard let address = WebAddress(marked, standardScheme: "http") else {
            assembler.notes.add("Requests whose URL cannot be read were left out", of: url.written)
            return nil
        }
        let method = self.method ?? (isHead ? "HEAD" : standardMethod)
        var parts = RequestParts(method: method, path: ShellMark.text(address.path), query: address.query)
        parts.translate = { ShellMark.text($0) }
        parts.headers = headers
        if let credentials = address.credentials { parts.headers.setCredentials(credentials, &assembler.secrets) }
        if getsData, !fields.isEmpty {
            let data = PercentCoding.visible(ShellMark.marked(joinedFields))
            parts.query = parts.query.map { $0.isEmpty ? data : $0 + "&" + data } ?? data
            return (address.origin, parts)
        }
        if isJSON {
            for (name, value) in [("Content-Type", "application/json"), ("Accept", "application/json")]
            where !headers.contains(where: { $0.name.lowercased() == name.lowercased() }) {
                parts.headers.append(ImportedPair(name, ImportedText(value)))
            }
        }
        if !self.parts.isEmpty {
            parts.body = .multipart(self.parts)
        } else if let file {
            parts.body = .file(file)
            if !isUpload, !parts.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
                parts.headers.append(
                    ImportedPair("Content-Type", ImportedText("application/x-www-form-urlencoded")))
            }
        } else if !fields.isEmpty {
            let text = joinedFields
            // With variables in it the text is taken apart with marks in their places.
            parts.body = .text(
                ImportedText(ShellMark.marked(text)), type: "application/x-www-form-urlencoded")
        }
        return (address.origin, parts)
    }

    private var standardMethod: String {
        if isUpload { return "PUT" }
        return getsData || (fields.isEmpty && parts.isEmpty && file == nil) ? "GET" : "POST"
    }

    private var joinedFields: ImportedText {
        var text = ImportedText()
        for (index, field) in fields.enumerated() {
            if index > 0 { text.append("&") }
            text.append(field)
        }
        return text
    }
}

/// Variables of a shell inside of text that is taken apart as a URL, a form or JSON: `%01NAME%02`, and the same decoded.
enum ShellMark {
    static func marked(_ text: ImportedText) -> String {
        var marked = ""
        for piece in text.pieces {
            switch piece {
            case .literal(let literal): marked += literal
            case .variable(let name): marked += "{{\(name)}}"
            case .environment(let name): marked += "%01\(name)%02"
            }
        }
        return marked
    }

    static func text(_ marked: String) -> ImportedText {
        let isDecoded = marked.unicodeScalars.contains("\u{1}")
        guard isDecoded || marked.contains("%01") else { return ImportedText(marked) }
        let (open, close) = isDecoded ? ("\u{1}", "\u{2}") : ("%01", "%02")
        var text = ImportedText()
        var rest = Substring(marked)
        while let start = rest.range(of: open), let end = rest[start.upperBound...].range(of: close) {
            let name = rest[start.upperBound..<end.lowerBound]
            guard name.utf8.allSatisfy({ $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") }), !name.isEmpty else {
                break
            }
            text.append(String(rest[..<start.lowerBound]))
            text.append(.environment(String(name)))
            rest = rest[end.upperBound...]
        }
        text.append(String(rest))
        return text
    }
}

extension Substring {
    /// Where `part` stands first, compared by bytes.
    func range(of part: String) -> Range<Index>? {
        let bytes = Array(part.utf8)
        guard let first = bytes.first else { return nil }
        var start = utf8.startIndex
        while let place = utf8[start...].firstIndex(of: first) {
            if utf8[place...].starts(with: bytes) { return place..<utf8.index(place, offsetBy: bytes.count) }
            start = utf8.index(after: place)
        }
        return nil
    }
}

extension ImportedText {
    /// What stands before the first such character, and the text behind it; nil when the character is not in a literal.
    func split(at character: Character) -> (String, ImportedText?) {
        var before = ""
        for (index, piece) in pieces.enumerated() {
            guard case .literal(let literal) = piece else {
                before += ShellMark.marked(ImportedText(piece))
                continue
            }
            guard let place = literal.firstIndex(of: character) else {
                before += literal
                continue
            }
            var after = ImportedText(String(literal[literal.index(after: place)...]))
            for later in pieces[(index + 1)...] { after.append(later) }
            return (before + literal[..<place], after)
        }
        return (before, nil)
    }

    private init(_ piece: Piece) {
        self.init()
        append(piece)
    }

    /// Without blanks at the start.
    var trimmedStart: ImportedText {
        guard case .literal(let first)? = pieces.first else { return self }
        var text = ImportedText(String(first.drop { $0 == " " || $0 == "\t" }))
        for piece in pieces.dropFirst() { text.append(piece) }
        return text
    }
}
