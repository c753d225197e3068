/// How one kind of value is written: its description, and the reader that goes with it. A reader that returns nil has
/// said why in the context.
struct Form<Value: Sendable>: Sendable {
    let kind: ValueKind
    let read: @Sendable (PlanNode, inout ReadingContext) -> Value?

    init(_ kind: ValueKind, _ read: @escaping @Sendable (PlanNode, inout ReadingContext) -> Value?) {
        self.kind = kind
        self.read = read
    }

    /// A form whose value is one text.
    init(_ kind: ValueKind, text parse: @escaping @Sendable (String) throws(Complaint) -> Value) {
        self.init(kind) { node, context in
            guard let text = node.text else {
                context.complain(
                    .type, at: node.place, "a text belongs here (\(kind.phrase)), and this is \(node.noun)",
                    remedy: "write a single value")
                return nil
            }
            do throws(Complaint) {
                return try parse(text)
            } catch {
                context.complain(error, at: node.place)
                return nil
            }
        }
    }

    /// The same form for the values that pass `check`, which throws for the others.
    func checked(_ check: @escaping @Sendable (Value) throws(Complaint) -> Void) -> Form {
        let read = read
        return Form(kind) { node, context in
            guard let value = read(node, &context) else { return nil }
            do throws(Complaint) {
                try check(value)
                return value
            } catch {
                context.complain(error, at: node.place)
                return nil
            }
        }
    }

    func map<Other: Sendable>(_ transform: @escaping @Sendable (Value) -> Other) -> Form<Other> {
        let read = read
        return Form<Other>(kind) { node, context in read(node, &context).map(transform) }
    }
}

/// Lists and maps of other forms.
enum Forms {
    /// A list of at least one item; all items are read, however many are wrong.
    static func list<Item>(_ item: Form<Item>, of noun: String) -> Form<[Item]> {
        Form(.list(item.kind)) { node, context in
            guard case .list(let nodes) = node.content else {
                context.complain(
                    .type, at: node.place, "a list of \(noun) belongs here, and this is \(node.noun)",
                    remedy: "write each item on a line of its own after `- `")
                return nil
            }
            guard !nodes.isEmpty else {
                context.complain(
                    .empty, at: node.place, "this list of \(noun) is empty", remedy: "write at least one item")
                return nil
            }
            var items: [Item] = []
            for node in nodes {
                guard !context.isFlooded else { return nil }
                guard !node.isEmpty else {
                    context.complain(.empty, at: node.place, "this item of the list is empty", remedy: "write it out")
                    continue
                }
                if let value = item.read(node, &context) { items.append(value) }
            }
            return items.count == nodes.count ? items : nil
        }
    }

    /// A map from names of the plan's choice; at least one entry. The reader of a value is given its entry, because
    /// what stands under a name is often called by it.
    static func map<Value: Sendable>(
        key: String, kind: ValueKind, of noun: String,
        _ read: @escaping @Sendable (PlanNode.Entry, inout ReadingContext) -> Value?
    ) -> Form<[Value]> {
        Form(.map(key: key, kind)) { node, context in
            guard case .map(let entries) = node.content else {
                context.complain(
                    .type, at: node.place, "a map of \(noun) belongs here, and this is \(node.noun)",
                    remedy: "write `\(key.uppercased()): ...` for each")
                return nil
            }
            guard !entries.isEmpty else {
                context.complain(
                    .empty, at: node.place, "this map of \(noun) is empty", remedy: "write at least one entry")
                return nil
            }
            var values: [Value] = []
            for entry in entries {
                guard !context.isFlooded else { return nil }
                guard !entry.value.isEmpty else {
                    context.complain(
                        .empty, at: entry.keyPlace, "`\(entry.key.printable)` has no value",
                        remedy: "write one, or remove the key")
                    continue
                }
                if let value = read(entry, &context) { values.append(value) }
            }
            return values.count == entries.count ? values : nil
        }
    }
}
