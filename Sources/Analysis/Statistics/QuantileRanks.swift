/// Between which two of `count` sorted independent values a quantile of their distribution lies, whatever that is: the
/// number of values below it is binomial (David and Nagaraja 2003, "Order Statistics", section 7.1).
///
/// Latencies of one run are not independent, so within a run the interval is too narrow; it serves values of several runs.
package struct QuantileRanks: Hashable, Sendable {
    /// Ranks from 1 on. 0 and `count` + 1 mean that there is no such bound.
    package let low: Int
    package let high: Int

    /// - Parameters:
    ///   - share: of the quantile, above 0 and below 1.
    ///   - alpha: how often the interval may miss it, half of that on each side.
    package init(count: Int, share: Double, alpha: Double = 0.05) {
        low = Self.quantile(alpha / 2, of: count, share)
        high = Self.quantile(1 - alpha / 2, of: count, share) + 1
    }

    /// The least number of successes of `count` that is not exceeded with probability `level`.
    private static func quantile(_ level: Double, of count: Int, _ share: Double) -> Int {
        var (low, high) = (-1, count)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            // P(X ≤ k) = I_{1−p}(n − k, k + 1), DLMF 8.17.5.
            let cumulative = BetaFunction.regularised(
                1 - share, complement: share, Double(count - middle), Double(middle + 1))
            if cumulative >= level { high = middle } else { low = middle }
        }
        return high
    }
}
