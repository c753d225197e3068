package import Core
package import Recording

/// The latency at each percentile of a histogram, at even distances on an axis on which every further nine takes the same room.
package struct PercentileCurve: Sendable {
    package struct Point: Hashable, Sendable {
        /// On the axis: log₁₀ of 1 / (1 − share), so 0 at the minimum, 1 at p90, 2 at p99.
        package var place: Double
        package var value: Span
    }

    /// From the minimum to the largest sample; empty for an empty histogram.
    package let points: [Point]
    package let samples: Int

    /// - Parameter resolution: points for each nine; at least 1.
    package init(_ histogram: LatencyHistogram, resolution: Int = 48) {
        samples = histogram.count
        guard samples > 0 else {
            points = []
            return
        }
        let end = Self.place(ofLastOf: samples)
        let count = max(2, Int((end * Double(max(1, resolution))).rounded(.up)) + 1)
        let places = (0..<count).map { end * Double($0) / Double(count - 1) }
        // The last sample stands where one of all is left, and is the maximum.
        let percents = places.dropLast().map(Self.percent(at:)) + [100]
        points = zip(places, histogram.values(atPercentiles: percents)).map { Point(place: $0, value: $1) }
    }

    /// Where a percentile stands on the axis.
    /// - Parameter percent: 0 to below 100.
    package static func place(of percent: Double) -> Double {
        let left = 1 - min(max(percent, 0), 99.999_999_999) / 100
        return -PortableMath.logarithm(left) / tenth
    }

    /// Where the largest of so many samples stands; 0 for one or none.
    package static func place(ofLastOf samples: Int) -> Double {
        samples > 1 ? PortableMath.logarithm(Double(samples)) / tenth : 0
    }

    private static func percent(at place: Double) -> Double { 100 * (1 - PortableMath.exponential(-place * tenth)) }

    /// ln 10
    private static let tenth = 2.302_585_092_994_045_7
}
