import Core
import Recording

/// Limits that must hold in every stretch of a length.
extension BudgetJudge {
    /// Broken when one stretch is surely broken; undecided when none has samples enough; else met. The worst stretch is reported.
    func windowed(_ budget: Budget) -> BudgetResult {
        guard let length = budget.window, let seen = seconds[budget], !seen.intervals.isEmpty else {
            return withoutSeconds(budget)
        }
        let rule = BudgetRule(budget)
        // A rate of the second in which the load begins, or of the drain, is no rate of the load.
        let isOfLoad = budget.statistic.unit == .perSecond || budget.statistic.unit == .amount
        let windows = BudgetWindows(seen.intervals, seconds: max(length.seconds, 0), withinLoad: isOfLoad)
        var worst: (range: Range<Int>, sum: BudgetSum, severity: Double)?
        var verdict = Verdict.undecided
        var fullest = 0
        windows.forEach { range, sum in
            fullest = max(fullest, sum.samples)
            let found = rule.verdict(of: sum)
            guard found != .undecided else { return }
            if verdict != .broken { verdict = found }
            let severity = rule.severity(of: sum)
            if severity > worst?.severity ?? -.infinity { worst = (range, sum, severity) }
        }
        guard let worst else {
            return fullest == 0 && rule.samplesNeeded > 0
                ? noCalls(budget) : tooFew(budget, rule, fullest: fullest)
        }
        var result = BudgetResult(
            budget: budget, verdict: verdict,
            value: rule.value(of: worst.sum) ?? percentile(of: worst.range, seen, budget),
            samples: worst.sum.samples, burn: rule.burn(of: worst.sum))
        let part = seen.intervals[worst.range]
        result.worstWindow = BudgetWindow(
            start: part.first?.start ?? 0, seconds: BudgetWindows.length(of: part), samples: worst.sum.samples,
            beyond: worst.sum.beyond)
        let isRate = budget.statistic == .rate || budget.statistic == .goodput
        return isRate ? boundByGenerator(result) : result
    }

    /// The percentile of the calls of a stretch, all together.
    private func percentile(of range: Range<Int>, _ seen: BudgetSeconds, _ budget: Budget) -> Double? {
        guard let percent = budget.statistic.percent, seen.histograms.indices.contains(range.upperBound - 1) else {
            return nil
        }
        var histogram = LatencyHistogram()
        for compact in seen.histograms[range] { compact.add(to: &histogram) }
        return histogram.isEmpty ? nil : Double(histogram.value(atPercentile: percent).nanoseconds)
    }

    private func tooFew(_ budget: Budget, _ rule: BudgetRule, fullest: Int) -> BudgetResult {
        let length = budget.window.map { Figures.seconds($0.seconds) } ?? ""
        let needed = rule.callsNeeded
        return undecided(
            budget,
            "no stretch of \(length) has the \(Figures.count(needed, "call")) that it takes; the fullest has "
                + "\(Figures.count(fullest)), \(Figures.count(max(0, needed - fullest))) too few")
    }

    private func withoutSeconds(_ budget: Budget) -> BudgetResult {
        if run.phases.isEmpty || run.calls == 0 { return noCalls(budget) }
        return undecided(budget, "it is not known second by second")
    }
}

extension BudgetRule {
    /// Whole calls without which a stretch proves nothing.
    var callsNeeded: Int {
        // Without the hair 99.9, which is no exact binary number, would take 10,001.
        Int(min(1e15, (samplesNeeded - 1e-6).rounded(.up)))
    }

    /// The more, the worse.
    func severity(of sum: BudgetSum) -> Double {
        if budget.statistic.percent != nil { return sum.samples > 0 ? Double(sum.beyond) / Double(sum.samples) : 0 }
        let value = value(of: sum) ?? 0
        return budget.comparison.isUpperBound ? value : -value
    }
}
