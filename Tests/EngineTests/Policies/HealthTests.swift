import Core
import Recording
import Testing

@Suite("Health checks and ejections in a run")
struct HealthRunTests {
    private static let check =
        "health: { check: { path: /health, interval: 10s, timeout: 1s, unhealthy: 3, healthy: 2 } }"

    /// Answers checks by the script, and everything else well.
    private static func checked(_ script: @escaping @Sendable (SentRequest) -> Reply) -> ScriptedTarget {
        .answering { _, request in request.target == "/health" ? script(request) : .good }
    }

    // MARK: Checks

    @Test("each endpoint is asked at the interval, from a moment of its own on")
    func interval() throws {
        let target = Self.checked { _ in .good }
        let run = try PlanRun.of(client: Self.check, endpoints: 5, load: "{ rate: 1/s, for: 60s }", target: target)
        let checks = target.log.filter { $0.target == "/health" }
        #expect(run.endpoints.map(\.checks) == [6, 6, 6, 6, 6])
        #expect(run.ledger.attempts == 60, "checks are no attempts")
        var firsts: Set<Int64> = []
        for place in 0..<5 {
            let times = checks.filter { $0.place == place }.map { $0.at.nanoseconds / 1_000_000 }
            firsts.insert(times[0])
            #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 == 10_000 })
        }
        #expect(firsts.count == 5)
        #expect(run.events == [])
    }

    @Test(
        "an endpoint that fails is found after so many checks, and one that hangs after the time-out of the last",
        arguments: [(false, 20.0...30.0), (true, 21.0...31.0)])
    func detection(hangs: Bool, expected: ClosedRange<Double>) throws {
        let target = Self.checked { $0.place == 0 ? (hangs ? .never : Reply(after: .zero, status: 500)) : .good }
        let run = try PlanRun.of(client: Self.check, endpoints: 3, load: "{ rate: 10/s, for: 60s }", target: target)
        #expect(run.events.count == 1)
        let words = run.events[0].split(separator: " ")
        #expect(words.dropFirst() == ["health", "10.0.0.1:80", "unhealthy"])
        let found = try #require(Double(words[0]))
        #expect(expected.contains(found))
        #expect(run.details == [hangs ? "attempt_timeout" : "status 500"])
        #expect(!run.endpoints.isEmpty)
        let late = target.log.filter { $0.place == 0 && $0.target == "/" && ($0.at - run.origin).seconds > found }
        #expect(late.isEmpty, "an unhealthy endpoint gets nothing")
        #expect(run.endpoints[0].checksFailed >= 3)
        #expect(run.ledger.succeeded == 600)
    }

    @Test("an endpoint that recovers is used again after so many good checks")
    func recovery() throws {
        let target = Self.checked { $0.place == 0 && $0.at.seconds < 40 ? .refused : .good }
        let run = try PlanRun.of(client: Self.check, endpoints: 3, load: "{ rate: 10/s, for: 90s }", target: target)
        #expect(run.events.map { $0.split(separator: " ")[3] } == ["unhealthy", "healthy"])
        let back = try #require(run.events.last.flatMap { Double($0.split(separator: " ")[0]) })
        #expect((50...60).contains(back), "two checks after 40 s")
        let late = target.log.filter { $0.place == 0 && $0.target == "/" && ($0.at - run.origin).seconds > back }
        #expect(late.count > 50)
    }

    @Test(
        "the alert begins when fewer than half are healthy, strictly",
        arguments: [(10, 5, false), (10, 6, true), (3, 2, true)])
    func alert(count: Int, bad: Int, alarms: Bool) throws {
        let target = Self.checked { $0.place < bad && $0.at.seconds < 45 ? .refused : .good }
        let run = try PlanRun.of(client: Self.check, endpoints: count, load: "{ rate: 10/s, for: 90s }", target: target)
        #expect(run.events(.health).count == 2 * bad)
        let alerts = run.events(.alert).map { $0.split(separator: " ", maxSplits: 1)[1] }
        #expect(alerts == (alarms ? ["alert healthy-ratio begin", "alert healthy-ratio end"] : []))
        let panics = run.events(.panic).map { $0.split(separator: " ", maxSplits: 1)[1] }
        #expect(panics == (alarms ? ["panic balancer begin", "panic balancer end"] : []))
        #expect((run.policies.panics > 0) == alarms)
    }

