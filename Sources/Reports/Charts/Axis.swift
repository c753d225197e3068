import Analysis
import Core

/// One axis of a chart: what it measures, from where to where, and where its ticks stand.
package struct Axis: Sendable {
    package struct Tick: Hashable, Sendable {
        package var value: Double
        /// Empty for a line of the grid that is not named.
        package var label: String
    }

    enum Scale: Sendable {
        case linear, logarithmic, percentile, time
    }

    /// With the unit: `response time, ms`.
    package let title: String
    let scale: Scale
    /// The ends in the unit of the axis; `low` < `high`. Those of a percentile axis are halvings in tenths: log₁₀ of
    /// 1 / (1 − share).
    package let low: Double
    package let high: Double

    private init(_ title: String, _ scale: Scale, _ low: Double, _ high: Double) {
        self.title = title
        self.scale = scale
        self.low = low
        self.high = high > low ? high : low + 1
    }

    /// From 0 to a round number at or above the largest value.
    package static func linear(_ title: String, upTo largest: Double) -> Axis {
        guard largest.isFinite, largest > 0 else { return Axis(title, .linear, 0, 1) }
        let top = min(largest, 1e15)
        let step = AxisSteps.round(atLeast: top / 5)
        return Axis(title, .linear, 0, (top / step - 1e-9).rounded(.up) * step)
    }

    /// From one value to another, exactly.
    package static func linear(_ title: String, from low: Double, to high: Double) -> Axis {
        Axis(title, .linear, bounded(low), bounded(high))
    }

    /// Seconds since the start of a run.
    package static func time(from low: Double, to high: Double) -> Axis {
        let (low, high) = (bounded(low), bounded(high))
        let unit = high < 120 ? "s" : high < 7_200 ? "min:s" : "h:min"
        return Axis("time since the start, \(unit)", .time, low, high)
    }

    /// Round numbers around the smallest and the largest value, both above 0, on a logarithmic scale.
    package static func logarithmic(_ title: String, from smallest: Double, to largest: Double) -> Axis {
        let small = min(max(smallest.isFinite ? smallest : 1, 1e-6), 1e12)
        let large = max(min(largest.isFinite ? largest : 1, 1e13), small)
        let low = AxisSteps.roundDown(small)
        let high = AxisSteps.round(atLeast: large)
        return Axis(title, .logarithmic, low, high > low ? high : AxisSteps.round(atLeast: high * 1.01))
    }

    /// The percentile axis of HdrHistogram's plots: each nine takes as much room as the one before.
    /// - Parameter samples: the axis ends where one sample is left.
    package static func percentile(samples: Int) -> Axis {
        Axis("percentile of calls", .percentile, 0, max(1, PercentileCurve.place(ofLastOf: samples)))
    }

    /// Where a value lies between the ends, 0 to 1; what is beyond an end counts as it.
    package func share(of value: Double) -> Double {
        guard !value.isNaN else { return 0 }
        let inside = min(max(value, low), high)
        guard scale == .logarithmic else { return (inside - low) / (high - low) }
        let bottom = PortableMath.logarithm(low)
        return (PortableMath.logarithm(inside) - bottom) / (PortableMath.logarithm(high) - bottom)
    }

    /// Where lines of the grid stand, ascending, and which of them are named.
    /// - Parameter most: how many names there is room for; at least 2.
    package func ticks(atMost most: Int) -> [Tick] {
        switch scale {
        case .linear: AxisSteps.linear(from: low, to: high, atMost: most)
        case .time: AxisSteps.time(from: low, to: high, atMost: most)
        case .logarithmic: AxisSteps.logarithmic(from: low, to: high, atMost: most)
        case .percentile: AxisSteps.percentile(to: high, atMost: most)
        }
    }

    private static func bounded(_ value: Double) -> Double { value.isFinite ? min(max(value, -1e12), 1e12) : 0 }
}
