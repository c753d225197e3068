import Core
package import Recording

/// What a budget's scope is made of: the steps or transactions of a run, by place, and their series of response time.
struct BudgetScope: Hashable, Sendable {
    /// Whether it is the whole run.
    let isRun: Bool
    let steps: [Int]
    /// A step goes before a transaction of the same name.
    let transactions: [Int]
    /// Each once, though steps may share a series.
    let tags: [String]

    init(_ scope: String?, in names: ScopeNames) {
        isRun = scope == nil
        guard let scope else {
            (steps, transactions) = ([], [])
            tags = [SeriesName.response.tag]
            return
        }
        let steps = names.steps.indices.filter {
            let (scenario, step) = names.steps[$0]
            return scenario == scope || "\(scenario)/\(step)" == scope
        }
        let transactions =
            steps.isEmpty
            ? names.transactions.indices.filter {
                let (scenario, name) = names.transactions[$0]
                return "\(scenario)/\(name)" == scope
            } : []
        self.steps = steps
        self.transactions = transactions
        let series =
            steps.map {
                SeriesName.stepResponse(scenario: names.steps[$0].scenario, step: names.steps[$0].step)
            }
            + transactions.map {
                SeriesName.transaction(scenario: names.transactions[$0].scenario, name: names.transactions[$0].name)
            }
        var seen: Set<String> = []
        tags = series.map(\.tag).filter { seen.insert($0).inserted }
    }
}

/// The steps and transactions of a run, in their places.
package struct ScopeNames: Sendable {
    package var steps: [(scenario: String, step: String)]
    package var transactions: [(scenario: String, name: String)]

    package init(
        steps: [(scenario: String, step: String)] = [], transactions: [(scenario: String, name: String)] = []
    ) {
        self.steps = steps
        self.transactions = transactions
    }

    package init(_ record: RunRecord) {
        self.init(
            steps: record.steps.map { ($0.scenario, $0.step) },
            transactions: record.transactions.map { ($0.scenario, $0.step) })
    }

    init(_ run: Measurement) {
        self.init(
            steps: run.steps.map { ($0.scenario, $0.step) },
            transactions: run.transactions.map { ($0.scenario, $0.transaction) })
    }
}
