import Plans

/// A value of a document in JSON or YAML, members in their order, with its line.
struct DocumentNode: Sendable {
    enum Content: Sendable {
        case null
        case boolean(Bool)
        /// Digit by digit as it stands in the document.
        case number(String)
        case string(String)
        case list([DocumentNode])
        case map(DocumentMembers)
    }

    let content: Content
    /// From 1.
    let line: Int

    /// The member of that name, where this is a map that has it.
    subscript(name: String) -> DocumentNode? {
        if case .map(let members) = content { members[name] } else { nil }
    }

    var string: String? {
        if case .string(let text) = content { text } else { nil }
    }

    /// The text of a string, a number or a boolean.
    var scalarText: String? {
        switch content {
        case .string(let text), .number(let text): text
        case .boolean(let value): value ? "true" : "false"
        case .null, .list, .map: nil
        }
    }

    var boolean: Bool? {
        if case .boolean(let value) = content { value } else { nil }
    }

    /// A number that fits; whatever else there is has none.
    var integer: Int? {
        guard case .number(let text) = content else { return nil }
        if let value = Int(text) { return value }
        guard let value = Double(text), value.magnitude < 1e15 else { return nil }
        return Int(value)
    }

    /// The items of a list; empty for anything else.
    var items: [DocumentNode] {
        if case .list(let items) = content { items } else { [] }
    }

    /// The members of a map; nil for anything else.
    var members: DocumentMembers? {
        if case .map(let members) = content { members } else { nil }
    }

    var isNull: Bool {
        if case .null = content { true } else { false }
    }
}

/// Members of a map in their order, found by name.
struct DocumentMembers: Sendable, RandomAccessCollection {
    private(set) var entries: [(name: String, value: DocumentNode)] = []
    /// Only where a search one by one would take long.
    private var index: [String: Int]?

    init() {}

    /// Later members of the same name are kept, and the last one is found, as parsers of JSON mostly do it.
    mutating func append(_ name: String, _ value: DocumentNode) {
        entries.append((name, value))
        if index != nil {
            index?[name] = entries.count - 1
        } else if entries.count > 16 {
            var index: [String: Int] = [:]
            for (position, entry) in entries.enumerated() { index[entry.name] = position }
            self.index = index
        }
    }

    subscript(name: String) -> DocumentNode? {
        if let index { return index[name].map { entries[$0].value } }
        return entries.last { $0.name == name }?.value
    }

    var startIndex: Int { 0 }
    var endIndex: Int { entries.count }
    subscript(position: Int) -> (name: String, value: DocumentNode) { entries[position] }
}

extension DocumentNode {
    /// Plain scalars mean what the core schema of YAML 1.2 says, which is JSON's.
    init(_ document: YAMLDocument) {
        line = document.line
        switch document.content {
        case .scalar(let text, isPlain: true): content = Self.plain(text)
        case .scalar(let text, isPlain: false): content = .string(text)
        case .list(let items): content = .list(items.map { DocumentNode($0) })
        case .map(let members):
            var map = DocumentMembers()
            for member in members { map.append(member.key, DocumentNode(member.value)) }
            content = .map(map)
        }
    }

    private static func plain(_ text: String) -> Content {
        switch text {
        case "", "~", "null", "Null", "NULL": .null
        case "true", "True", "TRUE": .boolean(true)
        case "false", "False", "FALSE": .boolean(false)
        default: JSONTree.isNumber(Array(text.utf8)[...]) ? .number(text) : .string(text)
        }
    }
}
