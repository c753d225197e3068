import Core
import Model

/// A time that varies: one duration, two ends, or the parameters of a distribution. Service times, think times.
enum TimeKeys {
    struct Draft: Sendable {
        var p50: Span?
        var p99: Span?
        var mean: Span?
        var from: Span?
        var to: Span?
    }

    static let form: Form<TimeDistribution> = {
        let constant = range
        let distribution = record.form { entries, context in finish(entries, &context) }
        return Form(.either([constant.kind, distribution.kind])) { node, context in
            if case .map = node.content { return distribution.read(node, &context) }
            return constant.read(node, &context)
        }
    }()

    /// `1s`, or `1s to 3s`.
    private static let range = Form<TimeDistribution>(
        .text("duration, or `1s to 3s`"),
        text: { text throws(Complaint) in
            let ends = Units.ends(of: text)
            return try complaining { () throws(UnitProblem) in
                let from = try Units.duration(ends.from)
                guard let last = ends.to else { return .constant(from) }
                let to = try Units.duration(last)
                return from <= to ? .uniform(from: from, to: to) : .uniform(from: to, to: from)
            }
        })

    private static let record = Record<Draft>(
        "time", noun: "a time",
        doc: """
            How a time varies, a service time or a pause: lognormal with `p50` and `p99`, exponential with `mean`, uniform \
            with `from` and `to`. In place of the map, one duration is the same every time, and `5ms to 15ms` is uniform.
            """,
        example: """
            target: lab/shop
            lab:
              services:
                shop: { time: { p50: 10ms, p99: 50ms } }
                stock: { time: { mean: 2ms } }
                pay: { time: { from: 5ms, to: 15ms } }
            """,
        start: Draft(),
        keys: [
            .optional(
                "p50", .positiveDuration, into: \.p50, doc: "Median of a lognormal time; needs `p99`.",
                example: "10ms"),
            .optional(
                "p99", .positiveDuration, into: \.p99, doc: "Its 99th percentile; needs `p50`.", example: "50ms"),
            .optional("mean", .positiveDuration, into: \.mean, doc: "Mean of an exponential time.", example: "10ms"),
            .optional("from", .duration, into: \.from, doc: "Shortest of a uniform time; needs `to`.", example: "5ms"),
            .optional("to", .positiveDuration, into: \.to, doc: "Longest; needs `from`.", example: "15ms"),
        ])

    private static let pairs = [("p50", "p99"), ("from", "to")]

    private static func finish(_ entries: Entries<Draft>, _ context: inout ReadingContext) -> TimeDistribution? {
        for pair in pairs {
            if let present = PairRule.lonely(of: pair, in: entries) {
                PairRule.complain(present, pair, in: entries, &context)
                return nil
            }
        }
        let there = entries.present(["p50", "mean", "from"])
        guard there.count == 1 else {
            let words = there.isEmpty ? "nothing of a distribution" : "parameters of more than one distribution"
            context.complain(
                .conflict, at: entries.node.place, "the map has \(words)",
                remedy: "write `p50` and `p99`, or `mean`, or `from` and `to`")
            return nil
        }
        let draft = entries.draft
        if let p50 = draft.p50, let p99 = draft.p99 {
            guard ordered(p50, p99, "p50", "p99", entries, &context) else { return nil }
            return .lognormal(p50: p50, p99: p99)
        }
        if let from = draft.from, let to = draft.to {
            guard ordered(from, to, "from", "to", entries, &context) else { return nil }
            return .uniform(from: from, to: to)
        }
        return draft.mean.map { .exponential(mean: $0) }
    }

    private static func ordered(
        _ low: Span, _ high: Span, _ lowKey: String, _ highKey: String, _ entries: Entries<Draft>,
        _ context: inout ReadingContext
    ) -> Bool {
        guard low > high else { return true }
        context.complain(
            .range, at: entries.place(of: highKey),
            "`\(highKey)` is \(Units.text(high)), less than `\(lowKey)` (\(Units.text(low)))",
            remedy: "swap them, or write a longer one")
        return false
    }
}
