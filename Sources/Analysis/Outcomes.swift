package import Recording

/// Steps of a scenario that were measured as one.
package struct TransactionSummary: Hashable, Sendable, Encodable {
    package var scenario: String
    package var transaction: String
    /// Nil for a killed run: the timeline counts the run, not its transactions.
    package var succeeded: Int?
    package var failed: Int?
    package var failures = Tally()
    /// From the intended start of its first call to the end of its last.
    package var response = LatencySummary.empty

    package init(scenario: String, transaction: String) {
        self.scenario = scenario
        self.transaction = transaction
    }

    /// As a budget's scope and a table name it.
    package var name: String { "\(scenario)/\(transaction)" }
}

/// One check of answers.
package struct CheckSummary: Hashable, Sendable, Encodable {
    package var scenario: String
    package var step: String
    /// What is expected: `body contains ok`.
    package var text: String
    package var passed: Int
    package var failed: Int
    /// Of the times it was made, 0 to 1; 0 when it never was.
    package var failedShare: Double
    /// What the first answer that failed it had; nil when none did, or a killed run could not write it down.
    package var sample: String?

    package init(scenario: String, step: String, text: String, passed: Int, failed: Int, sample: String? = nil) {
        self.scenario = scenario
        self.step = step
        self.text = text
        self.passed = passed
        self.failed = failed
        self.sample = sample
        failedShare = Figures.ratio(failed, of: passed + failed)
    }

    /// `browse/home: body contains ok`
    package var name: String { "\(scenario)/\(step): \(text)" }
}

/// What the scenarios counted under one name.
package struct CounterSummary: Hashable, Sendable, Encodable {
    /// The part that was counted with the same tags.
    package struct Part: Hashable, Sendable, Encodable {
        /// `kind=red,size=large`
        package var tags: String
        package var sum: Double
        /// Of measured time.
        package var perSecond: Double
    }

    package var name: String
    /// All of it, with and without tags.
    package var sum: Double
    /// Of measured time; 0 for a run without.
    package var perSecond: Double
    /// By tags; what was counted without is the rest.
    package var tagged: [Part]

    /// - Parameter sums: everything that was counted under the name.
    package init(name: String, sums: [CounterKey: Double], seconds: Double) {
        func rate(_ sum: Double) -> Double { seconds > 0 ? CounterTable.sum(sum / seconds, 0) : 0 }
        let keys = sums.keys.sorted()
        self.name = name
        sum = keys.reduce(0) { CounterTable.sum($0, sums[$1] ?? 0) }
        perSecond = rate(sum)
        tagged = keys.filter { !$0.tags.isEmpty }.map {
            Part(tags: $0.tags, sum: sums[$0] ?? 0, perSecond: rate(sums[$0] ?? 0))
        }
    }
}

extension SeriesName {
    static func transaction(of summary: TransactionSummary) -> SeriesName {
        .transaction(scenario: summary.scenario, name: summary.transaction)
    }
}
