import Analysis
import Core
import Recording
import Testing

@Suite("A budget is met, broken or undecided")
struct BudgetTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var budget: Budget
        var expected: Verdict
        /// Calls of 1 ms and of 1 s.
        var fast = 1_000
        var slow = 0
        var change: @Sendable (inout Measurement) -> Void = { _ in }
        var testDescription: String { text }
    }

    private static func budget(
        _ statistic: Statistic, _ comparison: Comparison, _ limit: Double, scope: String? = nil
    ) -> Budget {
        Budget(scope: scope, statistic: statistic, comparison: comparison, limit: limit, text: "the budget")
    }

    private static func counter(
        _ name: String, _ comparison: Comparison, _ limit: Double, perSecond: Bool = false
    ) -> Budget {
        budget(.counter(name: name, perSecond: perSecond), comparison, limit)
    }

    private static func relative(_ statistic: Statistic) -> Budget {
        Budget(statistic: statistic, comparison: .below, limit: 0, baseline: 0.05, text: "p99 < baseline + 5%")
    }

    private static let p99 = budget(.percentile(99), .below, 250e6)

    @Test(arguments: [
        Case(text: "p99 kept by all", budget: p99, expected: .met),
        Case(text: "p99 kept when 1 % are over", budget: p99, expected: .met, fast: 990, slow: 10),
        Case(text: "p99 broken when more are over", budget: p99, expected: .broken, fast: 989, slow: 11),
        Case(text: "999 calls prove no p99", budget: p99, expected: .undecided, fast: 999),
        Case(text: "nine slow calls of few break none", budget: p99, expected: .undecided, fast: 91, slow: 9),
        Case(text: "ten slow calls of few break it", budget: p99, expected: .broken, fast: 90, slow: 10),
        Case(text: "p50 needs only 20 calls", budget: budget(.percentile(50), .below, 5e6), expected: .met, fast: 20),
        Case(text: "not 19", budget: budget(.percentile(50), .below, 5e6), expected: .undecided, fast: 19),
        Case(text: "no call breaks a budget", budget: p99, expected: .broken, fast: 0),
        Case(text: "a lower bound on p99", budget: budget(.percentile(99), .above, 250e6), expected: .broken),
        Case(text: "the mean", budget: budget(.mean, .below, 2e6), expected: .met),
        Case(text: "the mean with slow calls", budget: budget(.mean, .below, 2e6), expected: .broken, slow: 10),
        Case(text: "the maximum", budget: budget(.maximum, .atMost, 500e6), expected: .broken, slow: 1),
        Case(
            text: "p100 rests on all samples", budget: budget(.percentile(100), .below, 500e6), expected: .met, fast: 5),
        Case(text: "errors below the limit", budget: budget(.errors, .below, 0.01), expected: .met) {
            $0.ledger.failed = 5
            $0.ledger.succeeded = 995
        },
        Case(text: "errors at the limit are not below it", budget: budget(.errors, .below, 0.01), expected: .broken) {
            $0.ledger.failed = 10
            $0.ledger.succeeded = 990
        },
        Case(text: "errors at most the limit", budget: budget(.errors, .atMost, 0.01), expected: .met) {
            $0.ledger.failed = 10
            $0.ledger.succeeded = 990
        },
        Case(text: "rejected calls are errors", budget: budget(.errors, .below, 0.01), expected: .broken) {
            $0.ledger.rejected = 500
        },
        Case(
            text: "a run of nothing but rejected calls is all errors", budget: budget(.errors, .atLeast, 1),
            expected: .met
        ) {
            $0.ledger.succeeded = 0
            $0.ledger.rejected = 1_000
        },
        Case(text: "what a fallback answered is no error", budget: budget(.errors, .atMost, 0), expected: .met) {
            $0.ledger.rejected = 30
            $0.ledger.failed = 20
            $0.ledger.fallbacks = 50
        },
        Case(
            text: "cancelled calls are none, and no calls either", budget: budget(.errors, .atMost, 0.01),
            expected: .met
        ) {
            $0.ledger.failed = 10
            $0.ledger.succeeded = 990
            $0.ledger.cancelled = 5_000
        },
        Case(
            text: "errors of a step when nobody knows what was rejected",
            budget: budget(.errors, .below, 0.01, scope: "buy/cart"), expected: .undecided
        ) { $0.ledger.rejected = 10 },
        Case(
            text: "errors of a step that knows what was rejected",
            budget: budget(.errors, .below, 0.01, scope: "buy/cart"), expected: .broken
        ) {
            $0.ledger.rejected = 10
            $0.steps[0].rejected = 10
        },
        Case(
            text: "errors of a step whose rejected calls had a fallback",
            budget: budget(.errors, .below, 0.01, scope: "buy/cart"), expected: .met
        ) {
            ($0.ledger.rejected, $0.ledger.fallbacks) = (10, 10)
            ($0.steps[0].rejected, $0.steps[0].fallbacks) = (10, 10)
        },
        Case(
            text: "errors of a step when another one rejected",
            budget: budget(.errors, .below, 0.01, scope: "buy/cart"),
            expected: .met
        ) {
            $0.ledger.rejected = 10
            $0.steps[1].rejected = 10
        },
        Case(text: "no call was rejected", budget: budget(.rejected, .below, 0.01), expected: .met) {
            $0.ledger.made = 1_000
        },
        Case(text: "1 % of the calls made were rejected", budget: budget(.rejected, .below, 0.01), expected: .broken) {
            $0.ledger.made = 1_000
            $0.ledger.rejected = 10
        },
        Case(text: "rejected calls without a call", budget: budget(.rejected, .below, 0.01), expected: .broken),
        Case(
            text: "rejected calls of a step", budget: budget(.rejected, .atMost, 0.02, scope: "buy/cart"),
            expected: .met
        ) {
            $0.ledger.rejected = 10
            $0.steps[0].rejected = 10
        },
        Case(text: "fallbacks within the limit", budget: budget(.fallbacks, .atMost, 0.05), expected: .met) {
            $0.ledger.made = 1_000
            ($0.ledger.failed, $0.ledger.fallbacks) = (50, 50)
        },
        Case(text: "fallbacks beyond it", budget: budget(.fallbacks, .atMost, 0.05), expected: .broken) {
            $0.ledger.made = 1_000
            ($0.ledger.failed, $0.ledger.fallbacks) = (51, 51)
        },
        Case(text: "amplification at the limit", budget: budget(.amplification, .atMost, 1.1), expected: .met) {
            $0.ledger.made = 1_100
            $0.ledger.rejected = 100
            ($0.ledger.firstTries, $0.ledger.retries) = (1_000, 100)
        },
        Case(text: "amplification with hedges", budget: budget(.amplification, .atMost, 1.1), expected: .broken) {
            $0.ledger.made = 1_000
            ($0.ledger.firstTries, $0.ledger.retries, $0.ledger.hedges) = (1_000, 100, 1)
        },
        Case(text: "amplification without a call", budget: budget(.amplification, .below, 2), expected: .broken),
        Case(
            text: "amplification of a scenario", budget: budget(.amplification, .below, 2, scope: "buy"),
            expected: .undecided),
        Case(text: "errors without a call", budget: budget(.errors, .below, 0.01), expected: .broken) {
            $0.ledger = Ledger()
        },
        Case(text: "errors of a scenario", budget: budget(.errors, .below, 0.01, scope: "buy"), expected: .broken),
        Case(
            text: "errors of one of its steps", budget: budget(.errors, .below, 0.01, scope: "buy/cart"), expected: .met
        ),
        Case(
            text: "errors of one kind", budget: budget(.errorsOf(.kind(.reset)), .below, 0.01), expected: .met
        ) { $0.failures.add("reset", 9) },
        Case(
            text: "errors of one kind at the limit", budget: budget(.errorsOf(.kind(.reset)), .below, 0.01),
            expected: .broken
        ) { $0.failures.add("reset", 10) },
        Case(
            text: "errors of another kind", budget: budget(.errorsOf(.kind(.reset)), .atMost, 0), expected: .met
        ) { $0.failures.add("total_timeout", 500) },
        Case(
            text: "errors of one status", budget: budget(.errorsOf(.status(503...503)), .atMost, 0.01),
            expected: .met
        ) {
            $0.statuses.add("503", 10)
            $0.statuses.add("500", 100)
        },
        Case(
            text: "errors of a class of statuses", budget: budget(.errorsOf(.status(500...599)), .atMost, 0.01),
            expected: .broken
        ) {
            $0.statuses.add("503", 10)
            $0.statuses.add("500", 1)
            $0.statuses.add("200", 989)
        },
        Case(
            text: "errors of one kind of a step",
            budget: budget(.errorsOf(.kind(.reset)), .below, 0.01, scope: "buy/cart"),
            expected: .broken
        ) { $0.steps[0].failures.add("reset", 5) },
        Case(
            text: "errors of one kind of the step beside it",
            budget: budget(.errorsOf(.kind(.reset)), .below, 0.01, scope: "buy/order"), expected: .met
        ) { $0.steps[0].failures.add("reset", 5) },
        Case(text: "goodput", budget: budget(.goodput, .atLeast, 100), expected: .met),
        Case(text: "goodput leaves out what failed", budget: budget(.goodput, .atLeast, 100), expected: .broken) {
            $0.ledger.succeeded = 999
            $0.ledger.failed = 1
        },
        Case(text: "goodput of nothing but failures", budget: budget(.goodput, .above, 0), expected: .broken) {
            $0.ledger.succeeded = 0
            $0.ledger.failed = 1_000
        },
        Case(text: "goodput without a call", budget: budget(.goodput, .below, 5), expected: .broken) {
            $0.ledger = Ledger()
        },
        Case(text: "goodput of a scenario", budget: budget(.goodput, .atLeast, 95, scope: "buy"), expected: .met),
        Case(text: "goodput of a step", budget: budget(.goodput, .atLeast, 50, scope: "buy/order"), expected: .broken),
        Case(text: "goodput when a closed phase was full", budget: budget(.goodput, .above, 1), expected: .undecided) {
            $0.phases[0].open = false
            $0.busiestClosed = 0.95
        },
        Case(text: "requests", budget: budget(.requests, .atLeast, 1_000), expected: .met),
        Case(text: "too few requests", budget: budget(.requests, .above, 1_000), expected: .broken),
        Case(text: "requests of a step", budget: budget(.requests, .atLeast, 500, scope: "buy/order"), expected: .met),
        Case(text: "rejected calls are no requests", budget: budget(.requests, .atLeast, 1_001), expected: .broken) {
            $0.ledger.rejected = 500
        },
        Case(text: "half a run may still send more", budget: budget(.requests, .above, 9e9), expected: .undecided) {
            $0.state = .killed
        },
        Case(text: "the send lag", budget: budget(.sendLag(99), .below, 2e6), expected: .met),
        Case(text: "the send lag beyond its limit", budget: budget(.sendLag(99), .below, 500e3), expected: .broken),
        Case(
            text: "a percentile of it with too few calls", budget: budget(.sendLag(99.9), .below, 2e6),
            expected: .undecided),
        Case(
            text: "the send lag of a step", budget: budget(.sendLag(99), .below, 2e6, scope: "buy/cart"),
            expected: .undecided),
        Case(text: "a limit against a baseline", budget: relative(.percentile(99)), expected: .undecided),
        Case(
            text: "a limit against a baseline without data", budget: relative(.percentile(99)), expected: .broken,
            fast: 0),
        Case(text: "nothing is met by a run that was stopped", budget: p99, expected: .undecided) {
            $0.state = .aborted
        },
        Case(text: "latency of a scenario", budget: budget(.percentile(50), .below, 5e6, scope: "buy"), expected: .met),
        Case(
            text: "latency of a scenario nobody has", budget: budget(.mean, .below, 5e6, scope: "sell"),
            expected: .broken),
        Case(text: "a rate", budget: budget(.rate, .atLeast, 100), expected: .met),
        Case(text: "a rate that is not reached", budget: budget(.rate, .above, 100), expected: .broken),
        Case(text: "a rate when a closed phase was full", budget: budget(.rate, .above, 100), expected: .undecided) {
            $0.phases[0].open = false
            $0.busiestClosed = 0.95
        },
        Case(text: "drops", budget: budget(.dropped, .below, 0.01), expected: .met),
        Case(text: "drops of both kinds", budget: budget(.dropped, .below, 0.01), expected: .broken) {
            $0.ledger.droppedInFlight = 6
            $0.ledger.droppedLate = 6
        },
        Case(text: "drops of a scenario", budget: budget(.dropped, .below, 0.01, scope: "buy"), expected: .undecided),
        Case(
            text: "latency of a transaction", budget: budget(.percentile(50), .below, 5e6, scope: "buy/checkout"),
            expected: .met),
        Case(
            text: "the maximum of a transaction", budget: budget(.maximum, .below, 500e6, scope: "buy/checkout"),
            expected: .broken, slow: 1),
        Case(
            text: "errors of a transaction", budget: budget(.errors, .below, 0.2, scope: "buy/checkout"),
            expected: .broken),
        Case(
            text: "errors of a transaction within the limit",
            budget: budget(.errors, .below, 0.3, scope: "buy/checkout"), expected: .met),
        Case(
            text: "a transaction that never ended breaks its budget",
            budget: budget(.mean, .below, 5e6, scope: "buy/checkout"), expected: .broken, fast: 0),
        Case(text: "a counter reached", budget: counter("orders", .atLeast, 100), expected: .met),
        Case(text: "a counter is judged on all its tags", budget: counter("orders", .above, 100), expected: .broken),
        Case(text: "a counter with an upper bound", budget: counter("orders", .below, 100), expected: .broken),
        Case(text: "a counter per second", budget: counter("orders", .above, 1.5, perSecond: true), expected: .met),
        Case(text: "a counter too slow", budget: counter("orders", .above, 2, perSecond: true), expected: .broken),
        Case(text: "a counter nobody counted is 0", budget: counter("refunds", .atLeast, 1), expected: .broken),
        Case(text: "and keeps an upper bound", budget: counter("refunds", .atMost, 0), expected: .met),
        Case(
            text: "a counter per second without a second", budget: counter("orders", .above, 0, perSecond: true),
            expected: .broken
        ) { $0.measuredSeconds = 0 },
        Case(
            text: "a counter of a scenario",
            budget: budget(
                .counter(name: "orders", perSecond: false), .atLeast, 1, scope: "buy"), expected: .undecided),
        Case(text: "half a run may still count on", budget: counter("orders", .atLeast, 1_000), expected: .undecided) {
            $0.state = .killed
        },
        Case(text: "what half a run counted too much", budget: counter("orders", .below, 10), expected: .broken) {
            $0.state = .interrupted
        },
        Case(text: "a counter in an invalid run", budget: counter("orders", .atLeast, 1), expected: .undecided) {
            $0.busiestOpen = 1
        },
        Case(text: "nothing is met in an invalid run", budget: p99, expected: .undecided) { $0.busiestOpen = 1 },
        Case(text: "what is broken stays broken in it", budget: p99, expected: .broken, slow: 50) {
            $0.busiestOpen = 1
        },
        Case(text: "nothing is met by half a run", budget: p99, expected: .undecided) { $0.state = .killed },
        Case(text: "what half a run broke is broken", budget: p99, expected: .broken, slow: 50) {
            $0.state = .interrupted
        },
        Case(text: "half a run without data decides nothing", budget: p99, expected: .undecided, fast: 0) {
            $0.state = .killed
        },
    ])
    func judged(_ example: Case) {
        var run = Measurement.healthy
        let (series, steps) = Self.series(fast: example.fast, slow: example.slow)
        run.steps = steps
        var checkout = TransactionSummary(scenario: "buy", transaction: "checkout")
        checkout.succeeded = 75
        checkout.failed = 25
        run.transactions = [checkout]
        run.counters = [
            CounterSummary(
                name: "orders",
                sums: [CounterKey(name: "orders"): 40, CounterKey(name: "orders", tags: "kind=red"): 60],
                seconds: 50)
        ]
        example.change(&run)
        let result = BudgetJudge(run, validity: Validity(run), series: series).judge(example.budget)
        #expect(result.verdict == example.expected)
        #expect(result.verdict != .undecided || result.reason != nil, "what is undecided says why")
        #expect(result.verdict != .met || result.value != nil, "what is met has a value")
    }

    @Test("Burn is the share over the limit by the share allowed over it")
    func burn() {
        let (series, steps) = Self.series(fast: 970, slow: 30)
        var run = Measurement.healthy
        run.steps = steps
        run.ledger.failed = 5
        run.ledger.succeeded = 995
        let judge = BudgetJudge(run, validity: Validity(run), series: series)
        #expect(abs((judge.judge(Self.p99).burn ?? 0) - 3) < 1e-9)
        #expect(abs((judge.judge(Self.budget(.errors, .below, 0.01)).burn ?? 0) - 0.5) < 1e-9)
        #expect(judge.judge(Self.budget(.maximum, .below, 1e9)).burn == nil)
        #expect(judge.judge(Self.budget(.percentile(100), .below, 1e9)).burn == nil)
        #expect(judge.judge(Self.budget(.rate, .above, 1)).burn == nil)
    }

    @Test("A percentile and the share over the limit never disagree", arguments: 0..<60 as Range<UInt64>)
    func percentileAndShareAgree(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var histogram = LatencyHistogram()
        for _ in 0..<2_000 { histogram.record(.microseconds(Int64(random.next() % 100_000))) }
        let percent = [50.0, 90, 95, 99][Int(seed % 4)]
        let limit = Double(random.next() % 100_000_000)
        let budget = Self.budget(.percentile(percent), .atMost, limit)
        let run = Measurement.healthy
        let result = BudgetJudge(run, validity: Validity(run), series: ["response": histogram]).judge(budget)
        // A burn of 1 is the share allowed, to the last sample.
        #expect((result.verdict == .met) == (try #require(result.burn) <= 1 + 1e-9))
    }

    @Test("What is undecided for want of calls says how many more it takes")
    func missingCalls() {
        let (series, steps) = Self.series(fast: 412, slow: 0)
        var run = Measurement.healthy
        run.steps = steps
        let result = BudgetJudge(run, validity: Validity(run), series: series).judge(Self.p99)
        #expect(result.reason == "p99 of 412 calls rests on too few samples; it takes 1,000 calls, 588 more")
    }

    @Test("The budget that stopped a run is broken, whatever came after it")
    func aborted() {
        let (series, steps) = Self.series(fast: 1_000, slow: 0)
        var run = Measurement.healthy
        run.steps = steps
        run.state = .aborted
        run.abortedBy = "p99 < 250ms abort"
        var budget = Self.p99
        budget.aborts = true
        budget.text = "p99 < 250ms abort"
        let judge = BudgetJudge(run, validity: Validity(run), series: series)
        let result = judge.judge(budget)
        #expect(result.verdict == .broken)
        #expect(result.reason == "it broke the limit and stopped the run")
        #expect(judge.judge(Self.p99).reason == "the run was stopped")
        let verdict = RunVerdict(run, validity: Validity(run), budgets: [result])
        #expect(verdict.sentence == "BROKEN: stopped after 10 s by `p99 < 250ms abort`.")
        #expect(verdict.exitStatus == 99)
    }

    @Test("Without a baseline a limit relative to one says how to give it")
    func noBaseline() {
        let (series, steps) = Self.series(fast: 1_000, slow: 0)
        var run = Measurement.healthy
        run.steps = steps
        let judge = BudgetJudge(run, validity: Validity(run), series: series)
        let result = judge.judge(Self.relative(.percentile(99)))
        #expect(result.reason == "no baseline was given: `gale gate BUNDLE… --baseline BUNDLE…`")
        #expect(result.value != nil)
        #expect(judge.value(of: Self.relative(.errors)) == 0)
        #expect(judge.sample(of: Self.relative(.percentile(99))).samples == 1_000)
        #expect(judge.sample(of: Self.relative(.percentile(99))).excluded == nil)
        run.busiestOpen = 1
        let spoiled = BudgetJudge(run, validity: Validity(run), series: series)
        #expect(spoiled.sample(of: Self.relative(.errors)).excluded == "the run is invalid")
    }

    private static func series(fast: Int, slow: Int) -> ([String: LatencyHistogram], [StepSummary]) {
        var histogram = LatencyHistogram()
        for _ in 0..<fast { histogram.record(.milliseconds(1)) }
        for _ in 0..<slow { histogram.record(.seconds(1)) }
        var cart = StepSummary(scenario: "buy", step: "cart")
        cart.succeeded = 500
        cart.failed = 0
        var order = StepSummary(scenario: "buy", step: "order")
        order.succeeded = 450
        order.failed = 50
        return (
            [
                "response": histogram, "response/buy/cart": histogram, "response/buy/order": histogram,
                "transaction/buy/checkout": histogram, "send-lag": histogram,
            ], [cart, order]
        )
    }

    // MARK: The whole run

    @Test(
        "The exit status of a run",
        arguments: [
            ("all met", [Verdict.met, .met], true, Measurement.State.finished, 10, Int32(0), Verdict.met),
            ("one broken", [.met, .broken], true, .finished, 10, 99, .broken),
            ("broken beats undecided", [.undecided, .broken], true, .finished, 10, 99, .broken),
            ("one undecided", [.met, .undecided], true, .finished, 10, 75, .undecided),
            ("invalid beats broken", [.broken], false, .finished, 10, 75, .invalid),
            ("interrupted", [.undecided], true, .interrupted, 10, 130, .undecided),
            ("interrupted and broken", [.broken], true, .interrupted, 10, 130, .broken),
            ("interrupted and invalid", [], false, .interrupted, 10, 130, .invalid),
            ("stopped by a budget", [.broken], true, .aborted, 10, 99, .broken),
            ("stopped by a budget, the others undecided", [.broken, .undecided], true, .aborted, 10, 99, .broken),
            ("stopped and judged by other budgets", [.undecided], true, .aborted, 10, 99, .broken),
            ("stopped and invalid", [.broken], false, .aborted, 10, 75, .invalid),
            ("no budgets", [], true, .finished, 10, 0, .met),
            ("no budgets, nothing succeeded", [], true, .finished, 0, 99, .broken),
            ("no budgets, killed", [], true, .killed, 10, 75, .undecided),
            ("no budgets, invalid", [], false, .finished, 10, 75, .invalid),
        ])
    func exitStatus(
        name: String, budgets: [Verdict], isValid: Bool, state: Measurement.State, succeeded: Int, status: Int32,
        verdict: Verdict
    ) {
        var run = Measurement.healthy
        run.state = state
        run.ledger.succeeded = succeeded
        if !isValid { run.busiestOpen = 1 }
        let results = budgets.map {
            BudgetResult(budget: Self.p99, verdict: $0, value: 1e6, samples: 10)
        }
        let answer = RunVerdict(run, validity: Validity(run), budgets: results)
        #expect(answer.exitStatus == status)
        #expect(answer.verdict == verdict)
        #expect(answer.sentence.hasPrefix(verdict.rawValue.uppercased() + ": "))
    }

    @Test func aBudgetThatOnlyWarnsLeavesTheStatusAlone() {
        let run = Measurement.healthy
        var budget = Self.p99
        budget.warnsOnly = true
        let broken = BudgetResult(budget: budget, verdict: .broken, value: 1e9, samples: 10)
        #expect(RunVerdict(run, validity: Validity(run), budgets: [broken]).exitStatus == 0)
    }

    @Test(
        "Statistics are read as they are written",
        arguments: [
            Statistic.percentile(50), .percentile(99.9), .percentile(99.99), .percentile(100), .mean, .maximum, .errors,
            .rate, .dropped, .rejected, .fallbacks, .amplification, .goodput, .requests, .sendLag(99), .sendLag(99.9),
            .errorsOf(.kind(.total_timeout)), .errorsOf(.status(503...503)), .errorsOf(.status(500...599)),
            .errorsOf(.status(500...503)),
        ])
    func statisticNames(statistic: Statistic) { #expect(Statistic(name: statistic.description) == statistic) }

    @Test("A counter is read as it is written, if it is known")
    func counterNames() {
        let counters: Set<String> = ["orders", "p99", "a/s"]
        for statistic in [
            Statistic.counter(name: "orders", perSecond: false), .counter(name: "orders", perSecond: true),
        ] {
            #expect(Statistic(name: statistic.description, counters: counters) == statistic)
            #expect(Statistic(name: statistic.description) == nil)
        }
        #expect(Statistic(name: "p99", counters: counters) == .percentile(99), "a figure of the run goes first")
        #expect(Statistic(name: "a/s", counters: counters) == .counter(name: "a/s", perSecond: false))
        #expect(Statistic(name: "/s", counters: counters) == nil)
    }

    @Test(arguments: [
        "p0", "p101", "p-1", "pnan", "p", "median", "", "P99", "errors()", "errors(timeout)", "send-lag(99)",
    ])
    func statisticsThatDoNotExist(name: String) { #expect(Statistic(name: name) == nil) }
}
