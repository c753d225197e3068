import Core
import Policies

/// `client.shard:` which endpoint a key belongs to.
enum ShardKeys {
    struct Draft: Sendable {
        var by = "ring"
        var nodes = 150
        var table = 65_537
        var bounds: [Int] = []
        var bound: Double?
        var imbalance = 0.3
    }

    static let form: Form<ShardSettings> = Form(.either([rule.kind, .record(record.declaration)])) { node, context in
        if case .map = node.content { return map.read(node, &context) }
        guard let by = rule.read(node, &context) else { return nil }
        guard by != "range" else {
            complainOfBounds(at: node.place, &context)
            return nil
        }
        return settings(Draft(by: by))
    }

    private static let map: Form<ShardSettings> = record.form { entries, context in finish(entries, &context) }

    private static let rule = Form<String>.choice([
        "range": "range", "hash": "hash", "ring": "ring", "maglev": "maglev", "rendezvous": "rendezvous",
    ])

    private static let record = Record<Draft>(
        "client.shard", noun: "`client.shard`",
        doc: """
            Each endpoint is a shard, and a step with a `key` goes to the shard of its key; a step without one goes to \
            all shards, or with `batch` to those of its keys, and is over when all have answered. In place of the map, the \
            rule alone.

            | rule | shard of a key |
            |---|---|
            | `range` | of a whole number: the first whose bound is not below it, or the last |
            | `hash` | the hash modulo the number of shards: a change of their number moves almost every key |
            | `ring` | the next of many points on a ring: a shard that leaves moves its own keys alone |
            | `maglev` | by a table: as evenly as can be, and few keys move |
            | `rendezvous` | the highest hash of key and shard |
            """,
        example: """
            endpoints: [10.0.0.11:8443, 10.0.0.12:8443]
            client:
              shard: { by: ring, nodes: 150, bound: 1.25 }
            scenarios:
              browse: [{ get: "/users/{{user}}", key: "{{user}}" }]
            data: { user: { integer: 1 to 10_000 } }
            """,
        start: Draft(),
        keys: [
            .optional("by", rule, into: \.by, default: "ring", doc: "The rule.", example: "maglev"),
            .optional(
                "nodes", .count(1...10_000, of: "points"), into: \.nodes, default: "150",
                doc: "How many points a shard has on the `ring`.", example: "300"),
            .optional(
                "table", table, into: \.table, default: "65_537",
                doc: "The size of the table of `maglev`: a prime number, at least 100 times the number of shards.",
                example: "2039"),
            .optional(
                "bounds", Forms.list(bound, of: "bounds"), into: \.bounds,
                doc: "The highest keys of all shards but the last of `range`, ascending.",
                example: "[1000, 2000, 3000]"),
            .optional(
                "bound", factor, into: \.bound,
                doc: "No shard takes more than this times the mean of calls in flight; a key goes on to the next shard "
                    + "then. A number above 1.", example: "1.25"),
            .optional(
                "imbalance", .share, into: \.imbalance, default: "30%",
                doc: "The report warns when the busiest shard has so much more calls than the mean.", example: "20%"),
        ])

    private static let bound = Form<Int>(
        .text("whole number"), text: { text throws(Complaint) in try NumberText.whole(text, "a bound") })

    private static let factor: Form<Double?> = {
        let number = Form<Double>.number("a bound", in: 1.001...100)
        return Form(number.kind) { node, context in
            guard node.text?.hasSuffix("%") == true else { return number.read(node, &context).map { .some($0) } }
            context.complain(
                .unit, at: node.place, "`\(node.text?.printable ?? "")` is a share, and a bound is a number above 1",
                remedy: "write one such as `1.25`, which is a quarter above the mean")
            return nil
        }
    }()

    /// The largest table of Envoy.
    private static let table = Form<Int>.count(2...5_000_011, as: "the size of a table").checked {
        size throws(Complaint) in
        guard !isPrime(size) else { return }
        let next = (size...5_000_011).first { isPrime($0) } ?? 65_537
        throw Complaint(
            .range, "`\(size.grouped)` is no prime number, and the size of the table is one",
            remedy: "write `\(next.grouped)`")
    }

    private static func isPrime(_ number: Int) -> Bool {
        guard number >= 2 else { return false }
        var divisor = 2
        while divisor * divisor <= number {
            if number % divisor == 0 { return false }
            divisor += 1
        }
        return true
    }

    private static func finish(_ entries: Entries<Draft>, _ context: inout ReadingContext) -> ShardSettings? {
        let draft = entries.draft
        var clean = true
        for (key, owner) in [("nodes", "ring"), ("table", "maglev"), ("bounds", "range")] where draft.by != owner {
            clean =
                OwnerRule.refuse([key], of: "`by: \(owner)`", "this is `\(draft.by)`", in: entries, &context) && clean
        }
        guard clean else { return nil }
        if draft.by == "range", draft.bounds.isEmpty {
            complainOfBounds(at: entries.place(of: "by"), &context)
            return nil
        }
        if let wrong = draft.bounds.indices.dropFirst().first(where: { draft.bounds[$0] <= draft.bounds[$0 - 1] }) {
            context.complain(
                .range, at: place(ofItem: wrong, in: entries.values["bounds"]) ?? entries.place(of: "bounds"),
                "the bounds do not ascend: after \(draft.bounds[wrong - 1]) comes \(draft.bounds[wrong])",
                remedy: "sort them, each once")
            return nil
        }
        return settings(draft)
    }

    private static func place(ofItem index: Int, in node: PlanNode?) -> Place? {
        guard case .list(let items)? = node?.content, items.indices.contains(index) else { return nil }
        return items[index].place
    }

    private static func complainOfBounds(at place: Place, _ context: inout ReadingContext) {
        context.complain(
            .missing, at: place, "`range` has no bounds, which divide the keys",
            remedy: "write `{ by: range, bounds: [1000, 2000, 3000] }`")
    }

    private static func settings(_ draft: Draft) -> ShardSettings {
        let rule: ShardSettings.Rule =
            switch draft.by {
            case "range": .range(bounds: draft.bounds)
            case "hash": .modulo
            case "maglev": .maglev(size: draft.table)
            case "rendezvous": .rendezvous
            default: .ring(nodes: draft.nodes)
            }
        var settings = ShardSettings(rule)
        settings.bound = draft.bound
        settings.imbalance = draft.imbalance
        return settings
    }
}
