import Core
import Policies

/// `client.timeout.adaptive:` a time-out that follows the recent response times.
enum AdaptiveTimeoutKeys {
    static let form: Form<AdaptiveTimeoutSettings?> = Forms.orNone(
        Forms.textOrMap(
            Form<Double>.percentile.map { percentile in
                var settings = AdaptiveTimeoutSettings()
                settings.percentile = percentile
                return settings
            }, record.form { entries, context in finish(entries, &context) }))

    private static let record = Record<AdaptiveTimeoutSettings>(
        "client.timeout.adaptive", noun: "`adaptive`",
        doc: """
            The time-out of an attempt is `factor` times a percentile of the recent response times of attempts, within bounds. \
            It begins as `attempt`, and grows by a factor of 2 per window at most. In place of the map, `none`, or the \
            percentile alone.
            """,
        example: """
            client:
              timeout: { total: 10s, attempt: 5s, adaptive: { percentile: p95, factor: 2, least: 100ms, most: 5s } }
            """,
        start: AdaptiveTimeoutSettings(),
        keys: [
            .optional(
                "percentile", .percentile, into: \.percentile, default: "p95", doc: "Which percentile.",
                example: "p99"),
            .optional(
                "factor", .number("a factor", in: 1...100), into: \.factor, default: "2", doc: "Times the percentile.",
                example: "3"),
            .optional(
                "least", .positiveDuration, into: \.least, default: "1s", doc: "The shortest time-out.",
                example: "100ms"),
            .optional(
                "most", .positiveDuration, into: \.most, default: "30s", doc: "The longest.", example: "5s"),
            .optional(
                "window", .positiveDuration, into: \.window, default: "10s", doc: "What is looked back on.",
                example: "30s"),
            .optional(
                "minimum", .count(1...100_000, of: "attempts"), into: \.minimum, default: "20",
                doc: "Attempts that a window needs; with fewer the time-out stays as it is.", example: "50"),
        ])

    private static func finish(
        _ entries: Entries<AdaptiveTimeoutSettings>, _ context: inout ReadingContext
    ) -> AdaptiveTimeoutSettings? {
        let settings = entries.draft
        guard settings.least > settings.most else { return settings }
        let key = entries["most"] == nil ? "least" : "most"
        context.complain(
            .conflict, at: entries.place(of: key),
            "`least` is \(Units.text(settings.least)), longer than `most` (\(Units.text(settings.most)))",
            remedy: "swap them, or write a longer `most`")
        return nil
    }
}
