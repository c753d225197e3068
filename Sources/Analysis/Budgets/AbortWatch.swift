package import Core
package import Recording

/// Says when a run that goes on has to be stopped, because it surely breaks a budget with `abort`.
///
/// A budget with a window stops the run when the stretch that has just ended breaks the limit, with samples enough. Without a
/// window all of the run so far must break it, with at least ten samples beyond, so that two slow calls at the start stop
/// nothing; one is enough where nothing that follows could mend it (`max`, amounts, a limit of 0). Memory is bounded by the
/// windows.
package struct AbortWatch: Sendable {
    private var watches: [BudgetWatch]

    /// - Parameters:
    ///   - budgets: all of the plan; those without `abort` are passed over.
    ///   - names: the steps and transactions of the run.
    package init(_ budgets: [Budget], names: ScopeNames, measured: MeasuredTime) {
        watches = budgets.filter(Self.canAbort).map {
            BudgetWatch($0, names: names, measured: measured, kept: $0.window?.seconds ?? 0)
        }
    }

    /// Of a run with that record; nil when no budget of it stops anything.
    package init?(_ budgets: [Budget], of record: RunRecord) {
        self.init(budgets, names: ScopeNames(record), measured: MeasuredTime(record.phases))
        if watches.isEmpty { return nil }
    }

    private static func canAbort(_ budget: Budget) -> Bool {
        budget.aborts && budget.baseline == nil && (budget.window != nil || budget.comparison.isUpperBound)
    }

    /// Adds a second; seconds come in the order of time.
    /// - Returns: the first budget that has to stop the run now.
    package mutating func add(_ second: WatchedSecond) -> Budget? {
        for index in watches.indices { watches[index].add(second) }
        return watches.first { $0.stopsTheRun }?.budget
    }
}

extension BudgetWatch {
    /// Whether the stretch that has just ended, or the run so far, breaks the budget for good.
    fileprivate var stopsTheRun: Bool {
        let rule = BudgetRule(budget)
        guard let window = budget.window else { return rule.isBrokenForGood(total) }
        guard let last = intervals.last else { return false }
        let isOfLoad = budget.statistic.unit == .perSecond || budget.statistic.unit == .amount
        if isOfLoad, !last.isWithinLoad { return false }
        var sum = BudgetSum()
        for interval in intervals.reversed() {
            if isOfLoad, !interval.isWithinLoad { return false }
            sum.add(interval)
            guard last.end - interval.start >= window.seconds - last.length / 2 else { continue }
            return rule.verdict(of: sum) == .broken
        }
        // The run is not as old as a window yet.
        return false
    }
}
