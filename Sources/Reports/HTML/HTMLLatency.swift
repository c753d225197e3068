import Analysis
import Core

/// How long calls took: by percentile, and over the run.
enum HTMLLatency {
    static func contents(_ run: Measurement, _ charts: RunCharts) -> [Element?] {
        [
            HTML.figure(
                "Latency by percentile",
                note:
                    "Each further nine takes the same room, so the tail is as wide as the rest. Response time runs from the "
                    + "intended start of a call to its end, service time from sending it.",
                charts.percentiles?.drawing),
            table(run),
            HTML.figure("Where the calls were", charts.heatMap?.drawing),
            HTML.figure("Response time over the run", note: rest(charts), charts.bands?.drawing),
            HTMLTable("Parts of an attempt, ms", names(shown: attemptPercents, first: "Part"), texts: attempts(run))
                .element(),
        ]
    }

    private static let attemptPercents = [50.0, 90, 99, 99.9]

    private static func names(shown: [Double], first: String) -> [String] {
        [first, ">calls", ">mean"] + shown.map { ">" + LatencySummary.name(ofPercent: $0) } + [">max"]
    }

    private static func table(_ run: Measurement) -> Element? {
        var rows = [("response", run.response), ("service", run.service)]
        rows += [("warm-up response", run.warmUpResponse), ("warm-up service", run.warmUpService)]
        rows = rows.filter { !$0.1.isEmpty }
        guard !rows.isEmpty else { return nil }
        let percents = LatencySummary.percents
        let isThin = percents.contains { run.response.samples(abovePercent: $0) < Finding.enoughSamples }
        return Element("div") {
            HTMLTable(
                "Latency, ms", names(shown: percents, first: "Clock"),
                texts: rows.map { name, latency in
                    [name, Figures.count(latency.count), Figures.milliseconds(latency.mean)]
                        + percents.map { MarkdownTables.percentile($0, of: latency) }
                        + [Figures.milliseconds(latency.maximum)]
                }
            ).element()
            isThin ? HTML.note("Fewer than 10 calls lie above a value in parentheses.") : nil
        }
    }

    private static func attempts(_ run: Measurement) -> [[String]] {
        run.attempts.rows.filter { !$0.summary.isEmpty }.map { name, latency in
            [name, Figures.count(latency.count), Figures.milliseconds(latency.mean)]
                + attemptPercents.map { MarkdownTables.percentile($0, of: latency) }
                + [Figures.milliseconds(latency.maximum)]
        }
    }

    /// On how many calls a column rests, which decides what its p99 is worth.
    private static func rest(_ charts: RunCharts) -> String? {
        let counts = charts.course.columns.compactMap { $0.response?.count }.sorted()
        guard let seconds = charts.course.columns.first?.seconds, !counts.isEmpty else { return nil }
        let middle = counts[counts.count / 2]
        var text = "Each point is \(Figures.seconds(seconds)), of \(Figures.count(middle, "call")) in the median"
        if Double(middle) < Finding.enoughSamples * 100 {
            text += "; its p99 rests on fewer than 10 of them, and says where the worst were rather than how many"
        }
        return text + "."
    }
}
