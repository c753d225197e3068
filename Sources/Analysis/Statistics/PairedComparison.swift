import Glibc

/// How the two sides of a pair are held against each other.
package enum ComparisonRule: String, Hashable, Sendable, Codable {
    /// By the difference of their logarithms: for latencies and other values that are never zero, whose noise grows with
    /// them. A change is relative.
    case ratio
    /// By their plain difference: for shares and rates, which may be zero. A change is in the value's own unit.
    case difference
}

/// What a comparison says.
package enum ComparisonVerdict: String, Hashable, Sendable, Codable {
    case lower, higher
    /// The whole interval is within the margin.
    case same
    /// The interval holds zero and reaches beyond the margin.
    case undecided
}

/// One figure of two variants over their pairs of trials.
package struct PairedComparison: Hashable, Sendable {
    package let rule: ComparisonRule
    package let pairs: Int
    /// Of the second against the first: `0.05` is 5 % more by ratio, and 0.05 of the unit by difference.
    package let change: Double
    /// The bounds of its interval.
    package let low: Double
    package let high: Double
    /// Of the differences (of logarithms, by ratio).
    package let deviation: Double
    /// Two-sided, of the pairs alone.
    package let p: Double
    package let verdict: ComparisonVerdict
    /// Whether the change is an increase at least as large as the margin, and surely one: what fails a gate.
    package let isMarginExceeded: Bool
    /// The margin as the differences have it.
    private let bound: Double
    private let alpha: Double

    /// - Parameters:
    ///   - first: by pair.
    ///   - other: the same pairs in the same order.
    ///   - margin: what counts as the same. By ratio a share δ, from 1/(1 + δ) to 1 + δ; by difference in the value's unit.
    ///   - alpha: the share of cases in which the interval may miss the truth.
    ///   - resolution: by ratio, a share that one value may be off by its recording; no interval is narrower.
    /// - Returns: nil for fewer than two pairs, and for a value that the rule does not take.
    package init?(
        first: [Double], other: [Double], rule: ComparisonRule, margin: Double, alpha: Double = 0.05,
        resolution: Double = 0
    ) {
        guard first.count == other.count, (first + other).allSatisfy(\.isFinite) else { return nil }
        let differences: PairedDifferences
        let bound: Double
        switch rule {
        case .ratio:
            guard (first + other).allSatisfy({ $0 > 0 }) else { return nil }
            differences = PairedDifferences(zip(first, other).map { log($1 / $0) })
            bound = log1p(margin)
        case .difference:
            differences = PairedDifferences(zip(first, other).map { $1 - $0 })
            bound = margin
        }
        guard let width = differences.halfWidth(alpha: alpha), let p = differences.p else { return nil }
        let half = rule == .ratio ? max(width, log1p(resolution)) : width
        let (low, high) = (differences.mean - half, differences.mean + half)
        func change(_ difference: Double) -> Double { rule == .ratio ? expm1(difference) : difference }
        self.rule = rule
        pairs = differences.count
        self.change = change(differences.mean)
        self.low = change(low)
        self.high = change(high)
        deviation = differences.deviation
        self.p = p
        self.bound = bound
        self.alpha = alpha
        isMarginExceeded = low > 0 && differences.mean >= bound
        if low > 0 {
            verdict = .higher
        } else if high < 0 {
            verdict = .lower
        } else {
            verdict = low >= -bound && high <= bound ? .same : .undecided
        }
    }
}

extension PairedComparison {
    /// Pairs in all with which a change of the margin is found four times out of five; more than there are when undecided.
    /// Nil when nobody would make so many, or when the verdict is there already.
    package var pairsNeeded: Int? {
        guard verdict == .undecided else { return nil }
        return PairedDifferences.pairsNeeded(deviation: deviation, margin: bound, alpha: alpha).map {
            max($0, pairs + 1)
        }
    }

    /// What stands for one side: the geometric mean by ratio, so that the ratio of both sides is the change; else the mean. The
    /// mean, too, where a value is not above zero.
    package static func center(of values: [Double], by rule: ComparisonRule) -> Double {
        guard !values.isEmpty else { return 0 }
        if rule == .ratio, values.allSatisfy({ $0 > 0 }) {
            return exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
        }
        return values.reduce(0, +) / Double(values.count)
    }
}
