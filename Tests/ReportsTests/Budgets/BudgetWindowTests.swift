import Analysis
import Core
import Recording
import Testing

@Suite("A limit with a window must hold in every stretch of that length")
struct BudgetWindowTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var budget: Budget
        var seconds: [WatchedSeconds]
        var expected: Verdict
        /// Of the worst stretch: when it begins and its value, as a report has it.
        var start: Double?
        var value: String?
        var measured = MeasuredTime()
        var testDescription: String { text }
    }

    private static func budget(
        _ statistic: Statistic, _ comparison: Comparison, _ limit: Double, for seconds: Int64, scope: String? = nil
    ) -> Budget {
        Budget(
            scope: scope, statistic: statistic, comparison: comparison, limit: limit, window: .seconds(seconds),
            text: "the budget")
    }

    private static let p99 = budget(.percentile(99), .below, 250e6, for: 3)
    private static let busy = WatchedSeconds(fast: 1_000)
    private static let calm = WatchedSeconds(fast: 100)

    @Test(arguments: [
        Case(
            text: "p99 in every stretch", budget: p99, seconds: busy.times(20), expected: .met, start: 0,
            value: "10.0 ms"),
        Case(
            text: "p99 broken in one stretch, though the run keeps it", budget: p99,
            seconds: busy.times(30) + WatchedSeconds(fast: 970, slow: 30).times(3) + busy.times(30), expected: .broken,
            start: 30, value: "1.00 s"),
        Case(
            text: "1 % of a stretch may be slow", budget: p99, seconds: WatchedSeconds(fast: 990, slow: 10).times(6),
            expected: .met, start: 0, value: "10.0 ms"),
        Case(text: "no stretch has calls enough", budget: p99, seconds: calm.times(20), expected: .undecided),
        Case(
            text: "ten slow calls break a stretch, however few there are", budget: p99,
            seconds: calm.times(10) + [WatchedSeconds(fast: 90, slow: 10)] + calm.times(10), expected: .broken,
            start: 8,
            value: "1.00 s"),
        Case(
            text: "nine do not", budget: p99,
            seconds: calm.times(10) + [WatchedSeconds(fast: 90, slow: 9)] + calm.times(10),
            expected: .undecided),
        Case(
            text: "one stretch with calls enough is enough", budget: p99,
            seconds: calm.times(5) + busy.times(3) + calm.times(5), expected: .met, start: 3),
        Case(
            text: "a stretch longer than the run is the run", budget: budget(.percentile(99), .below, 250e6, for: 60),
            seconds: busy.times(5), expected: .met, start: 0, value: "10.0 ms"),
        Case(
            text: "no call at all breaks it", budget: p99, seconds: WatchedSeconds(fast: 0).times(5), expected: .broken),
        Case(
            text: "a lower bound on p99", budget: budget(.percentile(99), .above, 5e6, for: 3), seconds: busy.times(5),
            expected: .met, start: 0),
        Case(
            text: "a lower bound on p99 that one stretch misses", budget: budget(.percentile(99), .above, 50e6, for: 3),
            seconds: WatchedSeconds(fast: 900, slow: 100).times(4) + busy.times(4), expected: .broken, start: 4),
        Case(
            text: "p99 of a step", budget: budget(.percentile(99), .below, 250e6, for: 3, scope: "buy/cart"),
            seconds: busy.times(5), expected: .met, start: 0),
        Case(
            text: "p99 of a transaction", budget: budget(.percentile(99), .below, 1e6, for: 3, scope: "buy/checkout"),
            seconds: busy.times(5), expected: .broken, start: 0),
        Case(
            text: "the send lag", budget: budget(.sendLag(99), .below, 1e6, for: 3), seconds: busy.times(5),
            expected: .broken, start: 0),
        Case(
            text: "errors", budget: budget(.errors, .below, 0.1, for: 3),
            seconds: calm.times(5) + WatchedSeconds(fast: 100, failed: 20).times(2) + calm.times(5), expected: .broken,
            start: 4, value: "13.3 %"),
        Case(
            text: "errors spread over the run", budget: budget(.errors, .below, 0.1, for: 3),
            seconds: WatchedSeconds(fast: 100, failed: 5).times(10), expected: .met, start: 0, value: "5 %"),
        Case(
            text: "errors of so few calls say nothing", budget: budget(.errors, .below, 0.01, for: 3),
            seconds: WatchedSeconds(fast: 10, failed: 1).times(10), expected: .undecided),
        Case(
            text: "not one error", budget: budget(.errors, .atMost, 0, for: 3),
            seconds: calm.times(5) + [WatchedSeconds(fast: 10, failed: 1)] + calm.times(5), expected: .broken, start: 3),
        Case(
            text: "errors of one kind", budget: budget(.errorsOf(.kind(.reset)), .below, 0.1, for: 2),
            seconds: calm.times(3) + WatchedSeconds(failed: 50).times(2) + calm.times(3), expected: .broken, start: 3,
            value: "50 %"),
        Case(
            text: "errors of one status", budget: budget(.errorsOf(.status(500...599)), .below, 0.1, for: 2),
            seconds: calm.times(3) + WatchedSeconds(failed: 50).times(2) + calm.times(3), expected: .broken, start: 3),
        Case(
            text: "errors of a step are not known by second",
            budget: budget(.errors, .below, 0.1, for: 3, scope: "buy/cart"),
            seconds: calm.times(10), expected: .undecided),
        Case(
            text: "drops", budget: budget(.dropped, .below, 0.1, for: 3),
            seconds: calm.times(5) + [WatchedSeconds(fast: 10, dropped: 90)] + calm.times(5), expected: .broken,
            start: 3),
        Case(
            text: "the mean", budget: budget(.mean, .below, 50e6, for: 2),
            seconds: calm.times(4) + WatchedSeconds(fast: 90, slow: 10).times(2) + calm.times(4), expected: .broken,
            start: 4, value: "109 ms"),
        Case(
            text: "the mean of a scenario", budget: budget(.mean, .below, 50e6, for: 2, scope: "buy"),
            seconds: calm.times(4), expected: .met, start: 0),
        Case(
            text: "the mean of a handful of calls", budget: budget(.mean, .below, 1e6, for: 2),
            seconds: WatchedSeconds(fast: 2).times(4), expected: .undecided),
        Case(
            text: "the maximum", budget: budget(.maximum, .below, 500e6, for: 3),
            seconds: calm.times(4) + [WatchedSeconds(slow: 1)] + calm.times(4), expected: .broken, start: 2,
            value: "1.00 s"),
        Case(
            text: "a lower bound on the maximum", budget: budget(.maximum, .above, 500e6, for: 3),
            seconds: WatchedSeconds(slow: 1).times(4) + calm.times(4), expected: .broken, start: 4, value: "10.0 ms"),
        Case(
            text: "a rate with a dip", budget: budget(.rate, .above, 90, for: 3),
            seconds: calm.times(5) + WatchedSeconds(fast: 50).times(3) + calm.times(5), expected: .broken, start: 5,
            value: "50/s"),
        Case(
            text: "a rate with a short dip", budget: budget(.rate, .above, 80, for: 3),
            seconds: calm.times(5) + [WatchedSeconds(fast: 50)] + calm.times(5), expected: .met, start: 3,
            value: "83.3/s"),
        Case(
            text: "a rate that stands still", budget: budget(.rate, .above, 0, for: 2),
            seconds: calm.times(5) + WatchedSeconds(fast: 0).times(2), expected: .broken, start: 5, value: "0/s"),
        Case(
            text: "a rate is of the load, not of the drain", budget: budget(.rate, .above, 90, for: 3),
            seconds: calm.times(5) + WatchedSeconds(fast: 1).times(5), expected: .met, start: 0, measured: .init(end: 5)
        ),
        Case(
            text: "latencies are of the drain, too", budget: budget(.maximum, .below, 500e6, for: 3),
            seconds: calm.times(5) + WatchedSeconds(fast: 0, slow: 1).times(3), expected: .broken, start: 3,
            measured: .init(end: 5)),
        Case(
            text: "what comes before measured time is left out", budget: budget(.rate, .above, 90, for: 3),
            seconds: WatchedSeconds(fast: 0).times(5) + calm.times(5), expected: .met, start: 5,
            measured: .init(start: 5)),
        Case(
            text: "goodput", budget: budget(.goodput, .above, 90, for: 2),
            seconds: calm.times(5) + WatchedSeconds(failed: 20).times(2), expected: .broken, start: 5, value: "80/s"),
        Case(
            text: "an amount in every stretch", budget: budget(.requests, .atLeast, 300, for: 3),
            seconds: calm.times(9),
            expected: .met, start: 0, value: "300"),
        Case(
            text: "a counter", budget: budget(.counter(name: "orders", perSecond: false), .atLeast, 1, for: 3),
            seconds: WatchedSeconds(orders: 1).times(4) + calm.times(3), expected: .broken, start: 4, value: "0"),
        Case(
            text: "a counter per second", budget: budget(.counter(name: "orders", perSecond: true), .above, 1, for: 2),
            seconds: WatchedSeconds(orders: 2).times(4), expected: .met, start: 0, value: "2/s"),
        Case(
            text: "amplification", budget: budget(.amplification, .atMost, 1, for: 2), seconds: calm.times(4),
            expected: .met, start: 0, value: "1"),
        Case(
            text: "seconds that are not quite as long", budget: p99,
            seconds: WatchedSeconds(fast: 1_000, length: 0.997).times(6), expected: .met, start: 0),
        Case(
            text: "a stretch shorter than a second is one second",
            budget: Budget(
                statistic: .percentile(99), comparison: .below, limit: 250e6, window: .milliseconds(20), text: "p99"),
            seconds: busy.times(3) + [WatchedSeconds(fast: 980, slow: 20)], expected: .broken, start: 3),
    ])
    func judged(_ example: Case) throws {
        var run = Measurement.healthy
        run.steps = [StepSummary(scenario: "buy", step: "cart"), StepSummary(scenario: "buy", step: "order")]
        run.transactions = [TransactionSummary(scenario: "buy", transaction: "checkout")]
        let seen = WatchedSeconds.watched(example.budget, example.seconds, measured: example.measured)
        let judge = BudgetJudge(run, validity: Validity(run), series: [:], seconds: [example.budget: seen])
        let result = judge.judge(example.budget)
        #expect(result.verdict == example.expected)
        #expect(result.worstWindow?.start == example.start)
        if let value = example.value { #expect(result.valueText == value) }
        #expect(result.verdict != .undecided || result.reason != nil, "what is undecided says why")
        #expect(result.verdict != .met || result.value != nil, "what is met has a value")
        if let window = result.worstWindow {
            let length = try #require(example.budget.window).seconds
            #expect(window.seconds <= length + 1)
        }
    }

    @Test func tooFewCallsAreCounted() {
        let seen = WatchedSeconds.watched(Self.p99, Self.calm.times(20))
        let run = Measurement.healthy
        let result = BudgetJudge(run, validity: Validity(run), series: [:], seconds: [Self.p99: seen]).judge(Self.p99)
        #expect(
            result.reason
                == "no stretch of 3 s has the 1,000 calls that it takes; the fullest has 300, 700 too few")
    }

    @Test func theWorstStretchIsSaid() {
        let seconds = Self.busy.times(12) + WatchedSeconds(fast: 970, slow: 30).times(3) + Self.busy.times(5)
        let seen = WatchedSeconds.watched(Self.p99, seconds)
        let run = Measurement.healthy
        let result = BudgetJudge(run, validity: Validity(run), series: [:], seconds: [Self.p99: seen]).judge(Self.p99)
        #expect(result.note == "worst from 12 s to 15 s, where 3 % of 3,000 calls were beyond the limit")
        #expect(abs((result.burn ?? 0) - 3) < 1e-9)
        #expect(result.samples == 3_000)
    }

    @Test func aBudgetThatNobodyWatchedIsUndecided() {
        let run = Measurement.healthy
        let result = BudgetJudge(run, validity: Validity(run), series: [:]).judge(Self.p99)
        #expect(result.verdict == .undecided)
        #expect(result.reason == "it is not known second by second")
    }

    /// Against a judge that looks at each stretch by itself.
    @Test("Sliding agrees with looking at each stretch", arguments: 0..<40 as Range<UInt64>)
    func slidingAgrees(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let seconds = (0..<30).map { _ in
            WatchedSeconds(fast: Int(random.next() % 400), slow: Int(random.next() % 5), failed: 0)
        }
        let length = Int(random.next() % 8) + 1
        let statistics: [Statistic] = [.percentile(95), .maximum, .rate, .mean]
        let statistic = statistics[Int(seed % 4)]
        let comparison: Comparison = statistic == .rate ? .above : .below
        let limit = [250e6, 500e6, 190, 15e6][Int(seed % 4)]
        let budget = Self.budget(statistic, comparison, limit, for: Int64(length))
        let run = Measurement.healthy
        let seen = WatchedSeconds.watched(budget, seconds)
        let result = BudgetJudge(run, validity: Validity(run), series: [:], seconds: [budget: seen]).judge(budget)

        var expected: Set<Verdict> = []
        for start in 0...(seconds.count - length) {
            let part = seconds[start..<start + length]
            let fast = part.reduce(0) { $0 + $1.fast }
            let slow = part.reduce(0) { $0 + $1.slow }
            let all = fast + slow
            switch statistic {
            case .percentile:
                if all >= 200 || slow >= 10 && slow * 20 > all { expected.insert(slow * 20 <= all ? .met : .broken) }
            case .maximum: if all > 0 { expected.insert(slow == 0 ? .met : .broken) }
            case .rate: expected.insert(all > 190 * length ? .met : .broken)
            default:
                // The middle of the buckets of 10 ms and of 1 s.
                let mean = (Double(fast) * 9_998_336 + Double(slow) * 1_000_079_360) / Double(all)
                if all >= 10 { expected.insert(mean < 15e6 ? .met : .broken) }
            }
        }
        let verdict: Verdict = expected.contains(.broken) ? .broken : expected.contains(.met) ? .met : .undecided
        #expect(result.verdict == verdict, "\(statistic) for \(length) s")
    }

    // MARK: Burn

    @Test("The worst burn is that of the worst twelfth of the run")
    func worstBurn() throws {
        let budget = Budget(statistic: .percentile(99), comparison: .below, limit: 250e6, text: "p99 < 250ms")
        let seconds = Self.busy.times(24) + WatchedSeconds(fast: 960, slow: 40).times(2) + Self.busy.times(10)
        let seen = WatchedSeconds.watched(budget, seconds)
        let run = Measurement.healthy
        let histogram = seconds.reduce(into: LatencyHistogram()) { sum, item in
            if let second = item.second(at: 0).histograms["response"] { sum.add(second) }
        }
        let judge = BudgetJudge(
            run, validity: Validity(run), series: ["response": histogram], seconds: [budget: seen])
        let result = judge.judge(budget)
        let worst = try #require(result.worstBurn)
        // 36 seconds: stretches of three, of which two are bad.
        #expect(worst.seconds == 3)
        #expect(worst.start == 23)
        #expect(abs(worst.burn - 80.0 / 3_000 / 0.01) < 1e-9)
        #expect(abs((result.burn ?? 0) - 80.0 / 36_000 / 0.01) < 1e-9)
    }

    @Test(
        "A budget without a share has no burn",
        arguments: [Statistic.mean, .maximum, .rate, .goodput, .requests, .amplification])
    func noBurn(statistic: Statistic) {
        let budget = Budget(statistic: statistic, comparison: .below, limit: 1e9, text: "the budget")
        let seen = WatchedSeconds.watched(budget, Self.calm.times(24))
        #expect(seen.allowed == nil)
        #expect(seen.intervals.count == 24)
        let run = Measurement.healthy
        let result = BudgetJudge(run, validity: Validity(run), series: [:], seconds: [budget: seen]).judge(budget)
        #expect(result.worstBurn == nil)
    }
}
