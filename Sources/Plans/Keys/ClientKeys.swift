import Core

/// `client:` the client side: how many, how long, which HTTP.
enum ClientKeys {
    struct Draft: Sendable {
        var settings = ClientSettings()
        var transport = TransportSettings()
        var timeouts: TimeoutKeys.Limits?
    }

    static let form: Form<Draft> = record.form { entries, _ in
        var draft = entries.draft
        if let total = draft.timeouts?.total { draft.settings.totalTimeout = total }
        if let connect = draft.timeouts?.connect { draft.transport.connectTimeout = connect }
        draft.settings.attemptTimeout = draft.timeouts?.attempt
        return draft
    }

    private static let record = Record<Draft>(
        "client", noun: "`client`",
        doc: "The client side: how many instances of it there are, how much they do at once, and how long they wait.",
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
            .planned("balance", doc: "How to choose among endpoints."),
            .planned("shard", doc: "Which endpoint a key belongs to."),
            .planned("health", doc: "Health checks and ejection of endpoints."),
            .planned("discover", doc: "Where the endpoints come from."),
            .planned("pool", doc: "Limits and ages of connections."),
            .planned("retry", doc: "Attempts after a failed one."),
            .planned("hedge", doc: "A second attempt beside a slow one."),
            .planned("breaker", doc: "When to stop calling."),
            .planned("bulkhead", doc: "Limits on the calls of a group of steps."),
            .planned("throttle", doc: "Client-side admission by the share of accepted calls."),
        ])

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
