import Analysis
import Core
package import Recording

/// Percentile curves on the axis of HdrHistogram's plots, one or several over each other.
package struct PercentileChart: Sendable {
    package struct Curve: Sendable {
        package var name: String
        package var histogram: LatencyHistogram
        package var colour: ChartColour
        package var isDashed: Bool
        package var isThin: Bool

        package init(
            _ name: String, _ histogram: LatencyHistogram, _ colour: ChartColour, isDashed: Bool = false,
            isThin: Bool = false
        ) {
            self.name = name
            self.histogram = histogram
            self.colour = colour
            self.isDashed = isDashed
            self.isThin = isThin
        }
    }

    /// What a percentile may take at most.
    package struct Limit: Hashable, Sendable {
        /// 0 to 100.
        package var percent: Double
        package var milliseconds: Double
        package var name: String

        package init(percent: Double, milliseconds: Double, name: String) {
            self.percent = percent
            self.milliseconds = milliseconds
            self.name = name
        }
    }

    package var title: String
    package var curves: [Curve]
    package var limits: [Limit]
    package var clock: String

    /// - Parameters:
    ///   - curves: those without a sample are left out.
    ///   - clock: what is measured: `response time`.
    package init(_ title: String, _ curves: [Curve], limits: [Limit] = [], clock: String = "response time") {
        self.title = title
        self.curves = curves.filter { !$0.histogram.isEmpty }
        self.limits = limits
        self.clock = clock
    }

    /// A logarithmic scale where the longest time is more than this many medians: a line that is flat up to p99 says nothing.
    private static let longTail = 25.0

    /// Nil when there is no sample.
    package var chart: LineChart? {
        guard let first = curves.first else { return nil }
        let longest = curves.map { $0.histogram.max.milliseconds }.max() ?? 0
        // A limit far above everything would leave no room for what was measured.
        let shown = limits.filter { $0.milliseconds > 0 && $0.milliseconds < longest * 3 }
        let top = max(longest, shown.map(\.milliseconds).max() ?? 0)
        let shortest = max(1e-6, curves.map { $0.histogram.min.milliseconds }.min() ?? 0)
        let median = first.histogram.value(atPercentile: 50).milliseconds
        let isLogarithmic = longest > Self.longTail * max(median, 1e-6)
        let y: Axis =
            isLogarithmic
            ? .logarithmic("\(clock), ms, logarithmic", from: shortest, to: top) : .linear("\(clock), ms", upTo: top)
        let samples = curves.map(\.histogram.count).max() ?? 1
        var chart = LineChart(title, description: description, x: .percentile(samples: samples), y: y)
        chart.series = curves.map { curve in
            let points = PercentileCurve(curve.histogram).points.map {
                LineChart.Point($0.place, $0.value.milliseconds)
            }
            return LineChart.Series(
                curve.name, points, curve.colour, isDashed: curve.isDashed, isThin: curve.isThin)
        }
        chart.marks = shown.map { .limit($0.milliseconds, from: PercentileCurve.place(of: $0.percent), $0.name) }
        return chart
    }

    /// The figures of each curve in a sentence.
    private var description: String {
        curves.map { curve in
            let values = curve.histogram.values(atPercentiles: [50, 90, 99, 99.9])
            return "\(curve.name): p50 \(values[0]), p90 \(values[1]), p99 \(values[2]), p99.9 \(values[3]), "
                + "max \(curve.histogram.max), of \(Figures.count(curve.histogram.count, "sample"))."
        }.joined(separator: " ")
    }
}
