import Recording

extension Measurement {
    /// Transactions, checks and counters; those of a killed run from its timeline. Takes measured seconds for granted.
    mutating func takeOutcomes(_ bundle: Bundle) {
        let record = bundle.record
        transactions = record.transactions.map { transaction in
            var summary = TransactionSummary(scenario: transaction.scenario, transaction: transaction.step)
            summary.succeeded = transaction.succeeded
            summary.failed = transaction.failed
            for (name, count) in transaction.failures ?? [:] { summary.failures.add(name, count) }
            summary.failures.sortAsFailures()
            let series = SeriesName.transaction(scenario: transaction.scenario, name: transaction.step)
            summary.response = bundle.latencies.summary(series)
            return summary
        }
        let rows = bundle.timeline.filter { $0.kind == .run }
        let counts = Self.checks(in: rows)
        checks = record.checks.enumerated().map { index, check in
            CheckSummary(
                scenario: check.scenario, step: check.step, text: check.text,
                passed: check.passed ?? counts[index]?.passed ?? 0, failed: check.failed ?? counts[index]?.failed ?? 0,
                sample: check.sample)
        }
        counters = counterSums(of: record, rows).map {
            CounterSummary(name: $0.name, sums: $0.sums, seconds: measuredSeconds)
        }
    }

    /// The sums of all rows, by place.
    static func checks(in rows: [TimelineRow]) -> [Int: CheckCounts] {
        var sums: [Int: CheckCounts] = [:]
        for row in rows {
            for (index, counts) in row.checks { sums[index, default: CheckCounts()].add(counts) }
        }
        return sums
    }

    /// Each counter's sums in the plan's order.
    private func counterSums(
        of record: RunRecord, _ rows: [TimelineRow]
    ) -> [(name: String, sums: [CounterKey: Double])] {
        var names: [String] = []
        var sums: [String: [CounterKey: Double]] = [:]
        for counter in record.counters {
            if sums[counter.name] == nil { names.append(counter.name) }
            let key = CounterKey(name: counter.name, tags: counter.tags ?? "")
            sums[counter.name, default: [:]][key, default: 0] += counter.sum ?? 0
        }
        guard record.outcome == nil else { return names.map { ($0, sums[$0] ?? [:]) } }

        // The record of a killed run knows the names alone. Tags are bounded again: each second had its own first ones.
        var table = CounterTable(count: names.count)
        let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        for row in rows {
            for key in row.counters.keys.sorted() {
                guard let place = places[key.name] else { continue }
                table.add(counter: place, tags: key.tags, amount: row.counters[key] ?? 0)
            }
        }
        sums = [:]
        for entry in table.entries {
            let name = names[entry.counter]
            sums[name, default: [:]][CounterKey(name: name, tags: entry.tags)] = entry.sum
        }
        return names.map { ($0, sums[$0] ?? [:]) }
    }
}
