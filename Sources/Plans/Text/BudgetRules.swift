import Core

/// Which parts of a budget do not go together, and which scopes it may have.
enum BudgetRules {
    /// What is wrong with a budget by itself; nil for nothing.
    static func contradiction(in budget: Budget) -> BudgetText.Misread? {
        if budget.baseline != nil {
            if budget.window != nil {
                return BudgetText.Misread(
                    "for", .conflict,
                    "`for` does not go with `baseline`, because whole runs are compared with whole runs",
                    remedy: "remove `for`")
            }
            if budget.aborts {
                return BudgetText.Misread(
                    "abort", .conflict,
                    "`abort` does not go with `baseline`, because a run is compared once it has ended",
                    remedy: "remove `abort`, or write a limit such as `250ms`")
            }
        }
        if budget.aborts, budget.window == nil, !budget.comparison.isUpperBound {
            return BudgetText.Misread(
                "abort", .conflict,
                "`abort` goes with `\(budget.comparison.rawValue)` only beside `for`, because what a run lacks so far it may "
                    + "still reach", remedy: "write it like `for 10s abort`, or remove `abort`")
        }
        if budget.window != nil, let scope = budget.scope, !budget.statistic.isOfRunOnly,
            !budget.statistic.hasSecondsByScope
        {
            let figure = budget.statistic.description
            return BudgetText.Misread(
                "for", .conflict,
                "`\(figure)` is known second by second for the whole run only; `for` in the budget of a scenario or a step "
                    + "takes a percentile, `mean` or `max`",
                remedy: "remove `for`, or write `\(figure)` without `\(scope.printable):`")
        }
        return nil
    }

    /// What is wrong with the scope of a budget; nil for nothing.
    /// - Parameter nearest: the known name that was probably meant.
    static func complaint(
        about budget: Budget, among names: BudgetNames, nearest: (String, [String]) -> String?
    ) -> Complaint? {
        guard let scope = budget.scope else { return nil }
        guard names.isScope(scope) else {
            let near = nearest(scope, names.scopes)
            let few = names.scopes.prefix(8).map { "`\($0.printable)`" }.joined(separator: ", ")
            return Complaint(
                .scope, "`\(scope.printable)` is no scenario, step or transaction of this plan",
                remedy: near.map { "did you mean `\($0.printable)`?" }
                    ?? (few.isEmpty ? "leave it out" : "known are \(few)"))
        }
        let figure = budget.statistic.description
        if budget.statistic.isOfRunOnly {
            return Complaint(
                .scope, "`\(figure)` is a figure of the whole run and has no scope",
                remedy: "write `\(figure)` without `\(scope.printable):`")
        }
        if case .errorsOf(.status) = budget.statistic, names.isTransaction(scope) {
            return Complaint(
                .scope, "`\(figure)` is of single calls, and a transaction has no status",
                remedy: "name one of its steps, or write `errors`")
        }
        return nil
    }
}
