import Core
import Recording

/// How much there may be of anything in a `run.json`. Reports walk through lists of lists, and a megabyte of small entries must
/// not become an hour or a gigabyte.
extension RecordRules {
    private static let mostPhases = 10_000
    private static let mostSteps = 10_000
    private static let mostBudgets = 10_000
    private static let mostChecks = 100_000
    private static let mostCounters = 100_000
    private static let mostResources = 1_000
    private static let mostColumns = 100
    /// Statuses, kinds of failure and the like under one entry.
    private static let mostNames = 2_000
    /// All counts of a record together: no sum of them can overflow.
    private static let mostTogether = 4e18

    static func sizeViolation(in record: RunRecord) -> String? {
        let lists = [
            ("phases", record.phases.count, mostPhases), ("steps", record.steps.count, mostSteps),
            ("transactions", record.transactions.count, mostSteps), ("budgets", record.budgets.count, mostBudgets),
            ("checks", record.checks.count, mostChecks), ("counters", record.counters.count, mostCounters),
            ("endpoints", record.endpoints.count, RunRecord.mostEndpoints),
            ("resources", record.resources?.count ?? 0, mostResources),
            ("policies", record.policies?.count ?? 0, mostNames),
        ]
        for (name, count, most) in lists where count > most {
            return "\(name) has \(count) entries, not at most \(most)"
        }
        for (list, steps) in [("steps", record.steps), ("transactions", record.transactions)] {
            for (index, step) in steps.enumerated() {
                let most = max(step.failures?.count ?? 0, step.statuses?.count ?? 0)
                if most > mostNames { return "\(list).\(index) has \(Figures.count(most)) statuses or failures" }
            }
        }
        for (index, resource) in (record.resources ?? []).enumerated() where resource.columns.count > mostColumns {
            return "resources.\(index) has \(Figures.count(resource.columns.count)) columns, not at most \(mostColumns)"
        }
        return nil
    }

    /// Each count is within its bounds already.
    static func totalViolation(in record: RunRecord) -> String? {
        func sum(_ counts: [String: Int]?) -> Double { (counts ?? [:]).values.reduce(0) { $0 + Double($1) } }
        var total = sum(record.policies)
        for step in record.steps + record.transactions {
            total += sum(step.failures) + sum(step.statuses)
            for count in [step.succeeded, step.failed, step.rejected, step.fallbacks] { total += Double(count ?? 0) }
        }
        for check in record.checks { total += Double(check.passed ?? 0) + Double(check.failed ?? 0) }
        for endpoint in record.endpoints { total += sum(endpoint.counts) + Double(endpoint.weight) }
        return total <= mostTogether ? nil : "all counts of steps, checks and endpoints together are above 4e18"
    }

    /// The series that a run can have: those that the record names, and a few of the run as a whole. A killed run has not
    /// written down the endpoints that came later.
    static func mostSeries(of record: RunRecord) -> Int {
        let endpoints = record.outcome == nil ? RunRecord.mostEndpoints : record.endpoints.count
        let named = 2 * record.steps.count + record.transactions.count + endpoints
        // Later versions may measure more of a run as a whole, and of each endpoint.
        return min(IntervalTotals.mostSeries, 64 + 2 * named)
    }
}