    @Test(
        "when all are unhealthy all are used, or none when panic is off",
        arguments: [("50%", 0, true), ("0%", 1, false)])
    func panic(share: String, rejected: Int, panics: Bool) throws {
        let run = try PlanRun.of(
            client: "balance: { panic: \(share) }, " + Self.check, endpoints: 4, load: "{ rate: 10/s, for: 60s }",
            target: Self.checked { _ in .refused })
        #expect((run.ledger.rejected > 0) == (rejected > 0))
        #expect((run.policies.panics > 0) == panics)
        if !panics { #expect(run.rejections.keys.map(\.name) == ["no_endpoint"]) }
    }

    @Test("a check that the end of the run cuts off has reached the server, and is counted")
    func cutOff() throws {
        let run = try PlanRun.of(
            client: "health: { check: { path: /health, interval: 1s, timeout: 1s } }", endpoints: 3,
            load: "{ rate: 10/s, for: 5s }", target: Self.checked { _ in .never })
        #expect(run.endpoints.reduce(0) { $0 + $1.checks } > run.endpoints.reduce(0) { $0 + $1.checksFailed })
    }

    @Test("without endpoints the target itself is checked, and used all the same")
    func alone() throws {
        let run = try PlanRun.of(
            client: Self.check, load: "{ rate: 1/s, for: 60s }", target: Self.checked { _ in .refused })
        #expect(run.ledger.succeeded == 60)
        #expect(run.events.map { $0.split(separator: " ", maxSplits: 1)[1] } == ["health target unhealthy"])
    }

    // MARK: Ejections

    private static let outliers =
        "health: { outliers: { consecutive: 5, ejection: 10s, interval: 10s, deviations: none, most: 50% } }"

    @Test("five failures in a row eject an endpoint, for longer each time")
    func ejection() throws {
        let target = ScriptedTarget.places([0: { _ in .failing }])
        let run = try PlanRun.of(client: Self.outliers, endpoints: 4, load: "{ rate: 40/s, for: 50s }", target: target)
        let ejections = run.events(.ejection).map { $0.split(separator: " ") }
        #expect(ejections.map { $0[3] } == ["ejected", "returned", "ejected", "returned", "ejected"])
        let times = ejections.compactMap { Double($0[0]) }
        #expect((0.4...0.6).contains(times[0]))
        // 10 s and 20 s, each up to a second longer.
        #expect((10...11).contains(times[1] - times[0]))
        #expect((20...21).contains(times[3] - times[2]))
        #expect(target.byPlace[0] == 15)
        #expect(run.endpoints.map(\.ejections) == [3, 0, 0, 0])
        #expect(run.ledger.failed == 15)
    }

    @Test("as many are ejected as may be, and one always", arguments: [("50%", 2), ("10%", 1), ("100%", 4)])
    func most(share: String, ejected: Int) throws {
        let run = try PlanRun.of(
            client:
                "balance: { panic: 0% }, health: { outliers: { consecutive: 5, ejection: 5m, deviations: none, most: \(share) } }",
            endpoints: 4, load: "{ rate: 40/s, for: 10s }", target: .inTurn(.failing))
        #expect(run.events(.ejection).count == ejected)
        #expect(run.endpoints.filter { $0.ejections > 0 }.count == ejected)
    }

    @Test("an endpoint whose share of good answers is far below the others' is ejected at the interval")
    func deviations() throws {
        let target = ScriptedTarget.answering { number, request in
            request.place == 4 && number % 2 == 0 ? .failing : .good
        }
        let run = try PlanRun.of(
            client: "balance: random, health: { outliers: { consecutive: none, deviation-volume: 20, interval: 10s, "
                + "ejection: 1m } }", endpoints: 6, load: "{ rate: 30/s, for: 15s }", target: target)
        let words = try #require(run.events(.ejection).first).split(separator: " ")
        #expect(words.dropFirst() == ["ejection", "10.0.0.5:80", "ejected"])
        #expect((9.9...10.1).contains(Double(words[0]) ?? 0))
        #expect(run.details.first?.hasPrefix("success-rate, until 7") == true)
    }

    @Test(
        "what failed before it answered fast gets its part and no more: no black hole",
        arguments: ["least-connections", "p2c"])
    func blackHole(rule: String) throws {
        // Nine of ten take 100 ms, one fails after 1 ms.
        let target = ScriptedTarget.answering { _, request in
            request.place == 0 ? .failing : Reply(after: .milliseconds(100))
        }
        let without = try PlanRun.of(
            client: "balance: \(rule)", endpoints: 10, load: "{ rate: 200/s, for: 10s }", target: target)
        let share = Double(without.ledger.failed) / 2_000
        #expect(share > 0.15, "without anything it draws calls")
        let second = ScriptedTarget.answering { _, request in
            request.place == 0 ? .failing : Reply(after: .milliseconds(100))
        }
        let with = try PlanRun.of(
            client: "balance: \(rule), health: { outliers: { consecutive: 5, ejection: 1m, deviations: none } }",
            endpoints: 10,
            load: "{ rate: 200/s, for: 10s }", target: second)
        #expect(with.ledger.failed <= 15)
        #expect(with.ledger.succeeded >= 1_985)
    }

    @Test("a check that finds an endpoint healthy again ends its ejection")
    func uneject() throws {
        let target = ScriptedTarget.answering { _, request in
            request.place == 0 && request.at.seconds < 20 ? .refused : .good
        }
        let run = try PlanRun.of(
            client: "health: { check: { path: /health, interval: 1s, timeout: 1s, unhealthy: 2, healthy: 2 }, "
                + "outliers: { consecutive: 2, ejection: 10m, longest: 10m } }",
            endpoints: 3, load: "{ rate: 30/s, for: 30s }", target: target)
        let events = run.events.map { $0.split(separator: " ", maxSplits: 1)[1] }
        #expect(events.contains("ejection 10.0.0.1:80 ejected"))
        #expect(events.contains("ejection 10.0.0.1:80 returned"))
        #expect(target.log.contains { $0.place == 0 && $0.target == "/" && $0.at.seconds > 23 })
    }
}
