/// Which series a run records and what else it counts, each with a fixed place: a recording is an array access.
package struct SeriesTable: Sendable {
    /// Every series that clients record, by place. `response` and `service` are not among them: they are the sums of
    /// their steps.
    package let names: [SeriesName]
    package let stepCount: Int
    package let transactions: [(scenario: String, name: String)]
    package let checks: [CheckName]
    package let counters: [CounterName]

    /// - Parameters:
    ///   - steps: the steps that can be measured, in the plan's order.
    ///   - transactions: those that are measured as one besides; they have no part in the sums over the run.
    package init(
        steps: [(scenario: String, step: String)], transactions: [(scenario: String, name: String)] = [],
        checks: [CheckName] = [], counters: [CounterName] = []
    ) {
        stepCount = steps.count
        self.transactions = transactions
        self.checks = checks
        self.counters = counters
        var names: [SeriesName] = []
        for step in steps {
            names.append(.stepResponse(scenario: step.scenario, step: step.step))
            names.append(.stepService(scenario: step.scenario, step: step.step))
        }
        names += [.sendLag, .dns, .connect, .tls, .firstByte, .transfer, .warmUpResponse, .warmUpService]
        names += transactions.map { .transaction(scenario: $0.scenario, name: $0.name) }
        self.names = names
    }

    package func response(of step: Int) -> Int { 2 * step }
    package func service(of step: Int) -> Int { 2 * step + 1 }
    package var sendLag: Int { 2 * stepCount }
    package var dns: Int { 2 * stepCount + 1 }
    package var connect: Int { 2 * stepCount + 2 }
    package var tls: Int { 2 * stepCount + 3 }
    package var firstByte: Int { 2 * stepCount + 4 }
    package var transfer: Int { 2 * stepCount + 5 }
    package var warmUpResponse: Int { 2 * stepCount + 6 }
    package var warmUpService: Int { 2 * stepCount + 7 }
    package func transaction(_ transaction: Int) -> Int { 2 * stepCount + 8 + transaction }

    /// The sums of a table of these counters by name and tags: those of a name followed by those of a count.
    package func sums(of table: CounterTable) -> [CounterKey: Double] {
        var sums: [CounterKey: Double] = [:]
        for entry in table.entries where counters.indices.contains(entry.counter) {
            let counter = counters[entry.counter]
            let tags = [CounterName.text(of: counter.tags), entry.tags].filter { !$0.isEmpty }.joined(separator: ",")
            let key = CounterKey(name: counter.name, tags: tags)
            sums[key] = CounterTable.sum(sums[key] ?? 0, entry.sum)
        }
        return sums
    }
}
