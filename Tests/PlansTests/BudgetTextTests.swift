import Core
import Recording
import Testing

@testable import Plans

/// The grammar of budgets, in a plan and on the command line.
struct BudgetTextTests {
    // MARK: Right ones

    @Test(
        arguments: [
            ("p99 < 250ms", nil, .percentile(99), .below, 250e6, false, "p99 < 250ms"),
            ("p99<=1.5s", nil, .percentile(99), .atMost, 1.5e9, false, "p99 <= 1.5s"),
            ("p(99.9) < 1s", nil, .percentile(99.9), .below, 1e9, false, "p(99.9) < 1s"),
            ("p99.9  <  1s", nil, .percentile(99.9), .below, 1e9, false, "p99.9 < 1s"),
            ("median < 50ms warn", nil, .percentile(50), .below, 50e6, true, "median < 50ms warn"),
            ("p99 < 250ms error", nil, .percentile(99), .below, 250e6, false, "p99 < 250ms"),
            ("mean < 800us", nil, .mean, .below, 800e3, false, "mean < 800us"),
            ("max < 1s", nil, .maximum, .below, 1e9, false, "max < 1s"),
            ("errors < 1%", nil, .errors, .below, 0.01, false, "errors < 1%"),
            ("errors <= 0", nil, .errors, .atMost, 0, false, "errors <= 0"),
            ("errors(503) < 1%", nil, .errorsOf(.status(503...503)), .below, 0.01, false, "errors(503) < 1%"),
            ("errors( 5xx ) < 1%", nil, .errorsOf(.status(500...599)), .below, 0.01, false, "errors( 5xx ) < 1%"),
            ("errors(500-503) < 1%", nil, .errorsOf(.status(500...503)), .below, 0.01, false, "errors(500-503) < 1%"),
            ("buy: errors(reset) <= 0", "buy", .errorsOf(.kind(.reset)), .atMost, 0, false, "buy: errors(reset) <= 0"),
            ("rate >= 450/s", nil, .rate, .atLeast, 450, false, "rate >= 450/s"),
            ("rate > 30/m", nil, .rate, .above, 0.5, false, "rate > 30/m"),
            ("buy: goodput > 30/m", "buy", .goodput, .above, 0.5, false, "buy: goodput > 30/m"),
            ("requests >= 1_000", nil, .requests, .atLeast, 1_000, false, "requests >= 1_000"),
            ("send-lag < 1ms", nil, .sendLag(99), .below, 1e6, false, "send-lag < 1ms"),
            ("send-lag(p99.9) < 2ms", nil, .sendLag(99.9), .below, 2e6, false, "send-lag(p99.9) < 2ms"),
            ("send-lag(50) < 2ms", nil, .sendLag(50), .below, 2e6, false, "send-lag(50) < 2ms"),
            ("dropped < 0.1%", nil, .dropped, .below, 0.001, false, "dropped < 0.1%"),
            ("rejected < 1%", nil, .rejected, .below, 0.01, false, "rejected < 1%"),
            ("buy: fallbacks <= 5%", "buy", .fallbacks, .atMost, 0.05, false, "buy: fallbacks <= 5%"),
            ("amplification < 1.2 warn", nil, .amplification, .below, 1.2, true, "amplification < 1.2 warn"),
            ("buy: p95 < 400ms", "buy", .percentile(95), .below, 400e6, false, "buy: p95 < 400ms"),
            ("buy/GET /a:b: p95 < 1s", "buy/GET /a:b", .percentile(95), .below, 1e9, false, "buy/GET /a:b: p95 < 1s"),
        ] as [(String, String?, Statistic, Comparison, Double, Bool, String)])
    func aBudgetIsRead(
        text: String, scope: String?, statistic: Statistic, comparison: Comparison, limit: Double, warns: Bool,
        written: String
    ) throws {
        let budget = try BudgetText.parse(text)
        #expect(
            budget
                == Budget(
                    scope: scope, statistic: statistic, comparison: comparison, limit: limit, warnsOnly: warns,
                    text: written))
        #expect(try BudgetText.parse(budget.text) == budget, "what it writes it reads again")
    }

    @Test(
        arguments: [
            ("p99 < 250ms for 10s", 10, false, false, "p99 < 250ms for 10s"),
            ("p99 < 250ms for 1m30s warn", 90, true, false, "p99 < 250ms for 1m30s warn"),
            ("p99 < 250ms  for 1s  abort", 1, false, true, "p99 < 250ms for 1s abort"),
            ("p99 < 250ms for 10s error", 10, false, false, "p99 < 250ms for 10s"),
            ("p99 < 250ms abort", nil, false, true, "p99 < 250ms abort"),
            ("buy: p99 < 250ms for 10s", 10, false, false, "buy: p99 < 250ms for 10s"),
            ("buy: max < 250ms for 10s abort", 10, false, true, "buy: max < 250ms for 10s abort"),
            ("buy: errors < 1% abort", nil, false, true, "buy: errors < 1% abort"),
            ("errors < 1% for 10s", 10, false, false, "errors < 1% for 10s"),
            ("rate > 100/s for 10s abort", 10, false, true, "rate > 100/s for 10s abort"),
            ("requests > 10 for 10s", 10, false, false, "requests > 10 for 10s"),
        ] as [(String, Int64?, Bool, Bool, String)])
    func aLimitHoldsForAWhileOrStopsTheRun(
        text: String, window: Int64?, warns: Bool, aborts: Bool, written: String
    ) throws {
        let budget = try BudgetText.parse(text)
        #expect(budget.window == window.map { .seconds($0) })
        #expect(budget.warnsOnly == warns)
        #expect(budget.aborts == aborts)
        #expect(budget.text == written)
        #expect(try BudgetText.parse(budget.text) == budget)
    }

    @Test(
        arguments: [
            ("p95 < baseline + 5%", 0.05, "p95 < baseline + 5%"), ("p95 < baseline+5%", 0.05, "p95 < baseline + 5%"),
            ("p95 < baseline +5%", 0.05, "p95 < baseline + 5%"), ("p95 < baseline", 0, "p95 < baseline"),
            ("p95 < baseline - 2.5% warn", -0.025, "p95 < baseline - 2.5% warn"),
            ("goodput >= baseline - 2%", -0.02, "goodput >= baseline - 2%"),
            ("buy: errors <= baseline + 0.5%", 0.005, "buy: errors <= baseline + 0.5%"),
            ("orders/s > baseline", 0, nil), ("orders > baseline - 10%", -0.1, "orders > baseline - 10%"),
        ] as [(String, Double, String?)])
    func aLimitIsRelativeToABaseline(text: String, change: Double, written: String?) throws {
        guard let written else {
            #expect(throws: BudgetText.Misread.self) { try BudgetText.parse(text, counters: ["orders"]) }
            return
        }
        let budget = try BudgetText.parse(text, counters: ["orders"])
        #expect(abs((budget.baseline ?? .nan) - change) < 1e-12)
        #expect(budget.limit == 0)
        #expect(budget.text == written)
        #expect(try BudgetText.parse(budget.text, counters: ["orders"]) == budget)
    }

    @Test(
        arguments: [
            ("orders >= 100", "orders", false, .atLeast, 100, "orders >= 100"),
            ("orders > 10/s", "orders", true, .above, 10, "orders > 10/s"),
            ("orders>=30/m warn", "orders", true, .atLeast, 0.5, "orders >= 30/m warn"),
            ("revenue < 1_340.5", "revenue", false, .below, 1_340.5, "revenue < 1_340.5"),
            ("revenue > 0", "revenue", false, .above, 0, "revenue > 0"),
            ("visits <= 5", "visits", false, .atMost, 5, "visits <= 5"),
        ] as [(String, String, Bool, Comparison, Double, String)])
    func aBudgetOfACounterIsRead(
        text: String, counter: String, perSecond: Bool, comparison: Comparison, limit: Double, written: String
    ) throws {
        let budget = try BudgetText.parse(text, counters: ["orders", "revenue", "visits"])
        #expect(
            budget
                == Budget(
                    statistic: .counter(name: counter, perSecond: perSecond), comparison: comparison, limit: limit,
                    warnsOnly: text.hasSuffix("warn"), text: written))
    }

    @Test func aFigureOfTheRunGoesBeforeACounterOfTheSameName() throws {
        #expect(try BudgetText.parse("rate > 10/s", counters: ["rate"]).statistic == .rate)
        #expect(try BudgetText.parse("p99 < 1s", counters: ["p99"]).statistic == .percentile(99))
        #expect(try BudgetText.parse("requests > 1", counters: ["requests"]).statistic == .requests)
    }

    // MARK: Wrong ones

    @Test(
        arguments: [
            ("orders >= 100", [], "`orders` is no figure of a run"),
            ("order >= 100", ["orders"], "did you mean `orders`?"),
            ("orders >= 100ms", ["orders"], "is not an amount"),
            ("orders >= 10/d", ["orders"], "is not a rate"),
            ("orders >= -1", ["orders"], "is negative"),
            ("orders >= 1e9", ["orders"], "is not an amount"),
            ("orders >= 10000000000000000", ["orders"], "is above 1e15"),
            ("orders >= 1%", ["orders"], "is not an amount"),
            ("buy: orders >= 100", ["orders"], "`orders` is counted for the whole run and has no scope"),
            ("goodputs > 1/s", [], "did you mean `goodput`?"),
            ("send_lag < 1ms", [], "did you mean `send-lag`?"),
            ("send-lag(fast) < 1ms", [], "`fast` is no percentile"),
            ("send-lag() < 1ms", [], "is no percentile"),
            ("send-lag < 1%", [], "is not a duration"),
            ("requests > 10/s", [], "is not an amount"),
            ("goodput > 10", [], "has no unit"),
            ("errors(timeout) < 1%", [], "`errors(tls_timeout)`, `errors(attempt_timeout)`"),
            ("errors(rest) < 1%", [], "did you mean `errors(reset)`?"),
            ("errors(777) < 1%", [], "write a status such as `503` or `5xx`"),
            ("errors() < 1%", [], "is no kind of failure and no status"),
            ("errors(503) < 10ms", [], "is not a share"),
            ("p99 < 250ms for", [], "`for` does not say how long"),
            ("p99 < 250ms for 10", [], "has no unit"),
            ("p99 < 250ms for 500ms", [], "is shorter than a second"),
            ("p99 < 250ms for 40d", [], "is longer than 30d"),
            ("p99 < 250ms for 10s for 20s", [], "`for` stands behind the last word"),
            ("p99 < 250ms warn for 10s", [], "write it before `warn`, `error` or `abort`"),
            ("p99 < 250ms warn abort", [], "`abort` does not belong into a budget"),
            ("p99 < 250ms soon", [], "`soon` does not belong into a budget"),
            ("p99 < warn", [], "is not a duration"),
            ("p95 < baseline +", [], "`baseline +` does not say how much"),
            ("p95 < baseline + 5", [], "has no unit"),
            ("p95 < baseline + 5ms", [], "is not a share"),
            ("p95 < baseline + 500%", [], "is more than the whole"),
            ("p95 < baseline - 100%", [], "leaves nothing"),
            ("p95 < baseline * 2", [], "`*` does not belong into a budget"),
            ("p95 < baselines", [], "is not a duration"),
            ("p95 < baseline + 5% for 10s", [], "whole runs are compared with whole runs"),
            ("p95 < baseline + 5% abort", [], "a run is compared once it has ended"),
            ("rate > 100/s abort", [], "only beside `for`"),
            ("p99 > 1ms abort", [], "only beside `for`"),
            ("buy: errors < 1% for 10s", [], "takes a percentile, `mean` or `max`"),
            ("buy: goodput > 1/s for 10s", [], "known second by second for the whole run only"),
        ] as [(String, Set<String>, String)])
    func aWrongBudgetIsRefused(text: String, counters: Set<String>, message: String) {
        let error = #expect(throws: BudgetText.Misread.self) { try BudgetText.parse(text, counters: counters) }
        let said = [error?.complaint.message, error?.complaint.remedy].compactMap { $0 }.joined(separator: "; ")
        #expect(said.contains(message), "\(said)")
        #expect(error?.part.isEmpty == false, "a complaint has a place")
    }

    // MARK: The plan's file

    @Test func aBudgetKnowsItsLine() throws {
        let plan = try PlanInputs.plan(
            """
            scenarios: { buy: [{ get: / }] }
            budgets:
              - p99 < 250ms

              - buy: p95 < 400ms for 10s abort
            """)
        #expect(plan.budgets.map(\.line) == [3, 5])
        #expect(plan.budgets.map(\.scope) == [nil, "buy"])
        #expect(plan.budgets[1].aborts)
    }

    @Test func timesOfABudgetAreScaledWithThePlan() throws {
        let scale = try #require(TimeScale(60))
        var budget = try BudgetText.parse("p99 < 600ms for 2m")
        scale.scale(&budget)
        #expect(budget.limit == 10e6)
        #expect(budget.window == .seconds(2))
        var goodput = try BudgetText.parse("goodput > 10/s")
        scale.scale(&goodput)
        #expect(goodput.limit == 600)
        var requests = try BudgetText.parse("requests > 10")
        scale.scale(&requests)
        #expect(requests.limit == 10)
    }

    // MARK: The command line

    private static let names: BudgetNames = {
        var record = RunRecord(
            gale: "0.1.0", state: .finished, name: "shop", target: "http://127.0.0.1", seed: 1, started: "",
            startedEpoch: 0, plan: .init(file: nil, hash: "", text: "", overrides: []), environment: nil, phases: [],
            steps: [.init(scenario: "browse", step: "list"), .init(scenario: "buy", step: "POST /orders")], budgets: [])
        record.transactions = [.init(scenario: "buy", step: "checkout")]
        record.counters = [.init(CounterKey(name: "orders"))]
        return BudgetNames(record)
    }()

    @Test(arguments: [
        "p99 < 250ms", "buy: p99 < 250ms", "buy/POST /orders: errors(5xx) < 1%", "buy/checkout: errors < 1%",
        "orders > 10/s", "p95 < baseline + 5%",
    ])
    func aBudgetOfTheCommandLineIsRead(text: String) throws {
        let budget = try Budget(text: text, names: Self.names)
        #expect(budget.text == text)
        #expect(budget.line == nil)
    }

    @Test(
        arguments: [
            ("by: p99 < 250ms", "--budget: `by` is no scenario, step or transaction of this plan: did you mean `buy`?"),
            (
                "sell: p99 < 250ms",
                "--budget: `sell` is no scenario, step or transaction of this plan: known are `browse`, "
                    + "`browse/list`, `buy`, `buy/POST /orders`, `buy/checkout`"
            ),
            (
                "buy: dropped < 1%",
                "--budget: `dropped` is a figure of the whole run and has no scope: write `dropped` "
                    + "without `buy:`"
            ),
            (
                "buy: send-lag < 1ms",
                "--budget: `send-lag` is a figure of the whole run and has no scope: write `send-lag` "
                    + "without `buy:`"
            ),
            (
                "buy/checkout: errors(503) < 1%",
                "--budget: `errors(503)` is of single calls, and a transaction has no status: name one of its steps, or "
                    + "write `errors`"
            ),
            ("p99 250ms", "--budget: `p99 250ms` has no comparison: write it like `p99 < 250ms`"),
        ])
    func aWrongBudgetOfTheCommandLineIsRefused(text: String, message: String) {
        let error = #expect(throws: OptionProblem.self) { try Budget(text: text, names: Self.names) }
        #expect(error?.description == message)
    }

    @Test func plainNamesAreEnough() throws {
        let budget = try Budget(text: "buy: p99 < 1s", counters: [], scopes: ["buy"])
        #expect(budget.scope == "buy")
        #expect(throws: OptionProblem.self) { try Budget(text: "buy: p99 < 1s", counters: [], scopes: []) }
    }

    @Test func aRecordHasAllOfABudget() throws {
        let budget = try BudgetText.parse("buy: p99 < 250ms for 10s abort")
        let record = RunRecord.BudgetRecord(budget)
        #expect(record.text == budget.text)
        #expect(record.scope == "buy")
        #expect(record.statistic == "p99")
        #expect(record.windowSeconds == 10)
        #expect(record.aborts == true)
        #expect(record.baseline == nil)
        let relative = RunRecord.BudgetRecord(try BudgetText.parse("errors <= baseline - 2%"))
        #expect(relative.baseline == -0.02)
        #expect(relative.aborts == nil)
        #expect(relative.windowSeconds == nil)
    }
}
