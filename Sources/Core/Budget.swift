/// What a budget can speak of.
package enum Statistic: Hashable, Sendable {
    /// Of response time; 0 < percent ≤ 100.
    case percentile(Double)
    case mean
    case maximum
    /// Failed calls as a share of all calls.
    case errors
    /// Completed arrivals per second.
    case rate
    /// Dropped arrivals as a share of the scheduled ones.
    case dropped
    /// Calls that a policy of the client rejected, as a share of the calls made.
    case rejected
    /// Calls that were answered by a fallback, as a share of the calls made.
    case fallbacks
    /// Attempts per call.
    case amplification
    /// What the scenarios counted under that name, all tags together: the sum over the run, or per second of measured
    /// time.
    case counter(name: String, perSecond: Bool)
}

extension Statistic: CustomStringConvertible {
    package var description: String {
        switch self {
        case .percentile(let percent): return "p\(percent.trimmed(6))"
        case .mean: return "mean"
        case .maximum: return "max"
        case .errors: return "errors"
        case .rate: return "rate"
        case .dropped: return "dropped"
        case .rejected: return "rejected"
        case .fallbacks: return "fallbacks"
        case .amplification: return "amplification"
        case .counter(let name, let perSecond): return perSecond ? "\(name)/s" : name
        }
    }
}

package enum Comparison: String, Hashable, Sendable, CaseIterable {
    case below = "<"
    case atMost = "<="
    case above = ">"
    case atLeast = ">="

    package func holds(_ value: Double, _ limit: Double) -> Bool {
        switch self {
        case .below: value < limit
        case .atMost: value <= limit
        case .above: value > limit
        case .atLeast: value >= limit
        }
    }
}

/// A limit that a run must keep: `[scope:] stat op limit [warn]`.
package struct Budget: Hashable, Sendable {
    /// `scenario`, `scenario/step` or `scenario/transaction`; nil is the whole run.
    package var scope: String?
    package var statistic: Statistic
    package var comparison: Comparison
    /// Nanoseconds for percentiles, mean and maximum; a share (0.01 is 1 %) for `errors`, `dropped`, `rejected` and
    /// `fallbacks`; per second for `rate`; a factor for `amplification`; for a counter an amount, or an amount per second.
    package var limit: Double
    /// A broken budget that only warns leaves the exit status alone.
    package var warnsOnly: Bool
    /// As the plan wrote it.
    package var text: String

    package init(
        scope: String? = nil, statistic: Statistic, comparison: Comparison, limit: Double, warnsOnly: Bool = false,
        text: String
    ) {
        self.scope = scope
        self.statistic = statistic
        self.comparison = comparison
        self.limit = limit
        self.warnsOnly = warnsOnly
        self.text = text
    }
}
