import Core
import Recording
import Testing

@Suite("Checks and counters")
struct ResponseTests {
    @Test(
        "a check that does not hold fails the call",
        arguments: [
            ("body: { contains: items }", true), ("body: { contains: orders }", false),
            ("body: { lacks: error }", true), ("body: { lacks: items }", false),
            ("body: { matches: '[0-9]+, 2' }", true), ("body: { json: { $.id: 17 } }", true),
            ("body: { json: { $.id: 18 } }", false), ("body: { size: < 1kB }", true), ("body: { size: < 10B }", false),
            ("headers: { Content-Type: application/json }", true),
            ("headers: { Content-Type: { contains: xml } }", false),
            ("headers: { X-Absent: { exists: true } }", false), ("latency: < 500ms", true), ("latency: < 50ms", false),
        ])
    func checks(expect: String, holds: Bool) throws {
        let run = try PlanRun.of(
            steps: "{ get: /a, expect: { \(expect) } }", load: "{ users: 1, count: 5 }", target: .product())
        #expect(run.ledger.succeeded == (holds ? 5 : 0))
        #expect(run.failures == (holds ? [:] : [.check_failed: 5]))
        #expect(run.checks.count == 1)
        #expect(run.checks.values.first?.passed == (holds ? 5 : 0))
        #expect(run.checks.values.first?.failed == (holds ? 0 : 5))
        #expect(run.checks.values.allSatisfy { ($0.sample == nil) == holds })
    }

    @Test("a check compares with values of the flow")
    func checkWithValues() throws {
        let run = try PlanRun.of(
            steps:
                "{ get: /a, extract: { x: $.id } }, { get: /b, expect: { body: { json: { $.id: '{{x}}' } } } }",
            target: .product())
        #expect(run.ledger.succeeded == 2)
    }

    @Test("a status that is not right beats the checks, which are counted all the same")
    func statusBeatsChecks() throws {
        let run = try PlanRun.of(
            steps:
                "{ get: /status/503, name: a, expect: { status: 200, body: { contains: orders } }, extract: { x: $.id } }",
            load: "{ users: 1, count: 3 }", target: .product())
        #expect(run.failures == [.status_5xx: 3])
        #expect(run.checks["a: status 200"]?.failed == 3)
        #expect(run.checks["a: status 200"]?.sample == "503")
        #expect(run.checks["a: body contains orders"]?.failed == 3)
        #expect(run.checks["a: extract x"]?.isEmpty == true, "nothing is taken from an answer that is wrong")
    }

    @Test("a transport failure beats everything, and no check is made")
    func transportFailure() throws {
        let target = ScriptedTarget { _, _ in
            Reply(after: .milliseconds(1), status: 200, failure: .truncated, body: "items")
        }
        let run = try PlanRun.of(
            steps: "{ get: /a, expect: { status: 200, body: { contains: items } } }", target: target)
        #expect(run.failures == [.truncated: 1])
        #expect(run.checks.values.allSatisfy { $0.isEmpty })
    }

    @Test("each check of a step is counted for itself")
    func severalChecks() throws {
        let run = try PlanRun.of(
            steps:
                "{ get: /a, name: a, expect: { status: 2xx, body: { contains: items, lacks: id }, latency: < 50ms } }",
            load: "{ users: 1, count: 2 }", target: .product())
        #expect(run.failures == [.check_failed: 2])
        #expect(
            run.checks.filter { $0.value.passed == 2 }.keys.sorted() == ["a: body contains items", "a: status 2xx"])
        #expect(run.checks.filter { $0.value.failed == 2 }.count == 2)
    }

    @Test("what a report shows of an answer has no secrets in it")
    func samples() throws {
        let run = try PlanRun.of(
            steps:
                "{ get: /a, name: a, headers: { Authorization: '${env:TOKEN}' }, expect: { body: { contains: orders } } }",
            environment: ["TOKEN": "hunter2-hunter2"], target: .product(body: "you sent hunter2-hunter2, did you?"))
        let sample = try #require(run.checks.values.first?.sample)
        #expect(sample.contains("you sent ***, did you?"))
    }

    @Test("calls of a warm-up phase count no checks and no counters")
    func warmUp() throws {
        let run = try PlanRun.of(
            steps:
                "{ get: /a, expect: { status: 200, body: { contains: orders } }, count: { seen: 1 } }, { get: /b, count: { b: 1 } }",
            scenario: "on-failure: continue",
            load: "{ rate: 10/s, for: 1s, warm-up: true }, { rate: 10/s, for: 300ms }",
            target: .product())
        #expect(run.warmUp.made == 20)
        #expect(run.warmUpCounts.failed == 10)
        #expect(run.ledger.made == 6)
        #expect(run.checks.values.map { $0.passed + $0.failed } == [3, 3])
        #expect(run.counters == ["b": 3])
    }

    // MARK: Counters

    @Test(
        "counters add up numbers, amounts from the answer and values of the flow, by tags",
        arguments: [
            ("orders: 1", ["orders": 3]), ("orders: 2.5", ["orders": 7.5]), ("sum: $.id", ["sum": 51]),
            ("sum: '{{x}}'", ["sum": 51]), ("sum: $.name", [:]), ("sum: $.absent", [:]),
            ("paid: { add: 2, tags: { kind: '{{x}}' } }", ["paid{kind=17}": 6]),
            ("paid: { add: 1, tags: { a: b, c: '{{x}}' } }, orders: 1", ["paid{a=b,c=17}": 3, "orders": 3]),
        ] as [(String, [String: Double])])
    func counters(count: String, expected: [String: Double]) throws {
        let run = try PlanRun.of(
            steps:
                "{ get: /a, extract: { x: $.id }, count: { \(count) } }", load: "{ users: 1, count: 3 }",
            target: .product())
        #expect(run.counters.filter { $0.value != 0 } == expected)
    }

    @Test("a call that fails counts nothing")
    func failedCallsCountNothing() throws {
        let run = try PlanRun.of(
            steps:
                "{ get: /a, expect: { body: { contains: orders } }, count: { n: 1 } }", load: "{ users: 1, count: 3 }",
            target: .product())
        #expect(run.counters.values.allSatisfy { $0 == 0 })
        #expect(run.failures == [.check_failed: 3])
    }
}
