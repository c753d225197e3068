package import Core
import Glibc

/// Holds a budget that is relative to a baseline against pairs of runs that were made in turn.
///
/// Latencies and ratios are compared by the difference of their logarithms, so that a change is relative; rates and amounts, which may
/// be zero, by their plain difference, of which a share of the baseline's mean is allowed; shares by their difference in points.
/// The interval of the mean change holds the true one in 95 % of all cases (Student's t over the pairs).
package enum BaselineJudge {
    /// A step of the histogram at either end of a value.
    private static let resolution = 0.002
    private static let alpha = 0.05

    /// - Parameters:
    ///   - budget: with a `baseline`.
    ///   - pairs: in the order in which they were made.
    package static func judge(_ budget: Budget, pairs: [BaselinePair]) -> BudgetResult {
        let usable = pairs.filter { $0.baseline.excluded == nil && $0.new.excluded == nil }
        let left = leftOut(pairs)
        func result(_ verdict: Verdict, _ reason: String?) -> BudgetResult {
            let values = usable.compactMap(\.new.value)
            let texts = [reason, left].compactMap { $0 }
            return BudgetResult(
                budget: budget, verdict: verdict,
                value: values.isEmpty ? nil : PairedComparison.center(of: values, by: rule(of: budget.statistic)),
                samples: usable.map(\.new.samples).min() ?? 0,
                reason: texts.isEmpty ? nil : texts.joined(separator: "; "))
        }
        guard !usable.isEmpty else { return result(.undecided, "there is no pair of runs to compare") }
        if usable.allSatisfy({ $0.new.value == nil }) { return result(.broken, "no data: no call came to an end") }
        let known = usable.compactMap { pair in
            pair.baseline.value.flatMap { before in pair.new.value.map { (before: before, after: $0) } }
        }
        guard known.count == usable.count else {
            return result(.undecided, "\(Figures.count(usable.count - known.count, "pair")) of runs have no data")
        }
        guard known.count >= Budget.leastPairs else {
            let more = Budget.leastPairs - known.count
            return result(
                .undecided,
                "\(Figures.count(known.count, "pair")) of runs decide nothing; it takes \(Budget.leastPairs), \(more) more"
            )
        }
        if let few = tooFew(budget, usable) { return result(.undecided, few) }
        return compared(budget, known, result)
    }

    private static func compared(
        _ budget: Budget, _ known: [(before: Double, after: Double)], _ result: (Verdict, String?) -> BudgetResult
    ) -> BudgetResult {
        let rule = rule(of: budget.statistic)
        let before = PairedComparison.center(of: known.map(\.before), by: rule)
        // Rates and amounts are compared in their own unit, and allowed a part of the baseline.
        let scale = isScaled(budget.statistic) ? before : 1
        let allowed = (budget.baseline ?? 0) * scale
        guard
            let found = PairedComparison(
                first: known.map(\.before), other: known.map(\.after), rule: rule, margin: allowed.magnitude,
                alpha: alpha, resolution: budget.statistic.unit == .time ? resolution : 0)
        else { return result(.undecided, "a value of 0 has no relative change") }
        let change = BaselineChange(
            pairs: found.pairs, before: before, change: found.change / scale, low: found.low / scale,
            high: found.high / scale)
        func answer(_ verdict: Verdict, _ reason: String?) -> BudgetResult {
            var answer = result(verdict, reason)
            answer.change = scale > 0 ? change : nil
            return answer
        }
        let isUpperBound = budget.comparison.isUpperBound
        // A lower bound is an upper bound of the opposite change.
        let sign = isUpperBound ? 1.0 : -1
        let bound = sign * allowed
        let low = isUpperBound ? found.low : -found.high
        let high = isUpperBound ? found.high : -found.low
        let mean = sign * found.change
        if high <= bound { return answer(.met, nil) }
        // Surely a change for the worse (or less of one for the better than was asked for), and in the mean beyond what is allowed.
        if low > min(0, bound), mean >= bound { return answer(.broken, nil) }
        return answer(.undecided, more(than: found, allowed: allowed))
    }

    /// How many pairs more it takes.
    private static func more(than found: PairedComparison, allowed: Double) -> String {
        let margin = found.rule == .ratio ? log1p(allowed.magnitude) : allowed.magnitude
        let needed =
            found.pairsNeeded
            ?? PairedDifferences.pairsNeeded(deviation: found.deviation, margin: margin, alpha: alpha).map {
                max($0, found.pairs + 1)
            }
        guard let needed, margin > 0 else {
            return margin > 0
                ? "can't tell: the runs differ too much"
                : "can't tell: no number of pairs shows that nothing changed; allow a change such as `+ 5%`"
        }
        return "can't tell: it takes about \(Figures.count(needed - found.pairs, "more pair"))"
    }

    private static func tooFew(_ budget: Budget, _ pairs: [BaselinePair]) -> String? {
        guard budget.statistic.percent != nil else { return nil }
        let fewest = pairs.map { min($0.baseline.samples, $0.new.samples) }.min() ?? 0
        let needed = BudgetRule(budget).callsNeeded
        guard fewest < needed else { return nil }
        return "a run has \(Figures.count(fewest, "call")), and \(budget.statistic) takes \(Figures.count(needed)), "
            + "\(Figures.count(needed - fewest)) more in each"
    }

    /// `2 pairs are left out: the run is invalid`
    private static func leftOut(_ pairs: [BaselinePair]) -> String? {
        let reasons = pairs.compactMap { $0.new.excluded ?? $0.baseline.excluded }
        guard let first = reasons.first else { return nil }
        let isOne = reasons.count == 1
        return "\(Figures.count(reasons.count, "pair")) \(isOne ? "is" : "are") left out: \(first)"
    }

    private static func rule(of statistic: Statistic) -> ComparisonRule {
        statistic.unit == .time || statistic.unit == .ratio ? .ratio : .difference
    }

    private static func isScaled(_ statistic: Statistic) -> Bool {
        statistic.unit == .perSecond || statistic.unit == .amount
    }
}
