/// A map with fixed keys that is read into a draft. The declarations of the keys drive the reading: what is not declared
/// is unknown, what is declared as planned is not supported yet.
struct Record<Draft: Sendable>: Sendable {
    let declaration: RecordDeclaration
    private let fields: [Field<Draft>]
    private let start: Draft
    private let noun: String

    /// - Parameters:
    ///   - name: how the reference calls it: `client.timeout`.
    ///   - noun: how messages call it: `a phase`.
    ///   - example: top-level YAML that shows it in its place.
    ///   - start: a draft with every default.
    init(_ name: String, noun: String, doc: String, example: String, start: Draft, keys fields: [Field<Draft>]) {
        declaration = RecordDeclaration(name: name, doc: doc, example: example, keys: fields.map(\.declaration))
        self.fields = fields
        self.start = start
        self.noun = noun
    }

    /// The form that reads the map and hands what stood in it to `finish`, where the rules between keys are. It is not
    /// called when a key was wrong: one mistake, one message.
    func form<Value: Sendable>(
        _ finish: @escaping @Sendable (Entries<Draft>, inout ReadingContext) -> Value?
    ) -> Form<Value> {
        Form(.record(declaration)) { node, context in
            guard let entries = read(node, &context) else { return nil }
            return finish(entries, &context)
        }
    }

    private func read(_ node: PlanNode, _ context: inout ReadingContext) -> Entries<Draft>? {
        guard case .map(let pairs) = node.content else {
            let keys = fields.prefix(3).map { "`\($0.declaration.name):`" }.joined(separator: ", ")
            context.complain(
                .type, at: node.place, "a map belongs here (\(noun)), and this is \(node.noun)",
                remedy: "write it with keys such as \(keys)")
            return nil
        }
        var entries = Entries(draft: start, node: node)
        var clean = true
        for pair in pairs {
            guard let field = fields.first(where: { $0.declaration.name == pair.key }) else {
                complainOfUnknown(pair, &context)
                clean = false
                continue
            }
            guard let assign = field.assign else {
                context.complain(
                    .unsupported, at: pair.keyPlace, "`\(pair.key)` is not supported yet", remedy: "remove the key")
                clean = false
                continue
            }
            guard !pair.value.isEmpty || field.takesNull else {
                context.complain(
                    .empty, at: pair.keyPlace, "`\(pair.key)` has no value",
                    remedy: "write one, such as `\(pair.key): \(field.declaration.example)`, or remove the key")
                clean = false
                continue
            }
            entries.places[pair.key] = pair.keyPlace
            entries.values[pair.key] = pair.value
            context.key = pair.key
            if !assign(pair.value, &entries.draft, &context) { clean = false }
        }
        for field in fields where field.declaration.standing == .required && entries[field.declaration.name] == nil {
            // A key that stands there but is wrong has had its message.
            guard !pairs.contains(where: { $0.key == field.declaration.name }) else { continue }
            context.complain(
                .missing, at: node.place, "`\(field.declaration.name)` is missing, and \(noun) needs it",
                remedy: "write it, such as `\(field.declaration.name): \(field.declaration.example)`")
            clean = false
        }
        return clean ? entries : nil
    }

    private func complainOfUnknown(_ pair: PlanNode.Entry, _ context: inout ReadingContext) {
        let names = fields.map(\.declaration.name)
        let remedy: String
        if let near = context.nearest(to: pair.key, in: names) {
            remedy = "did you mean `\(near)`?"
        } else {
            let built = fields.filter { $0.declaration.standing != .planned }.map { "`\($0.declaration.name)`" }
            remedy = "known are " + built.joined(separator: ", ")
        }
        context.complain(
            .unknownKey, at: pair.keyPlace, "unknown key `\(pair.key.printable)` in \(noun)",
            remedy: remedy)
    }
}

/// What stood in a map: the draft that its keys filled, and where they stood.
struct Entries<Draft: Sendable>: Sendable {
    var draft: Draft
    let node: PlanNode
    var places: [String: Place] = [:]
    var values: [String: PlanNode] = [:]

    /// Where the key stands; nil when it does not.
    subscript(key: String) -> Place? { places[key] }

    /// Where the key's value stands, else the map itself.
    func place(of key: String) -> Place { values[key]?.place ?? node.place }

    /// Those of `keys` that stand in the map, in this order.
    func present(_ keys: [String]) -> [String] { keys.filter { places[$0] != nil } }
}

/// A key of a record: its declaration, and where its value goes.
struct Field<Draft: Sendable>: Sendable {
    let declaration: KeyDeclaration
    /// Nothing at all and `null` are values of this key.
    let takesNull: Bool
    /// Reads the value into the draft, false when it was wrong; nil for a planned key.
    let assign: (@Sendable (PlanNode, inout Draft, inout ReadingContext) -> Bool)?

    private init<Value>(
        _ name: String, _ form: Form<Value>, _ standing: KeyDeclaration.Standing, doc: String, example: String,
        takesNull: Bool = false, assign: @escaping @Sendable (Value, inout Draft) -> Void
    ) {
        declaration = KeyDeclaration(
            name: name, kind: form.kind, standing: standing, doc: doc, example: example,
            check: { node, context in _ = form.read(node, &context) })
        self.takesNull = takesNull
        self.assign = { node, draft, context in
            guard let value = form.read(node, &context) else { return false }
            assign(value, &draft)
            return true
        }
    }

    private init(planned name: String, doc: String) {
        declaration = KeyDeclaration(
            name: name, kind: .any, standing: .planned, doc: doc, example: "", check: { _, _ in })
        takesNull = true
        assign = nil
    }

    /// A key that a map may have. `default` is what the plan means without it, in the words of a plan.
    static func optional<Value>(
        _ name: String, _ form: Form<Value>, into path: any WritableKeyPath<Draft, Value> & Sendable,
        default: String? = nil, doc: String, example: String
    ) -> Field {
        Field(name, form, .optional(default: `default`), doc: doc, example: example) { $1[keyPath: path] = $0 }
    }

    static func optional<Value>(
        _ name: String, _ form: Form<Value>, into path: any WritableKeyPath<Draft, Value?> & Sendable,
        default: String? = nil, takesNull: Bool = false, doc: String, example: String
    ) -> Field {
        Field(name, form, .optional(default: `default`), doc: doc, example: example, takesNull: takesNull) {
            $1[keyPath: path] = $0
        }
    }

    /// A key that a map must have.
    static func required<Value>(
        _ name: String, _ form: Form<Value>, into path: any WritableKeyPath<Draft, Value?> & Sendable, doc: String,
        example: String
    ) -> Field {
        Field(name, form, .required, doc: doc, example: example) { $1[keyPath: path] = $0 }
    }

    /// A key of the design that is not built yet.
    static func planned(_ name: String, doc: String) -> Field { Field(planned: name, doc: doc) }
}
