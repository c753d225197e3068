import Core
import Policies

/// `client.timeout:` the time limits of a call.
enum TimeoutKeys {
    struct Limits: Sendable {
        var total: Span?
        var attempt: Span?
        var connect: Span?
        var adaptive: AdaptiveTimeoutSettings?
    }

    static let form: Form<Limits> = record.form { entries, context in
        let limits = entries.draft
        let total = limits.total ?? ClientSettings().totalTimeout
        let said = limits.total == nil ? "\(Units.text(total)), the default of `total`" : Units.text(total)
        if let attempt = limits.attempt, attempt > total {
            context.complain(
                .conflict, at: entries.place(of: "attempt"),
                "`attempt` is \(Units.text(attempt)), longer than the whole call may take (\(said))",
                remedy: "shorten `attempt`, or lengthen `total`")
        }
        let whole = limits.attempt ?? total
        if let connect = limits.connect, connect > min(whole, total) {
            context.complain(
                .conflict, at: entries.place(of: "connect"),
                "`connect` is \(Units.text(connect)), longer than the attempt that it is a part of "
                    + "(\(Units.text(min(whole, total))))", remedy: "shorten `connect`, or lengthen the others")
        }
        return limits
    }

    private static let record = Record<Limits>(
        "client.timeout", noun: "`client.timeout`",
        doc: "Each limit counts the time from its own beginning: `total` from the intended start of the call, "
            + "`attempt` from the start of the attempt, `connect` from the start of the connection.",
        example: """
            client:
              timeout: { total: 5s, attempt: 1s, connect: 200ms }
            """,
        start: Limits(),
        keys: [
            .optional(
                "total", .positiveDuration, into: \.total, default: "30s",
                doc: "Longest time for a call, from its intended start.", example: "5s"),
            .optional(
                "attempt", .positiveDuration, into: \.attempt,
                doc: "Longest time for one attempt. Without it only `total` counts.", example: "1s"),
            .optional(
                "connect", .positiveDuration, into: \.connect, default: "5s",
                doc: "Longest time to establish a connection, TLS included.", example: "200ms"),
            .optional(
                "adaptive", AdaptiveTimeoutKeys.form, into: \.adaptive, default: "none",
                doc: "A time-out of attempts that follows the recent response times: `none`, a percentile, or a "
                    + "[map](#clienttimeoutadaptive).", example: "{ percentile: p95, factor: 2 }"),
        ])
}
