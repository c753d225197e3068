package import Analysis
import Recording

/// The charts that stand beside `report.md`, as files of their own.
package enum ChartFiles {
    /// `latency.svg`: the percentile curve; of a run without latencies, a word about it.
    package static func latency(_ charts: RunCharts) -> [UInt8] {
        guard let chart = charts.percentiles else { return empty("Latency by percentile", "No call came to an end.") }
        return chart.drawing(.wide).file
    }

    /// `timeline.svg`: response time and rates over the run.
    package static func timeline(_ charts: RunCharts) -> [UInt8] {
        let parts = [charts.bands, charts.rates].compactMap { $0 }.map { $0.drawing(.wide) }
        guard !parts.isEmpty else { return empty("The course of the run", "Nothing was measured.") }
        return SVG(
            parts, title: "The course of the run", description: parts.map(\.description).joined(separator: " ")
        ).file
    }

    /// What the picture shows, in a line, for a reader of the Markdown who does not see it.
    package static func latencyText(_ summary: RunSummary) -> String? {
        let response = summary.run.response
        guard !response.isEmpty else { return nil }
        return "Latency by percentile: response p50 \(response.p50), p99 \(response.p99), max \(response.maximum)"
    }

    package static func timelineText(_ summary: RunSummary) -> String? {
        let run = summary.run
        guard !run.timeline.isEmpty, !run.response.isEmpty || run.ledger.scheduled > 0 else { return nil }
        return "Response time and rates over the run: \(Figures.rate(run.rates.offered)) offered, "
            + "\(Figures.rate(run.rates.achieved)) completed"
    }

    private static func empty(_ title: String, _ text: String) -> [UInt8] {
        SVG(
            width: 480, height: 60, title: title, description: text,
            [ChartFrame.text("\(title): \(text)", 12, 34, anchor: "start", isMuted: true)]
        ).file
    }
}
