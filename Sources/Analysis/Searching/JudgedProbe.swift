import Core

/// A row of a search's report: one run, and what was decided after it.
package struct JudgedProbe: Hashable, Sendable, Codable {
    package var probe: SearchProbe
    package var seed: UInt64
    package var labSeed: UInt64
    /// Arrivals per second, scheduled and kept up with.
    package var offered: Double
    package var achieved: Double
    /// Dropped arrivals and failed calls, 0 to 1.
    package var droppedShare: Double
    package var errorShare: Double
    /// Calls with a response time; the times are nil without one.
    package var calls: Int
    package var meanMs: Double?
    package var p50Ms: Double?
    package var p99Ms: Double?
    /// Calls under way on average.
    package var concurrency: Double
    /// What was known after this run, from all runs of the probe that it belongs to.
    package var verdict: ProbeJudgement.Verdict
    package var reason: String?
    package var shares: [ProbeJudgement.Share]

    init(_ result: ProbeResult, _ judgement: ProbeJudgement) {
        probe = result.probe
        seed = result.seed
        labSeed = result.labSeed
        offered = result.offered
        achieved = result.achieved
        droppedShare = result.droppedShare
        errorShare = result.errorShare
        calls = result.calls
        if result.calls > 0 {
            meanMs = result.mean.milliseconds
            p50Ms = result.p50.milliseconds
            p99Ms = result.p99.milliseconds
        }
        concurrency = result.concurrency
        verdict = judgement.verdict
        reason = judgement.reason
        shares = judgement.shares
    }

    package var tightest: ProbeJudgement.Share? { ProbeJudgement.tightest(shares) }
    package var isVoid: Bool { verdict == .void }

    /// For the Universal Scalability Law; nil for a run that says nothing of the target.
    package var point: UniversalScalability.Point? {
        isVoid || calls == 0
            ? nil : UniversalScalability.Point(concurrency: concurrency, throughput: achieved)
    }
}
