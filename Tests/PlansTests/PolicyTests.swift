import Core
import Foundation
import Policies
import Testing

@testable import Plans

/// The policies of `client`: what each word reads as.
struct PolicyTests {
    private func client(_ yaml: String) throws -> PolicySettings {
        try PlanInputs.plan("client: { \(yaml) }").client.policies
    }

    @Test func withoutWordsThereAreNoPolicies() throws {
        #expect(try PlanInputs.plan("name: a").client.policies == PolicySettings())
    }

    // MARK: Where to

    @Test(
        arguments: [
            ("round-robin", .roundRobin), ("weighted-round-robin", .weightedRoundRobin),
            ("least-connections", .leastConnections), ("least-request", .leastRequest(choices: 2)),
            ("p2c", .leastRequest(choices: 2)), ("peak-ewma", .peakEWMA), ("random", .random),
            ("{ rule: least-request, choices: 3 }", .leastRequest(choices: 3)), ("{ panic: 0% }", .roundRobin),
        ] as [(String, BalanceSettings.Rule)])
    func aRuleIsCalledByItsName(yaml: String, rule: BalanceSettings.Rule) throws {
        #expect(try client("balance: \(yaml)").balance.rule == rule)
    }

    @Test(
        arguments: [
            ("random", .plan), ("{ rule: random, weights: plan }", .plan),
            ("load-report", .header("endpoint-load-metrics")),
            ("{ rule: random, weights: { header: X-Load } }", .header("X-Load")),
            ("{ rule: load-report, weights: { health: X-Load } }", .health("X-Load")),
        ] as [(String, BalanceSettings.Weights)])
    func weightsComeFromThePlanOrFromReports(yaml: String, weights: BalanceSettings.Weights) throws {
        #expect(try client("health: { check: / }, balance: \(yaml)").balance.weights == weights)
    }

