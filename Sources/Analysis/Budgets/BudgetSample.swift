/// What a budget is about, of one run.
package struct BudgetSample: Hashable, Sendable {
    /// In the unit of the budget's limit; nil without data.
    package var value: Double?
    /// Calls that it rests on.
    package var samples: Int
    /// Why the run cannot be compared: it is invalid, or did not come to its end; nil for one that can.
    package var excluded: String?

    package init(value: Double?, samples: Int, excluded: String? = nil) {
        self.value = value
        self.samples = samples
        self.excluded = excluded
    }
}

/// Two runs that were made one after the other.
package struct BaselinePair: Hashable, Sendable {
    package var baseline: BudgetSample
    package var new: BudgetSample

    package init(baseline: BudgetSample, new: BudgetSample) {
        self.baseline = baseline
        self.new = new
    }

    /// Values that are known.
    /// - Parameter calls: that each run's value rests on.
    package init(baseline: Double, new: Double, calls: Int) {
        self.init(
            baseline: BudgetSample(value: baseline, samples: calls), new: BudgetSample(value: new, samples: calls))
    }
}
