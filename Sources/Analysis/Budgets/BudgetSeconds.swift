package import Recording

/// What a budget saw of a run, interval by interval: how many samples there were, and how many of them were beyond its limit. A
/// budget that is a share of samples over a limit (a percentile, errors, drops) is judged over any stretch of the run by the
/// sums of these.
package struct BudgetSeconds: Hashable, Sendable {
    package struct Interval: Hashable, Sendable {
        /// Seconds since the start of the run.
        package var start: Double
        package var length: Double
        package var samples: Int
        /// Those that do not hold the limit: calls slower than it, failed calls, dropped arrivals.
        package var beyond: Int
        /// Nanoseconds of all calls together for a mean; attempts for `amplification`; else what a rate or an amount counts.
        package var sum: Double
        /// Nanoseconds of the slowest call, for a maximum.
        package var most: Double
        /// False for an interval that is not wholly within the load: rates mean nothing there.
        package var isWithinLoad: Bool

        package init(
            start: Double, length: Double, samples: Int, beyond: Int, sum: Double = 0, most: Double = 0,
            isWithinLoad: Bool = true
        ) {
            self.start = start
            self.length = length
            self.samples = samples
            self.beyond = beyond
            self.sum = sum
            self.most = most
            self.isWithinLoad = isWithinLoad
        }

        package var end: Double { start + length }
    }

    /// The share of samples that may be beyond: 0.01 for `p99 < 250ms` and for `errors < 1%`. Nil for a budget that is no such
    /// share (mean, max, rate, amplification, counters, lower bounds).
    package var allowed: Double?
    /// Of measured time, in order; the drain's are among them. Empty where the bundle does not have the budget's figure by second:
    /// errors and rates of a scenario or a step.
    package var intervals: [Interval]
    /// What was recorded in each interval, for a percentile with a window; empty else.
    package var histograms: [CompactHistogram]

    package init(allowed: Double?, intervals: [Interval], histograms: [CompactHistogram] = []) {
        self.allowed = allowed
        self.intervals = intervals
        self.histograms = histograms
    }
}
