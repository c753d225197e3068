import Core
import Testing

@Suite("A budget")
struct BudgetTests {
    @Test(
        "compares strictly or not, as its sign says",
        arguments: [
            // sign, holds below the limit, at it, above it
            (Comparison.below, true, false, false),
            (.atMost, true, true, false),
            (.above, false, false, true),
            (.atLeast, false, true, true),
        ])
    func comparison(_ comparison: Comparison, below: Bool, at: Bool, above: Bool) {
        let limit = 250e6
        #expect(comparison.holds(limit.nextDown, limit) == below)
        #expect(comparison.holds(limit, limit) == at)
        #expect(comparison.holds(limit.nextUp, limit) == above)
    }

    @Test("is never kept by a value that is no number", arguments: Comparison.allCases)
    func noNumber(comparison: Comparison) {
        #expect(!comparison.holds(.nan, 1))
    }

    @Test(
        "writes its sign as a plan does",
        arguments: zip(Comparison.allCases, ["<", "<=", ">", ">="]))
    func sign(of comparison: Comparison, is text: String) {
        #expect(comparison.rawValue == text)
        #expect(Comparison(rawValue: text) == comparison)
    }

    @Test(
        "names its statistic as a plan does",
        arguments: [
            (Statistic.percentile(99), "p99"), (.percentile(99.9), "p99.9"), (.percentile(50), "p50"),
            (.percentile(100), "p100"), (.percentile(99.999), "p99.999"), (.mean, "mean"), (.maximum, "max"),
            (.errors, "errors"), (.rate, "rate"), (.dropped, "dropped"), (.goodput, "goodput"), (.requests, "requests"),
            (.errorsOf(.kind(.reset)), "errors(reset)"), (.errorsOf(.status(503...503)), "errors(503)"),
            (.errorsOf(.status(500...599)), "errors(5xx)"), (.errorsOf(.status(500...503)), "errors(500-503)"),
            (.sendLag(99), "send-lag"), (.sendLag(99.9), "send-lag(p99.9)"),
            (.counter(name: "orders", perSecond: false), "orders"),
            (.counter(name: "orders", perSecond: true), "orders/s"),
        ])
    func name(of statistic: Statistic, is text: String) {
        #expect(statistic.description == text)
    }

    @Test("speaks of the whole run and breaks it, unless it says otherwise")
    func defaults() {
        let budget = Budget(statistic: .errors, comparison: .below, limit: 0.01, text: "errors < 1%")
        #expect(budget.scope == nil)
        #expect(!budget.warnsOnly)
    }

    @Test(
        "reads how a call ended",
        arguments: [
            ("reset", .kind(.reset)), ("status_5xx", .kind(.status_5xx)), ("503", .status(503...503)),
            ("5xx", .status(500...599)), ("4XX", .status(400...499)), ("500-503", .status(500...503)),
            ("100-599", .status(100...599)),
        ] as [(String, CallEnding)])
    func ending(text: String, is ending: CallEnding) { #expect(CallEnding(text) == ending) }

    @Test(arguments: ["", "timeout", "RESET", "6xx", "0xx", "xxx", "99", "600", "503-500", "500-", "-503", "5x", "50３"])
    func noEnding(text: String) { #expect(CallEnding(text) == nil) }

    @Test(
        "may have a share of samples beyond its limit",
        arguments: [
            (.percentile(99), .below, nil, 0.01), (.percentile(99.9), .atMost, nil, 0.001),
            (.sendLag(50), .below, nil, 0.5), (.errors, .below, nil, 0.02), (.dropped, .atMost, nil, 0.02),
            (.errorsOf(.kind(.reset)), .below, nil, 0.02), (.percentile(100), .below, nil, nil),
            (.percentile(99), .above, nil, nil), (.errors, .atLeast, nil, nil), (.percentile(99), .below, 0.05, nil),
            (.mean, .below, nil, nil), (.maximum, .below, nil, nil), (.rate, .below, nil, nil),
            (.amplification, .below, nil, nil),
        ] as [(Statistic, Comparison, Double?, Double?)])
    func allowed(statistic: Statistic, comparison: Comparison, baseline: Double?, share: Double?) {
        let budget = Budget(
            statistic: statistic, comparison: comparison, limit: 0.02, baseline: baseline, text: "the budget")
        #expect((budget.allowedShare == nil) == (share == nil))
        if let share { #expect(abs((budget.allowedShare ?? 0) - share) < 1e-12) }
    }
}
