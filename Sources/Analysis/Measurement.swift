import Core
package import Recording

/// The numbers of a run, before anybody judges them.
package struct Measurement: Sendable, Encodable {
    package enum State: String, Sendable, Encodable {
        case finished, interrupted
        /// A budget stopped it.
        case aborted
        /// `run.json` still says `running`: the process was killed, or is at it right now. Figures come from the
        /// timeline and the interval log, which lack at most the last second.
        case killed
    }

    package var state = State.finished
    /// The text of the budget that stopped the run; nil when none did.
    package var abortedBy: String?
    package var phases: [PhaseSummary] = []
    /// From the start of the first phase that is no warm-up to the end of the last one's load.
    package var measuredSeconds = 0.0
    /// From the first arrival to the end of the drain.
    package var totalSeconds = 0.0
    package var ledger = Ledger()
    package var warmUp = Ledger()
    package var rates = Rates()
    package var response = LatencySummary.empty
    package var service = LatencySummary.empty
    package var warmUpResponse = LatencySummary.empty
    package var warmUpService = LatencySummary.empty
    package var steps: [StepSummary] = []
    package var transactions: [TransactionSummary] = []
    package var checks: [CheckSummary] = []
    package var counters: [CounterSummary] = []
    /// What the policies did; nil for a plan without.
    package var policies: PolicyCounts?
    /// By place; empty for a plan without `endpoints:`.
    package var endpoints: [EndpointSummary] = []
    package var availability: Availability?
    /// Nil for a plan without `client.shard`.
    package var shards: ShardSummary?
    package var events = EventSummary()
    /// Events that were more than a second's share, and are only counted.
    package var eventsLost = 0
    /// The slowest calls, the slowest first; empty for a killed run, as are the patterns.
    package var slowest: [SlowCallSummary] = []
    /// Failed calls in groups, the largest first, and how many are in none of them.
    package var patterns: [ErrorPatternSummary] = []
    package var patternsLost = 0
    package var statuses = Tally()
    package var failures = Tally()
    /// Failures of calls that arrived in a warm-up phase.
    package var warmUpFailures = Tally()
    package var sendLag = LatencySummary.empty
    package var attempts = AttemptPhases()
    /// CPU share of the busiest loop's thread in open phases and in closed ones, 0 to 1; nil without such a phase.
    package var busiestOpen: Double?
    package var busiestClosed: Double?
    /// Nil for a killed run.
    package var generator: GeneratorRecord?
    /// Requests that the plan's own lab received, by its own count, warm-up included; nil without a lab.
    package var labRequests: Int?
    package var timeline: [TimelineWindow] = []
    /// What does not add up, in words: a fault of Gale's own.
    package var contradictions: [String] = []
    /// What was not read of the bundle, in words: the half line that a kill leaves.
    package var gaps: [String] = []

    package init() {}

    /// Calls that were sent and whose result is known: those that have latencies.
    package var calls: Int { ledger.succeeded + ledger.failed }
    /// The same with those that were rejected: the denominator of `errors`.
    package var ended: Int { calls + ledger.rejected }
    package var figures: CallFigures { CallFigures(ledger, seconds: measuredSeconds) }
    /// Health checks of endpoints, which servers must have seen as far as they could be sent.
    package var healthChecks: Int { endpoints.reduce(0) { $0 + $1.counts["checks"] } }
    /// Requests that servers must have seen, warm-up included.
    package var requestsOnTheWire: Int { ledger.requestsOnTheWire + warmUp.requestsOnTheWire }
    package var hasOpenPhase: Bool { phases.contains { $0.open && !$0.warmUp } }
    package var hasClosedPhase: Bool { phases.contains { !$0.open && !$0.warmUp } }
}

/// Per second of measured time.
package struct Rates: Hashable, Sendable, Encodable {
    /// Scheduled arrivals.
    package var offered = 0.0
    /// Completed arrivals: what a `rate` budget speaks of.
    package var achieved = 0.0
    /// Calls that succeeded or failed.
    package var calls = 0.0

    package init() {}

    /// All zero for a run without measured time.
    package init(_ ledger: Ledger, seconds: Double) {
        guard seconds > 0 else { return }
        offered = Double(ledger.scheduled) / seconds
        achieved = Double(ledger.completed) / seconds
        calls = Double(ledger.succeeded + ledger.failed) / seconds
    }
}

/// One phase of the load, counted by the second in which a call ended.
package struct PhaseSummary: Hashable, Sendable, Encodable {
    package var text: String
    package var open: Bool
    package var warmUp: Bool
    /// Seconds after the start of the run.
    package var start: Double
    package var seconds: Double
    package var ledger = Ledger()
    package var rates = Rates()
    /// Response time; empty for a warm-up phase, whose calls are kept apart.
    package var response = LatencySummary.empty

    package init(text: String, open: Bool, warmUp: Bool, start: Double, seconds: Double) {
        self.text = text
        self.open = open
        self.warmUp = warmUp
        self.start = start
        self.seconds = seconds
    }
}

/// One step of one scenario.
package struct StepSummary: Hashable, Sendable, Encodable {
    package var scenario: String
    package var step: String
    /// Nil for a killed run: the timeline counts the run, not its steps.
    package var succeeded: Int?
    package var failed: Int?
    /// Calls that were turned away, and calls that a fallback answered; nil for none.
    package var rejected: Int?
    package var fallbacks: Int?
    package var statuses = Tally()
    package var failures = Tally()
    package var response = LatencySummary.empty
    package var service = LatencySummary.empty

    package init(scenario: String, step: String) {
        self.scenario = scenario
        self.step = step
    }

    /// As a budget's scope and a table name it.
    package var name: String { "\(scenario)/\(step)" }
}

/// The parts of an attempt. The first three only where a connection was opened.
package struct AttemptPhases: Hashable, Sendable, Encodable {
    package var dns = LatencySummary.empty
    package var connect = LatencySummary.empty
    package var tls = LatencySummary.empty
    package var firstByte = LatencySummary.empty
    package var transfer = LatencySummary.empty

    package init() {}

    /// In the order in which they happen.
    package var rows: [(name: String, summary: LatencySummary)] {
        [("dns", dns), ("connect", connect), ("tls", tls), ("first byte", firstByte), ("transfer", transfer)]
    }
}
