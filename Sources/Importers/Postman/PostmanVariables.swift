/// The variables of a collection, and what becomes of `{{name}}`: a source of data where the collection has the value, a
/// variable of the environment where it has none or where the value is a secret.
struct PostmanVariables {
    private var values: [String: String] = [:]

    /// The variables of the collection itself; those of a folder may be added.
    init(_ list: DocumentNode?) {
        for entry in list?.items ?? [] {
            guard let name = entry["key"]?.string ?? entry["id"]?.string, let value = entry["value"]?.scalarText,
                entry["disabled"]?.boolean != true
            else { continue }
            values[name] = value
        }
    }

    /// The value with the variables in it filled in; nil when it, or one of them, is not known.
    func value(of name: String, depth: Int = 0) -> String? {
        guard depth < 8, let text = values[name], !text.isEmpty else { return nil }
        var result = ""
        for piece in Self.pieces(of: text) {
            switch piece {
            case .literal(let literal): result += literal
            case .variable(let inner):
                guard let value = value(of: inner, depth: depth + 1) else { return nil }
                result += value
            case .environment: return nil
            }
            guard result.utf8.count <= 65_536 else { return nil }
        }
        return result
    }

    /// The text with its variables as the plan has them.
    ///
    /// - Parameter isSecret: every variable is one of the environment.
    func text(_ text: String, isSecret: Bool = false, _ assembler: inout PlanAssembler) -> ImportedText {
        var result = ImportedText()
        for piece in Self.pieces(of: text) {
            if case .variable(let name) = piece {
                result.append(place(of: name, isSecret: isSecret, &assembler))
            } else {
                result.append(piece)
            }
        }
        return result
    }

    private func place(of name: String, isSecret: Bool, _ assembler: inout PlanAssembler) -> ImportedText {
        if name.hasPrefix("$") { return dynamic(name, &assembler) }
        guard !isSecret, let value = value(of: name), !SecretTable.isSecretField(name, value: value),
            !value.unicodeScalars.contains(where: { $0.value < 0x20 })
        else { return assembler.secrets.declare(name) }
        return ImportedText(variable: assembler.addData(name, .list([value])))
    }

    /// `{{$guid}}` and its like, which Postman draws anew each time.
    private func dynamic(_ name: String, _ assembler: inout PlanAssembler) -> ImportedText {
        let source: ImportedData.Source
        switch name {
        case "$guid", "$randomUUID": source = .uuid
        case "$timestamp": source = .timestamp("seconds")
        case "$isoTimestamp": source = .timestamp("iso")
        case "$randomInt": source = .integer(0, 1_000)
        case "$randomBoolean": source = .list(["true", "false"])
        case "$randomAlphaNumeric": source = .string(1)
        default:
            assembler.notes.add("Random values of Postman became texts of eight letters and digits", of: name)
            source = .string(8)
        }
        return ImportedText(variable: assembler.addData(String(name.dropFirst()), source))
    }

    /// The text between, and the names in, `{{…}}`; braces that hold no name stay text.
    static func pieces(of text: String) -> [ImportedText.Piece] {
        var pieces: [ImportedText.Piece] = []
        var rest = Substring(text)
        var literal = ""
        while let open = rest.range(of: "{{"), let close = rest[open.upperBound...].range(of: "}}") {
            // The innermost braces: `{{{x}}` is a brace and a place.
            let inner = rest[open.upperBound..<close.lowerBound]
            let name = inner.trimmedBlanks
            guard !name.isEmpty, name.utf8.count <= 200, !name.contains("{"),
                !name.unicodeScalars.contains(where: { $0.value < 0x20 })
            else {
                literal += String(rest[..<rest.utf8.index(after: open.lowerBound)])
                rest = rest[rest.utf8.index(after: open.lowerBound)...]
                continue
            }
            literal += String(rest[..<open.lowerBound])
            if !literal.isEmpty { pieces.append(.literal(literal)) }
            literal = ""
            pieces.append(.variable(name))
            rest = rest[close.upperBound...]
        }
        literal += String(rest)
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        return pieces
    }
}
