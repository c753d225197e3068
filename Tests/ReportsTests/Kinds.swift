import Analysis
import Core
import Recording

/// The kinds of run that reports must be right for, by the names of their golden files.
enum Kinds {
    static let p99 = budget("p99 < 250ms", "p99", 250e6)
    static let errors = budget("errors < 1%", "errors", 0.01)
    static let rate = budget("rate > 90/s", "rate", 90, comparison: ">")

    static func budget(
        _ text: String, _ statistic: String, _ limit: Double, comparison: String = "<", scope: String? = nil,
        warnsOnly: Bool = false
    ) -> RunRecord.BudgetRecord {
        .init(
            text: text, scope: scope, statistic: statistic, comparison: comparison, limit: limit, warnsOnly: warnsOnly)
    }

    static let names = [
        "one-step", "many-steps", "empty", "killed", "interrupted", "invalid", "hostile", "closed", "broken",
        "business", "policies", "shards", "killed-policies", "resources", "budgets", "aborted",
    ]

    static func run(_ name: String) -> SyntheticRun {
        var run = SyntheticRun()
        run.budgets = [p99, errors, rate]
        switch name {
        case "one-step": run.median = 2
        case "many-steps":
            run.namesCalls = true
            run.median = 4
            run.warmUp = 5
            run.lostOnTheWay = 0
            run.phases = [40, 25]
            run.steps = [("browse", "home"), ("browse", "product"), ("buy", "cart"), ("buy", "order")]
            run.budgets.append(budget("buy: p95 < 400ms", "p95", 400e6, scope: "buy"))
            run.budgets.append(budget("buy/cart: p50 < 1ms warn", "p50", 1e6, scope: "buy/cart", warnsOnly: true))
        case "empty":
            run.rate = 0
            run.phases = [3]
        case "killed":
            run.median = 2
            run.state = .running
            run.cutOff = 9
            run.transactions = [("browse", "visit")]
            run.checks = [CheckName(scenario: "browse", step: "home", text: "body contains ok")]
            run.counters = [CounterName(name: "orders")]
            run.budgets.append(budget("orders >= 2000", "orders", 2_000, comparison: ">="))
        case "interrupted":
            run.median = 2
            run.state = .interrupted
        case "invalid":
            run.sendLag = .milliseconds(8)
            run.median = 1.8
            run.droppedLatePerSecond = 3
            run.failure = .fd_exhausted
            run.busiest = 0.97
        case "hostile":
            run.namesCalls = true
            run.median = 2
            run.name = "<script>alert(1)</script> | =cmd|' /C calc'!A0"
            run.target = "https://e.example/\u{1B}[31mred\u{1B}[0m\u{202E}"
            run.file = "a|b\n## not a heading.yaml"
            run.steps = [
                ("=cmd|'x'", "@SUM(1+1)*2"), ("<img src=x onerror=alert(1)>", "`code` \u{1B}]0;title\u{07}[a](b)"),
            ]
            run.budgets = [budget("<b>: p99 < 250ms", "p99", 250e6, scope: "<b>")]
            run.transactions = [("=cmd", "a|b,<script>\u{1B}[31m"), ("=cmd", "`c`\nd")]
            run.checks = [
                CheckName(scenario: "=cmd|'x'", step: "<b>", text: "body contains \"a\",\n|<script>\u{202E}"),
                CheckName(scenario: "+1", step: "*2*", text: "$.a[0] == <img src=x>"),
            ]
            run.sample =
                "<script>alert(1)</script>|\u{1B}]0;title\u{07}\r\n=1+1,\"x\"" + String(repeating: "x", count: 400)
            run.counters = [
                CounterName(name: "@SUM(1;2)=3,{x}"), CounterName(name: "<b>|\n", tags: [("a,b", "\u{1B}=")]),
            ]
            run.tags = [("kind", "a;b,c={d}\"\n%|<script>")]
            run.variant = "<b>|"
            run.settings = ["=1", "a|b"]
            run.policies = hostilePolicies
        case "closed":
            run.median = 2
            run.open = false
            run.busiest = 0.99
            run.insecure = true
            run.build = "debug"
            run.hiccups = 3
            run.resendsPerSecond = 1
        case "broken":
            run.namesCalls = true
            run.patternsLost = 7
            run.median = 30
            run.failEvery = 20
            run.lostOnTheWay = 3
            run.failure = .reset
            run.droppedInFlightPerSecond = 4
        case "business":
            run.median = 3
            run.steps = [("browse", "home"), ("buy", "checkout/cart"), ("buy", "checkout/pay")]
            run.transactions = [("buy", "checkout"), ("browse", "visit")]
            run.checks = [
                CheckName(scenario: "browse", step: "home", text: "body contains ok"),
                CheckName(scenario: "buy", step: "checkout/pay", text: "json $.total is 17"),
                CheckName(scenario: "buy", step: "checkout/pay", text: "latency < 500ms"),
            ]
            run.counters = [CounterName(name: "orders"), CounterName(name: "revenue", tags: [("currency", "EUR")])]
            run.variant = "staging"
            run.timeScale = 60
            run.settings = ["rate=100/s"]
            run.budgets += [
                budget("orders >= 900", "orders", 900, comparison: ">="),
                budget("orders > 60/s", "orders/s", 60, comparison: ">"),
                budget("buy/checkout: p95 < 400ms", "p95", 400e6, scope: "buy/checkout"),
            ]
        case "policies":
            run.namesCalls = true
            run.median = 3
            run.policies = policies
            run.budgets += [
                budget("rejected < 1%", "rejected", 0.01), budget("fallbacks < 5%", "fallbacks", 0.05),
                budget("amplification < 1.5", "amplification", 1.5),
            ]
        case "shards":
            run.median = 3
            run.policies = shards
        case "killed-policies":
            run.median = 2
            run.state = .running
            run.cutOff = 9
            run.policies = policies
        case "budgets":
            run.median = 20
            run.failEvery = 40
            run.steps = [("browse", "home"), ("buy", "order")]
            run.budgets = windows
        case "aborted":
            run.median = 60
            run.state = .interrupted
            run.abortedBy = "p95 < 200ms for 5s abort"
            var stop = budget("p95 < 200ms for 5s abort", "p95", 200e6)
            (stop.windowSeconds, stop.aborts, stop.line) = (5, true, 12)
            run.budgets = [stop, errors, rate]
        case "resources":
            run.median = 3
            run.resources = ResourceSamples.all(seconds: 20)
        default: preconditionFailure("no kind of run is called '\(name)'")
        }
        return run
    }

