import Analysis
import Core
import Recording
import Testing

@Suite("A budget with abort stops the run")
struct AbortWatchTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var budget: Budget
        var seconds: [WatchedSeconds]
        /// How many seconds have passed when it stops the run; nil for never.
        var stopsAfter: Int?
        var measured = MeasuredTime()
        var testDescription: String { text }
    }

    private static func budget(
        _ statistic: Statistic, _ comparison: Comparison, _ limit: Double, for seconds: Int64? = nil,
        scope: String? = nil
    ) -> Budget {
        Budget(
            scope: scope, statistic: statistic, comparison: comparison, limit: limit,
            window: seconds.map { .seconds($0) }, aborts: true, text: "the budget")
    }

    private static let calm = WatchedSeconds(fast: 100)
    private static let p99 = budget(.percentile(99), .below, 250e6)

    @Test(arguments: [
        Case(text: "a run that keeps it goes on", budget: p99, seconds: calm.times(20)),
        Case(
            text: "two slow calls at the start stop nothing", budget: p99,
            seconds: [WatchedSeconds(fast: 5, slow: 2)] + calm.times(9)),
        Case(text: "nor do nine", budget: p99, seconds: [WatchedSeconds(fast: 5, slow: 9)] + calm.times(9)),
        Case(text: "ten do", budget: p99, seconds: [WatchedSeconds(fast: 5, slow: 10)] + calm.times(9), stopsAfter: 1),
        Case(
            text: "ten that are less than 1 % do not", budget: p99,
            seconds: WatchedSeconds(fast: 2_000, slow: 2).times(20)),
        Case(
            text: "slow calls add up", budget: p99, seconds: WatchedSeconds(fast: 98, slow: 2).times(20), stopsAfter: 5),
        Case(
            text: "a good start bears a bad end", budget: p99,
            seconds: calm.times(50) + WatchedSeconds(fast: 90, slow: 10).times(20), stopsAfter: 56),
        Case(
            text: "errors", budget: budget(.errors, .below, 0.1),
            seconds: calm.times(2) + WatchedSeconds(failed: 50).times(5),
            stopsAfter: 3),
        Case(
            text: "not one error may be", budget: budget(.errors, .atMost, 0),
            seconds: calm.times(4) + [WatchedSeconds(failed: 1)] + calm.times(4), stopsAfter: 5),
        Case(
            text: "errors of a step", budget: budget(.errors, .below, 0.1, scope: "buy/cart"),
            seconds: calm.times(2) + WatchedSeconds(failed: 50).times(5), stopsAfter: 3),
        Case(
            text: "errors of the step beside it", budget: budget(.errors, .below, 0.1, scope: "buy/order"),
            seconds: calm.times(2) + WatchedSeconds(failed: 50).times(5)),
        Case(
            text: "latency of a step", budget: budget(.percentile(99), .below, 250e6, scope: "buy/cart"),
            seconds: WatchedSeconds(fast: 90, slow: 10).times(5), stopsAfter: 1),
        Case(
            text: "one call beyond a maximum is never mended", budget: budget(.maximum, .below, 500e6),
            seconds: calm.times(3) + [WatchedSeconds(slow: 1)] + calm.times(3), stopsAfter: 4),
        Case(
            text: "the mean, with ten calls beyond it", budget: budget(.mean, .below, 15e6),
            seconds: WatchedSeconds(fast: 100, slow: 1).times(20), stopsAfter: 10),
        Case(
            text: "an amount that is reached", budget: budget(.requests, .below, 450), seconds: calm.times(9),
            stopsAfter: 5),
        Case(
            text: "a rate that is too high", budget: budget(.rate, .below, 90), seconds: calm.times(9), stopsAfter: 1),
        Case(
            text: "a rate that is a little too high", budget: budget(.rate, .below, 98), seconds: calm.times(9),
            stopsAfter: 5),
        Case(text: "a lower bound stops nothing", budget: budget(.rate, .above, 1_000), seconds: calm.times(20)),
        Case(
            text: "a stretch", budget: budget(.percentile(90), .below, 250e6, for: 3),
            seconds: calm.times(20) + WatchedSeconds(fast: 70, slow: 30).times(5), stopsAfter: 22),
        Case(
            text: "a stretch must have passed", budget: budget(.percentile(90), .below, 250e6, for: 5),
            seconds: WatchedSeconds(fast: 50, slow: 50).times(9), stopsAfter: 5),
        Case(
            text: "a stretch with few calls", budget: budget(.percentile(99), .below, 250e6, for: 3),
            seconds: WatchedSeconds(fast: 5, slow: 3).times(20)),
        Case(
            text: "a rate with a dip", budget: budget(.rate, .above, 90, for: 3),
            seconds: calm.times(10) + WatchedSeconds(fast: 50).times(9), stopsAfter: 11),
        Case(
            text: "a rate is not looked at before the load", budget: budget(.rate, .above, 90, for: 3),
            seconds: WatchedSeconds(fast: 0).times(10) + calm.times(10), measured: .init(start: 10)),
        Case(
            text: "nor in the drain", budget: budget(.rate, .above, 90, for: 3),
            seconds: calm.times(10) + WatchedSeconds(fast: 0).times(10), measured: .init(end: 10)),
        Case(
            text: "a counter that stands still",
            budget: budget(.counter(name: "orders", perSecond: false), .above, 0, for: 3),
            seconds: WatchedSeconds(orders: 1).times(5) + calm.times(9), stopsAfter: 8),
        Case(
            text: "one without abort",
            budget: Budget(statistic: .maximum, comparison: .below, limit: 1, text: "max < 1ns"),
            seconds: calm.times(5)),
        Case(
            text: "one against a baseline",
            budget: Budget(
                statistic: .maximum, comparison: .below, limit: 0, baseline: 0.05, aborts: true, text: "max < baseline"),
            seconds: calm.times(5)),
    ])
    func stops(_ example: Case) {
        var watch = AbortWatch([example.budget], names: WatchedSeconds.names, measured: example.measured)
        var stopped: Int?
        for (index, second) in WatchedSeconds.seconds(example.seconds).enumerated() where stopped == nil {
            if let budget = watch.add(second) {
                #expect(budget == example.budget)
                stopped = index + 1
            }
        }
        #expect(stopped == example.stopsAfter)
    }

    /// The stretch that stops a run is one that the judge of the finished run finds broken.
    @Test("What stops a run is broken when the run is judged", arguments: 0..<30 as Range<UInt64>)
    func agreesWithTheJudge(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let list = (0..<40).map { _ in WatchedSeconds(fast: Int(random.next() % 300), slow: Int(random.next() % 12)) }
        let budget = Self.budget(.percentile(95), .below, 250e6, for: Int64(random.next() % 5) + 1)
        var watch = AbortWatch([budget], names: WatchedSeconds.names, measured: MeasuredTime())
        var until: [WatchedSeconds] = []
        var stopped = false
        for (item, second) in zip(list, WatchedSeconds.seconds(list)) where !stopped {
            until.append(item)
            stopped = watch.add(second) != nil
        }
        let run = Measurement.healthy
        let seen = WatchedSeconds.watched(budget, until)
        let result = BudgetJudge(run, validity: Validity(run), series: [:], seconds: [budget: seen]).judge(budget)
        #expect((result.verdict == .broken) == stopped)
    }

    @Test func theFirstOfSeveralIsNamed() {
        var first = Self.budget(.maximum, .below, 1)
        first.text = "max < 1ns abort"
        var watch = AbortWatch([Self.p99, first], names: WatchedSeconds.names, measured: MeasuredTime())
        #expect(watch.add(Self.calm.second(at: 0))?.text == "max < 1ns abort")
    }

    @Test func aRecordWithoutSuchABudgetNeedsNoWatch() throws {
        let record = try Kinds.bundle("one-step").record
        #expect(AbortWatch(try Kinds.bundle("one-step").budgets, of: record) == nil)
        #expect(AbortWatch([Self.p99], of: record) != nil)
    }

    // MARK: What a run hands over

    @Test("A second of all clients has the counts of its interval, and its histograms by tag")
    func interval() {
        let table = SeriesTable(
            steps: [("buy", "cart"), ("buy", "order")], transactions: [("buy", "checkout")],
            counters: [CounterName(name: "orders")])
        let interval = Interval(table)
        interval.ledger.succeeded = 2
        interval.ledger.failed = 1
        interval.steps[0].count(status: 200, failure: nil)
        interval.steps[1].count(status: 200, failure: nil)
        interval.steps[1].count(status: 503, failure: .status_5xx)
        interval.counters.add(counter: 0, tags: "", amount: 4)
        interval.histograms[table.response(of: 1)].record(.milliseconds(5))
        interval.histograms[table.sendLag].record(.microseconds(5))
        var response = LatencyHistogram()
        response.record(.milliseconds(5))
        let second = WatchedSecond(
            start: .seconds(7), length: .seconds(1), interval, of: table, response: response)
        #expect(second.start == 7)
        #expect(second.length == 1)
        #expect(second.ledger == interval.ledger)
        #expect(second.failures == [.status_5xx: 1])
        #expect(second.statuses == [200: 2, 503: 1])
        #expect(second.counters == [CounterKey(name: "orders"): 4])
        #expect(second.histograms.keys.sorted() == ["response", "response/buy/order", "send-lag"])
        #expect(second.steps.map(\.failed) == [0, 1])
    }
}
