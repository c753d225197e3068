/// A value of the plan's text with its place: what the readers of keys work on. Scalars are text, whatever they look
/// like: `no`, `1:30` and `010` mean what the key that reads them says.
struct PlanNode: Sendable {
    enum Content: Sendable {
        case scalar(String, Style)
        case list([PlanNode])
        case map([Entry])
    }

    enum Style: Sendable {
        /// Without quotes: the text stands in the file as it is.
        case plain
        case quoted
        /// `|` or `>`.
        case block
    }

    struct Entry: Sendable {
        let key: String
        let keyPlace: Place
        let value: PlanNode
    }

    var content: Content
    var place: Place
    /// The scalar as it was written, where `${...}` in it has been replaced; nil elsewhere.
    var unexpanded: String?
    /// The scalar as a text with places, where it is another one: `{{` in a value from outside stands for itself. Nil
    /// elsewhere.
    var template: String?

    /// The text of a scalar as the plan has it, `${env:NAME}` and all: what may stand in a name. Nil for a list or a map.
    var source: String? { unexpanded ?? text }

    /// The value as the plan has it, before anything in it was replaced.
    var asWritten: PlanNode {
        var node = self
        switch content {
        case .scalar(_, let style): node.content = .scalar(source ?? "", style)
        case .list(let items): node.content = .list(items.map(\.asWritten))
        case .map(let entries):
            node.content = .map(
                entries.map { Entry(key: $0.key, keyPlace: $0.keyPlace, value: $0.value.asWritten) })
        }
        return node
    }

    /// What a person would call it: `a text`, `a list`, `a map`.
    var noun: String {
        switch content {
        case .scalar: "a text"
        case .list: "a list"
        case .map: "a map"
        }
    }

    /// The text of a scalar; nil for a list or a map.
    var text: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    /// True for nothing at all, `~` and `null` without quotes: a key whose value was forgotten.
    var isEmpty: Bool {
        if case .scalar(let text, .plain) = content { ["", "~", "null", "Null", "NULL"].contains(text) } else { false }
    }

    /// The place of `length` scalars after the first `offset` of a text, as exactly as the text's style allows.
    func place(offset: Int, length: Int) -> Place {
        guard case .scalar(let text, .plain) = content, !text.unicodeScalars.contains(where: { $0 == "\n" }),
            unexpanded == nil, place.length == text.unicodeScalars.count
        else { return place }
        return Place(
            line: place.line, column: place.column + offset, length: max(1, length), in: place.origin)
    }
}
