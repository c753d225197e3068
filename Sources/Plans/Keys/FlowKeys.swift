import Core
import Flows

/// The items of a flow: requests, groups, repetitions, conditions, pauses.
enum FlowKeys {
    /// A list of items, as scenarios and groups have it. Its kind names the records instead of describing them, because
    /// items hold items.
    static let steps: Form<[FlowItem]> = Form(.steps) { node, context in list.read(node, &context) }

    /// The same with its records described, for the one place that does so.
    static let described: Form<[FlowItem]> = Form(
        .list(
            .either(
                [StepKeys.form.kind] + [groups, transactions, repetitions, choices, parallels, pauses].map(\.kind)))
    ) { node, context in
        list.read(node, &context)
    }

    private static let list = Forms.list(item, of: "steps")

    /// Which kind of item a map is, is told by its first word of this list.
    private static let item = Form<FlowItem>(.any) { node, context in
        guard case .map(let entries) = node.content else {
            return StepKeys.form.read(node, &context).map { .call($0) }
        }
        let keys = Set(entries.map(\.key))
        guard isOne(entries, &context) else { return nil }
        if keys.contains("group") { return groups.read(node, &context) }
        if keys.contains("transaction") { return transactions.read(node, &context) }
        if keys.contains("repeat") || keys.contains("while") { return repetitions.read(node, &context) }
        if keys.contains("parallel") { return parallels.read(node, &context) }
        if keys.contains("if"), keys.isDisjoint(with: verbs) { return choices.read(node, &context) }
        if keys == ["think"] || keys.contains("next") { return pauses.read(node, &context) }
        return StepKeys.form.read(node, &context).map { .call($0) }
    }

    private static let verbs = Set(HTTPText.standard.map { $0.lowercased() } + ["method"])

    /// Keys of which each makes an item another thing.
    private static let kinds = verbs.union(["group", "transaction", "repeat", "parallel", "next"])

    /// Whether an item is one thing only; two requests in one step are left to the step itself.
    private static func isOne(_ entries: [PlanNode.Entry], _ context: inout ReadingContext) -> Bool {
        let found = entries.filter { kinds.contains($0.key) }
        if found.isEmpty, let steps = entries.first(where: { $0.key == "steps" }),
            !entries.contains(where: { $0.key == "if" || $0.key == "while" })
        {
            context.complain(
                .missing, at: steps.keyPlace, "the item has `steps`, and does not say what they are",
                remedy: "write `group: NAME`, `transaction: NAME`, `repeat: N` or `if: CONDITION` beside them")
            return false
        }
        guard found.count > 1, !found.allSatisfy({ verbs.contains($0.key) }) else { return true }
        context.complain(
            .conflict, at: found[1].keyPlace,
            "`\(found[0].key)` and `\(found[1].key)` stand in one item, and each makes it another kind of step",
            remedy: "make two items of them, or put one into the `steps` of the other")
        return false
    }

    private static let name = Form<String>.name(NameText.step)

    // MARK: Groups

    struct Draft: Sendable {
        var name: String?
        var items: [FlowItem]?
        var otherwise: [FlowItem] = []
        var times: FlowItem.Repetition?
        var condition: Condition?
        var think: TimeDistribution?
        var sources: [Int] = []
    }

    private static let groups: Form<FlowItem> = named(
        record(
            "group", noun: "a group",
            doc: "Steps under a name: reports and budgets call them `GROUP/STEP`.",
            example: "- group: checkout\n  steps: [{ get: /cart }, { post: /orders }]",
            keys: [
                .required("group", name, into: \.name, doc: "The name.", example: "checkout"), stepsField,
            ]), key: "group"
    ) { draft in .group(draft.items ?? []) }

    private static let transactions: Form<FlowItem> = named(
        record(
            "transaction", noun: "a transaction",
            doc: """
                A group that is measured as one, from its intended start to the end of its last call, pauses within included. \
                Reports show it beside the steps, and budgets name it as they name a step: `buy/checkout: p95 < 4s`. No two \
                transactions of a scenario have one name, and none has that of a step.
                """,
            example: "- transaction: checkout\n  steps: [{ get: /cart }, { think: 1s }, { post: /orders }]",
            keys: [
                .required("transaction", name, into: \.name, doc: "The name.", example: "checkout"), stepsField,
            ]), key: "transaction"
    ) { draft in .transaction(name: draft.name ?? "", draft.items ?? []) }

    /// A record whose steps stand in a group: the name must be known before they are read.
    private static func named(
        _ record: Record<Draft>, key: String, _ make: @escaping @Sendable (Draft) -> FlowItem
    ) -> Form<FlowItem> {
        let form = record.form { entries, context -> FlowItem? in
            var draft = entries.draft
            if let name = draft.name {
                let whole = (context.groups.dropLast() + [name]).joined(separator: "/")
                draft.name = whole
                if key == "transaction" { context.note(whole, isTransaction: true, at: entries.place(of: key)) }
            }
            return make(draft)
        }
        return Form(form.kind) { node, context in
            var label = "group"
            if case .map(let entries) = node.content {
                label = entries.first { $0.key == key }?.value.source ?? label
            }
            context.groups.append(label)
            defer { context.groups.removeLast() }
            return form.read(node, &context)
        }
    }

