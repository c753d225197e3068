import Core
import Policies

/// `client.bulkhead:` limits on what runs at once.
enum BulkheadKeys {
    /// A bulkhead with the places of its steps; whether they exist is known only when the scenarios are.
    struct Draft: Sendable {
        var settings: BulkheadSettings
        var place: Place
        var steps: [Placed<String>] = []
    }

    static let form: Form<[Draft]?> = Forms.orNone(bulkheads)

    private static let bulkheads: Form<[Draft]> = {
        let single = record.form { entries, context in finish(entries, &context) }
        let number = running.map { (running: Int) in BulkheadSettings(name: "client", scope: .client, running: running)
        }
        let many = Forms.list(single, of: "bulkheads")
        return Form(.either([number.kind, many.kind, single.kind])) { node, context in
            switch node.content {
            case .scalar: return number.read(node, &context).map { [Draft(settings: $0, place: node.place)] }
            case .map: return single.read(node, &context).map { [$0] }
            case .list: return many.read(node, &context).flatMap { check($0, &context) }
            }
        }
    }()

    private static let running = Form<Int>.count(1...1_000_000, of: "calls")

    private struct Entry: Sendable {
        var name: String?
        var steps: [Placed<String>] = []
        var scope = BulkheadSettings.Scope.client
        var running: Int?
        var queue = 0
        var wait: Span = .seconds(1)
    }

    private static let record = Record<Entry>(
        "client.bulkhead", noun: "a bulkhead",
        doc: """
            Limits on what runs at once; what is beyond waits, and what finds no place to wait is rejected. A list has several \
            of these maps, with a `name` and `steps` for groups of steps; in place of all, `none`, or the number of calls that \
            may run.
            """,
        example: """
            client:
              bulkhead:
                - { running: 100, queue: 200 }
                - { name: orders, steps: [place, buy/pay], running: 3, queue: 8, wait: 500ms }
            scenarios:
              buy: [{ name: place, post: /orders }, { name: pay, post: /payments }]
            """,
        start: Entry(),
        keys: [
            .optional(
                "name", .name(NameText.bulkhead), into: \.name, doc: "What reports call a group; needs `steps`.",
                example: "orders"),
            .optional(
                "steps", Forms.list(step, of: "steps"), into: \.steps,
                doc: "The steps whose calls count together: names of steps, or `SCENARIO/STEP`; needs `name`.",
                example: "[pay, buy/cart]"),
            .optional(
                "per", .choice(["client": .client, "endpoint": .endpoint]), into: \.scope, default: "client",
                doc:
                    "Without `steps`: whether the limit is on all calls of a client, or on the attempts to each endpoint.",
                example: "endpoint"),
            .required("running", running, into: \.running, doc: "How many may run at once.", example: "10"),
            .optional(
                "queue", .count(0...1_000_000, of: "calls"), into: \.queue, default: "0", doc: "How many may wait.",
                example: "100"),
            .optional(
                "wait", .duration, into: \.wait, default: "1s",
                doc: "How long one may wait, as long as its call has time.", example: "500ms"),
        ])

    private static let step = Form<Placed<String>>(.text("step")) { node, context in
        Form<String>.text("step").read(node, &context).map { Placed(value: $0, place: node.place) }
    }

    private static func finish(_ entries: Entries<Entry>, _ context: inout ReadingContext) -> Draft? {
        let entry = entries.draft
        if let present = PairRule.lonely(of: ("name", "steps"), in: entries) {
            PairRule.complain(present, ("name", "steps"), in: entries, &context)
            return nil
        }
        var scope = entry.scope
        if entry.name != nil {
            if let place = entries["per"] {
                context.complain(
                    .conflict, at: place,
                    "`per` and `steps` stand in one bulkhead, which counts the calls of its steps",
                    remedy: "remove `per`")
                return nil
            }
            scope = .steps(entry.steps.map(\.value))
        }
        guard let running = entry.running else { return nil }
        let name = entry.name ?? (scope == .endpoint ? "endpoint" : "client")
        var settings = BulkheadSettings(name: name, scope: scope, running: running)
        settings.queue = entry.queue
        settings.wait = entry.wait
        return Draft(settings: settings, place: entries.node.place, steps: entry.steps)
    }

    private static func check(_ drafts: [Draft], _ context: inout ReadingContext) -> [Draft]? {
        var names: Set<String> = []
        for draft in drafts where !names.insert(draft.settings.name).inserted {
            let isGroup = !draft.steps.isEmpty
            context.complain(
                isGroup ? .name : .conflict, at: draft.place,
                isGroup
                    ? "two bulkheads are called `\(draft.settings.name.printable)`"
                    : "there are two bulkheads per \(draft.settings.name)",
                remedy: isGroup ? "give each a name of its own" : "keep the narrower one")
            return nil
        }
        return drafts
    }
}
