import Core
import Policies

/// `client.hedge:` a further attempt beside a slow one.
enum HedgeKeys {
    static let form: Form<HedgeSettings?> = Forms.orNone(
        Forms.textOrMap(
            delay.map { delay in
                var settings = HedgeSettings()
                settings.delay = delay
                return settings
            }, record.form { entries, _ in entries.draft }))

    private static let delay = Form<HedgeSettings.Delay>(.either([.duration, .text("percentile")])) { node, context in
        if node.text?.first == "p" { return Form<Double>.percentile.read(node, &context).map { .percentile($0) } }
        return Form<Span>.positiveDuration.read(node, &context).map { .fixed($0) }
    }

    private static let record = Record<HedgeSettings>(
        "client.hedge", noun: "`client.hedge`",
        doc: """
            A further attempt, to another endpoint if there is one, when the first is slow; the answer that comes first \
            counts, and the other attempt is cut off. In place of the map, `none`, or what `after` says.
            """,
        example: """
            client:
              hedge: { after: p95, most: 1, budget: 5% }
            """,
        start: HedgeSettings(),
        keys: [
            .optional(
                "after", delay, into: \.delay, default: "p95",
                doc: "How slow: a duration, or a percentile of the recent response times of attempts.", example: "50ms"),
            .optional(
                "most", .count(1...10, of: "hedges"), into: \.most, default: "1",
                doc: "Further attempts of one call at most, each so much later.", example: "2"),
            .optional(
                "budget", .share, into: \.budget, default: "5%", doc: "Hedges as a share of the calls at most.",
                example: "2%"),
            .optional(
                "methods", RetryKeys.methods, into: \.allMethods, default: "safe",
                doc: "`safe` leaves out POST and PATCH, `all` does not.", example: "all"),
        ])
}
