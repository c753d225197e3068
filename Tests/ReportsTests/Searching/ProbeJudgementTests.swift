import Analysis
import Core
import Recording
import Testing

@Suite("What a probe says of its rate")
struct ProbeJudgementTests {
    private let probe = SearchProbe(number: 1, rate: 100, seconds: 30, purpose: .bracket)

    private func judge(_ runs: [ProbeResult], alpha: Double = 0.05) -> ProbeJudgement {
        ProbeJudgement(runs, alpha: alpha, failAlpha: 0.05)
    }

    private func result(_ beyond: [Int], samples: Int = 1_000, allowed: Double = 0.01) -> ProbeResult {
        var result = ProbeResult(probe, .good)
        result.budgets[0].allowed = allowed
        result.budgets[0].batches = beyond.map { ShareBatch(samples: samples, beyond: $0) }
        return result
    }

    struct Row: Sendable, CustomStringConvertible {
        var beyond: [Int]
        var verdict: ProbeJudgement.Verdict
        var description: String { "\(beyond) of 1,000 each is \(verdict.rawValue)" }
    }

    private static let rows = [
        Row(beyond: [0, 0, 0, 0, 0, 0], verdict: .passed), Row(beyond: [2, 3, 1, 2, 4, 3], verdict: .passed),
        Row(beyond: [9, 8, 9, 10, 8, 9], verdict: .undecided), Row(beyond: [0, 0, 0, 0, 0, 40], verdict: .undecided),
        Row(beyond: [2, 30, 4, 25, 1, 3], verdict: .undecided),
        Row(beyond: [30, 28, 35, 31, 40, 29], verdict: .failed),
        Row(beyond: [1_000, 1_000, 1_000, 1_000, 1_000, 1_000], verdict: .failed),
    ]

    @Test("a share is surely kept, surely broken or neither", arguments: rows)
    func shares(_ row: Row) {
        let found = judge([result(row.beyond)])
        #expect(found.verdict == row.verdict)
        #expect((found.reason == nil) == (row.verdict == .passed))
        #expect(found.shares.count == 1)
    }

    @Test("300 samples without one beyond prove 1 %, 290 do not")
    func ruleOfThree() {
        #expect(judge([result([0, 0, 0, 0, 0, 0], samples: 50)]).verdict == .passed)
        let few = judge([result([0, 0, 0, 0, 0], samples: 58)])
        #expect(few.verdict == .undecided)
        #expect(few.hasTooFewSamples)
        #expect(few.reason == "p99 < 250ms: 290 samples are too few; it takes 299")
    }

    @Test("a claim at a smaller risk takes more")
    func risk() {
        let run = result([6, 9, 4, 10, 5, 7])
        #expect(judge([run]).verdict == .passed)
        #expect(judge([run], alpha: 0.001).verdict == .undecided)
    }

    @Test("several runs are judged together")
    func together() {
        let runs = [result([2, 18, 2, 18, 2, 18]), result([1, 2, 1, 2, 1, 2]), result([1, 2, 1, 2, 1, 2])]
        #expect(judge([runs[0]]).verdict == .undecided)
        #expect(judge(runs).verdict == .passed)
        #expect(judge(runs).shares[0].samples == 18_000)
    }

    @Test("the worst of several budgets decides, and the tightest is shown")
    func several() {
        var run = result([1, 1, 2, 1, 2, 1])
        run.budgets.append(
            ProbeBudget(
                text: "errors < 1%", allowed: 0.01,
                batches: [5, 6, 4, 5, 6, 5].map { ShareBatch(samples: 1_000, beyond: $0) },
                point: .met, value: nil))
        #expect(judge([run]).verdict == .passed)
        #expect(judge([run]).tightest?.budget == "errors < 1%")
        run.budgets[0].batches = run.budgets[0].batches.map { ShareBatch(samples: $0.samples, beyond: 50) }
        #expect(judge([run]).verdict == .failed)
        #expect(judge([run]).reason == "p99 < 250ms: 5 % of 6,000 beyond, 1 % allowed")
    }

