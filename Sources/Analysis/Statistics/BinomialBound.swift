/// What independent samples say of the share they were drawn with: bounds by Clopper and Pearson (1934), each of which is wrong
/// in at most a share α of all cases, whatever the true share is.
package enum BinomialBound {
    /// The greatest share with which at most `beyond` of `samples` are still as likely as `alpha`; 1 when all are beyond.
    /// - Parameters:
    ///   - samples: 1 or more.
    ///   - beyond: 0 to `samples`.
    ///   - alpha: above 0 and below 1.
    package static func upper(beyond: Int, of samples: Int, alpha: Double) -> Double {
        upper(beyond: Double(beyond), of: Double(samples), alpha: alpha)
    }

    /// The same for samples of which some are worth less than one; above 0.
    package static func upper(beyond: Double, of samples: Double, alpha: Double) -> Double {
        guard beyond < samples else { return 1 }
        return solve { atMost(beyond, of: samples, share: $0) > alpha }
    }

    /// The least share with which at least `beyond` of `samples` are still as likely as `alpha`; 0 when none is beyond.
    package static func lower(beyond: Int, of samples: Int, alpha: Double) -> Double {
        lower(beyond: Double(beyond), of: Double(samples), alpha: alpha)
    }

    /// The same for samples of which some are worth less than one; above 0. Less than one sample beyond says nothing.
    package static func lower(beyond: Double, of samples: Double, alpha: Double) -> Double {
        guard beyond >= 1 else { return 0 }
        return solve { 1 - atMost(beyond - 1, of: samples, share: $0) < alpha }
    }

    /// The fewest samples with which `beyond` of them still show that the share is at most `share`: with none beyond 299 for 1 %
    /// at α = 5 % ("rule of three"), 459 at 1 %.
    /// - Returns: nil when `most` are not enough.
    package static func leastSamples(
        beyond: Int, share: Double, alpha: Double, most: Int = 1_000_000_000
    ) -> Int? {
        guard share > 0, share < 1, alpha > 0, alpha < 1, beyond >= 0 else { return nil }
        func isEnough(_ samples: Int) -> Bool {
            atMost(Double(beyond), of: Double(samples), share: share) <= alpha
        }
        var (low, high) = (beyond, max(1, beyond + 1))
        while !isEnough(high) {
            guard high < most else { return nil }
            low = high
            high = min(most, high * 2)
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if isEnough(middle) { high = middle } else { low = middle }
        }
        return high
    }

    /// P(X ≤ k) = I_{1−p}(n − k, k + 1), DLMF 8.17.5.
    private static func atMost(_ k: Double, of n: Double, share p: Double) -> Double {
        guard k < n else { return 1 }
        return BetaFunction.regularised(1 - p, complement: p, n - k, k + 1)
    }

    /// The share between 0 and 1 up to which the condition holds, by halving.
    private static func solve(_ holds: (Double) -> Bool) -> Double {
        var (low, high) = (0.0, 1.0)
        for _ in 0..<200 where high - low > 1e-10 * high {
            let middle = low + (high - low) / 2
            if holds(middle) { low = middle } else { high = middle }
        }
        return low + (high - low) / 2
    }
}
