import Arrivals
import Core
import Flows
import Foundation
import Model
import Policies
import Testing

@testable import Plans

/// A plan that is run faster than it is written: what becomes shorter, what more frequent, and what stays.
struct TimeScaleTests {
    private static func scale(_ factor: Double) throws -> TimeScale { try #require(TimeScale(factor)) }

    private static func read(_ text: String, at factor: Double) throws -> Plan {
        try PlanReader.read(
            text: PlanInputs.framed(text), file: "plan.yaml", directory: PlanInputs.inputs.path(),
            abilities: PlanInputs.new, timeScale: scale(factor)
        ).plan
    }

    // MARK: All times of all plans

    /// Every plan that documentation and tests have.
    private static let texts: [(name: String, text: String, folder: URL)] = {
        var texts = PlanReference.plan.family.map { (name: $0.name, text: $0.example, folder: PlanInputs.inputs) }
        for folder in [PlanInputs.examples, PlanInputs.inputs] {
            for name in PlanInputs.names(in: folder, ending: ".yaml") where !name.contains(".invalid.") {
                guard let text = try? String(contentsOf: folder.appending(path: name), encoding: .utf8) else {
                    continue
                }
                texts.append((name, text, folder))
            }
        }
        return texts
    }()

    private static func plan(_ text: String, in folder: URL) throws(PlanProblems) -> Plan {
        try PlanReader.read(
            text: PlanInputs.framed(text), file: "plan.yaml", directory: folder.path(), abilities: PlanInputs.new
        ).plan
    }

    /// What differs, leaf by leaf, from what a scale should make of it.
    private struct Comparison {
        let scale: TimeScale
        var spans = 0
        var rates = 0
        var wrong: [String] = []

        /// Numbers per second that have no type of their own; what they are called where they stand.
        static let perSecond = ["bandwidth", "compressing", "perSecond"]
        /// Looked at by tests of their own: a limit means many things, a schedule hides its times.
        static let others = ["timeScale", "limit"]

        mutating func compare(_ before: Any, _ after: Any, _ path: String, _ label: String) {
            if Self.others.contains(label) || before is ReplaySchedule { return }
            if let span = before as? Span {
                spans += 1
                expect(after as? Span == scale.scaled(span), path)
            } else if let rate = before as? Rate {
                rates += 1
                expect((after as? Rate)?.perSecond == rate.perSecond * scale.factor, path)
            } else if let times = before as? RecordedTimes {
                expect(after as? RecordedTimes == times.divided(by: scale.factor), path)
            } else if let number = before as? Double, Self.perSecond.contains(label), path.contains("Rate") == false {
                expect(after as? Double == number * scale.factor, path)
            } else {
                let (old, new) = (Mirror(reflecting: before), Mirror(reflecting: after))
                let (left, right) = (Array(old.children), Array(new.children))
                guard !left.isEmpty, left.count == right.count else {
                    return expect("\(before)" == "\(after)", path)
                }
                for (index, (one, other)) in zip(left, right).enumerated() {
                    expect(one.label == other.label, path)
                    let name = one.label ?? "\(index)"
                    compare(one.value, other.value, "\(path).\(name)", name)
                }
            }
        }

        private mutating func expect(_ isRight: Bool, _ path: String) {
            if !isRight { wrong.append(path) }
        }
    }

    @Test func everyTimeIsDividedEveryRateMultipliedAndNothingElseChanges() throws {
        var (spans, rates) = (0, 0)
        for (name, text, folder) in Self.texts {
            let plan = try Self.plan(text, in: folder)
            var comparison = Comparison(scale: try Self.scale(7.5))
            comparison.compare(plan, plan.scaled(by: comparison.scale), "plan", "plan")
            #expect(comparison.wrong == [], "\(name)")
            spans += comparison.spans
            rates += comparison.rates
        }
        // A comparison that found nothing to compare would be no test.
        #expect(spans > 500 && rates > 50)
    }

    @Test func withoutAScaleAPlanIsWhatItIs() throws {
        for (name, text, folder) in Self.texts {
            let plan = try Self.plan(text, in: folder)
            var comparison = Comparison(scale: .none)
            comparison.compare(plan, plan.scaled(by: .none), "plan", "plan")
            #expect(comparison.wrong == [], "\(name)")
            #expect(plan.timeScale == .none)
        }
    }

    /// A plan in minutes, and the same in seconds as a person would write it.
    @Test func aPlanInMinutesAtSixtyIsThePlanInSeconds() throws {
        func text(_ unit: String, _ rate: String) -> String {
            """
            target: lab/shop
            load:
              - { rate: 60/\(rate) to 600/\(rate), for: 1\(unit), arrivals: poisson }
              - { rate: 60/\(rate) to 120/\(rate), step: 30/\(rate), every: 2\(unit) }
              - { rate: 60/\(rate), wave: 30/\(rate), period: 2\(unit), for: 4\(unit) }
              - { rate: 60/\(rate), spike: 90/\(rate), at: 1\(unit), lasts: 2\(unit), for: 4\(unit) }
              - { rate: 60/\(rate), burst: 5, for: 1\(unit) }
              - { users: 1 to 5, think: 3\(unit), for: 9\(unit) }
              - { users: 3, count: 10 }
            client:
              timeout: { total: 2\(unit), attempt: 1\(unit), connect: 1\(unit) }
              retry: { attempts: 3, backoff: { base: 1\(unit), cap: 9\(unit) }, budget: { tokens: 10, ratio: 0.1 } }
              breaker: { failure-rate: 50%, window: 9\(unit), slow-rate: 50%, slow: 2\(unit), open: 5\(unit) }
              bulkhead: [{ running: 5, queue: 5, wait: 4\(unit) }]
              health: { check: { interval: 5\(unit), timeout: 1\(unit) }, outliers: { interval: 6\(unit), ejection: 7\(unit) } }
            scenarios:
              main:
                steps: [{ get: /products/17, think: 1\(unit) to 2\(unit), timeout: 1\(unit) }, { think: 4\(unit) }]
                think: 5\(unit)
            lab:
              resources:
                rows: { database: { read: { p50: 1\(unit), p99: 2\(unit) }, write: 3\(unit), lag: 4\(unit), patience: 5\(unit) } }
                pages: { cache: { of: rows, time: 1\(unit), ttl: 6\(unit), flush: 7\(unit), tuning: 8\(unit), losses: [{ at: 9\(unit) }] } }
                notices: { queue: { flush: 1\(unit), time: 2\(unit), per-message: 3\(unit) } }
                payment:
                  service:
                    time: 2\(unit)
                    episodes: [{ outage: 3\(unit), at: 4\(unit) }]
                    recovery: { every: 5\(unit), delay: 6\(unit) }
              services:
                shop:
                  time: { fast: 1\(unit), slow: 2\(unit), share: 1% }
                  connection: 1\(unit)
                  network: { delay: 1\(unit) }
                  episodes: [{ slow: 3x, at: 4\(unit), for: 5\(unit), every: 6\(unit) }, { time: 7\(unit), at: 1\(unit) }]
                  faults: [{ fault: delay, by: 1\(unit), at: 2\(unit), for: 3\(unit) }, { fault: trickle, every: 1\(unit) }]
                  routes:
                    /a: [{ read: pages }, { write: rows, time: 3\(unit) }, { send: notices }, { work: 4\(unit) }]
                    /b: [{ parallel: [{ call: payment, timeout: 1\(unit), wait: 2\(unit), breaker: { open: 3\(unit) } }] }]
            """
        }
        let fast = try Self.read(text("m", "m"), at: 60)
        let plain = try Self.read(text("s", "s"), at: 1)
        #expect(fast.load == plain.load)
        #expect("\(fast.scenarios)" == "\(plain.scenarios)")
        #expect(fast.client.totalTimeout == plain.client.totalTimeout)
        #expect(fast.client.attemptTimeout == plain.client.attemptTimeout)
        #expect(fast.client.policies.breaker == plain.client.policies.breaker)
        #expect(fast.client.policies.retry == plain.client.policies.retry)
        #expect(fast.client.policies.bulkheads == plain.client.policies.bulkheads)
        #expect(fast.client.policies.check == plain.client.policies.check)
        #expect(fast.transport.connectTimeout == plain.transport.connectTimeout)
        #expect(fast.lab?.services == plain.lab?.services)
        #expect(fast.lab?.resources == plain.lab?.resources)
        #expect(fast.lab?.flaw == nil)
        #expect(fast.timeScale.factor == 60 && plain.timeScale == .none)
    }

    // MARK: What has its own rule

    @Test(
        arguments: [
            ("p99 < 6s", 100e6), ("mean <= 1m", 1e9), ("max < 1h", 60e9), ("rate > 10/s", 600), ("errors < 1%", 0.01),
            ("dropped < 2%", 0.02), ("amplification < 1.5", 1.5), ("orders > 10/m", 10), ("orders >= 100", 100),
        ] as [(String, Double)])
    func theLimitOfABudgetIsScaledByWhatItLimits(text: String, limit: Double) throws {
        let steps = "scenarios: { main: [{ get: /, count: { orders: 1 } }] }"
        let budget = try #require(try Self.read("budgets: [\"\(text)\"]\n\(steps)", at: 60).budgets.first)
        #expect(abs(budget.limit - limit) <= limit * 1e-12)
        #expect(budget.text == text)
    }

    @Test func theTimesOfAReplayComeCloser() throws {
        let text = "load: [{ replay: access.csv, speed: 2 }]"
        guard case .replay(let plain, let whole) = try Self.read(text, at: 1).load[0].shape,
            case .replay(let fast, let length) = try Self.read(text, at: 10).load[0].shape
        else {
            Issue.record("the phase is no replay")
            return
        }
        #expect(plain.count == fast.count && fast.count > 1 && fast.speed == 2)
        for n in 0..<plain.count {
            let (slow, quick) = try (#require(plain.offset(of: n)), #require(fast.offset(of: n)))
            #expect(abs(slow.nanoseconds - quick.nanoseconds * 10) <= 5)
        }
        #expect(length == Span(nanoseconds: whole.nanoseconds / 10) && fast.end <= length)
    }

    @Test func theLimitOfALatencyIsScaledAndItsTextIsThePlans() throws {
        let plan = try Self.read("scenarios: { main: [{ get: /, expect: { latency: < 6s } }] }", at: 60)
        let check = try #require(plan.scenarios[0].steps[0].expect.checks.first)
        #expect(check.rule == .latency(.below, .milliseconds(100)))
        #expect(check.text == "latency < 6s")
    }

    @Test func bandwidthAndRetriesPerSecondAreRates() throws {
        let plan = try Self.read(
            """
            lab:
              resources: { images: { store: { bandwidth: 1MB/s } } }
              services: { shop: { routes: { /: [{ upload: images, size: 2MB, compress-at: 3MB/s }] } } }
            client: { retry: { attempts: 2, budget: { ratio: 10%, per-second: 4 } } }
            """, at: 60)
        var (store, upload) = (StoreDescription(), Upload())
        store.bandwidth = 60_000_000
        (upload.bytes, upload.compressing) = (2_000_000, 180_000_000)
        #expect(plan.lab?.resources.first?.kind == .store(store))
        #expect(plan.lab?.services[0].routes[0].steps == [.upload("images", upload)])
        #expect(plan.client.policies.retry?.budget == .ratio(0.1, perSecond: 240))
    }

    @Test func aDefaultIsATimeOfThePlanToo() throws {
        let plan = try Self.read("client: { breaker: {}, health: { check: {} } }", at: 60)
        #expect(plan.client.totalTimeout == .milliseconds(500))
        #expect(plan.client.policies.breaker?.open == .seconds(1))
        #expect(plan.client.policies.check?.interval == .milliseconds(500))
    }

    @Test func aDefaultThatWouldComeTooOftenIsHeldWhereTheEngineCanDoIt() throws {
        let plan = try Self.read(
            "client: { health: { check: {}, outliers: {} } }\nendpoints: { dns: \"shop:80\" }", at: 50_000)
        #expect(plan.client.policies.check?.interval == .milliseconds(10))
        #expect(plan.client.policies.outliers?.interval == .milliseconds(10))
        guard case .source(.dns(_, _, _, let refresh))? = plan.endpoints else {
            Issue.record("the endpoints are no name")
            return
        }
        #expect(refresh == .milliseconds(100))
    }

    @Test func whatASettingWritesIsPartOfThePlan() throws {
        let plan = try PlanReader.read(
            text: PlanInputs.framed(""), file: "plan.yaml", abilities: PlanInputs.new,
            settings: ["client.timeout.total=1m"], timeScale: Self.scale(60)
        ).plan
        #expect(plan.client.totalTimeout == .seconds(1))
    }

    // MARK: What is too fast

    @Test(
        arguments: [
            ("client: { timeout: { attempt: 50us } }", 60, "`attempt` is 50us", "833ns", "1us"),
            ("scenarios: { a: [{ get: /, think: 50us }] }", 60, "`think` is 50us", "833ns", "1us"),
            ("scenarios: { a: [{ get: / }, { think: 1us to 1s }] }", 60, "`think` is 1us", "17ns", "1us"),
            (
                "client: { breaker: { failure-rate: 50%, window: 500ms } }", 60, "`window` is 500ms", "8ms333us333ns",
                "10ms"
            ),
            ("client: { health: { check: { interval: 30s } } }", 6_000, "`interval` is 30s", "5ms", "10ms"),
            ("endpoints: { dns: \"shop:80\", refresh: 5s }", 60, "`refresh` is 5s", "83ms333us333ns", "100ms"),
            (
                "lab: { services: { a: { episodes: [{ pause: 2ms, every: 30ms }] } } }", 60, "`every` is 30ms", "500us",
                "1ms"
            ),
            ("load: [{ rate: 200_000/s, for: 10s }]", 60, "`rate` is 200000/s", "12000000/s", "10000000/s"),
            ("load: [{ rate: 1/s, wave: 1/s, period: 50us, for: 1s }]", 60, "`period` is 50us", "833ns", "1us"),
            (
                "load: [{ rate: 1/s to 200_000/s, step: 200_000/s, every: 1s }]", 60, "`rate` is 200000/s",
                "12000000/s", "10000000/s"
            ),
        ] as [(String, Double, String, String, String)])
    func whatBecomesTooShortOrTooOftenIsNamedWithItsKey(
        text: String, factor: Double, value: String, scaled: String, least: String
    ) throws {
        #expect(throws: Never.self) { try Self.read(text, at: 1) }
        let problems = #expect(throws: PlanProblems.self) { try Self.read(text, at: factor) }
        let problem = try #require(problems?.problems.first { $0.severity == .error })
        #expect(problem.rule == .range)
        #expect(problem.message.hasPrefix(value) && problem.message.contains("--time-scale \(Int(factor))`"))
        #expect(
            problem.message.contains(" \(scaled), ") && problem.message.hasSuffix(" \(least)"), "\(problem.message)")
        #expect(problem.remedy.hasPrefix("choose a smaller `--time-scale`"))
    }

    @Test func zeroStaysZero() throws {
        let plan = try Self.read("lab: { services: { a: { time: 0s, connection: 0s } } }", at: 1_000)
        #expect(plan.lab?.services[0].time == .constant(.zero))
        #expect(plan.lab?.services[0].connection == .zero)
    }

    // MARK: The option

    @Test(arguments: [("1", 1), ("60", 60), ("2.5", 2.5), ("100_000", 100_000)] as [(String, Double)])
    func aTimeScaleIsANumberFromOne(text: String, factor: Double) throws {
        let scale = try TimeScale(text)
        #expect(scale.factor == factor)
        #expect(try TimeScale(scale.text) == scale)
        #expect(scale.words == "1 s here is \(scale.text) s of the plan")
    }

    @Test(
        arguments: [
            ("0", .range), ("0.5", .range), ("100_001", .range), ("-1", .range), ("60x", .unit), ("fast", .number),
            ("", .number), ("nan", .number), ("1e3", .unit),
        ] as [(String, UnitProblem.Kind)])
    func anotherTextIsNone(text: String, kind: UnitProblem.Kind) {
        let problem = #expect(throws: UnitProblem.self) { try TimeScale(text) }
        #expect(problem?.kind == kind)
    }

    @Test(arguments: [0, 0.99, 100_001, .nan, .infinity, -.infinity] as [Double])
    func anotherNumberIsNone(factor: Double) { #expect(TimeScale(factor) == nil) }

    @Test(
        arguments: [
            (60_000_000_000, 60, 1_000_000_000), (100, 3, 33), (200, 3, 67), (1, 60, 1), (0, 60, 0), (.max, 60, .max),
        ] as [(Int64, Double, Int64)])
    func aSpanIsDividedToTheNearestNanosecondAndNeverToNothing(from: Int64, factor: Double, to: Int64) throws {
        #expect(try Self.scale(factor).scaled(Span(nanoseconds: from)) == Span(nanoseconds: to))
    }

    @Test func recordedTimesKeepTheirSharesWhenTheyComeTogether() throws {
        let times = try #require(
            RecordedTimes([(.nanoseconds(0), 1), (.nanoseconds(10), 2), (.nanoseconds(11), 3), (.nanoseconds(40), 4)]))
        let expected = try #require(RecordedTimes([(.nanoseconds(0), 1), (.nanoseconds(1), 5), (.nanoseconds(4), 4)]))
        #expect(times.divided(by: 10) == expected)
        #expect(times.divided(by: 1) == times)
    }
}
