import Glibc

/// Differences between the two sides of pairs, and what follows for their mean.
///
/// The pairs are taken as independent, the differences as roughly symmetric: then mean, spread and count have Student's
/// distribution (Student 1908).
package struct PairedDifferences: Hashable, Sendable {
    package let count: Int
    package let mean: Double
    /// Of the sample, with n − 1; 0 for fewer than two.
    package let deviation: Double

    /// - Parameter values: finite.
    package init(_ values: [Double]) {
        count = values.count
        let mean = values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
        self.mean = mean
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : 0
    }

    /// Half the width of the interval that holds the true mean in a share 1 − `alpha` of all cases; nil for fewer than two
    /// pairs, from which nothing can be said.
    package func halfWidth(alpha: Double) -> Double? {
        guard count > 1 else { return nil }
        return StudentT(degrees: count - 1).quantile(1 - alpha / 2) * deviation / Double(count).squareRoot()
    }

    /// How likely a mean at least so far from zero is when the true one is zero; nil for fewer than two pairs.
    package var p: Double? {
        guard count > 1 else { return nil }
        guard deviation > 0 else { return mean == 0 ? 1 : 0 }
        let t = mean.magnitude / (deviation / Double(count).squareRoot())
        return min(1, 2 * StudentT(degrees: count - 1).upperTail(t))
    }

    /// The power for which pairs are counted: a true change of the margin is then found four times out of five.
    package static let power = 0.8
    /// More pairs than that nobody makes.
    package static let mostPairs = 10_000

    /// The least number of pairs with which a true change of `margin` is found with `power`.
    /// - Returns: nil when more than `mostPairs` are needed.
    package static func pairsNeeded(deviation: Double, margin: Double, alpha: Double) -> Int? {
        guard margin > 0, deviation.isFinite else { return nil }
        /// What n pairs would have to be; it becomes less with every pair.
        func needed(_ n: Int) -> Double {
            let student = StudentT(degrees: n - 1)
            let root = (student.quantile(1 - alpha / 2) + student.quantile(power)) * deviation / margin
            return root * root
        }
        func isEnough(_ n: Int) -> Bool { Double(n) >= needed(n) }
        let least = needed(mostPairs)
        guard least <= Double(mostPairs) else { return nil }
        // Not fewer than the most pairs would need, and hardly more: steps that double find a bound, halving the least.
        var low = max(1, Int(least.rounded(.up)) - 1)
        var step = 1
        while low + step < mostPairs, !isEnough(low + step) { step *= 2 }
        var high = min(mostPairs, low + step)
        if step > 1 { low += step / 2 }
        while high - low > 1 {
            let middle = (low + high) / 2
            if isEnough(middle) { high = middle } else { low = middle }
        }
        return high
    }
}
