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
            (.errors, "errors"), (.rate, "rate"), (.dropped, "dropped"),
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
}
