import Analysis
import Core
import Recording

/// Seconds that budgets look at: so many fast and slow calls of one step.
struct WatchedSeconds {
    var fast = 100
    var slow = 0
    /// Of the fast calls those that failed.
    var failed = 0
    /// Arrivals that were dropped.
    var dropped = 0
    /// Orders counted.
    var orders = 0.0
    var length = 1.0

    static let fastTime = Span.milliseconds(10)
    static let slowTime = Span.seconds(1)
    static let names = ScopeNames(steps: [("buy", "cart"), ("buy", "order")], transactions: [("buy", "checkout")])

    /// The same second `count` times.
    func times(_ count: Int) -> [WatchedSeconds] { Array(repeating: self, count: count) }

    func second(at start: Double) -> WatchedSecond {
        var response = LatencyHistogram()
        for _ in 0..<fast { response.record(Self.fastTime) }
        for _ in 0..<slow { response.record(Self.slowTime) }
        var second = WatchedSecond(start: start, length: length)
        second.ledger.scheduled = fast + slow + dropped
        second.ledger.droppedInFlight = dropped
        second.ledger.completed = fast + slow
        second.ledger.made = fast + slow
        second.ledger.firstTries = fast + slow
        second.ledger.succeeded = fast + slow - failed
        second.ledger.failed = failed
        if failed > 0 {
            second.failures = [.reset: failed]
            second.statuses = [503: failed]
        }
        if orders > 0 { second.counters = [CounterKey(name: "orders"): orders] }
        var cart = StepCounts()
        for call in 0..<(fast + slow) { cart.count(status: 200, failure: call < failed ? .reset : nil) }
        second.steps = [cart, StepCounts()]
        second.histograms = [
            "response": response, "response/buy/cart": response, "transaction/buy/checkout": response,
            "send-lag": response,
        ]
        return second
    }

    /// The seconds of a list one after the other.
    static func seconds(_ list: [WatchedSeconds]) -> [WatchedSecond] {
        var start = 0.0
        return list.map { item in
            defer { start += item.length }
            return item.second(at: start)
        }
    }

    static func watched(
        _ budget: Budget, _ list: [WatchedSeconds], measured: MeasuredTime = MeasuredTime()
    ) -> BudgetSeconds {
        var watch = BudgetWatch(budget, names: names, measured: measured)
        for second in seconds(list) { watch.add(second) }
        return watch.seconds
    }
}
