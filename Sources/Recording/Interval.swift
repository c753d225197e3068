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
    /// What the policies did; and by the endpoint's place, as long as places were used.
    package var policies = PolicyCounts()
    package var endpoints: [EndpointCounts] = []
    /// In the order of their times; at most `mostEvents`, the rest is counted.
    package private(set) var events: [RunEvent] = []
    package private(set) var eventsLost = 0
    /// Only of the last interval, and then of the whole run.
    package var notable = NotableCalls()
    /// What is left of the retry budget at the end of the interval, 0 to 1; nil without a budget.
    package var retryBudgetLeft: Double?

    /// Most events of one client in one interval.
    package static let mostEvents = 500

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
        policies = PolicyCounts()
        for index in endpoints.indices { endpoints[index].reset() }
        events.removeAll(keepingCapacity: true)
        eventsLost = 0
        notable = NotableCalls()
        retryBudgetLeft = nil
        peakInFlight = 0
        peakConnections = 0
    }

    /// Notes an event.
    package func note(_ event: RunEvent) {
        if events.count < Self.mostEvents { events.append(event) } else { eventsLost += 1 }
    }

    /// Puts the events of several clients into the order of their times.
    package func sortEvents() {
        // By place too: a sort need not keep the order of equals.
        events = events.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(
            \.element)
    }

    /// Makes room for the endpoint of that place.
    package func makeRoom(for place: Int) {
        while endpoints.count <= place { endpoints.append(EndpointCounts()) }
    }

    /// Adds what another client counted in the same interval.
    package func add(_ other: Interval) {
        addCounts(of: other)
        for index in histograms.indices { histograms[index].add(other.histograms[index]) }
        for index in other.endpoints.indices { endpoints[index].service.add(other.endpoints[index].service) }
        events += other.events
        // The client that has least left is the one that denies.
        retryBudgetLeft = [retryBudgetLeft, other.retryBudgetLeft].compactMap { $0 }.min()
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
        policies.add(other.policies)
        eventsLost += other.eventsLost
        notable.add(other.notable)
        for index in other.endpoints.indices {
            makeRoom(for: index)
            endpoints[index].addCounts(of: other.endpoints[index])
        }
    }
}
