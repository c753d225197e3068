import Core
import Policies

/// `client:` the client side: how many, how long, which HTTP.
enum ClientKeys {
    struct Draft: Sendable {
        var settings = ClientSettings()
        var transport = TransportSettings()
        var timeouts: TimeoutKeys.Limits?
        var health: HealthKeys.Draft?
        var bulkheads: [BulkheadKeys.Draft]?
        var pool: PoolKeys.Settings?
    }

    static let form: Form<Draft> = record.form { entries, _ in
        var draft = entries.draft
        if let total = draft.timeouts?.total { draft.settings.totalTimeout = total }
        if let connect = draft.timeouts?.connect { draft.transport.connectTimeout = connect }
        draft.settings.attemptTimeout = draft.timeouts?.attempt
        draft.settings.policies.adaptiveTimeout = draft.timeouts?.adaptive
        draft.settings.policies.check = draft.health?.check
        draft.settings.policies.outliers = draft.health?.outliers
        draft.settings.policies.bulkheads = (draft.bulkheads ?? []).map(\.settings)
        draft.settings.policies.pool = draft.pool?.pool
        draft.transport.connections = draft.pool?.pool?.connections
        if let ages = draft.pool?.ages { draft.transport.ages = ages }
        return draft
    }

    private static let record = Record<Draft>(
        "client", noun: "`client`",
        doc: """
            The client side: how many instances of it there are, how much they do at once, how long they wait, and their \
            policies, of which each instance has its own. From the outside in: `timeout.total` counts from the intended start; \
            `throttle` and `bulkhead` let a call in; `shard` says where it belongs; `retry` and `hedge` make its attempts; \
            for each of these `balance` chooses an endpoint that is fit (`health`) and not tried yet, `breaker` and `pool` \
            let it through, and `timeout.attempt` bounds it. A policy that is not named is not there; `none` switches one \
            off in a [variant](#changes-of-a-plan).
            """,
        example: """
            client:
              clients: 2
              in-flight: 5_000
              timeout: { total: 5s, attempt: 2s, connect: 500ms }
              redirects: 3
            """,
        start: Draft(),
        keys: [
            .optional(
                "clients", .count(1...1_024, of: "clients"), into: \.settings.clients, default: "1",
                doc: "Instances of the client side, each with its own connections. Arrivals go to them in turn. Each "
                    + "runs on a thread of its own, so more clients use more cores.", example: "4"),
            .optional(
                "in-flight", .count(1...1_000_000, of: "calls"), into: \.settings.inFlight, default: "10_000",
                doc:
                    "Most arrivals under way at once, per client, users who think included. An arrival beyond is dropped, and "
                    + "counted as dropped.",
                example: "2_000"),
            .optional(
                "timeout", TimeoutKeys.form, into: \.timeouts, doc: "How long a call may take.",
                example: "{ total: 5s, attempt: 1s }"),
            .optional(
                "redirects", .count(0...50, of: "redirects"), into: \.transport.redirects, default: "0",
                doc: "How many redirects an attempt follows. With 0 a 3xx is an answer like any other.", example: "5"),
            .optional(
                "decompress", .boolean, into: \.transport.decompress, default: "false",
                doc: "Whether to offer gzip. An answer that comes compressed is decoded and checked in any case.",
                example: "true"),
            .optional(
                "http", version, into: \.transport.version, default: "1.1",
                doc: "The version of HTTP. `2` needs libcurl 8.14 or later.", example: "1.1"),
            .optional(
                "cookies", .boolean, into: \.settings.cookies, default: "false",
                doc: "Whether each user has a jar for the cookies that the target sets, and sends them back.",
                example: "true"),
            .optional(
                "trace", trace, into: \.settings.trace, default: "unsampled",
                doc:
                    "Whether each attempt says in a W3C `traceparent` which trace it belongs to: one for each call, named by "
                    + "reports. `sampled` asks the target to keep every one. A step that sends a `traceparent` of its own "
                    + "keeps it.", example: "sampled"),
            .optional(
                "balance", BalanceKeys.form, into: \.settings.policies.balance, default: "round-robin",
                doc: "How to choose among [endpoints](#endpoints): a rule, or a [map](#clientbalance).",
                example: "p2c"),
            .optional(
                "shard", Forms.orNone(ShardKeys.form), into: \.settings.policies.shard, default: "none",
                doc:
                    "Which endpoint the `key` of a [step](#step) belongs to: `none`, a rule, or a [map](#clientshard).",
                example: "ring"),
            .optional(
                "health", Forms.orNone(HealthKeys.form), into: \.health, default: "none",
                doc: "Health checks and ejection of endpoints.", example: "{ check: /health }"),
            .optional(
                "retry", RetryKeys.form, into: \.settings.policies.retry, default: "none",
                doc: "Attempts after a failed one: `none`, the number of attempts, or a [map](#clientretry).",
                example: "{ attempts: 3, budget: 10% }"),
            .optional(
                "hedge", HedgeKeys.form, into: \.settings.policies.hedge, default: "none",
                doc: "A second attempt beside a slow one: `none`, when, or a [map](#clienthedge).", example: "p95"),
            .optional(
                "breaker", BreakerKeys.form, into: \.settings.policies.breaker, default: "none",
                doc: "When to stop calling for a while.", example: "{ failures: 5, open: 10s }"),
            .optional(
                "throttle", ThrottleKeys.form, into: \.settings.policies.throttle, default: "none",
                doc: "Client-side admission by the share of calls that the target accepts: `none`, `k`, or a "
                    + "[map](#clientthrottle).", example: "{ k: 2 }"),
            .optional(
                "bulkhead", BulkheadKeys.form, into: \.bulkheads, default: "none",
                doc:
                    "Limits on what runs at once: `none`, the number of calls, a [map](#clientbulkhead), or a list of these.",
                example: "{ running: 10, queue: 100 }"),
            .optional(
                "pool", PoolKeys.form, into: \.pool, default: "none", doc: "Limits and ages of connections.",
                example: "{ per-endpoint: 50, idle: 20s }"),
        ])

    private static let trace = Form<TraceMode>.choice(["none": .off, "unsampled": .unsampled, "sampled": .sampled])

    private static let version: Form<HTTPVersion> = {
        let choice = Form<HTTPVersion>.choice(["1.1": .http1, "2": .http2])
        return Form(choice.kind) { node, context in
            guard let version = choice.read(node, &context) else { return nil }
            guard version != .http2 || context.abilities.http2 else {
                context.complain(
                    .http2, at: node.place,
                    "`http: 2` is refused with libcurl \(context.abilities.libcurl), because below 8.14 it cannot "
                        + "reuse HTTP/2 connections reliably", remedy: "install libcurl 8.14 or later, or write `1.1`")
                return nil
            }
            return version
        }
    }()
}
