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
        var fast: Span?
        var slow: Span?
        var share: Double?
        var recorded: String?
        var series: String?
    }

    static let form: Form<TimeDistribution> = {
        let constant = range
        let runnable = Form<TimeDistribution>(constant.kind) { node, context in
            guard let time = constant.read(node, &context) else { return nil }
            let ends: [Span] =
                switch time {
                case .constant(let span): [span]
                case .uniform(let from, let to): [from, to]
                default: []
                }
            return ends.allSatisfy { context.canRun($0, at: node.place) } ? time : nil
        }
        let distribution = record.form { entries, context in finish(entries, &context) }
        return Form(.either([constant.kind, distribution.kind])) { node, context in
            if case .map = node.content { return distribution.read(node, &context) }
            return runnable.read(node, &context)
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
            with `from` and `to`, one of two times with `fast`, `slow` and `share`, or as a run measured it with `recorded`. \
            In place of the map, one duration is the same every time, and `5ms to 15ms` is uniform.
            """,
        example: """
            target: lab/shop
            lab:
              services:
                shop: { time: { p50: 10ms, p99: 50ms } }
                stock: { time: { mean: 2ms } }
                pay: { time: { from: 5ms, to: 15ms } }
                search: { time: { fast: 10ms, slow: 1s, share: 1% } }
                legacy: { time: { recorded: run/intervals.hlog } }
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
            .optional(
                "fast", .duration, into: \.fast, doc: "The usual one of two times; needs `slow` and `share`.",
                example: "10ms"),
            .optional(
                "slow", .positiveDuration, into: \.slow, doc: "The other one; needs `fast` and `share`.", example: "1s"),
            .optional(
                "share", .share, into: \.share, doc: "How many are `slow`; needs `fast` and `slow`.", example: "1%"),
            .optional(
                "recorded", .file, into: \.recorded,
                doc:
                    "An interval log of HdrHistogram with values in nanoseconds, such as the `intervals.hlog` of a run: times are "
                    + "drawn as they were measured, whatever their order.", example: "run/intervals.hlog"),
            .optional(
                "series", Form(.text("tag of the log"), text: { text throws(Complaint) in text }), into: \.series,
                default: "service",
                doc:
                    "Which series of `recorded`, by its tag: `service`, `response`, `service/browse/GET_/products`, blanks "
                    + "written as `_`.",
                example: "response"),
        ])

    /// Keys that need each other: each group makes a distribution.
    private static let groups = [["p50", "p99"], ["mean"], ["from", "to"], ["fast", "slow", "share"], ["recorded"]]

    private static func finish(_ entries: Entries<Draft>, _ context: inout ReadingContext) -> TimeDistribution? {
        guard groupsAreWhole(entries, &context) else { return nil }
        let there = groups.filter { !entries.present($0).isEmpty }
        guard there.count == 1 else {
            let words = there.isEmpty ? "nothing of a distribution" : "parameters of more than one distribution"
            context.complain(
                .conflict, at: entries.node.place, "the map has \(words)",
                remedy:
                    "write `p50` and `p99`, or `mean`, or `from` and `to`, or `fast`, `slow` and `share`, or `recorded`"
            )
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
        if let fast = draft.fast, let slow = draft.slow, let share = draft.share {
            guard ordered(fast, slow, "fast", "slow", entries, &context) else { return nil }
            return .bimodal(fast: fast, slow: slow, share: share)
        }
        if let node = entries.values["recorded"] { return recorded(node, entries, &context) }
        return draft.mean.map { .exponential(mean: $0) }
    }

    private static func groupsAreWhole(_ entries: Entries<Draft>, _ context: inout ReadingContext) -> Bool {
        for group in groups {
            guard let present = entries.present(group).first else { continue }
            for absent in group where entries[absent] == nil {
                PairRule.complain(present, (present, absent), in: entries, &context)
                return false
            }
        }
        return entries["recorded"] != nil
            || OwnerRule.refuse(["series"], of: "`recorded`", "the map has none", in: entries, &context)
    }

    private static func recorded(
        _ node: PlanNode, _ entries: Entries<Draft>, _ context: inout ReadingContext
    ) -> TimeDistribution? {
        do throws(RecordedTimeKeys.Problem) {
            let series = entries.draft.series
            return .recorded(try RecordedTimeKeys.times(in: node.text ?? "", series: series, context.files))
        } catch {
            switch error {
            case .log(let complaint): context.complain(complaint, at: node.place)
            case .series(let complaint):
                context.complain(complaint, at: entries.values["series"]?.place ?? node.place)
            }
            return nil
        }
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
