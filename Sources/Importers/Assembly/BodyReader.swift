/// The body of a recorded request as a plan says it: `json` and `form` where they say the same, `text` or a file else.
struct BodyReader {
    /// Longer texts become files beside the plan.
    static let maximumInline = 8_192
    /// Deeper JSON goes out as text: a plan's own nesting is limited.
    static let maximumDepth = 24

    /// The body, and the `Content-Type` that it needs to have written out; nil where the kind of the body says it.
    static func read(
        _ body: RequestParts.Body, type: String?, translate: (String) -> ImportedText, assembler: inout PlanAssembler
    ) -> (body: ImportedBody?, type: String?) {
        switch body {
        case .file(let path): return (.file(path), type)
        case .bytes(let bytes): return (.file(assembler.addFile(bytes, ending: "bin")), type)
        case .json(let value):
            let known = hiding(value, secrets: &assembler.secrets)
            guard isWritable(known) else { return (.text(known.compactText), type ?? "application/json") }
            return (.json(known), isJSON(type) ? nil : type)
        case .form(let pairs): return form(pairs, type: type, assembler: &assembler)
        case .multipart(let parts): return multipart(parts, type: type, assembler: &assembler)
        case .text(let text, let ownType):
            let type = type ?? ownType
            if let literal = text.literal {
                guard !literal.isEmpty else { return (nil, type) }
                if isJSONLike(type), let body = json(literal, translate: translate, secrets: &assembler.secrets) {
                    return (body, isJSON(type) ? nil : type)
                }
                if isForm(type), let pairs = formPairs(literal, translate: translate) {
                    return form(pairs, type: type, assembler: &assembler)
                }
                let translated = translate(literal)
                let isPlain = literal.utf8.count <= maximumInline && !literal.utf8.contains(0)
                guard isPlain || translated.literal == nil else {
                    return (.file(assembler.addFile(Array(literal.utf8), ending: "txt")), type ?? "text/plain")
                }
                return (.text(translated), type)
            }
            return (text.isEmpty ? nil : .text(text), type)
        }
    }

    // MARK: JSON

    static func isJSON(_ type: String?) -> Bool { type.map { essence($0) == "application/json" } ?? true }

    private static func isJSONLike(_ type: String?) -> Bool {
        type.map { essence($0) == "application/json" || essence($0).hasSuffix("+json") } ?? false
    }

    private static func isForm(_ type: String?) -> Bool {
        type.map { essence($0) == "application/x-www-form-urlencoded" } ?? false
    }

    /// The type without its parameters, in lower case.
    static func essence(_ type: String) -> String { type.prefix { $0 != ";" }.trimmedBlanks.lowercased() }

    private static func json(
        _ text: String, translate: (String) -> ImportedText, secrets: inout SecretTable
    ) -> ImportedBody? {
        guard text.utf8.count <= maximumInline * 4, let node = try? JSONTree.parse(Array(text.utf8)) else { return nil }
        let value = ImportedValue(node, translate: translate)
        let known = hiding(value, secrets: &secrets)
        guard isWritable(known), text.utf8.count <= maximumInline || known != value else { return nil }
        return .json(known)
    }

    /// Whether a plan can say the value as a value.
    static func isWritable(_ value: ImportedValue, depth: Int = 0) -> Bool {
        guard depth <= maximumDepth else { return false }
        switch value {
        case .null, .boolean, .number, .string: return true
        case .list(let items): return items.allSatisfy { isWritable($0, depth: depth + 1) }
        case .map(let members):
            return PlanKeyText.areUsable(members.lazy.map(\.name))
                && members.allSatisfy { isWritable($0.value, depth: depth + 1) }
        }
    }

    private static func hiding(_ value: ImportedValue, secrets: inout SecretTable) -> ImportedValue {
        switch value {
        case .null, .boolean, .number, .string: return value
        case .list(let items): return .list(items.map { hiding($0, secrets: &secrets) })
        case .map(let members):
            return .map(
                members.map { member in
                    if case .string(let text) = member.value, let literal = text.literal,
                        SecretTable.isSecretField(member.name, value: literal)
                    {
                        return .init(member.name, .string(secrets.place(for: literal, of: member.name)))
                    }
                    return .init(member.name, hiding(member.value, secrets: &secrets))
                })
        }
    }

    // MARK: Forms

