import Core

/// Which scenario an arrival runs: a pure function of the arrival's number and the seed.
///
/// Choice i is taken with probability weight(i) / Σ weights, independently for each n; so it does not matter which client
/// starts the arrival, in which order, or whether another one was dropped.
package struct WeightedChoice: Hashable, Sendable {
    /// Sums of the weights up to and including each choice, as shares of the whole; the last is 1.
    private let bounds: [Double]

    /// - Parameter weights: relative to each other; finite, at least 0, one of them greater than 0.
    package init(_ weights: [Double]) {
        precondition(
            weights.allSatisfy { $0 >= 0 && $0.isFinite }, "weights are finite numbers of at least 0, not \(weights)")
        let largest = weights.max() ?? 0
        precondition(largest > 0, "one weight at least is greater than 0")
        var sum = 0.0
        // Scaled by the largest first, so that no sum of finite weights is infinite.
        let sums = weights.map { weight in
            sum += weight / largest
            return sum
        }
        bounds = sums.map { $0 / sum }
    }

    /// How many choices there are.
    package var count: Int { bounds.count }

    /// The choice for arrival `n`: an index into the weights. O(log count).
    /// - Parameters:
    ///   - n: the arrival's number within its phase, at least 0.
    ///   - seed: the run's seed.
    ///   - phase: which phase of the plan, from 0.
    package func pick(_ n: Int, seed: UInt64, phase: Int = 0) -> Int {
        if bounds.count == 1 { return 0 }
        let bits = SeededRandom.value(seed: seed, stream: ArrivalStream.choices(phase: phase), at: UInt64(n))
        return index(of: SeededRandom.unit(bits))
    }

    /// The first choice whose bound is at least `u`, which lies in (0, 1]: a weight of 0 is never chosen, since its bound
    /// is that of the choice before it (or 0).
    func index(of u: Double) -> Int {
        var low = 0
        var high = bounds.count - 1
        while low < high {
            let middle = (low + high) / 2
            if bounds[middle] < u { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
