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

    /// Whether a limit is the most that there may be, and not the least.
    package var isUpperBound: Bool { self == .below || self == .atMost }
}

/// A limit that a run must keep: `[scope:] stat op limit [for 10s] [warn|error|abort]`.
package struct Budget: Hashable, Sendable {
    /// `scenario`, `scenario/step` or `scenario/transaction`; nil is the whole run.
    package var scope: String?
    package var statistic: Statistic
    package var comparison: Comparison
    /// Nanoseconds, a share (0.01 is 1 %), per second, an amount or a factor, by the statistic's unit; 0 with a `baseline`.
    package var limit: Double
    /// The allowed change against a baseline, -1 to 1: 0.05 is 5 % more, of a share 5 points more; nil for a limit of its own.
    package var baseline: Double?
    /// The limit must hold in every stretch of that length; nil for the run as a whole. At least a second in a plan.
    package var window: Span?
    /// A broken budget that only warns leaves the exit status alone.
    package var warnsOnly: Bool
    /// A run that surely breaks it is stopped.
    package var aborts: Bool
    /// As the plan wrote it.
    package var text: String
    /// Where the plan's file has it, from 1; nil for one that stands elsewhere.
    package var line: Int?

    package init(
        scope: String? = nil, statistic: Statistic, comparison: Comparison, limit: Double, baseline: Double? = nil,
        window: Span? = nil, warnsOnly: Bool = false, aborts: Bool = false, text: String, line: Int? = nil
    ) {
        self.scope = scope
        self.statistic = statistic
        self.comparison = comparison
        self.limit = limit
        self.baseline = baseline
        self.window = window
        self.warnsOnly = warnsOnly
        self.aborts = aborts
        self.text = text
        self.line = line
    }

    /// Fewer pairs of runs than that decide nothing against a baseline.
    package static let leastPairs = 5

    /// The share of samples that may be beyond the limit: 0.01 for `p99 < 250ms` and for `errors < 1%`. Nil for a budget that is
    /// no such share: means, maxima, rates, amounts, lower bounds, and limits that are relative to a baseline.
    package var allowedShare: Double? {
        guard comparison.isUpperBound, baseline == nil else { return nil }
        if let percent = statistic.percent { return percent < 100 ? (100 - percent) / 100 : nil }
        return statistic.unit == .share ? limit : nil
    }
}
