package import Core

/// One budget and what a run made of it.
package struct BudgetResult: Hashable, Sendable {
    package var budget: Budget
    /// Met, broken or undecided; never invalid, which a whole run is.
    package var verdict: Verdict
    /// In the unit of the budget's limit; nil without data.
    package var value: Double?
    /// Calls (for `dropped`, arrivals) that the value rests on.
    package var samples: Int
    /// How many times over the budget is spent: the share of calls over the limit divided by the share allowed over
    /// it, or the share of errors or drops divided by its limit. Nil where there is no such thing.
    package var burn: Double?
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
        switch statistic {
        case .percentile, .mean, .maximum: Span(seconds: value / 1e9).description
        case .errors, .dropped, .rejected, .fallbacks: Figures.share(value)
        case .amplification: Figures.amount(value)
        case .rate: Figures.rate(value)
        case .counter(_, let perSecond): perSecond ? Figures.amountRate(value) : Figures.amount(value)
        }
    }
}

extension BudgetResult: Encodable {
    private enum Key: String, CodingKey {
        case text, scope, statistic, comparison, limit, unit, warnsOnly, verdict, value, samples, burn, reason
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(budget.text, forKey: .text)
        try container.encodeIfPresent(budget.scope, forKey: .scope)
        try container.encode(budget.statistic.description, forKey: .statistic)
        try container.encode(budget.comparison.rawValue, forKey: .comparison)
        try container.encode(budget.limit, forKey: .limit)
        try container.encode(unit, forKey: .unit)
        try container.encode(budget.warnsOnly, forKey: .warnsOnly)
        try container.encode(verdict, forKey: .verdict)
        try container.encodeIfPresent(value, forKey: .value)
        try container.encode(samples, forKey: .samples)
        try container.encodeIfPresent(burn, forKey: .burn)
        try container.encodeIfPresent(reason, forKey: .reason)
    }

    private var unit: String {
        switch budget.statistic {
        case .percentile, .mean, .maximum: "ns"
        case .errors, .dropped, .rejected, .fallbacks: "share"
        case .amplification: "ratio"
        case .rate, .counter(_, perSecond: true): "per second"
        case .counter: "amount"
        }
    }
}
