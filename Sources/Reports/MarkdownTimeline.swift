import Analysis
import Core
import Recording

/// The course of a run in `report.md`: two rows of bars, then a table of at most 20 rows.
enum MarkdownTimeline {
    static func lines(_ run: Measurement) -> [String] {
        let windows = run.timeline
        guard let first = windows.first else { return [] }
        var lines: [String] = []
        if windows.count > 1 {
            let rates = windows.map { Optional($0.rates.achieved) }
            let latencies = windows.map { $0.response.isEmpty ? nil : $0.response.p99.milliseconds }
            lines += [
                "```text", "completed/s  \(Sparkline.text(rates))  \(range(rates) { Figures.rate($0) })",
                "p99          \(Sparkline.text(latencies))  \(range(latencies) { Span(seconds: $0 / 1e3).description })",
                "```", "",
            ]
        }
        let hasRejections = run.ledger.rejected > 0
        let rows = windows.map { window in
            let rejected = hasRejections ? [Figures.count(window.ledger.rejected)] : []
            let first = [
                Figures.seconds(window.start), Figures.rate(window.rates.offered), Figures.rate(window.rates.achieved),
                Figures.count(window.ledger.failed),
            ]
            return first + rejected + [
                Figures.count(window.ledger.dropped),
                MarkdownTables.percentile(50, of: window.response), MarkdownTables.percentile(99, of: window.response),
                Figures.count(window.inFlight), Figures.count(window.connections),
                window.worstSendLagP99Ms.map { Figures.milliseconds(Span(seconds: $0 / 1e3)) } ?? "–",
                window.busiestLoop.map(Figures.share) ?? "–",
            ]
        }
        lines += Markdown.table(
            [">from", ">offered", ">completed", ">failed"] + (hasRejections ? [">rejected"] : []) + [
                ">dropped", ">p50 ms", ">p99 ms", ">in flight",
                ">connections", ">lag p99 ms", ">busiest loop",
            ], rows)
        if windows.count > 1 {
            lines += [
                "",
                "Each row is \(Figures.seconds(first.seconds)); lag and loop are the worst second of it, gauges its end.",
            ]
        }
        return lines
    }

    /// `98/s to 1,204/s`
    private static func range(_ values: [Double?], _ text: (Double) -> String) -> String {
        let known = values.compactMap { $0 }
        guard let low = known.min(), let high = known.max() else { return "" }
        return low == high ? text(low) : "\(text(low)) to \(text(high))"
    }
}
