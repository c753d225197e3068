import Analysis

/// `diff.svg`: the response times of both sides over each other, as percentile curves and as histograms.
enum DiffChart {
    private static let curvesTitle = "Latency by percentile"
    private static let binsTitle = "How many calls took how long"

    /// Nil when a side has no call.
    static func file(_ diff: BundleDiff) -> [UInt8]? {
        let parts = [curves(diff), bins(diff)].compactMap { $0 }.map { $0.drawing(.wide) }
        guard !parts.isEmpty else { return nil }
        let title = "Response times of \(diff.a.name) and \(diff.b.name)"
        return SVG(parts, title: title, description: parts.map(\.description).joined(separator: " ")).file
    }

    private static func sides(_ diff: BundleDiff, _ a: [Double], _ b: [Double]) -> [(String, [Double], ChartColour)] {
        [(diff.a.name, a, .blue), (diff.b.name, b, .vermilion)]
    }

    private static func curves(_ diff: BundleDiff) -> LineChart? {
        let found = diff.distribution
        guard let last = found.percents.last, let top = (found.aMs + found.bMs).max() else { return nil }
        let samples = Int((100 / max(100 - last, 1e-6)).rounded())
        var chart = LineChart(
            curvesTitle, description: words(diff) ?? "", x: .percentile(samples: samples),
            y: .linear("response time, ms", upTo: top))
        chart.series = sides(diff, found.aMs, found.bMs).map { name, values, colour in
            let points = zip(found.percents, values).map { LineChart.Point(PercentileCurve.place(of: $0), $1) }
            return LineChart.Series(name, points, colour, isDashed: name == diff.a.name)
        }
        return chart
    }

    private static func bins(_ diff: BundleDiff) -> LineChart? {
        let found = diff.distribution
        guard let low = found.boundsMs.first, let high = found.boundsMs.last, found.boundsMs.count > 1 else {
            return nil
        }
        let most = (found.aShares + found.bShares).max() ?? 0
        var chart = LineChart(
            binsTitle, description: "The share of calls in each of \(found.aShares.count) bins of response time.",
            x: .logarithmic("response time, ms, logarithmic", from: low, to: high),
            y: .linear("share of calls, %", upTo: 100 * most))
        chart.series = sides(diff, found.aShares, found.bShares).map { name, shares, colour in
            // The last bin ends where the last bound is.
            let points = zip(found.boundsMs, shares + [shares.last ?? 0]).map { LineChart.Point($0, 100 * $1) }
            return LineChart.Series(name, points, colour, isStepped: true, isDashed: name == diff.a.name)
        }
        chart.height = 240
        return chart
    }

    /// The figures of both in a sentence, for those who do not see the curves.
    /// - Returns: nil when a side has no call, and there is no picture.
    static func words(_ diff: BundleDiff) -> String? {
        if diff.distribution.percents.isEmpty { return nil }
        let figures: [ComparedFigure] = [.p50, .p95, .p99]
        return [diff.a, diff.b].map { side in
            let values = figures.compactMap { figure in
                side[figure].map { "\(figure.name) \(ComparisonCells.value($0, of: figure)) ms" }
            }
            return "\(side.name): \(values.joined(separator: ", "))."
        }.joined(separator: " ")
    }
}
