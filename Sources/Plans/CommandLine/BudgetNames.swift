package import Core
package import Recording

/// What budgets of a plan can name: its scenarios, steps and transactions, and its counters.
package struct BudgetNames: Hashable, Sendable {
    /// `scenario`, `scenario/step`, `scenario/transaction`, in the plan's order.
    package var scopes: [String]
    package var transactions: Set<String>
    package var counters: Set<String>

    package init(scopes: [String] = [], transactions: Set<String> = [], counters: Set<String> = []) {
        self.scopes = scopes
        self.transactions = transactions
        self.counters = counters
    }

    package init(_ plan: Plan) { self.init(plan.scenarios, counters: plan.counters) }

    init(_ scenarios: [Scenario], counters: [String]) {
        scopes = scenarios.flatMap { scenario in
            [scenario.name] + scenario.steps.map { "\(scenario.name)/\($0.name)" }
                + scenario.transactions.map { "\(scenario.name)/\($0)" }
        }
        // A step goes before a transaction of the same name.
        let steps = Set(scenarios.flatMap { scenario in scenario.steps.map { "\(scenario.name)/\($0.name)" } })
        transactions = Set(scenarios.flatMap { scenario in scenario.transactions.map { "\(scenario.name)/\($0)" } })
            .subtracting(steps)
        self.counters = Set(counters)
    }

    /// Those of the plan that a run was made with.
    package init(_ record: RunRecord) {
        var names: [String] = []
        var seen: Set<String> = []
        func add(_ name: String) { if seen.insert(name).inserted { names.append(name) } }
        for step in record.steps + record.transactions {
            add(step.scenario)
            add("\(step.scenario)/\(step.step)")
        }
        scopes = names
        let steps = Set(record.steps.map { "\($0.scenario)/\($0.step)" })
        transactions = Set(record.transactions.map { "\($0.scenario)/\($0.step)" }).subtracting(steps)
        counters = Set(record.counters.map(\.name))
    }

    func isScope(_ name: String) -> Bool { scopes.contains(name) }
    func isTransaction(_ name: String) -> Bool { transactions.contains(name) }
}

extension Budget {
    /// A budget of the command line: `--budget 'p99 < 250ms'`, in the words of a plan.
    /// - Parameters:
    ///   - names: what the plan or the run has; an unknown one is an error that lists near names.
    ///   - option: what messages call it.
    package init(text: String, names: BudgetNames, option: String = "--budget") throws(OptionProblem) {
        do throws(BudgetText.Misread) {
            self = try BudgetText.parse(text, counters: names.counters)
        } catch {
            throw OptionProblem(option, error.complaint)
        }
        if let complaint = BudgetRules.complaint(
            about: self, among: names, nearest: { NearestWord.find($0, in: $1) })
        {
            throw OptionProblem(option, complaint)
        }
    }

    /// The same with plain names.
    /// - Parameter scopes: scenarios and `scenario/step`s.
    package init(text: String, counters: Set<String>, scopes: [String]) throws(OptionProblem) {
        try self.init(text: text, names: BudgetNames(scopes: scopes, counters: counters))
    }
}
