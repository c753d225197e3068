import Analysis
import Core

/// Summaries for reports of CI: the kinds of run, with budgets of one's own.
enum Summaries {
    static let kinds = [
        "one-step", "many-steps", "empty", "killed", "interrupted", "invalid", "hostile", "broken", "business",
        "aborted",
    ]

    static func of(_ kind: String) throws -> RunSummary {
        var summary = RunSummary(try Kinds.bundle(kind))
        // As the reader of a plan would number them.
        for index in summary.budgets.indices { summary.budgets[index].budget.line = 12 + index }
        return summary
    }

    /// A run of the kind with other results, judged again.
    static func of(_ kind: String, _ results: [BudgetResult]) throws -> RunSummary {
        var summary = try of(kind)
        summary.budgets = results
        summary.verdict = RunVerdict(summary.run, validity: summary.validity, budgets: results)
        return summary
    }

    static func result(
        _ verdict: Verdict, _ text: String = "p99 < 250ms", warnsOnly: Bool = false, line: Int? = 12
    ) -> BudgetResult {
        let budget = Budget(
            statistic: .percentile(99), comparison: .below, limit: 250e6, warnsOnly: warnsOnly, text: text, line: line)
        return BudgetResult(
            budget: budget, verdict: verdict, value: verdict == .undecided ? nil : 312e6, samples: 12_000,
            burn: verdict == .undecided ? nil : 3.2,
            reason: verdict == .undecided ? "p99 of 40 calls rests on too few samples; it takes 1,000 calls" : nil)
    }
}
