import Core
import Model

/// `cache:` of a resource.
enum CacheKeys {
    struct Draft: Sendable {
        var of: String?
        /// Everything else; its database is that of `of`.
        var cache = CacheDescription(of: "")
    }

    static let form: Form<CacheDescription> = record.form { entries, context in finish(entries, &context) }

    private static let record = Record<Draft>(
        "lab.resources.cache", noun: "a cache",
        doc: """
            Nodes that keep copies of a database's rows; a key belongs to one of them by its hash. What is read from it comes \
            from the database when it is not there, or not any more. How much of it hits follows from the keys of the load.

            | pattern | what a write does |
            |---|---|
            | `aside` | goes to the database and drops the entry |
            | `through` | goes to the database, then to the entry; the request waits for both |
            | `behind` | goes to the entry; the database hears of it later |
            """,
        example: """
            target: lab/shop
            lab:
              resources:
                catalogue: { database: { read: 40ms } }
                pages: { cache: { of: catalogue, nodes: 2, capacity: 5_000, evict: lfu, ttl: 5m, warm: 1_000 } }
              services:
                shop:
                  routes:
                    "/products/{id}": [{ read: pages }]
            """,
        start: Draft(),
        keys: [
            .required("of", .resource, into: \.of, doc: "The database behind it.", example: "catalogue"),
            .optional(
                "pattern", .choice(["aside": .aside, "through": .through, "behind": .behind]), into: \.cache.pattern,
                default: "aside", doc: "What a write does, by the table above.", example: "behind"),
            .optional(
                "nodes", .count(1...1_000, of: "nodes"), into: \.cache.nodes, default: "1",
                doc: "Over how many keys are spread.", example: "3"),
            .optional(
                "capacity", .count(1...10_000_000, of: "entries"), into: \.cache.capacity, default: "1_000",
                doc: "Entries that one node keeps.", example: "5_000"),
            .optional(
                "evict", .choice(["lru": .lru, "lfu": .lfu]), into: \.cache.eviction, default: "lru",
                doc: "Who must go when it is full: what was used longest ago, or least often.", example: "lfu"),
            .optional(
                "ttl", .positiveDuration, into: \.cache.ttl, default: "for ever",
                doc: "How long an entry is good after it was written.", example: "5m"),
            .optional(
                "time", TimeKeys.form, into: \.cache.time, default: "500us",
                doc: "How long one look takes, and one write.", example: "1ms"),
            .optional(
                "warm", .count(0...10_000_000, of: "keys"), into: \.cache.warm, default: "0",
                doc: "The keys `1` to this are read from the database when the load begins.", example: "1_000"),
            .optional(
                "batch", .count(1...100_000, of: "keys"), into: \.cache.warmBatch, default: "50",
                doc: "How many of the `warm` ones are read at once.", example: "100"),
            .optional(
                "pending", .count(0...10_000_000, of: "writes"), into: \.cache.pending, default: "1_000",
                doc: "Writes that may wait in a cache that writes `behind`; one more is written through.",
                example: "500"),
            .optional(
                "flush", .period, into: \.cache.flush, default: "100ms",
                doc: "How long a cache that writes `behind` waits between two rounds.", example: "1s"),
            .optional(
                "attempts", .count(1...100, of: "attempts"), into: \.cache.attempts, default: "3",
                doc: "How often a cache that writes `behind` tries a write in all.", example: "5"),
            .optional(
                "tags", .count(1...1_000_000, of: "tags"), into: \.cache.tags, default: "100",
                doc: "Groups that entries belong to by the hash of their key, for what is invalidated by `tag`.",
                example: "20"),
            .optional(
                "tuning", .period, into: \.cache.tuning, default: "it stays as it is",
                doc: "How often its capacity and its eviction are looked at and changed.", example: "5m"),
            .optional(
                "losses", Forms.list(losses, of: "losses"), into: \.cache.losses,
                doc: "When nodes lose what they keep.", example: "[{ at: 30s, node: 0 }]"),
        ])

    private struct LossDraft: Sendable {
        var at: Span?
        var node: Int?
    }

    private static let losses: Form<CacheLoss> = Record<LossDraft>(
        "lab.resources.cache.losses", noun: "a loss",
        doc: """
            A node, or all of them, lose what they keep. When all do, the writes that wait in a cache that writes `behind` are \
            lost with it.
            """,
        example: """
            target: lab/shop
            lab:
              resources:
                catalogue: { database: {} }
                pages: { cache: { of: catalogue, nodes: 2, losses: [{ at: 3s, node: 1 }, { at: 6s }] } }
              services:
                shop:
                  routes:
                    "/products/{id}": [{ read: pages }]
            """,
        start: LossDraft(),
        keys: [
            .required(
                "at", .duration, into: \.at, doc: "When, counted from the start of the load.", example: "30s"),
            .optional(
                "node", .count(0...999, as: "the number of a node"), into: \.node, default: "all of them",
                doc: "Which node, by number from 0.", example: "1"),
        ]
    ).form { entries, _ in
        entries.draft.at.map { CacheLoss(at: $0, node: entries.draft.node) }
    }

    private static func finish(_ entries: Entries<Draft>, _ context: inout ReadingContext) -> CacheDescription? {
        guard let database = entries.draft.of else { return nil }
        var cache = entries.draft.cache
        cache.database = database
        for (loss, item) in zip(cache.losses, entries.values["losses"]?.items ?? []) {
            guard let node = loss.node, node >= cache.nodes else { continue }
            context.complain(
                .range, at: item.deepest("node"),
                "there is no node \(node), because the cache has "
                    + (cache.nodes == 1 ? "one, number 0" : "\(cache.nodes.grouped), numbered from 0"),
                remedy: "write one of them, or raise `nodes`")
            return nil
        }
        return cache
    }
}
