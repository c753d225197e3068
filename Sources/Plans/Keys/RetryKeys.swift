import Core
import Policies

/// `client.retry:` further attempts of a call.
enum RetryKeys {
    static let form: Form<RetrySettings?> = Forms.orNone(
        Forms.textOrMap(
            attempts.map { attempts in
                var settings = RetrySettings()
                settings.attempts = attempts
                return settings
            }, record.form { entries, _ in entries.draft }))

    private static let attempts = Form<Int>.count(2...1_000, of: "attempts")

    /// Whether methods that may not be repeated safely are.
    static let methods = Form<Bool>.choice(["safe": false, "all": true])

    private static let record = Record<RetrySettings>(
        "client.retry", noun: "`client.retry`",
        doc: """
            What is done after a failed attempt. In place of the map, `none`, or the number of `attempts` alone. A retry goes \
            to another endpoint if there is one; what a policy of the client has rejected is never tried again.
            """,
        example: """
            client:
              timeout: { total: 5s, attempt: 1s }
              retry:
                attempts: 3
                on: [connect, reset, timeout, gateway]
                backoff: { base: 50ms, cap: 1s, jitter: full }
                budget: 10%
            """,
        start: RetrySettings(),
        keys: [
            .optional(
                "attempts", attempts, into: \.attempts, default: "3",
                doc: "Attempts of one call, the first among them.", example: "3"),
            .optional(
                "on", conditions, into: \.conditions, default: "[connect, reset, timeout, gateway, 429]",
                doc:
                    "What may be tried again, one of these or a list: no connection, a connection that ended before a whole "
                    + "answer, the time-out of the attempt, any status from 500, 502 to 504, 429, 409 (a conflict with another).",
                example: "[connect, 5xx]"),
            .optional(
                "backoff", backoff, into: \.backoff, doc: "The pauses between attempts.",
                example: "{ base: 50ms, cap: 1s }"),
            .optional(
                "budget", RetryBudgetKeys.form, into: \.budget,
                default: "{ ratio: 20%, per-second: 10 }",
                doc:
                    "What bounds the retries of a client: `none`, a share of its calls, or a [map](#clientretrybudget).",
                example: "10%"),
            .optional(
                "retry-after", .boolean, into: \.retryAfter, default: "true",
                doc: "Whether to wait as long as `Retry-After` of a 429 or 503 says, when that is longer.",
                example: "false"),
            .optional(
                "methods", methods, into: \.allMethods, default: "safe",
                doc:
                    "`safe` tries only what may be repeated, which POST and PATCH may not; `all` these as well. A step can "
                    + "say `retry: all` for itself.", example: "all"),
        ])

    private static let conditions: Form<Set<RetrySettings.Condition>> = Forms.oneOrMany(
        Form<RetrySettings.Condition>.choice([
            "connect": .connect, "reset": .reset, "timeout": .timeout, "5xx": .status5xx, "gateway": .gateway,
            "429": .status429, "409": .status409,
        ]), of: "conditions"
    ).map { Set($0) }

    private static let backoff: Form<RetrySettings.Backoff> = Record<RetrySettings.Backoff>(
        "client.retry.backoff", noun: "`backoff`",
        doc: """
            The pause before retry n is `base` times `factor` to the power of n − 1, at most `cap`; then `jitter` changes it.

            | jitter | the pause |
            |---|---|
            | `none` | as it is |
            | `full` | uniform from 0 to it |
            | `equal` | half of it, and uniform up to the other half |
            | `decorrelated` | uniform from `base` to three times the pause before, which is `base` at first, at most `cap` |
            | `added` | it, and uniform up to 100ms |
            | `proportional` | it times 0.8 to 1.2 |
            """,
        example: """
            client:
              retry: { attempts: 3, backoff: { base: 1s, cap: 10s, factor: 2, jitter: equal } }
            """,
        start: RetrySettings.Backoff(),
        keys: [
            .optional(
                "base", .positiveDuration, into: \.base, default: "25ms", doc: "The first pause.", example: "50ms"),
            .optional(
                "cap", .positiveDuration, into: \.cap, default: "10 times `base`", doc: "The longest pause.",
                example: "1s"),
            .optional(
                "factor", .number("a factor", in: 1...100), into: \.factor, default: "2",
                doc: "Growth from pause to pause.", example: "1.5"),
            .optional(
                "jitter",
                .choice([
                    "none": .none, "full": .full, "equal": .equal, "decorrelated": .decorrelated, "added": .added,
                    "proportional": .proportional,
                ]), into: \.jitter, default: "full", doc: "How chance changes it.", example: "equal"),
        ]
    ).form { entries, context in
        var settings = entries.draft
        guard entries["cap"] != nil else {
            settings.cap = Span(nanoseconds: settings.base.nanoseconds * 10)
            return settings
        }
        guard settings.base <= settings.cap else {
            context.complain(
                .conflict, at: entries.place(of: "cap"),
                "`cap` is \(Units.text(settings.cap)), shorter than the first pause (\(Units.text(settings.base)))",
                remedy: "lengthen `cap`, or shorten `base`")
            return nil
        }
        return settings
    }
}

