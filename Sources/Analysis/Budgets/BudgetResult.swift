package import Core

/// One budget and what a run, or pairs of runs, made of it.
package struct BudgetResult: Hashable, Sendable {
    package var budget: Budget
    /// Met, broken or undecided; never invalid, which a whole run is.
    package var verdict: Verdict
    /// In the unit of the budget's limit; nil without data. With a window that of the worst one; against a baseline that of
    /// the new runs.
    package var value: Double?
    /// Calls (for `dropped`, arrivals) that the value rests on.
    package var samples: Int
    /// How many times over the budget is spent: the share of calls over the limit divided by the share allowed over
    /// it, or the share of errors or drops divided by its limit. Nil where there is no such thing.
    package var burn: Double?
    /// The burn of the worst twelfth of the run; nil where there is none, and for a budget with a window.
    package var worstBurn: BurnWindow?
    /// The worst of the stretches for which the limit must hold; nil without `for`, and without one that has samples enough.
    package var worstWindow: BudgetWindow?
    /// What changed against a baseline; nil without one.
    package var change: BaselineChange?
    /// Why it is undecided, or broken without data; nil otherwise.
    package var reason: String?

    package init(
        budget: Budget, verdict: Verdict, value: Double? = nil, samples: Int, burn: Double? = nil,
        reason: String? = nil
    ) {
        self.budget = budget
        self.verdict = verdict
        self.value = value
        self.samples = samples
        self.burn = burn
        self.reason = reason
    }

    /// The value as a person reads it: `312 ms`, `0.4 %`, `1,998/s`.
    package var valueText: String? { value.map { Self.text($0, of: budget.statistic) } }

    package static func text(_ value: Double, of statistic: Statistic) -> String {
        switch statistic.unit {
        case .time: Span(seconds: value / 1e9).description
        case .share: Figures.share(value)
        case .ratio, .amount: Figures.amount(value)
        case .perSecond:
            if case .counter = statistic { Figures.amountRate(value) } else { Figures.rate(value) }
        }
    }

    /// What a reader should know beside verdict and value, in plain text that may hold names from the plan: the worst window, the
    /// change against the baseline, the reason. Nil for nothing.
    package var note: String? {
        let parts = [worstWindow.map(windowText), change.map { $0.text(of: budget.statistic) }, reason].compactMap {
            $0
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// `from 12 s to 22 s`; for a percentile also how many calls were beyond the limit.
    private func windowText(_ window: BudgetWindow) -> String {
        let place = "worst from \(Figures.seconds(window.start)) to \(Figures.seconds(window.end))"
        guard budget.statistic.percent != nil else { return place }
        let share = Figures.share(Figures.ratio(window.beyond, of: window.samples))
        return "\(place), where \(share) of \(Figures.count(window.samples, "call")) were beyond the limit"
    }
}

extension BudgetResult: Encodable {
    private enum Key: String, CodingKey {
        case text, scope, statistic, comparison, limit, unit, warnsOnly, verdict, value, samples, burn, reason
        case baseline, windowSeconds, aborts, line, worstBurn, worstWindow, change
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(budget.text, forKey: .text)
        try container.encodeIfPresent(budget.scope, forKey: .scope)
        try container.encode(budget.statistic.description, forKey: .statistic)
        try container.encode(budget.comparison.rawValue, forKey: .comparison)
        try container.encode(budget.limit, forKey: .limit)
        try container.encodeIfPresent(budget.baseline, forKey: .baseline)
        try container.encodeIfPresent(budget.window?.seconds, forKey: .windowSeconds)
        if budget.aborts { try container.encode(true, forKey: .aborts) }
        try container.encodeIfPresent(budget.line, forKey: .line)
        try container.encode(budget.statistic.unit.rawValue, forKey: .unit)
        try container.encode(budget.warnsOnly, forKey: .warnsOnly)
        try container.encode(verdict, forKey: .verdict)
        try container.encodeIfPresent(value, forKey: .value)
        try container.encode(samples, forKey: .samples)
        try container.encodeIfPresent(burn, forKey: .burn)
        try container.encodeIfPresent(worstBurn, forKey: .worstBurn)
        try container.encodeIfPresent(worstWindow, forKey: .worstWindow)
        try container.encodeIfPresent(change, forKey: .change)
        try container.encodeIfPresent(reason, forKey: .reason)
    }
}
