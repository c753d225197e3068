import Core
import Policies

/// `client.pool:` limits and ages of connections.
enum PoolKeys {
    struct Draft: Sendable {
        var limits = PoolSettings()
        var ages = ConnectionAges()
    }

    /// Without a limit of ours there is no pool to wait for, only connections that grow old.
    struct Settings: Sendable {
        var pool: PoolSettings?
        var ages: ConnectionAges
    }

    static let form: Form<Settings?> = Forms.orNone(
        record.form { entries, context in
            let limits = entries.present(["connections", "per-endpoint", "opening"])
            for key in entries.present(["pending", "wait"]) where limits.isEmpty {
                context.warn(
                    .ignored, at: entries.place(of: key),
                    "`\(key)` is of no use, because nothing limits the connections and none is waited for",
                    remedy: "write `connections` or `per-endpoint`")
            }
            if entries["lifetime"] == nil, let place = entries["jitter"] {
                context.warn(
                    .ignored, at: place, "`jitter` is of no use without `lifetime`", remedy: "write `lifetime: 60s`")
            }
            return Settings(pool: limits.isEmpty ? nil : entries.draft.limits, ages: entries.draft.ages)
        })

    private static let connections = 1...1_000_000

    private static let record = Record<Draft>(
        "client.pool", noun: "`client.pool`",
        doc: """
            Limits on a client's connections, and how long these live. Without limits every attempt that finds no idle \
            connection opens one.
            """,
        example: """
            client:
              pool: { connections: 200, per-endpoint: 50, pending: 50, wait: 1s, idle: 20s, lifetime: 60s }
            """,
        start: Draft(),
        keys: [
            .optional(
                "connections", .count(connections, of: "connections"), into: \.limits.connections,
                doc: "Connections of a client in all.", example: "200"),
            .optional(
                "per-endpoint", .count(connections, of: "connections"), into: \.limits.perEndpoint,
                doc: "Connections to one endpoint.", example: "50"),
            .optional(
                "pending", .count(0...1_000_000, of: "attempts"), into: \.limits.pending, default: "1_024",
                doc: "Attempts that may wait for a connection; one more is rejected.", example: "50"),
            .optional(
                "wait", .positiveDuration, into: \.limits.wait, default: "1s",
                doc: "How long one may wait.", example: "500ms"),
            .optional(
                "opening", .count(connections, of: "connections"), into: \.limits.opening,
                doc: "Connections to one endpoint that may be opened at the same time.", example: "10"),
            .optional(
                "idle", .positiveDuration, into: \.ages.idle,
                doc: "A connection that is idle so long is closed.", example: "20s"),
            .optional(
                "lifetime", .positiveDuration, into: \.ages.lifetime,
                doc: "A connection that old takes no further request, and is closed.", example: "60s"),
            .optional(
                "jitter", .share, into: \.ages.jitter, default: "10%",
                doc: "Each lifetime is up to so much longer or shorter, so that not all end together.", example: "20%"),
            .optional(
                "requests", .count(1...1_000_000_000, of: "requests"), into: \.ages.requests,
                doc: "Requests per connection.", example: "10"),
            .optional(
                "validate", .positiveDuration, into: \.ages.validate,
                doc:
                    "A connection that is idle so long is looked at in the background: one that the server has closed is "
                    + "taken out before a call finds it dead.", example: "5s"),
        ])
}
