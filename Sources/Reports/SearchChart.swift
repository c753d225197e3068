import Analysis
import Core

/// `search.svg`: latency against the rate of each run that was valid.
enum SearchChart {
    /// A logarithmic scale where the slowest run is that many times the fastest: beyond capacity latencies leave the page.
    private static let wide = 20.0

    /// Nil for a search without a valid run.
    static func file(_ record: SearchRecord) -> [UInt8]? {
        let curve = record.curve
        guard let last = curve.last, let top = curve.map(\.p99Ms).max(), let least = curve.map(\.p50Ms).min() else {
            return nil
        }
        let y: Axis =
            top > wide * max(least, 1e-6)
            ? .logarithmic("response time, ms, logarithmic", from: max(least, 1e-6), to: top)
            : .linear("response time, ms", upTo: top)
        var chart = LineChart(
            "Latency against rate", description: words(record) ?? "",
            x: .linear("arrivals per second", upTo: last.rate), y: y)
        func series(_ name: String, _ colour: ChartColour, _ value: KeyPath<SearchRecord.CurvePoint, Double>)
            -> LineChart.Series
        {
            let points = curve.map { LineChart.Point($0.rate, $0[keyPath: value]) }
            return LineChart.Series(name, points, colour, isThin: true, hasDots: true)
        }
        chart.series = [series("p99", .vermilion, \.p99Ms), series("p50", .blue, \.p50Ms)]
        if let rate = record.outcome.rate { chart.marks.append(.begin(rate, "confirmed")) }
        return chart.drawing(.wide).file
    }

    /// What the picture shows, for those who do not see it.
    /// - Returns: nil without a valid run, when there is no picture.
    static func words(_ record: SearchRecord) -> String? {
        guard let first = record.curve.first, let last = record.curve.last else { return nil }
        return
            "p99 from \(first.p99Ms.trimmed(3)) ms at \(SearchFigures.rate(first.rate)) to \(last.p99Ms.trimmed(3)) ms at "
            + "\(SearchFigures.rate(last.rate))."
    }
}
