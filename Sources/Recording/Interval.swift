package import Core

/// What one client counted and measured in one interval of about a second.
///
/// An interval belongs to one side at a time: the client that fills it, then, handed over, the collector that adds it up
/// and hands it back empty. Nobody keeps a reference to what was handed on, hence `@unchecked`.
package final class Interval: @unchecked Sendable {
    /// Counts of arrivals outside warm-up phases, and within them.
    package var ledger = Ledger()
    package var warmUp = Ledger()
    package var steps: [StepCounts]
    package var warmUpCounts = StepCounts()
    /// Transactions that came to an end; no part of `ledger`, which counts calls.
    package var transactions: [StepCounts]
    package var checks: [CheckCounts]
    package var counters: CounterTable
    /// By place in the series table.
    package var histograms: [LatencyHistogram]

    // Gauges at the end of the interval.
    package var phase = 0
    package var inFlight = 0
    package var peakInFlight = 0
    package var connections = 0
    package var peakConnections = 0
    /// Share of a core that the client's loop used, 0 to 1.
    package var loopShare = 0.0
    package var longestTurn = Span.zero

    package init(_ table: SeriesTable) {
        steps = Array(repeating: StepCounts(), count: table.stepCount)
        transactions = Array(repeating: StepCounts(), count: table.transactions.count)
        checks = Array(repeating: CheckCounts(), count: table.checks.count)
        counters = CounterTable(count: table.counters.count)
        histograms = Array(repeating: LatencyHistogram(), count: table.names.count)
    }

    /// Makes it as new, keeping its memory.
    package func reset() {
        ledger = Ledger()
        warmUp = Ledger()
        warmUpCounts = StepCounts()
        for index in steps.indices { steps[index] = StepCounts() }
        for index in transactions.indices { transactions[index] = StepCounts() }
        for index in checks.indices { checks[index] = CheckCounts() }
        counters.reset()
        for index in histograms.indices where !histograms[index].isEmpty { histograms[index].reset() }
        peakInFlight = 0
        peakConnections = 0
    }

    /// Adds what another client counted in the same interval.
    package func add(_ other: Interval) {
        addCounts(of: other)
        for index in histograms.indices { histograms[index].add(other.histograms[index]) }
        phase = max(phase, other.phase)
        inFlight += other.inFlight
        peakInFlight += other.peakInFlight
        connections += other.connections
        peakConnections += other.peakConnections
        loopShare = max(loopShare, other.loopShare)
        longestTurn = max(longestTurn, other.longestTurn)
    }

    /// Adds the counts alone, without histograms and gauges: what the totals of a run need of each second.
    package func addCounts(of other: Interval) {
        ledger.add(other.ledger)
        warmUp.add(other.warmUp)
        warmUpCounts.add(other.warmUpCounts)
        for index in steps.indices { steps[index].add(other.steps[index]) }
        for index in transactions.indices { transactions[index].add(other.transactions[index]) }
        for index in checks.indices { checks[index].add(other.checks[index]) }
        counters.add(other.counters)
    }
}
