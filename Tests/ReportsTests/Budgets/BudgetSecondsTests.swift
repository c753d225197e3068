import Analysis
import Core
import Recording
import Testing

@Suite("A bundle knows what each budget saw")
struct BudgetSecondsTests {
    private static func bundle(_ budgets: [RunRecord.BudgetRecord], warmUp: Int = 5) throws -> Bundle {
        var run = SyntheticRun()
        run.warmUp = warmUp
        run.steps = [("browse", "home"), ("buy", "order")]
        run.transactions = [("buy", "checkout")]
        run.counters = [CounterName(name: "orders")]
        run.failEvery = 20
        run.droppedInFlightPerSecond = 3
        run.budgets = budgets
        return try Kinds.with(run) { $0 }
    }

    @Test func theSecondsOfABudgetAddUpToTheRun() throws {
        let budgets = [
            Kinds.p99, Kinds.errors, Kinds.rate, Kinds.budget("dropped < 5%", "dropped", 0.05),
            Kinds.budget("buy: p95 < 100ms", "p95", 100e6, scope: "buy"),
            Kinds.budget("buy/checkout: max < 1s", "max", 1e9, scope: "buy/checkout"),
            Kinds.budget("send-lag < 50us", "send-lag", 50e3),
            Kinds.budget("orders > 1", "orders", 1, comparison: ">"),
            Kinds.budget("errors(5xx) < 1%", "errors(5xx)", 0.01),
            Kinds.budget("buy: errors < 1%", "errors", 0.01, scope: "buy"),
        ]
        let bundle = try Self.bundle(budgets)
        let summary = RunSummary(bundle)
        let run = summary.run
        #expect(bundle.budgetSeconds.count == budgets.count)
        func sum(_ place: Int) -> (samples: Int, beyond: Int) {
            let intervals = bundle.budgetSeconds[place].intervals
            return (intervals.reduce(0) { $0 + $1.samples }, intervals.reduce(0) { $0 + $1.beyond })
        }
        #expect(bundle.budgetSeconds[0].intervals.count == 20)
        #expect(bundle.budgetSeconds[0].intervals.first?.start == 5, "warm-up is left out")
        #expect(bundle.budgetSeconds[0].allowed == 0.01)
        #expect(sum(0).samples == run.response.count)
        let response = try #require(bundle.latencies.bySeries["response"])
        let slow = response.recordedValues.reduce(0) { $1.highest < .milliseconds(250) ? $0 : $0 + $1.count }
        #expect(sum(0).beyond == slow)
        #expect(sum(1).samples == run.ended)
        #expect(sum(1).beyond == run.ledger.failed)
        #expect(sum(2).samples == run.ledger.completed)
        #expect(bundle.budgetSeconds[2].allowed == nil)
        #expect(sum(3).beyond == run.ledger.dropped)
        #expect(sum(3).samples == run.ledger.scheduled)
        #expect(sum(4).samples == run.steps[1].response.count)
        #expect(sum(5).samples == run.transactions[0].response.count)
        #expect(sum(6).samples == run.sendLag.count)
        let orders = bundle.budgetSeconds[7].intervals.reduce(0) { $0 + $1.sum }
        #expect(abs(orders - (run.counters.first?.sum ?? 0)) < 1e-6)
        #expect(sum(8).beyond == run.failures["status_5xx"])
        #expect(bundle.budgetSeconds[9].intervals.isEmpty, "calls of a scenario are not counted by second")
        #expect(bundle.budgetSeconds[9].allowed == nil)
        for (result, seconds) in zip(summary.budgets, bundle.budgetSeconds) where result.burn != nil {
            guard let allowed = seconds.allowed else { continue }
            let (samples, beyond) = seconds.intervals.reduce(into: (0, 0)) {
                $0.0 += $1.samples
                $0.1 += $1.beyond
            }
            #expect(
                abs((result.burn ?? 0) - Double(beyond) / Double(samples) / allowed) < 1e-9, "\(result.budget.text)")
            #expect((result.worstBurn?.burn ?? 0) >= (result.burn ?? 0) * 0.99, "no twelfth is worse than the whole")
        }
    }

    @Test func everythingOfABudgetComesBack() throws {
        let bundle = try Kinds.bundle("budgets")
        #expect(bundle.budgets.map { RunRecord.BudgetRecord($0).text } == bundle.record.budgets.map(\.text))
        for (budget, record) in zip(bundle.budgets, bundle.record.budgets) {
            let again = RunRecord.BudgetRecord(budget)
            #expect(again.statistic == record.statistic)
            #expect(again.windowSeconds == record.windowSeconds)
            #expect(again.baseline == record.baseline)
            #expect(again.aborts == record.aborts)
            #expect(again.line == record.line)
            #expect(again.limit == record.limit)
        }
        let decoded = try RunRecord(decoding: try bundle.record.encoded())
        #expect(decoded.budgets.map(\.windowSeconds) == bundle.record.budgets.map(\.windowSeconds))
    }

    @Test func aRunThatWasStoppedSaysByWhat() throws {
        let summary = RunSummary(try Kinds.bundle("aborted"))
        #expect(summary.run.state == .aborted)
        #expect(summary.run.abortedBy == "p95 < 200ms for 5s abort")
        #expect(summary.verdict.exitStatus == 99)
        #expect(summary.verdict.sentence == "BROKEN: stopped after 20 s by `p95 < 200ms for 5s abort`.")
        #expect(summary.findings.contains { $0.kind == .aborted })
        #expect(summary.budgets.map(\.verdict).first == .broken)
        #expect(summary.budgets.dropFirst().allSatisfy { $0.verdict != .met })
    }

    @Test func aBundleIsJudgedByOtherBudgets() throws {
        let folder = SyntheticRun.makeFolder()
        defer { SyntheticRun.remove(folder) }
        try SyntheticRun().write(to: folder)
        let other = Budget(
            statistic: .percentile(90), comparison: .below, limit: 1e6, window: .seconds(5), text: "p90 < 1ms for 5s")
        let bundle = try Bundle.open(folder, budgets: [other])
        #expect(bundle.budgets == [other])
        let summary = RunSummary(bundle)
        #expect(summary.budgets.map(\.verdict) == [.broken])
        #expect(summary.budgets[0].value ?? 0 > 1e6)
        #expect(summary.verdict.exitStatus == 99)
        #expect(RunSummary(try Bundle.open(folder)).budgets.isEmpty)
    }

    @Test("Memory is bounded, whatever a bundle asks for")
    func bounded() throws {
        let bundle = try Kinds.bundle("budgets")
        let rows = bundle.timeline.count
        let watches = BudgetWatches(bundle.budgets, of: bundle.record, bundle.timeline, mostIntervals: 3 * rows)
        #expect(watches.seconds.map(\.intervals.count).prefix(4) == [rows, rows, rows, 0])
        let many = Array(repeating: bundle.budgets[0], count: 30)
        let all = BudgetWatches(many, of: bundle.record, bundle.timeline)
        #expect(all.seconds.map { $0.histograms.isEmpty }.firstIndex(of: true) == 20)
        let judge = BudgetJudge(
            Measurement(bundle), validity: Validity(Measurement(bundle)), series: [:],
            seconds: [bundle.budgets[3]: BudgetSeconds(allowed: nil, intervals: [])])
        #expect(judge.judge(bundle.budgets[3]).verdict == .undecided)
    }

    @Test func theWorstStretchHasItsOwnPercentile() throws {
        var run = SyntheticRun()
        var budget = Kinds.budget("p90 < 1ms for 5s", "p90", 1e6)
        budget.windowSeconds = 5
        run.budgets = [budget]
        let result = try Kinds.with(run) { try #require(RunSummary($0).budgets.first) }
        #expect(result.verdict == .broken)
        let value = try #require(result.value)
        #expect(value > 1e6)
        #expect(result.worstWindow?.seconds == 5)
        #expect(result.worstWindow?.samples == 500)
    }

    @Test(
        "A damaged record is refused",
        arguments: [
            ("\"window_seconds\" : 5", "\"window_seconds\" : -5", "window_seconds is -5.0"),
            ("\"window_seconds\" : 5", "\"window_seconds\" : 1e300", "window_seconds is 1e+300"),
            ("\"baseline\" : 0.05", "\"baseline\" : -1", "baseline is -1.0"),
            ("\"statistic\" : \"send-lag\"", "\"statistic\" : \"errors(never)\"", "a statistic or a comparison"),
        ])
    func damage(text: String, damaged: String, message: String) throws {
        let folder = SyntheticRun.makeFolder()
        defer { SyntheticRun.remove(folder) }
        try Kinds.run("budgets").write(to: folder)
        let path = BundleFile.record.path(in: folder)
        let record = try #require(Golden.read(path))
        #expect(record.contains(text))
        try AtomicFile.write(record.replacing(text, with: damaged), to: path)
        let error = #expect(throws: BundleError.self) { try Bundle.open(folder) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
}