    private static let parallels: Form<FlowItem> = record(
        "parallel", noun: "a parallel group",
        doc:
            "Steps that begin at the same time; the flow goes on when the slowest has ended. With a name that is measured as one, "
            + "like a [transaction](#transaction).",
        example: "- parallel: [{ get: /style.css }, { get: /script.js }]\n  name: page",
        keys: [
            .required("parallel", steps, into: \.items, doc: "The steps.", example: "[{ get: /a }, { get: /b }]"),
            .optional("name", name, into: \.name, doc: "What reports call the group.", example: "page"),
        ]
    ).form { entries, context in
        let name = entries.draft.name.map { (context.groups + [$0]).joined(separator: "/") }
        if let name { context.note(name, isTransaction: true, at: entries.place(of: "name")) }
        return .parallel(name: name, entries.draft.items ?? [])
    }

    // MARK: Control

    private static let repetitions: Form<FlowItem> = record(
        "repeat", noun: "a repetition",
        doc: "Steps that are made several times, at least once; after the first time only while a condition holds.",
        example: "- repeat: 10\n  while: status == 202\n  steps: [{ get: /orders/17 }, { think: 1s }]",
        keys: [
            .required(
                "repeat", times, into: \.times,
                doc: "How often: 1 to 1_000_000, `N to M` at random, or a place for a value.",
                example: "1 to 5"),
            .optional(
                "while", .condition, into: \.condition, doc: "The [condition](#conditions) under which it goes on.",
                example: "status == 202"),
            stepsField,
        ]
    ).form { entries, _ in
        guard let times = entries.draft.times else { return nil }
        return .repetition(times, while: entries.draft.condition, entries.draft.items ?? [])
    }

    private static let times = Form<FlowItem.Repetition>(.text("number, `N to M`, or a place")) { node, context in
        guard let text = Form<String>.text("number").read(node, &context) else { return nil }
        if text.contains("{{") {
            guard let template = context.template(.none, at: node) else { return nil }
            guard let slot = template.soleSlot else {
                context.complain(
                    .template, at: node.place, "`\(text.printable)` is more than one place, and this is a number",
                    remedy: "write the place alone")
                return nil
            }
            return .variable(slot: slot)
        }
        let ends = Units.ends(of: text)
        do throws(Complaint) {
            let (from, to) = try complaining { () throws(UnitProblem) in
                let range = 1...1_000_000
                let from = try Units.count(ends.from, in: range, noun: "a number of times")
                guard let last = ends.to else { return (from, from) }
                return (from, try Units.count(last, in: range, noun: "a number of times"))
            }
            guard from <= to else {
                throw Complaint(.range, "`\(text.printable)` goes backwards", remedy: "write `\(to) to \(from)`")
            }
            return .times(from...to)
        } catch {
            context.complain(error, at: node.place)
            return nil
        }
    }

    private static let choices: Form<FlowItem> = record(
        "if", noun: "a condition",
        doc: """
            Steps that are made only when a [condition](#conditions) holds. For a single request `if` stands in the step itself.
            """,
        example:
            "- post: /carts\n  extract: { cart: { json: $.id, default: \"\" } }\n"
            + "- if: status == 201 and cart\n  steps: [{ post: \"/carts/{{cart}}/order\" }]\n  else: [{ get: /help }]",
        keys: [
            .required(
                "if", .condition, into: \.condition, doc: "The [condition](#conditions).", example: "status == 200"),
            stepsField,
            .optional(
                "else", steps, into: \.otherwise, doc: "The steps when it does not hold.", example: "[{ get: /help }]"),
        ]
    ).form { entries, _ in
        guard let condition = entries.draft.condition else { return nil }
        return .choice(condition, then: entries.draft.items ?? [], otherwise: entries.draft.otherwise)
    }

    private static let pauses: Form<FlowItem> = record(
        "pause", noun: "a pause",
        doc: "A step that makes no request: it waits, or takes the next values of data sources.",
        example: "- get: /products\n- think: 1s to 3s\n- get: /products/17",
        keys: [
            .optional(
                "think", TimeKeys.form, into: \.think,
                doc: "How long to wait: a duration, two, or a [distribution](#time).", example: "1s to 3s"),
            .optional(
                "next", sources, into: \.sources, doc: "Data sources that draw anew, one or a list of them.",
                example: "product"),
        ]
    ).form { entries, context in
        let draft = entries.draft
        if let think = draft.think, draft.sources.isEmpty { return .think(think) }
        if draft.think == nil { return .draw(draft.sources) }
        context.complain(
            .conflict, at: entries.node.place, "`think` and `next` stand in one step", remedy: "make two steps of them")
        return nil
    }

    private static let sources: Form<[Int]> = {
        let one = Form<Int>(.text("data source")) { node, context in
            guard let name = Form<String>.text("name").read(node, &context) else { return nil }
            if let index = context.placeOfSource[name] { return index }
            let near = context.nearest(to: name, in: context.sources)
            context.complain(
                .data, at: node.place, "`\(name.printable)` is no data source of this plan",
                remedy: near.map { "did you mean `\($0)`?" } ?? "describe it under `data:`")
            return nil
        }
        let many = Forms.list(one, of: "data sources")
        return Form(.either([one.kind, many.kind])) { node, context in
            if case .list = node.content { return many.read(node, &context) }
            return one.read(node, &context).map { [$0] }
        }
    }()

    private static let stepsField = Field<Draft>.required(
        "steps", steps, into: \.items, doc: "The steps.", example: "[{ get: /products }]")

    private static func record(
        _ name: String, noun: String, doc: String, example: String, keys: [Field<Draft>]
    ) -> Record<Draft> {
        let indented = example.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
        return Record(
            name, noun: noun, doc: doc, example: "scenarios:\n  main:\n" + indented, start: Draft(), keys: keys)
    }
}
