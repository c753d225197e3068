import Core
import Engine
import Recording
import Testing

@Suite("Items of a flow")
struct FlowTests {
    @Test(
        "the way through a flow",
        arguments: [
            (
                "{ get: /a }, { group: g, steps: [{ get: /b }, { group: h, steps: [{ get: /c }] }] }, { get: /d }",
                "abcd"
            ),
            ("{ repeat: 3, steps: [{ get: /a }, { get: /b }] }, { get: /c }", "abababc"),
            ("{ repeat: 2, steps: [{ repeat: 2, steps: [{ get: /a }] }, { get: /b }] }", "aabaab"),
            ("{ repeat: 5, while: status == 404, steps: [{ get: /a }] }", "a"),
            ("{ repeat: 5, while: status == 200, steps: [{ get: /a }] }", "aaaaa"),
            ("{ get: /a, extract: { n: $.n } }, { repeat: '{{n}}', steps: [{ get: /b }] }", "abbb"),
            ("{ get: /a, extract: { n: $.word } }, { repeat: '{{n}}', steps: [{ get: /b }] }, { get: /c }", "ac"),
            ("{ get: /a, extract: { n: $.minus } }, { repeat: '{{n}}', steps: [{ get: /b }] }, { get: /c }", "ac"),
            ("{ get: /a, extract: { n: $.n } }, { if: n == 3, steps: [{ get: /b }], else: [{ get: /c }] }", "ab"),
            ("{ get: /a, extract: { n: $.n } }, { if: n > 3, steps: [{ get: /b }], else: [{ get: /c }] }", "ac"),
            ("{ if: status == 0, steps: [{ get: /a }] }, { if: status == 0, steps: [{ get: /b }] }, { get: /c }", "ac"),
            ("{ get: /a, if: status == 200 }, { get: /b }, { get: /c, if: status == 200 }", "bc"),
            ("{ get: /a, extract: { w: $.word } }, { get: /b, if: w == 'x' }, { get: /c, if: w contains 'r' }", "ac"),
        ])
    func order(steps: String, expected: String) throws {
        let target = ScriptedTarget(body: #"{"n": 3, "word": "word", "minus": -1}"#)
        let run = try PlanRun.of(steps: steps, target: target)
        #expect(target.paths.map { $0.dropFirst() }.joined() == expected)
        #expect(run.ledger.completed == 1)
    }

    @Test("a random number of repetitions lies in its range and takes every value of it")
    func randomRepetitions() throws {
        let target = ScriptedTarget()
        try PlanRun.of(
            """
            data: { n: { counter: 0 } }
            load: [{ rate: 10/s, for: 10s }]
            scenarios: { main: [{ repeat: 2 to 5, steps: [{ get: "/{{n}}" }] }] }
            """, target: target)
        let counts = Dictionary(grouping: target.paths, by: \.self).values.map(\.count)
        #expect(counts.count == 100)
        #expect(Set(counts) == [2, 3, 4, 5])
    }

    @Test("a target that asks for endless repetitions gets a hundred thousand")
    func endlessRepetitions() throws {
        let target = ScriptedTarget(body: #"{"n": 1e18}"#)
        let run = try PlanRun.of(
            """
            load: [{ rate: 1/s, for: 1s }]
            scenarios:
              main:
                - get: /a
                  extract: { n: $.n }
                - { repeat: "{{n}}", steps: [{ think: 720h }] }
                - get: /c
            """, target: target)
        // Eight thousand years of pauses: more than an instant can be, and no reason to trap.
        #expect(target.paths == ["/a"])
        #expect(run.ledger.stopped == 1)
    }

    @Test(
        "a stop reaches a flow that sends nothing",
        arguments: ["{ repeat: 1000000, steps: [{ get: /b, if: status == 1 }] }"])
    func stopWithoutCalls(steps: String) throws {
        let stop = StopSwitch()
        let target = ScriptedTarget.answering { _, _ in
            stop.pull()
            return Reply(after: .milliseconds(1))
        }
        let run = try PlanRun.of(
            """
            load: [{ users: 2, for: 60s }]
            scenarios: { main: [{ get: /a, think: 0s }, \(steps)] }
            """, stop: stop, target: target)
        #expect(run.wasStopped)
        #expect(run.ledger.stopped == 2)
    }

    @Test(
        "users whose flows send nothing neither stop the clock nor starve the others",
        arguments: ["{ get: /b, if: status == 1 }", "{ get: '/{{x}}' }, { get: /b, extract: { x: $.x } }"])
    func emptyFlows(steps: String) throws {
        for load in ["{ users: 2, for: 500ms }", "{ users: 2, count: 100 }", "{ rate: 100/s, for: 1s }"] {
            let target = ScriptedTarget()
            let run = try PlanRun.of(
                """
                load: [\(load)]
                scenarios: { main: [\(steps)] }
                """, target: target)
            #expect(target.received == 0)
            #expect((100...1_000).contains(run.ledger.completed))
            #expect(run.ledger.stopped == 0)
        }
    }

    @Test("the pause of a step follows also when it could not be sent")
    func pauseAfterUnsent() throws {
        let run = try PlanRun.of(
            """
            load: [{ users: 1, for: 10s }]
            scenarios: { main: { think: 1s, steps: [{ get: "/{{x}}" }, { get: /b, extract: { x: $.x } }] } }
            """, target: ScriptedTarget())
        #expect(run.failures == [.missing_value: 10])
    }

    @Test("a step that comes after a pause has its whole time-out")
    func timeOutOfLaterSteps() throws {
        let target = ScriptedTarget.answering { _, request in
            Reply(after: request.target == "/b" ? .seconds(10) : .milliseconds(100))
        }
        let run = try PlanRun.of(
            """
            client: { timeout: { total: 2s } }
            load: [{ rate: 1/s, for: 3s }]
            scenarios: { main: [{ get: /a, name: a, think: 1500ms }, { get: /b, name: b }] }
            """, target: target)
        #expect(run.steps["a"]?.counts.succeeded == 3)
        #expect(run.steps["b"]?.failures == [.total_timeout: 3])
        #expect((1_999...2_002).contains(run.steps["b"]?.response.max.milliseconds ?? 0))
    }

    @Test("names of groups stand before the names of their steps")
    func groupNames() throws {
        let run = try PlanRun.of(
            steps:
                "{ group: shop, steps: [{ get: /a, name: look }, { transaction: pay, steps: [{ get: /b, name: card }] }] }",
            target: ScriptedTarget())
        #expect(run.steps.keys.sorted() == ["shop/look", "shop/pay/card"])
        #expect(run.transactions.keys.sorted() == ["shop/pay"])
    }
}