    @Test func everyKeyOfTheBalancerArrives() throws {
        var settings = BalanceSettings(.peakEWMA)
        settings.slowStart = .seconds(30)
        settings.aggression = 2
        settings.panic = 0.3
        settings.decay = .seconds(5)
        #expect(
            try client("balance: { rule: peak-ewma, slow-start: 30s, aggression: 2, panic: 30%, decay: 5s }").balance
                == settings)
        let report = try client("balance: load-report").balance
        #expect(report.rule == .weightedRoundRobin)
    }

    @Test(
        arguments: [
            ("hash", .modulo), ("ring", .ring(nodes: 150)), ("{}", .ring(nodes: 150)),
            ("{ nodes: 10 }", .ring(nodes: 10)),
            ("maglev", .maglev(size: 65_537)), ("{ by: maglev, table: 2039 }", .maglev(size: 2_039)),
            ("rendezvous", .rendezvous), ("{ by: range, bounds: [-5, 0, 1000] }", .range(bounds: [-5, 0, 1_000])),
        ] as [(String, ShardSettings.Rule)])
    func shardsAreFoundByARule(yaml: String, rule: ShardSettings.Rule) throws {
        #expect(try client("shard: \(yaml)").shard == ShardSettings(rule))
    }

    @Test func everyKeyOfTheShardsArrives() throws {
        var settings = ShardSettings(.rendezvous)
        settings.bound = 1.25
        settings.imbalance = 0.2
        #expect(try client("shard: { by: rendezvous, bound: 1.25, imbalance: 20% }").shard == settings)
    }

    // MARK: Health

    @Test func everyKeyOfACheckArrives() throws {
        var settings = HealthCheckSettings()
        settings.path = "/health?deep=1"
        settings.interval = .seconds(5)
        settings.timeout = .seconds(1)
        settings.status = 200...200
        settings.unhealthy = 2
        settings.healthy = 4
        #expect(
            try client(
                "health: { check: { path: /health?deep=1, interval: 5s, timeout: 1s, status: 200, unhealthy: 2, healthy: 4 } }"
            ).check == settings)
    }

    @Test func aCheckIsAPathAndIsNoLongerThanItsInterval() throws {
        var settings = HealthCheckSettings()
        settings.path = "/health"
        let policies = try client("health: { check: /health, outliers: none }")
        #expect(policies.check == settings)
        #expect(policies.outliers == nil)
        #expect(try client("health: { check: { interval: 2s } }").check?.timeout == .seconds(2))
    }

    @Test func everyKeyOfTheOutliersArrives() throws {
        var settings = OutlierSettings()
        settings.consecutive = nil
        settings.interval = .seconds(5)
        settings.ejection = .seconds(10)
        settings.longest = .seconds(60)
        settings.most = 0.5
        settings.deviations = nil
        settings.deviationHosts = 3
        settings.deviationVolume = 50
        settings.failures = 0.85
        settings.failureHosts = 2
        settings.failureVolume = 20
        let yaml = """
            consecutive: none, interval: 5s, ejection: 10s, longest: 60s, most: 50%, deviations: none, deviation-hosts: 3,
            deviation-volume: 50, failures: 85%, failure-hosts: 2, failure-volume: 20
            """
        #expect(try client("health: { outliers: { \(yaml) } }").outliers == settings)
        #expect(try client("health: { outliers: {} }").outliers == OutlierSettings())
        #expect(try client("health: { outliers: { ejection: 10m } }").outliers?.longest == .seconds(600))
    }

    // MARK: Again

    @Test func everyKeyOfARetryArrives() throws {
        var settings = RetrySettings()
        settings.attempts = 4
        settings.conditions = [.connect, .status5xx]
        settings.backoff.base = .milliseconds(50)
        settings.backoff.cap = .seconds(1)
        settings.backoff.factor = 1.5
        settings.backoff.jitter = .equal
        settings.budget = .ratio(0.2, perSecond: 10)
        settings.retryAfter = false
        settings.allMethods = true
        let yaml = """
            attempts: 4, on: [connect, 5xx], backoff: { base: 50ms, cap: 1s, factor: 1.5, jitter: equal },
            budget: { ratio: 20%, per-second: 10 }, retry-after: false, methods: all
            """
        #expect(try client("retry: { \(yaml) }").retry == settings)
    }

    @Test(
        arguments: [
            ("10%", .ratio(0.1, perSecond: 0)), ("none", nil), ("{ ratio: 10% }", .ratio(0.1, perSecond: 0)),
            ("{ ratio: 0.1, per-second: 3 }", .ratio(0.1, perSecond: 3)),
            ("{ tokens: 10 }", .tokens(most: 10, ratio: 0.1)),
            ("{ tokens: 20, ratio: 0.5 }", .tokens(most: 20, ratio: 0.5)), ("{ share: 20% }", .share(0.2, least: 3)),
            ("{ share: 20%, least: 0 }", .share(0.2, least: 0)),
        ] as [(String, RetrySettings.Budget?)])
    func aBudgetIsOneOfThree(yaml: String, budget: RetrySettings.Budget?) throws {
        #expect(try client("retry: { budget: \(yaml) }").retry?.budget == budget)
    }

    @Test func aRetryIsANumberOfAttempts() throws {
        var settings = RetrySettings()
        settings.attempts = 5
        #expect(try client("retry: 5").retry == settings)
        #expect(try client("retry: {}").retry == RetrySettings())
        #expect(try client("retry: { on: gateway }").retry?.conditions == [.gateway])
        #expect(try client("retry: { backoff: { base: 1s } }").retry?.backoff.cap == .seconds(10))
    }

    @Test(
        arguments: [
            ("50ms", .fixed(.milliseconds(50))), ("p95", .percentile(95)), ("p99.9", .percentile(99.9)),
            ("{ after: 1s }", .fixed(.seconds(1))), ("{}", .percentile(95)),
        ] as [(String, HedgeSettings.Delay)])
    func aHedgeWaitsForATimeOrAPercentile(yaml: String, delay: HedgeSettings.Delay) throws {
        var settings = HedgeSettings()
        settings.delay = delay
        #expect(try client("hedge: \(yaml)").hedge == settings)
    }

    @Test func everyKeyOfAHedgeArrives() throws {
        var settings = HedgeSettings()
        settings.delay = .percentile(90)
        settings.most = 2
        settings.budget = 0.02
        settings.allMethods = true
        #expect(try client("hedge: { after: p90, most: 2, budget: 2%, methods: all }").hedge == settings)
    }

    // MARK: Whether

    @Test func aBreakerLooksAtFailuresInARow() throws {
        var settings = BreakerSettings()
        settings.scope = .step
        settings.trip = .consecutive(7)
        settings.open = .seconds(10)
        settings.successes = 1
        #expect(try client("breaker: { per: step, failures: 7, open: 10s, successes: 1 }").breaker == settings)
        #expect(try client("breaker: {}").breaker == BreakerSettings())
    }

    @Test(
        arguments: [
            ("failure-rate: 20%", .time(.seconds(10)), 20, 0.2, nil, .seconds(60)),
            ("slow-rate: 80%, slow: 1s", .time(.seconds(10)), 20, nil, 0.8, .seconds(1)),
            ("failure-rate: 50%, slow-rate: 100%, window: 30s", .time(.seconds(30)), 20, 0.5, 1, .seconds(60)),
            ("failure-rate: 50%, window: 100 calls, minimum: 50", .count(100), 50, 0.5, nil, .seconds(60)),
            ("failure-rate: 50%, window: 1_000", .count(1_000), 20, 0.5, nil, .seconds(60)),
            ("failure-rate: 50%, window: 10 calls", .count(10), 10, 0.5, nil, .seconds(60)),
        ] as [(String, BreakerSettings.Window, Int, Double?, Double?, Span)])
    func aBreakerLooksAtShares(
        yaml: String, window: BreakerSettings.Window, minimum: Int, failures: Double?, slow: Double?, limit: Span
    ) throws {
        var rate = BreakerSettings.Rate()
        rate.window = window
        rate.minimum = minimum
        rate.failures = failures
        rate.slowShare = slow
        rate.slow = limit
        #expect(try client("breaker: { \(yaml) }").breaker?.trip == .rate(rate))
    }

    @Test(
        arguments: [
            ("2", 2, .seconds(120)), ("{ k: 1.5 }", 1.5, .seconds(120)), ("{ window: 30s }", 2, .seconds(30)),
        ] as [(String, Double, Span)])
    func aThrottleHasAFactorAndAWindow(yaml: String, k: Double, window: Span) throws {
        var settings = ThrottleSettings()
        settings.k = k
        settings.window = window
        #expect(try client("throttle: \(yaml)").throttle == settings)
    }

    @Test func aBulkheadIsANumberAMapOrAList() throws {
        let ten = BulkheadSettings(name: "client", scope: .client, running: 10)
        #expect(try client("bulkhead: 10").bulkheads == [ten])
        var endpoint = BulkheadSettings(name: "endpoint", scope: .endpoint, running: 5)
        endpoint.queue = 100
        endpoint.wait = .milliseconds(200)
        #expect(
            try client("bulkhead: { running: 5, queue: 100, wait: 200ms, per: endpoint }").bulkheads == [endpoint])
        var orders = BulkheadSettings(name: "orders", scope: .steps(["pay", "buy/cart"]), running: 3)
        orders.queue = 8
        let plan = try PlanInputs.plan(
            """
            client:
              bulkhead:
                - { running: 10 }
                - { name: orders, steps: [pay, buy/cart], running: 3, queue: 8 }
            scenarios: { buy: [{ name: pay, post: / }, { name: cart, get: / }] }
            """)
        #expect(plan.client.policies.bulkheads == [ten, orders])
    }

    @Test func everyKeyOfThePoolArrives() throws {
        let plan = try PlanInputs.plan(
            """
            client:
              pool: { connections: 200, per-endpoint: 50, pending: 20, wait: 2s, opening: 10, idle: 20s, lifetime: 60s,
                      jitter: 20%, requests: 10, validate: 5s }
            """)
        var pool = PoolSettings()
        pool.connections = 200
        pool.perEndpoint = 50
        pool.pending = 20
        pool.wait = .seconds(2)
        pool.opening = 10
        var ages = ConnectionAges()
        ages.idle = .seconds(20)
        ages.lifetime = .seconds(60)
        ages.jitter = 0.2
        ages.requests = 10
        ages.validate = .seconds(5)
        #expect(plan.client.policies.pool == pool)
        #expect(plan.transport.connections == 200)
        #expect(plan.transport.ages == ages)
    }

    @Test func agesAloneMakeNoPoolToWaitFor() throws {
        let plan = try PlanInputs.plan("client: { pool: { idle: 20s } }")
        #expect(plan.client.policies.pool == nil)
        #expect(plan.transport.ages.idle == .seconds(20))
        #expect(plan.transport.connections == nil)
    }

    @Test(
        arguments: [
            ("p99", 99, 2, .seconds(1), .seconds(30)),
            ("{ percentile: p90, factor: 3, least: 10ms, most: 5s }", 90, 3, .milliseconds(10), .seconds(5)),
        ] as [(String, Double, Double, Span, Span)])
    func aTimeoutMayFollowTheAnswers(
        yaml: String, percentile: Double, factor: Double, least: Span, most: Span
    ) throws {
        var settings = AdaptiveTimeoutSettings()
        settings.percentile = percentile
        settings.factor = factor
        settings.least = least
        settings.most = most
        #expect(try client("timeout: { adaptive: \(yaml) }").adaptiveTimeout == settings)
        settings.window = .seconds(30)
        settings.minimum = 5
        let rest = "percentile: p\(Int(percentile)), factor: \(factor), least: \(least.milliseconds)ms"
        #expect(
            try client(
                "timeout: { adaptive: { \(rest), most: \(most.milliseconds)ms, window: 30s, minimum: 5 } }"
            ).adaptiveTimeout == settings)
    }

    // MARK: Variants

    @Test func noneInAVariantSwitchesAPolicyOff() throws {
        let text = PlanInputs.framed(
            """
            endpoints: [10.0.0.11:80, 10.0.0.12:80]
            client:
              timeout: { attempt: 1s, adaptive: { least: 100ms } }
              shard: { by: ring }
              health: { check: /, outliers: {} }
              retry: { attempts: 3 }
              hedge: { after: p95 }
              breaker: { failures: 5 }
              throttle: { k: 2 }
              bulkhead: { running: 10 }
              pool: { connections: 5, idle: 5s }
            variants:
              plain:
                endpoints: none
                client: { shard: none, health: none, retry: none, hedge: none, breaker: none, throttle: none,
                          bulkhead: none, pool: none, timeout: { adaptive: none } }
              tokens: { client: { retry: { budget: { tokens: 10 } } } }
            """)
        func read(_ variant: String?) throws -> Plan {
            try PlanReader.read(
                text: text, file: "plan.yaml", directory: PlanInputs.inputs.path(), abilities: PlanInputs.new,
                variant: variant
            ).plan
        }
        let plain = try read("plain")
        #expect(plain.client.policies == PolicySettings())
        #expect(plain.endpoints == nil)
        #expect(plain.transport.connections == nil)
        #expect(plain.transport.ages == ConnectionAges())
        #expect(plain.client.attemptTimeout == .seconds(1))
        let tokens = try read("tokens").client.policies
        #expect(tokens.retry?.attempts == 3)
        #expect(tokens.retry?.budget == .tokens(most: 10, ratio: 0.1))
        #expect(try read(nil).client.policies.bulkheads.count == 1)
    }

    // MARK: Doubts

    /// The longest pauses before retries 1, 2, 3 and 9, in seconds.
    @Test(
        arguments: [
            (.none, [1, 2, 4, 10]), (.full, [1, 2, 4, 10]), (.equal, [1, 2, 4, 10]), (.added, [1.1, 2.1, 4.1, 10.1]),
            (.proportional, [1.2, 2.4, 4.8, 12]), (.decorrelated, [10, 10, 10, 10]),
        ] as [(RetrySettings.Jitter, [Double])])
    func aPauseIsAtMostAsLongAsItsJitterAllows(jitter: RetrySettings.Jitter, pauses: [Double]) {
        var backoff = RetrySettings.Backoff()
        backoff.base = .seconds(1)
        backoff.cap = .seconds(10)
        backoff.jitter = jitter
        for (n, pause) in zip([1, 2, 3, 9], pauses) { #expect(abs(backoff.longest(beforeRetry: n) - pause) < 1e-9) }
    }

    private static let two = "endpoints: [10.0.0.11:80, 10.0.0.12:80]\n"

    @Test(arguments: [
        two + "client: { balance: p2c, health: { outliers: {} }, shard: ring }",
        "endpoints: { dns: \"shop:80\" }\nclient: { balance: p2c, health: { outliers: {} } }",
        "client: { breaker: {}, health: { check: / } }",
        "client: { retry: 3, timeout: { total: 5s, attempt: 1s } }",
        "client: { retry: 3, timeout: { adaptive: p95 } }", "client: { retry: { on: [connect] } }",
        "client: { hedge: 1s, timeout: { attempt: 2s } }", "client: { bulkhead: 5, pool: { connections: 5 } }",
        "client: { retry: 3, timeout: { attempt: 1s } }\nscenarios: { a: [{ post: / }, { get: / }] }",
        "client: { retry: 3, timeout: { attempt: 1s } }\nscenarios: { a: [{ post: /, retry: all }] }",
        "client: { retry: { methods: all }, timeout: { attempt: 1s } }\nscenarios: { a: [{ post: / }] }",
    ])
    func whatIsMeantIsNotDoubted(text: String) {
        #expect(PlanInputs.problems(PlanInputs.framed(text)) == nil)
    }
}
