/// A value that a schema describes: its example where it has one, else one that is made up.
struct SchemaSample {
    private static let maximumDepth = 12
    /// Schemas looked at for one value; a document may refer in circles, and each circle may branch.
    private static let maximumNodes = 2_000

    private let document: OpenAPIDocument
    private var nodes = 0
    /// The references that the value at hand is inside of: a second turn of a circle would say nothing new.
    private var open: Set<String> = []

    static func value(of schema: DocumentNode?, in document: OpenAPIDocument) -> ImportedValue? {
        var sample = SchemaSample(document)
        return sample.value(of: schema, depth: 0)
    }

    private init(_ document: OpenAPIDocument) { self.document = document }

    private mutating func value(of schema: DocumentNode?, depth: Int) -> ImportedValue? {
        nodes += 1
        let reference = schema?["$ref"]?.string
        if let reference, !open.insert(reference).inserted { return nil }
        defer { if let reference { open.remove(reference) } }
        guard depth <= Self.maximumDepth, nodes <= Self.maximumNodes, let schema = document.resolve(schema),
            schema.members != nil
        else { return nil }
        if let given = Self.given(schema) { return ImportedValue(given) }
        if let parts = schema["allOf"]?.items, !parts.isEmpty { return merged(schema, parts, depth: depth) }
        for choice in ["oneOf", "anyOf"] {
            if let first = schema[choice]?.items.first, let value = value(of: first, depth: depth + 1) { return value }
        }
        switch Self.type(of: schema) {
        case "object": return .map(members(of: schema, depth: depth))
        case "array":
            let item = value(of: schema["items"], depth: depth + 1)
            return .list(item.map { [$0] } ?? [])
        case "integer": return .number(String(Self.integers(schema).lowerBound))
        case "number": return .number(schema["minimum"]?.scalarText.flatMap { Double($0) == nil ? nil : $0 } ?? "1.5")
        case "boolean": return .boolean(true)
        case "null": return .null
        case "string": return .string(ImportedText(Self.text(schema)))
        default: return nil
        }
    }

    /// What the schema itself gives as a value, the most telling first.
    static func given(_ schema: DocumentNode) -> DocumentNode? {
        for name in ["example", "x-example", "const", "default"] {
            if let value = schema[name], !value.isNull { return value }
        }
        return schema["examples"]?.items.first ?? schema["enum"]?.items.first
    }

    /// The type, which OpenAPI 3.1 may give as a list; guessed where the document forgot it.
    static func type(of schema: DocumentNode) -> String? {
        if let type = schema["type"]?.string { return type }
        if let types = schema["type"]?.items.compactMap(\.string), !types.isEmpty {
            return types.first { $0 != "null" } ?? "null"
        }
        if schema["properties"] != nil || schema["additionalProperties"] != nil { return "object" }
        if schema["items"] != nil { return "array" }
        return schema["format"] != nil || schema["pattern"] != nil ? "string" : nil
    }

    private mutating func merged(_ schema: DocumentNode, _ parts: [DocumentNode], depth: Int) -> ImportedValue? {
        var members: [ImportedValue.Member] = []
        var other: ImportedValue?
        for part in parts {
            switch value(of: part, depth: depth + 1) {
            case .map(let more)?: Self.merge(more, into: &members)
            case let value?: other = other ?? value
            case nil: break
            }
        }
        Self.merge(self.members(of: schema, depth: depth), into: &members)
        return members.isEmpty ? other ?? .map([]) : .map(members)
    }

    private static func merge(_ more: [ImportedValue.Member], into members: inout [ImportedValue.Member]) {
        for member in more {
            if let place = members.firstIndex(where: { $0.name == member.name }) {
                members[place] = member
            } else {
                members.append(member)
            }
        }
    }

    /// Every property that a request may have, those left out that would need a value without end.
    private mutating func members(of schema: DocumentNode, depth: Int) -> [ImportedValue.Member] {
        var members: [ImportedValue.Member] = []
        for (name, property) in schema["properties"]?.members ?? DocumentMembers() {
            if let resolved = document.resolve(property), resolved["readOnly"]?.boolean == true { continue }
            guard !members.contains(where: { $0.name == name }),
                let value = value(of: property, depth: depth + 1)
            else { continue }
            members.append(.init(name, value))
        }
        return members
    }

    // MARK: Simple values

    /// The numbers that an integer may have, as far as the schema says so: 1 to 100 without any limits.
    static func integers(_ schema: DocumentNode) -> ClosedRange<Int> {
        let bounds = -1_000_000_000_000_000...1_000_000_000_000_000
        func clamped(_ value: Int) -> Int { min(max(value, bounds.lowerBound), bounds.upperBound) }
        let low = schema["minimum"]?.integer.map(clamped)
        let high = schema["maximum"]?.integer.map(clamped)
        let from = low ?? min(1, high ?? 1)
        let to = high ?? from + 99
        return from...max(from, to)
    }

    static func text(_ schema: DocumentNode) -> String {
        switch schema["format"]?.string {
        case "date": return "2024-01-15"
        case "date-time": return "2024-01-15T12:00:00Z"
        case "time": return "12:00:00Z"
        case "uuid": return "3fa85f64-5717-4562-b3fc-2c963f66afa6"
        case "email": return "user@example.com"
        case "uri", "url", "uriref", "uri-reference": return "https://example.com/"
        case "hostname": return "example.com"
        case "ipv4": return "192.0.2.1"
        case "ipv6": return "2001:db8::1"
        case "byte": return "dGV4dA=="
        default:
            let shortest = min(max(schema["minLength"]?.integer ?? 0, 0), 200)
            let longest = max(schema["maxLength"]?.integer ?? 200, shortest)
            let word = "text"
            let text = String(repeating: word, count: shortest / word.count + 1)
            return String(text.prefix(max(shortest, min(word.count, longest))))
        }
    }
}