    /// Budgets of every sort that the other kinds do not have.
    private static var windows: [RunRecord.BudgetRecord] {
        var budgets = [
            budget("p95 < 250ms for 5s", "p95", 250e6), budget("p99 < 2s for 5s warn", "p99", 2e9, warnsOnly: true),
            budget("buy: mean < 100ms for 10s", "mean", 100e6, scope: "buy"),
            budget("rate > 90/s for 10s", "rate", 90, comparison: ">"),
            budget("errors < 2% for 10s abort", "errors", 0.02), budget("p95 < baseline + 5%", "p95", 0),
            budget("goodput > 90/s", "goodput", 90, comparison: ">"),
            budget("requests >= 1000", "requests", 1_000, comparison: ">="),
            budget("errors(5xx) < 5%", "errors(5xx)", 0.05), budget("send-lag < 1ms", "send-lag", 1e6),
            budget("buy: errors(reset) <= 0", "errors(reset)", 0, comparison: "<=", scope: "buy"),
        ]
        for (index, seconds) in [5.0, 5, 10, 10, 10].enumerated() { budgets[index].windowSeconds = seconds }
        budgets[4].aborts = true
        budgets[5].baseline = 0.05
        for index in budgets.indices { budgets[index].line = 10 + index }
        return budgets
    }

    /// Every kind as it was read back, or why it could not be; made once for all tests.
    private static let bundles = Dictionary(
        uniqueKeysWithValues: names.map { name in (name, Result { try with(run(name)) { $0 } }) })

    static func bundle(_ name: String) throws -> Bundle {
        guard let bundle = try bundles[name]?.get() else { preconditionFailure("no kind of run is called '\(name)'") }
        return bundle
    }

    /// Writes the run, reads it back and hands over what was read.
    static func with<Value>(_ run: SyntheticRun, _ body: (Bundle) throws -> Value) throws -> Value {
        let folder = SyntheticRun.makeFolder()
        defer { SyntheticRun.remove(folder) }
        try run.write(to: folder)
        return try body(try Bundle.open(folder))
    }
}
