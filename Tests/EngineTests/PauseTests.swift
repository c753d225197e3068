import Core
import Recording
import Testing

@Suite("Pauses, stops and the drain")
struct PauseTests {
    @Test(
        "the intended time of a step is the end of the one before and the pause between",
        arguments: [
            ("{ get: /a }, { get: /b }, { get: /c }", "", [0, 100, 200]),
            ("{ get: /a, think: 50ms }, { get: /b }, { get: /c }", "", [0, 150, 250]),
            (
                "{ get: /a }, { think: 50ms }, { get: /b }, { think: 1s }, { think: 1s }, { get: /c }", "",
                [0, 150, 2_250]
            ),
            ("{ get: /a }, { get: /b, think: 0s }, { get: /c }", "think: 1s", [0, 1_100, 1_200]),
            ("{ get: /a, think: 50ms }, { think: 50ms }, { get: /b }", "think: 1s", [0, 200]),
            ("{ group: g, steps: [{ get: /a, think: 10ms }] }, { get: /b }", "", [0, 110]),
        ] as [(String, String, [Int64])])
    func pauses(steps: String, scenario: String, expected: [Int64]) throws {
        let target = ScriptedTarget(after: .milliseconds(100))
        let run = try PlanRun.of(steps: steps, scenario: scenario, target: target)
        #expect(target.times == expected)
        #expect(run.ledger.succeeded == expected.count)
        for step in run.steps.values { #expect(step.response.max.milliseconds.rounded() == 100) }
    }

    @Test("a pause counts for the next request, whatever lies between, and not for a step that is left out")
    func pausesAndConditions() throws {
        let target = ScriptedTarget(after: .milliseconds(100))
        let run = try PlanRun.of(
            steps:
                "{ get: /a, think: 50ms }, { get: /b, if: status == 404, think: 9s }, { get: /c }", target: target)
        #expect(target.paths == ["/a", "/c"])
        #expect(target.times == [0, 150])
        #expect(run.ledger.made == 2)
    }

    @Test("random pauses lie between their ends, and differ from user to user")
    func randomPauses() throws {
        let target = ScriptedTarget(after: .milliseconds(1))
        _ = try PlanRun.of(
            """
            load: [{ rate: 1/s, for: 50s }]
            scenarios: { main: { think: 100ms to 300ms, steps: [{ get: /a }, { get: /b }] } }
            """, target: target)
        let starts = target.log.filter { $0.target == "/a" }
        let ends = target.log.filter { $0.target == "/b" }
        let pauses = zip(starts, ends).map { ($1.at - $0.at - .milliseconds(1)).milliseconds }
        #expect(pauses.count == 50)
        #expect(pauses.allSatisfy { (100...300).contains($0) })
        #expect(Set(pauses).count == 50)
        #expect((pauses.max() ?? 0) - (pauses.min() ?? 0) > 100)
    }

    @Test("a user of a closed phase waits for the pause of its last step, then for the phase's own")
    func pauseBetweenFlows() throws {
        let target = ScriptedTarget(after: .milliseconds(100))
        try PlanRun.of(
            """
            load: [{ users: 1, count: 3, think: 300ms }]
            scenarios: { main: [{ get: /a, think: 50ms }] }
            """, target: target)
        #expect(target.times == [0, 450, 900])
    }

    @Test("users that pause within a flow go on when their phase has ended, and finish it")
    func pausesOutliveThePhase() throws {
        for load in ["{ users: 3, for: 1s, think: 60s }", "{ rate: 3/s, for: 1s }"] {
            let target = ScriptedTarget(after: .milliseconds(100))
            let run = try PlanRun.of(
                """
                load: [\(load)]
                scenarios: { main: [{ get: /a, think: 10s }, { get: /b, think: 10s }, { get: /c }] }
                """, target: target)
            #expect(target.paths.filter { $0 == "/c" }.count == 3)
            #expect(run.ledger.completed == 3)
            #expect(run.ledger.stopped == 0)
            #expect((20...22).contains(run.total.seconds))
        }
    }

    @Test("what pauses beyond the limit of the drain is cut off, and the ledger says so")
    func drainLimit() throws {
        let target = ScriptedTarget(after: .milliseconds(100))
        let run = try PlanRun.of(
            """
            client: { timeout: { total: 5s } }
            load: [{ users: 3, for: 1s }]
            scenarios: { main: [{ get: /a, think: 10s }, { get: /b }] }
            """, target: target)
        #expect(target.paths == ["/a", "/a", "/a"])
        #expect(run.ledger.stopped == 3)
        #expect(run.ledger.completed == 0)
        #expect(!run.wasStopped)
        #expect((6...8).contains(run.total.seconds))
    }

    @Test(
        "a stop cuts off users that pause, wherever they do",
        arguments: [
            "{ get: /a, think: 60s }, { get: /b }", "{ get: /a }, { think: 60s }, { get: /b }",
            "{ transaction: t, steps: [{ get: /a, think: 60s }, { get: /b }] }",
            "{ parallel: [{ get: /a, think: 60s }, { get: /b, think: 60s }], name: p }, { get: /c }",
            "{ repeat: 100, steps: [{ get: /a, think: 60s }] }",
        ], ["{ users: 3, for: 300s }", "{ users: 3, count: 30 }", "{ rate: 3/s, for: 300s }"])
    func stop(steps: String, load: String) throws {
        let target = ScriptedTarget(after: .milliseconds(100))
        let run = try PlanRun.of(
            """
            client: { timeout: { total: 100s }, clients: 2 }
            load: [\(load)]
            scenarios: { main: [\(steps)] }
            """, stopAt: .milliseconds(1_500), target: target)
        #expect(run.wasStopped)
        #expect(run.ledger.started >= 3)
        #expect(run.ledger.stopped == run.ledger.started)
        #expect(run.ledger.cancelled == 0, "calls under way may end")
        #expect(run.transactions["t"]?.response.isEmpty != false, "what was cut off is not measured")
        #expect(run.total < .seconds(3))
    }

    @Test("calls that a stopped run cuts off are cancelled, in every branch")
    func cancelled() throws {
        let target = ScriptedTarget(after: .seconds(25))
        let run = try PlanRun.of(
            """
            load: [{ users: 2, for: 60s }]
            scenarios: { main: [{ parallel: [{ get: /a }, { get: /b }, { get: /c }], name: page }, { get: /d }] }
            """, stopAt: .seconds(1), target: target)
        #expect(run.ledger.cancelled == 6)
        #expect(run.ledger.stopped == 2)
        #expect(run.transactions["page"]?.response.isEmpty == true)
        #expect((5.9...6.2).contains(run.total.seconds))
    }
}
