import Core

/// What a budget saw of a stretch of a run.
struct BudgetSum: Hashable, Sendable {
    var seconds = 0.0
    var samples = 0
    var beyond = 0
    var sum = 0.0
    var most = 0.0

    mutating func add(_ interval: BudgetSeconds.Interval) {
        seconds += interval.length
        samples = saturatingSum(samples, interval.samples)
        beyond = saturatingSum(beyond, interval.beyond)
        sum += interval.sum
        most = max(most, interval.most)
    }
}

/// What the sums of a stretch say about a budget.
struct BudgetRule: Hashable, Sendable {
    let budget: Budget

    init(_ budget: Budget) { self.budget = budget }

    /// Rounding of a share of counts; an eleventh decimal is no call.
    private static let hair = 1e-9

    /// The value in the unit of the limit; nil without a sample, and of a percentile, which sums do not have.
    func value(of sum: BudgetSum) -> Double? {
        switch budget.statistic {
        case .percentile, .sendLag: nil
        case .mean, .amplification: sum.samples > 0 ? sum.sum / Double(sum.samples) : nil
        case .maximum: sum.samples > 0 ? sum.most : nil
        case .errors, .errorsOf, .dropped, .rejected, .fallbacks:
            sum.samples > 0 ? Double(sum.beyond) / Double(sum.samples) : nil
        case .rate, .goodput, .counter(_, perSecond: true): sum.seconds > 0 ? sum.sum / sum.seconds : nil
        case .requests, .counter(_, perSecond: false): sum.sum
        }
    }

    /// How many times over the budget is spent; nil where nothing is allowed, or nothing is counted.
    func burn(of sum: BudgetSum) -> Double? {
        guard let allowed = budget.allowedShare, allowed > 0, sum.samples > 0 else { return nil }
        let burn = Double(sum.beyond) / Double(sum.samples) / allowed
        return burn.isFinite ? burn : nil
    }

    /// Whether the limit holds; nil without a sample.
    func holds(_ sum: BudgetSum) -> Bool? {
        guard let percent = budget.statistic.percent else {
            return value(of: sum).map { budget.comparison.holds($0, budget.limit) }
        }
        guard sum.samples > 0 else { return nil }
        // "p99 < X" and "at most 1 % take X or more" are one statement.
        let spare = (Double(sum.samples) * (100 - percent) / 100 * (1 + Self.hair)).rounded(.down)
        if budget.comparison.isUpperBound { return Double(sum.beyond) <= spare }
        // The value at the percentile's rank keeps a lower bound when those that do not are all below that rank.
        return Double(sum.beyond) < Double(sum.samples) - spare
    }

    /// Samples without which a stretch proves nothing: ten beyond the percentile, ten that a share allows, ten for a mean.
    var samplesNeeded: Double {
        switch budget.statistic {
        case .percentile(let percent), .sendLag(let percent):
            percent < 100 ? Finding.enoughSamples * 100 / (100 - percent) : 1
        case .mean, .amplification: Finding.enoughSamples
        case .maximum: 1
        case .errors, .errorsOf, .dropped, .rejected, .fallbacks:
            budget.limit > 0 ? Finding.enoughSamples / budget.limit : 1
        case .rate, .goodput, .requests, .counter: 0
        }
    }

    /// Met, broken, or undecided with too few samples. Ten beyond the limit break it, however few there are in all.
    func verdict(of sum: BudgetSum) -> Verdict {
        guard let holds = holds(sum) else { return .undecided }
        let isEnough = Double(sum.samples) >= samplesNeeded * (1 - Self.hair)
        let isSurelyBroken = !holds && budget.allowedShare != nil && Double(sum.beyond) >= Finding.enoughSamples
        guard isEnough || isSurelyBroken else { return .undecided }
        return holds ? .met : .broken
    }

    /// Whether a run so far can no more be meant to keep an upper bound: it breaks it, with at least ten samples beyond; with one
    /// where nothing that follows could mend it.
    func isBrokenForGood(_ sum: BudgetSum) -> Bool {
        guard budget.comparison.isUpperBound, holds(sum) == false else { return false }
        switch budget.statistic.unit {
        case .amount: return true
        case .perSecond: return sum.sum - budget.limit * sum.seconds >= Finding.enoughSamples
        case .ratio: return sum.sum - budget.limit * Double(sum.samples) >= Finding.enoughSamples
        case .time, .share:
            let mends = budget.statistic != .maximum && !(budget.statistic.unit == .share && budget.limit == 0)
            return Double(sum.beyond) >= (mends ? Finding.enoughSamples : 1)
        }
    }
}
