package import Core
package import Recording

/// One interval (a second, as a rule) of a run, as budgets look at it: without what belongs to warm-up phases.
package struct WatchedSecond: Sendable {
    /// Seconds since the start of the run.
    package var start: Double
    package var length: Double
    package var ledger: Ledger
    /// Of the run, by kind and by status.
    package var failures: [FailureKind: Int]
    package var statuses: [Int: Int]
    package var counters: [CounterKey: Double]
    /// By place; empty where only the run is counted by second, as in a timeline.
    package var steps: [StepCounts]
    package var transactions: [StepCounts]
    /// By tag, as far as they are at hand: a bundle has them in its log.
    package var histograms: [String: LatencyHistogram]

    package init(
        start: Double, length: Double, ledger: Ledger = Ledger(), failures: [FailureKind: Int] = [:],
        statuses: [Int: Int] = [:], counters: [CounterKey: Double] = [:], steps: [StepCounts] = [],
        transactions: [StepCounts] = [], histograms: [String: LatencyHistogram] = [:]
    ) {
        self.start = start
        self.length = length
        self.ledger = ledger
        self.failures = failures
        self.statuses = statuses
        self.counters = counters
        self.steps = steps
        self.transactions = transactions
        self.histograms = histograms
    }

    /// What a line of the timeline has.
    package init(_ row: TimelineRow) {
        self.init(
            start: row.time, length: row.length, ledger: row.ledger, failures: row.failures, statuses: row.statuses,
            counters: row.counters)
    }

    /// What all clients counted in a second of a run that goes on. It shares the interval's histograms, so let go of it before
    /// the interval is used again.
    /// - Parameter response: of all steps together.
    package init(
        start: Span, length: Span, _ counts: Interval, of table: SeriesTable, response: LatencyHistogram
    ) {
        self.init(start: start.seconds, length: length.seconds, ledger: counts.ledger)
        for step in counts.steps {
            for (kind, count) in step.failuresByKind { failures[kind, default: 0] += count }
            for (status, count) in step.countsByStatus { statuses[status, default: 0] += count }
        }
        counters = table.sums(of: counts.counters)
        steps = counts.steps
        transactions = counts.transactions
        for (name, histogram) in zip(table.names, counts.histograms) where !histogram.isEmpty {
            // Steps whose names differ in what a tag cannot hold share a series, as they do in the log.
            if histograms[name.tag] == nil {
                histograms[name.tag] = histogram
            } else {
                histograms[name.tag]?.add(histogram)
            }
        }
        histograms[SeriesName.response.tag] = response
    }
}

/// The part of a run that its budgets look at.
package struct MeasuredTime: Hashable, Sendable {
    /// Seconds since the start of the run: when the first phase began that is no warm-up, and when the load of the last one
    /// ended; nil while that is not known.
    package var start: Double
    package var end: Double?

    package init(start: Double = 0, end: Double? = nil) {
        self.start = start
        self.end = end
    }

    /// Of the phases as they are planned.
    package init(_ phases: [RunRecord.PhaseRecord]) {
        let measured = phases.filter { !$0.warmUp }
        start = measured.first?.start ?? 0
        end = measured.allSatisfy { $0.end != nil } ? measured.compactMap(\.end).max() : nil
    }

    /// Of a run as it was: one that was stopped had less.
    package init(_ record: RunRecord) {
        self.init(record.phases)
        guard let outcome = record.outcome else { return }
        let actual = start + outcome.measuredSeconds
        end = end.map { min($0, actual) } ?? actual
    }

    /// Milliseconds are what files keep.
    private static let slack = 0.002

    /// Whether an interval lies in it, or in the drain behind it, by more than its edge.
    func holds(start: Double, length: Double) -> Bool { start + length > self.start + Self.slack }

    /// Whether all of an interval lies within the load.
    func isWithinLoad(start: Double, length: Double) -> Bool {
        start >= self.start - Self.slack && (end.map { start + length <= $0 + Self.slack } ?? true)
    }
}
