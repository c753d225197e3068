import Core
package import Recording

/// The response times of both sides laid over each other, as charts need them: the curve of percentiles, and a histogram.
package struct DistributionOverlay: Hashable, Sendable, Encodable {
    /// The percentiles of the curve: five to each halving of what is left to 100, as in a file of HdrHistogram, up to where
    /// either side has one call left.
    package private(set) var percents: [Double] = []
    /// Milliseconds at these, of each side.
    package private(set) var aMs: [Double] = []
    package private(set) var bMs: [Double] = []
    /// Milliseconds; bin i reaches from bound i to bound i + 1, and all bins are equally wide on a logarithmic axis.
    package private(set) var boundsMs: [Double] = []
    /// The part of its side's calls that a bin has.
    package private(set) var aShares: [Double] = []
    package private(set) var bShares: [Double] = []

    package static let mostBins = 60
    /// Bins to a doubling; fewer when that would be more than `mostBins`.
    private static let binsToDoubling = 8.0
    private static let ticks = 5.0
    private static let highestPercent = 99.9999

    /// Without calls on either side it is empty.
    package init(_ first: [CompactHistogram], _ other: [CompactHistogram]) {
        let (one, two) = (Self.merged(first), Self.merged(other))
        guard !one.isEmpty, !two.isEmpty else { return }
        let fewest = Double(min(one.count, two.count))
        percents = Self.ladder(to: min(Self.highestPercent, 100 * (1 - 1 / fewest)))
        aMs = one.values(atPercentiles: percents).map(\.milliseconds)
        bMs = two.values(atPercentiles: percents).map(\.milliseconds)
        fillBins(one, two)
    }

    private static func merged(_ parts: [CompactHistogram]) -> LatencyHistogram {
        var all = LatencyHistogram()
        for part in parts { part.add(to: &all) }
        return all
    }

    private static func ladder(to last: Double) -> [Double] {
        var percents: [Double] = []
        var level = 0.0
        while level <= last {
            percents.append(level)
            let halvings = Double((100 / (100 - level)).exponent)
            level += 100 / (ticks * Double(sign: .plus, exponent: Int(halvings) + 1, significand: 1))
        }
        return percents
    }

    private mutating func fillBins(_ one: LatencyHistogram, _ two: LatencyHistogram) {
        let low = max(min(one.min, two.min), Span(nanoseconds: 1)).milliseconds
        let high = max(max(one.max, two.max).milliseconds, low * 1.001)
        // log₂ by the exponent and by halving: no library's logarithm decides where a bin ends.
        let bins = min(
            Self.mostBins, max(1, Int((PortableMath.logarithm(high / low) * 1.4427 * Self.binsToDoubling).rounded(.up)))
        )
        let step = PortableMath.logarithm(high / low) / Double(bins)
        boundsMs = (0...bins).map { low * PortableMath.exponential(step * Double($0)) }
        boundsMs[bins] = max(boundsMs[bins], high)
        aShares = Self.shares(of: one, boundsMs)
        bShares = Self.shares(of: two, boundsMs)
    }

    private static func shares(of histogram: LatencyHistogram, _ bounds: [Double]) -> [Double] {
        var counts = [Double](repeating: 0, count: bounds.count - 1)
        var bin = 0
        // Values ascend, and so do bins.
        for value in histogram.recordedValues {
            let middle = (value.lowest.milliseconds + value.highest.milliseconds) / 2
            while bin < counts.count - 1, middle > bounds[bin + 1] { bin += 1 }
            counts[bin] += Double(value.count)
        }
        return counts.map { $0 / Double(histogram.count) }
    }
}
