import Core
import Recording

/// How many calls had which response time when: columns of time by bins of latency, each bin a constant factor wide.
package struct LatencyHeatMap: Sendable {
    package struct Column: Hashable, Sendable {
        /// Seconds since the start of the run.
        package var start: Double
        package var seconds: Double
        /// Calls by bin, from the shortest times to the longest.
        package var counts: [Int]
    }

    /// Milliseconds, above 0: the lower edge of the first bin and the upper one of the last.
    package let lowest: Double
    package let highest: Double
    package let columns: [Column]
    /// In the fullest cell; at least 1.
    package let most: Int

    package static let mostColumns = 180
    package static let mostBins = 48

    /// Nil when no call came to an end.
    package init?(_ latencies: IntervalTotals, columns limit: Int = mostColumns, bins: Int = mostBins) {
        let cut = latencies.blocks
        let values = latencies.byBlock.map(\.recordedValues)
        let shortest = values.lazy.compactMap(\.first).map(\.highest).min()
        let longest = values.lazy.compactMap(\.last).map(\.highest).max()
        guard let shortest, let longest, bins > 0, limit > 0 else { return nil }
        // A bin is at least 5 % wide: a histogram has three digits.
        let low = max(shortest.milliseconds, 1e-6) * 0.999
        let high = max(longest.milliseconds * 1.001, low * 1.05)
        let bottom = PortableMath.logarithm(low)
        let height = PortableMath.logarithm(high) - bottom
        // With few calls in a column narrow bins would be a scatter of ones and gaps.
        let columnCount = min(limit, max(1, cut.windowCount))
        let calls = latencies.byBlock.reduce(0) { $0 + $1.count } / columnCount
        let readable = max(12, Int((4 * Double(calls)).squareRoot()))
        let count = max(1, min(bins, readable, Int(height / PortableMath.logarithm(1.05))))
        let size = max(1, (cut.windowCount + limit - 1) / limit)

        columns = stride(from: 0, to: cut.windowCount, by: size).compactMap { first in
            let last = min(first + size, cut.windowCount)
            let rows = cut.rows[cut.bounds[first]..<cut.bounds[last]]
            guard let start = rows.first?.time else { return nil }
            var counts = [Int](repeating: 0, count: count)
            for recorded in values[first..<last].joined() {
                let place = PortableMath.logarithm(max(recorded.highest.milliseconds, low)) - bottom
                counts[max(0, min(count - 1, Int(place / height * Double(count))))] += recorded.count
            }
            return Column(start: start, seconds: rows.reduce(0) { $0 + $1.length }, counts: counts)
        }
        lowest = low
        highest = high
        most = max(1, columns.lazy.compactMap { $0.counts.max() }.max() ?? 1)
    }

    /// The edges of the bins in milliseconds, ascending, one more than there are bins.
    package var edges: [Double] {
        let count = columns.first?.counts.count ?? 1
        let factor = PortableMath.logarithm(highest / lowest)
        return (0...count).map { lowest * PortableMath.exponential(factor * Double($0) / Double(count)) }
    }

    /// How dark a cell is drawn: 0 for none, up to `shades` for the fullest, by the logarithm of its count.
    package func shade(_ count: Int, of shades: Int) -> Int {
        guard count > 0 else { return 0 }
        guard most > 1 else { return shades }
        let share = PortableMath.logarithm(Double(count)) / PortableMath.logarithm(Double(most))
        return 1 + min(shades - 1, Int(share * Double(shades)))
    }

    /// The fewest calls that have a shade.
    package func least(ofShade shade: Int, of shades: Int) -> Int {
        guard shade > 1, most > 1 else { return 1 }
        let share = Double(shade - 1) / Double(shades)
        return Int((PortableMath.exponential(share * PortableMath.logarithm(Double(most))) - 1e-9).rounded(.up))
    }
}
