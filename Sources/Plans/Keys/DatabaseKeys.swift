import Core
import Model

/// `database:` of a resource.
enum DatabaseKeys {
    static let form: Form<DatabaseDescription> = record.form { entries, _ in entries.draft }

    private static let record = Record<DatabaseDescription>(
        "lab.resources.database", noun: "a database",
        doc: """
            Servers that keep rows by key: for each shard a primary, which takes the writes, and read replicas that follow it. A \
            server works on as many queries as it has connections; the others wait. A replica spends time on every write of \
            its primary, too.
            """,
        example: ResourceKeys.example(
            "catalogue: { database: { shards: 2, connections: 20, read: 5ms, write: { mean: 10ms }, replicas: 2, lag: 100ms } }",
            step: "read: catalogue"),
        start: DatabaseDescription(),
        keys: [
            .optional(
                "shards", .count(1...1_000, of: "shards"), into: \.shards, default: "1",
                doc: "Over how many keys are spread by their hash.", example: "4"),
            .optional(
                "connections", .count(1...100_000, of: "connections"), into: \.connections, default: "20",
                doc: "Queries that one server works on at once.", example: "50"),
            .optional(
                "queue", .count(0...1_000_000, of: "places"), into: \.queue, default: "1_000",
                doc: "Queries that may wait at one server; one more fails at once.", example: "100"),
            .optional(
                "patience", .positiveDuration, into: \.patience, default: "as long as it takes",
                doc: "How long a query waits for a connection at most before it fails.", example: "500ms"),
            .optional(
                "read", TimeKeys.form, into: \.read, default: "5ms", doc: "How long a read takes.", example: "5ms"),
            .optional(
                "write", TimeKeys.form, into: \.write, default: "5ms", doc: "How long a write takes.",
                example: "{ p50: 5ms, p99: 20ms }"),
            .optional(
                "replicas", .count(0...100, of: "replicas"), into: \.replicas, default: "0",
                doc: "Read replicas of each shard; with any, reads go to them in turn.", example: "2"),
            .optional(
                "lag", TimeKeys.form, into: \.lag, default: "0s",
                doc: "How long after its end on the primary a write can be read from a replica.",
                example: "100ms to 500ms"),
            .optional(
                "applying", .share, into: \.applying, default: "100%",
                doc: "What a write costs a replica, as a share of its time on the primary.", example: "50%"),
            .optional(
                "recovery", RecoveryKeys.form, into: \.recovery, default: "it stays as it is",
                doc: "When it gets more connections by itself.", example: "{ every: 10s, delay: 5s }"),
        ])
}
