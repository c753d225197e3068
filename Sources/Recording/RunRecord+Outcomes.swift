import Core

extension RunRecord {
    /// A check and, at the end, what came of it.
    package struct CheckRecord: Codable, Sendable {
        package var scenario: String
        package var step: String
        /// What is expected: `body contains ok`.
        package var text: String
        /// How often; nil while running.
        package var passed: Int?
        package var failed: Int?
        /// What the first answer that failed it had; at most 200 bytes.
        package var sample: String?

        package init(_ name: CheckName, _ counts: CheckCounts? = nil) {
            scenario = name.scenario
            step = name.step
            text = name.text
            passed = counts?.passed
            failed = counts?.failed
            sample = counts?.sample
        }
    }

    /// A counter and, at the end, its sum. A name has a record for each combination of tags it was counted with, beside
    /// the one for what was counted without.
    package struct CounterRecord: Codable, Sendable {
        package var name: String
        /// `kind=red,size=large`; nil for none.
        package var tags: String?
        /// Nil while running; within ±1e300.
        package var sum: Double?

        package init(_ key: CounterKey, sum: Double? = nil) {
            name = key.name
            tags = key.tags.isEmpty ? nil : key.tags
            self.sum = sum
        }
    }

    /// Names the transactions, checks and counters that a run may have; before its start.
    package mutating func listOutcomes(of table: SeriesTable) {
        transactions = table.transactions.map { StepRecord(scenario: $0.scenario, step: $0.name) }
        checks = table.checks.map { CheckRecord($0) }
        counters = Self.counters(of: table, sums: nil)
    }

    /// Says what came of them; at the end.
    /// - Parameter totals: the counts of the whole run, in the places of `table`.
    package mutating func setOutcomes(_ totals: Interval, of table: SeriesTable) {
        transactions = zip(table.transactions, totals.transactions).map { name, counts in
            var record = StepRecord(scenario: name.scenario, step: name.name)
            record.set(counts)
            return record
        }
        checks = zip(table.checks, totals.checks).map { CheckRecord($0, $1) }
        counters = Self.counters(of: table, sums: table.sums(of: totals.counters))
        setCalls(totals.notable)
    }

    /// In the plan's order of names, those without tags first.
    private static func counters(of table: SeriesTable, sums: [CounterKey: Double]?) -> [CounterRecord] {
        var seen: Set<String> = []
        return table.counters.map(\.name).filter { seen.insert($0).inserted }.flatMap { name in
            let tagged = (sums ?? [:]).filter { $0.key.name == name && !$0.key.tags.isEmpty }
            let bare = CounterKey(name: name)
            // A counter that was only counted with tags needs no record without; one that never counted is 0.
            let isBare = tagged.isEmpty || sums?[bare] != nil
            return (isBare ? [CounterRecord(bare, sum: sums.map { $0[bare] ?? 0 })] : [])
                + tagged.sorted { $0.key < $1.key }.map { CounterRecord($0.key, sum: $0.value) }
        }
    }
}

extension RunRecord.StepRecord {
    /// Sets what came of it.
    package mutating func set(_ counts: StepCounts) {
        succeeded = counts.succeeded
        failed = counts.failed
        rejected = counts.rejected > 0 ? counts.rejected : nil
        fallbacks = counts.fallbacks > 0 ? counts.fallbacks : nil
        failures = Dictionary(uniqueKeysWithValues: counts.failuresByKind.map { ($0.kind.name, $0.count) })
        statuses = Dictionary(uniqueKeysWithValues: counts.countsByStatus.map { (String($0.status), $0.count) })
    }
}
