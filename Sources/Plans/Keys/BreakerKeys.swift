import Core
import Policies

/// `client.breaker:` when to stop calling for a while.
enum BreakerKeys {
    struct Draft: Sendable {
        var settings = BreakerSettings()
        var failures = 5
        var rate = BreakerSettings.Rate()
    }

    static let form: Form<BreakerSettings?> = Forms.orNone(
        record.form { entries, context in finish(entries, &context) })

    private static let record = Record<Draft>(
        "client.breaker", noun: "`client.breaker`",
        doc: """
            After too many failures calls are rejected at once, for a while (`open`); then a few may try, and when they \
            succeed all may. What opens it are failures in a row, or with `failure-rate` or `slow-rate` a share of them in a \
            window. `{}` is five failures in a row, `none` no breaker.
            """,
        example: """
            client:
              breaker: { failure-rate: 50%, window: 10s, minimum: 20, open: 5s, successes: 3 }
            """,
        start: Draft(),
        keys: [
            .optional(
                "per", .choice(["endpoint": .endpoint, "step": .step]), into: \.settings.scope, default: "endpoint",
                doc: "Whom a breaker guards; each has its own.", example: "step"),
            .optional(
                "failures", .count(1...100_000, of: "failures"), into: \.failures, default: "5",
                doc: "Failures in a row that open it.", example: "10"),
            .optional(
                "failure-rate", positiveShare, into: \.rate.failures,
                doc: "The share of failures that opens it.", example: "50%"),
            .optional(
                "slow-rate", positiveShare, into: \.rate.slowShare, doc: "The share of slow calls that opens it.",
                example: "80%"),
            .optional(
                "slow", .positiveDuration, into: \.rate.slow, default: "1m",
                doc: "From when a call is slow, for `slow-rate`.", example: "1s"),
            .optional(
                "window", window, into: \.rate.window, default: "10s",
                doc: "What the shares are of: the calls of the last so long, or the last so many.",
                example: "100 calls"),
            .optional(
                "minimum", .count(1...100_000, of: "calls"), into: \.rate.minimum,
                default: "20, or as many as `window` has",
                doc: "Calls in the window without which it stays closed.", example: "50"),
            .optional(
                "open", .positiveDuration, into: \.settings.open, default: "1m", doc: "How long it stays open.",
                example: "5s"),
            .optional(
                "successes", .count(1...1_000, of: "calls"), into: \.settings.successes, default: "3",
                doc: "Successes that close it again; so many calls may try it at once.", example: "1"),
        ])

    private static let positiveShare = Form<Double>.share.checked { share throws(Complaint) in
        guard share > 0 else {
            throw Complaint(.range, "a breaker at 0% would always be open", remedy: "write a share above 0%")
        }
    }

    static let leastWindow = Span.milliseconds(10)

    /// `10s`, or `100 calls`; a number is one of calls.
    private static let window = Form<BreakerSettings.Window>(.text("duration, or `100 calls`")) { node, context in
        guard let text = node.text else {
            _ = Form<Span>.duration.read(node, &context)
            return nil
        }
        let digits = text.hasSuffix(" calls") ? String(text.dropLast(6)) : text
        if digits.utf8.count < text.utf8.count
            || (!digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") })
        {
            let number = PlanNode(content: .scalar(digits, .plain), place: node.place)
            return Form<Int>.count(1...100_000, of: "calls").read(number, &context).map { .count($0) }
        }
        return Form<Span>.duration(runAtLeast: leastWindow).checked { span throws(Complaint) in
            guard span >= leastWindow else {
                throw Complaint(
                    .range, "a window of \(Units.text(span)) is too short, the least is 10ms",
                    remedy: "write `10ms` or longer")
            }
        }.read(node, &context).map { .time($0) }
    }

    private static func finish(_ entries: Entries<Draft>, _ context: inout ReadingContext) -> BreakerSettings? {
        let draft = entries.draft
        var settings = draft.settings
        let rates = entries.present(["failure-rate", "slow-rate"])
        guard let first = rates.first else {
            let parts = ["slow", "window", "minimum"]
            let instead = "the breaker looks at failures in a row"
            guard OwnerRule.refuse(parts, of: "`failure-rate`", instead, in: entries, &context) else { return nil }
            settings.trip = .consecutive(draft.failures)
            return settings
        }
        if let place = entries["failures"] {
            context.complain(
                .conflict, at: place, "`failures` and `\(first)` stand in one breaker, and one of them opens it",
                remedy: "keep one of them")
            return nil
        }
        var rate = draft.rate
        if entries["failure-rate"] == nil { rate.failures = nil }
        if entries["slow-rate"] == nil,
            !OwnerRule.refuse(["slow"], of: "`slow-rate`", "the breaker has none", in: entries, &context)
        {
            return nil
        }
        if case .count(let calls) = rate.window {
            if entries["minimum"] == nil { rate.minimum = min(rate.minimum, calls) }
            guard rate.minimum <= calls else {
                context.complain(
                    .conflict, at: entries.place(of: "minimum"),
                    "`minimum` is \(rate.minimum.grouped), and the window has \(calls.grouped) calls: the breaker would "
                        + "never open", remedy: "lower `minimum`, or widen `window`")
                return nil
            }
        }
        settings.trip = .rate(rate)
        return settings
    }
}

/// `client.throttle:` client-side admission.
enum ThrottleKeys {
    static let form: Form<ThrottleSettings?> = Forms.orNone(
        Forms.textOrMap(
            k.map { k in
                var settings = ThrottleSettings()
                settings.k = k
                return settings
            }, record.form { entries, _ in entries.draft }))

    private static let k = Form<Double>.number("`k`", in: 1...100)

    private static let record = Record<ThrottleSettings>(
        "client.throttle", noun: "`client.throttle`",
        doc: """
            A client whose calls the target refuses sends fewer: of so many requests, and so many accepted ones among them, a \
            call is rejected with the probability (requests − k × accepted) / (requests + 1), if that is above 0. In place of \
            the map, `none`, or `k` alone.
            """,
        example: """
            client:
              throttle: { k: 2, window: 2m }
            """,
        start: ThrottleSettings(),
        keys: [
            .optional(
                "k", k, into: \.k, default: "2",
                doc: "How many requests are sent for each that is accepted: the more, the sooner a recovery is seen.",
                example: "1.5"),
            .optional(
                "window", .positiveDuration, into: \.window, default: "2m", doc: "What is looked back on.",
                example: "30s"),
        ])
}
