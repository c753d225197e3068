package import Core
package import Recording

/// What one run of a search saw.
package struct ProbeResult: Hashable, Sendable {
    package var probe: SearchProbe
    /// Of the run, and of the plan's lab; 0 where nobody said.
    package var seed: UInt64 = 0
    package var labSeed: UInt64 = 0
    /// Those that the search has to keep, in the plan's order.
    package var budgets: [ProbeBudget]
    /// Why the run is void: the generator was the limit, in sentences; empty for a valid run.
    package var invalid: [String] = []
    /// The counts of the run do not add up: Gale's own fault.
    package var isContradictory = false
    /// Somebody stopped the run.
    package var isInterrupted = false
    /// The budget that stopped the run; nil for a run that came to its end.
    package var abortedBy: String?
    /// Measured seconds.
    package var seconds: Double
    /// Scheduled arrivals per second.
    package var offered: Double
    /// Arrivals per second that the target kept up with: those that were started, less what the calls under way grew by.
    package var achieved: Double
    /// Whether it did not keep up: more than 1 % of the arrivals were not started because `client.in-flight` calls were under
    /// way, or the calls under way grew by more than 1 % of the arrivals, and more than by chance.
    package var fellBehind: Bool
    /// Of the arrivals, dropped at `client.in-flight`, 0 to 1.
    package var droppedShare = 0.0
    /// Failed and rejected calls that no fallback answered, of those that ended, 0 to 1.
    package var errorShare = 0.0
    /// Calls with a response time, and that time.
    package var calls: Int
    package var mean: Span
    package var p50: Span
    package var p99: Span
    /// Response times by batch: how much calls of one batch resemble each other; empty where nobody knows.
    package var latencies: [CompactHistogram] = []

    package init(
        _ probe: SearchProbe, budgets: [ProbeBudget], seconds: Double, offered: Double, achieved: Double,
        fellBehind: Bool, calls: Int, mean: Span, p50: Span, p99: Span
    ) {
        self.probe = probe
        self.budgets = budgets
        self.seconds = seconds
        self.offered = offered
        self.achieved = achieved
        self.fellBehind = fellBehind
        self.calls = calls
        self.mean = mean
        self.p50 = p50
        self.p99 = p99
    }

    /// Calls under way on average, by Little's law (1961): N = X · R.
    package var concurrency: Double { achieved * mean.seconds }

    /// The share of arrivals that a target may fall behind by.
    package static let behindShare = 0.01
}

extension ProbeResult {
    /// - Parameters:
    ///   - bundle: of the run.
    ///   - summary: of the same bundle, with the budgets of the bundle.
    ///   - batchSeconds: as in the settings of the search.
    package init(_ probe: SearchProbe, bundle: Bundle, summary: RunSummary, batchSeconds: Double = 5) {
        let run = summary.run
        let seconds = run.measuredSeconds
        let start = run.phases.first { !$0.warmUp }?.start ?? 0
        let clock = BatchClock(start: start, seconds: seconds, batch: batchSeconds)
        let seen = bundle.budgetSeconds
        let budgets = summary.budgets.enumerated().filter { ProbeBudget.isJudged($0.element.budget) }.map {
            index, result in
            ProbeBudget(result, seen: seen.indices.contains(index) ? seen[index] : nil, clock)
        }
        let backlog = Backlog(bundle.timeline, start: start, seconds: seconds, arrivalsPerSecond: run.rates.offered)
        let started = seconds > 0 ? Double(run.ledger.started) / seconds : 0
        let dropped = Figures.ratio(run.ledger.droppedInFlight, of: run.ledger.scheduled)
        self.init(
            probe, budgets: budgets, seconds: seconds, offered: run.rates.offered,
            achieved: max(0, started - (backlog.isGrowing ? backlog.perSecond : 0)),
            fellBehind: dropped > Self.behindShare || backlog.isGrowing, calls: run.response.count,
            mean: run.response.mean, p50: run.response.p50, p99: run.response.p99)
        seed = summary.seed
        droppedShare = dropped
        errorShare = run.figures.errorShare
        latencies = clock.latencies(of: bundle.latencies)
        isInterrupted = run.state == .interrupted || run.state == .killed
        abortedBy = run.state == .aborted ? run.abortedBy ?? "" : nil
        isContradictory = summary.validity.reasons.contains { $0.cause == .ledger }
        invalid = summary.validity.reasons.filter { $0.cause != .ledger }.map(\.text)
    }
}

/// Whether calls under way pile up over the last two thirds of measured time; the first third may still be filling up.
struct Backlog {
    /// What the calls under way grew by, per second.
    private(set) var perSecond = 0.0
    /// Whether that is more than 1 % of the arrivals, and more than three standard deviations of chance.
    private(set) var isGrowing = false

    init(_ timeline: [TimelineRow], start: Double, seconds: Double, arrivalsPerSecond: Double) {
        let end = start + seconds
        let rows = timeline.filter { $0.time + $0.length / 2 < end }
        guard let last = rows.last, let first = rows.last(where: { $0.time + $0.length <= start + seconds / 3 + 1e-6 })
        else { return }
        let length = last.time + last.length - first.time - first.length
        guard length > 0 else { return }
        let growth = Double(last.inFlight) - Double(first.inFlight)
        // Calls under way vary about as a Poisson number does, or more when few workers make a long queue.
        let chance = 3 * max(0, Double(last.inFlight) + Double(first.inFlight)).squareRoot()
        perSecond = max(0, growth / length)
        isGrowing = growth > ProbeResult.behindShare * arrivalsPerSecond * length + chance
    }
}