    static func formPairs(_ text: String, translate: (String) -> ImportedText) -> [ImportedPair]? {
        guard !text.contains("\n") else { return nil }
        var pairs: [ImportedPair] = []
        for field in text.split(separator: "&", omittingEmptySubsequences: false) {
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = PercentCoding.decode(parts[0], plusIsBlank: true),
                let value = PercentCoding.decode(parts[1], plusIsBlank: true)
            else { return nil }
            pairs.append(ImportedPair(name, translate(value)))
        }
        return pairs
    }

    /// `form:` where each field stands once, else the encoded text with its type.
    private static func form(
        _ pairs: [ImportedPair], type: String?, assembler: inout PlanAssembler
    ) -> (body: ImportedBody?, type: String?) {
        guard !pairs.isEmpty else { return (nil, type) }
        let hidden = pairs.map { pair in
            guard let value = pair.value.literal, SecretTable.isSecretField(pair.name, value: value) else {
                return pair
            }
            return ImportedPair(pair.name, assembler.secrets.place(for: value, of: pair.name))
        }
        let standard = "application/x-www-form-urlencoded"
        if PlanKeyText.areUsable(hidden.lazy.map(\.name)) {
            return (.form(hidden), type.map(essence) == standard ? nil : type)
        }
        var text = ImportedText()
        for (index, pair) in hidden.enumerated() {
            text.append((index > 0 ? "&" : "") + PercentCoding.strict(pair.name) + "=")
            text.append(pair.value.mapLiterals { PercentCoding.strict($0) })
        }
        return (.text(text), type ?? standard)
    }

    private static func multipart(
        _ parts: [ImportedPart], type: String?, assembler: inout PlanAssembler
    ) -> (body: ImportedBody?, type: String?) {
        var kept: [ImportedPart] = []
        var names: Set<String> = []
        for part in parts {
            guard PlanKeyText.isUsable(part.name), names.insert(part.name).inserted else {
                assembler.notes.add("Parts of a multipart body were left out, because names must differ", of: part.name)
                continue
            }
            guard HTTPWords.isQuotable(part.name) else {
                assembler.notes.add(
                    "Parts of a multipart body were left out, because no header can hold their names", of: part.name)
                continue
            }
            var part = part
            if case .file(let file, let type?) = part.content, !HTTPWords.isQuotable(type) {
                assembler.notes.add("Types of uploaded files were left out, because no header can hold them", of: type)
                part.content = .file(file, type: nil)
            }
            if case .text(let text) = part.content, let value = text.literal,
                SecretTable.isSecretField(part.name, value: value)
            {
                part.content = .text(assembler.secrets.place(for: value, of: part.name))
            }
            kept.append(part)
        }
        // The boundary in a recorded type is not the one that will be sent.
        return (kept.isEmpty ? nil : .multipart(kept), nil)
    }
}

extension ImportedValue {
    init(_ node: DocumentNode, translate: (String) -> ImportedText = { ImportedText($0) }) {
        self =
            switch node.content {
            case .null: .null
            case .boolean(let value): .boolean(value)
            case .number(let digits): .number(digits)
            case .string(let text): .string(translate(text))
            case .list(let items): .list(items.map { ImportedValue($0, translate: translate) })
            case .map(let members):
                .map(members.map { Member($0.name, ImportedValue($0.value, translate: translate)) })
            }
    }

    /// Compact JSON.
    var compactText: ImportedText {
        var text = ImportedText()
        append(to: &text)
        return text
    }

    private func append(to text: inout ImportedText) {
        switch self {
        case .null: text.append("null")
        case .boolean(let value): text.append(value ? "true" : "false")
        case .number(let digits): text.append(digits)
        case .string(let string):
            text.append("\"")
            text.append(string.mapLiterals(Self.escaped))
            text.append("\"")
        case .list(let items):
            text.append("[")
            for (index, item) in items.enumerated() {
                if index > 0 { text.append(",") }
                item.append(to: &text)
            }
            text.append("]")
        case .map(let members):
            text.append("{")
            for (index, member) in members.enumerated() {
                text.append((index > 0 ? "," : "") + "\"" + Self.escaped(member.name) + "\":")
                member.value.append(to: &text)
            }
            text.append("}")
        }
    }

    private static func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": escaped.append(contentsOf: "\\\"".unicodeScalars)
            case "\\": escaped.append(contentsOf: "\\\\".unicodeScalars)
            case "\n": escaped.append(contentsOf: "\\n".unicodeScalars)
            case "\r": escaped.append(contentsOf: "\\r".unicodeScalars)
            case "\t": escaped.append(contentsOf: "\\t".unicodeScalars)
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                escaped.append(
                    contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