    @Test("slow calls that come in clusters take more of them, however well the batches agree")
    func clusters() {
        var run = result([0, 0, 0, 0, 0, 0])
        run.budgets[0].isLatency = true
        func latencies(_ slow: [Int]) -> [CompactHistogram] {
            slow.map { count in
                var histogram = LatencyHistogram()
                for _ in 0..<(1_000 - count) { histogram.record(.milliseconds(5)) }
                for _ in 0..<count { histogram.record(.milliseconds(100)) }
                return CompactHistogram(histogram)
            }
        }
        run.latencies = latencies([101, 99, 100, 102, 98, 90])
        #expect(judge([run]).verdict == .passed)
        run.latencies = latencies([600, 0, 0, 0, 0, 0])
        #expect(judge([run]).verdict == .undecided)
        #expect(
            judge([run]).reason
                == "p99 < 250ms: 0 % of 6,000 beyond, perhaps 28.3 %, 1 % allowed; slow calls come in clusters, and tell as much as 9 "
                + "independent ones")
        #expect(!judge([run]).hasTooFewSamples)
        // Errors have clusters of their own.
        run.budgets[0].isLatency = false
        #expect(judge([run]).verdict == .passed)
    }

    @Test("a run that a budget stopped has failed")
    func aborted() {
        var run = result([0, 0, 0, 0, 0, 0])
        run.abortedBy = "p99 < 250ms abort"
        #expect(judge([run]).verdict == .failed)
        #expect(judge([run]).reason == "stopped by `p99 < 250ms abort`")
    }

    @Test("a batch without samples is passed over; with fewer than two left the value alone decides")
    func emptyBatches() {
        var run = result([0])
        #expect(judge([run]).verdict == .passed)
        #expect(judge([run]).shares.isEmpty)
        run.budgets[0].point = .broken
        run.budgets[0].value = "300 ms"
        #expect(judge([run]).reason == "p99 < 250ms: 300 ms")
        run.budgets[0].point = .undecided
        #expect(judge([run]).verdict == .undecided)
    }

    @Test("a run without a call fails, and a void one is void whatever it saw")
    func noCalls() {
        var run = result([0, 0])
        run.calls = 0
        #expect(judge([run]).reason == "no call came to an end")
        run.invalid = ["File descriptors ran out."]
        #expect(judge([run]).verdict == .void)
        #expect(judge([run]).reason == "File descriptors ran out.")
    }

    @Test("a search without budgets judges the load alone")
    func noBudgets() {
        var run = result([0, 0])
        run.budgets = []
        #expect(judge([run]).verdict == .passed)
        run.fellBehind = true
        run.droppedShare = 0.05
        #expect(judge([run]).reason == "the target was too slow: 5 % of the arrivals were dropped")
    }

    // MARK: From bundles

    private func measured(_ kind: String) throws -> ProbeResult {
        let bundle = try Kinds.bundle(kind)
        return ProbeResult(probe, bundle: bundle, summary: RunSummary(bundle))
    }

    @Test("the figures of a run are those of its summary")
    func bundle() throws {
        let found = try measured("many-steps")
        let summary = RunSummary(try Kinds.bundle("many-steps"))
        #expect(found.calls == summary.run.response.count)
        #expect(found.offered == 100)
        #expect(found.achieved == 100)
        #expect(!found.fellBehind && found.invalid.isEmpty && !found.isInterrupted && !found.isContradictory)
        #expect(found.seed == 42)
        #expect(found.p99 == summary.run.response.p99)
        // Neither the lower bound of the rate nor the budget that only warns is judged.
        #expect(found.budgets.map(\.text) == ["p99 < 250ms", "errors < 1%", "buy: p95 < 400ms"])
    }

    @Test("a run whose generator was the limit is void, and an interrupted or a killed one no result")
    func notTheTarget() throws {
        let invalid = try measured("invalid")
        #expect(!invalid.invalid.isEmpty)
        #expect(judge([invalid]).verdict == .void)
        #expect(try measured("interrupted").isInterrupted)
        #expect(try measured("killed").isInterrupted)
    }

    @Test("arrivals that were dropped because the target was slow make it fall behind")
    func dropped() throws {
        let found = try measured("broken")
        #expect(found.fellBehind)
        #expect(found.droppedShare > 0.03)
        #expect(judge([found]).verdict == .failed)
    }

    @Test("a run without a call is no trap", arguments: Kinds.names)
    func kinds(kind: String) throws {
        let found = try measured(kind)
        #expect(found.concurrency.isFinite && found.achieved.isFinite && found.achieved >= 0)
        let judged = judge([found])
        #expect(judged.shares.allSatisfy { $0.low <= $0.share && $0.share <= $0.high })
        if found.calls == 0 { #expect(judged.verdict != .passed) }
    }

    @Test("lower bounds are not judged, and the report says so")
    func lowerBounds() {
        func budget(_ comparison: Comparison, _ text: String, warns: Bool = false) -> Budget {
            Budget(statistic: .rate, comparison: comparison, limit: 90, warnsOnly: warns, text: text)
        }
        let budgets = [
            budget(.above, "rate > 90/s"),
            Budget(statistic: .mean, comparison: .below, limit: 0, baseline: 0.05, text: "mean < baseline + 5%"),
            budget(.atMost, "rate <= 90/s"), budget(.atLeast, "rate >= 90/s warn", warns: true),
        ]
        #expect(budgets.map(ProbeBudget.isJudged) == [false, false, true, false])
        #expect(
            ProbeBudget.notes(budgets) == [
                "rate > 90/s was not judged: the search itself sets the rate, so a lower bound says nothing of the target.",
                "mean < baseline + 5% was not judged: a search has no baseline.",
            ])
    }
}