/// `client.retry.budget:` what bounds the retries of a client.
enum RetryBudgetKeys {
    private struct Draft: Sendable {
        var ratio: Double?
        var perSecond = 0.0
        var tokens: Double?
        var share: Double?
        var least = 3
    }

    static let form: Form<RetrySettings.Budget?> = Forms.orNone(
        Forms.textOrMap(
            Form<Double>.share.map { .ratio($0, perSecond: 0) },
            record.form { entries, context in finish(entries, &context) }))

    private static let record = Record<Draft>(
        "client.retry.budget", noun: "`budget` of retries",
        doc: """
            One of three: a share of the calls of the last 10 s (`ratio`, and `per-second` beside it, as Finagle has it); \
            tokens, of which a failure takes one and a success gives back `ratio`, and with half of them gone nothing is \
            tried again (`tokens`, as gRPC has it); retries at once as a share of the calls under way (`share`, as Envoy has \
            it). In place of the map, a share alone is the `ratio`.
            """,
        example: """
            client:
              retry: { attempts: 3, budget: { ratio: 20%, per-second: 10 } }
            """,
        start: Draft(),
        keys: [
            .optional(
                "ratio", ratio, into: \.ratio,
                doc:
                    "Retries as a share of the calls of the last 10 s; beside `tokens`, what a success gives back (0.1).",
                example: "20%"),
            .optional(
                "per-second", .number("a number of retries", in: 0.000_001...1_000_000), into: \.perSecond,
                default: "no more",
                doc: "So many retries per second beside the `ratio`.", example: "10"),
            .optional(
                "tokens", .number("a number of tokens", in: 1...1_000), into: \.tokens, doc: "How many there are.",
                example: "10"),
            .optional(
                "share", .share, into: \.share, doc: "Retries at once as a share of the calls under way.",
                example: "20%"),
            .optional(
                "least", .count(0...1_000_000, of: "retries"), into: \.least, default: "3",
                doc: "Retries at once that `share` allows in any case.", example: "5"),
        ])

    /// `20%`, or `0.2`.
    private static let ratio = Form<Double>(.either([.share, .number])) { node, context in
        let form = node.text?.hasSuffix("%") == false ? Form<Double>.number("a ratio", in: 0.000_001...1) : .share
        return form.read(node, &context)
    }

    private static func finish(_ entries: Entries<Draft>, _ context: inout ReadingContext) -> RetrySettings.Budget? {
        let draft = entries.draft
        if let tokens = draft.tokens {
            let others = ["per-second", "share", "least"]
            guard OwnerRule.refuse(others, of: "another budget", "this one has `tokens`", in: entries, &context) else {
                return nil
            }
            return .tokens(most: tokens, ratio: draft.ratio ?? 0.1)
        }
        if let share = draft.share {
            let others = ["ratio", "per-second"]
            guard OwnerRule.refuse(others, of: "another budget", "this one has `share`", in: entries, &context) else {
                return nil
            }
            return .share(share, least: draft.least)
        }
        guard OwnerRule.refuse(["least"], of: "`share`", "this budget has none", in: entries, &context) else {
            return nil
        }
        guard let ratio = draft.ratio else {
            context.complain(
                .missing, at: entries.node.place, "the map does not say what bounds the retries",
                remedy: "write `ratio: 20%`, `tokens: 10` or `share: 20%`")
            return nil
        }
        return .ratio(ratio, perSecond: draft.perSecond)
    }
}
