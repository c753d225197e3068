import Core
import Engine
import Recording
import Testing

@Suite("Setup and teardown")
struct SetupTests {
    // MARK: Setup

    @Test("setup runs once, and what it found reaches every client and every phase", arguments: [1, 3])
    func setup(clients: Int) throws {
        let target = ScriptedTarget(body: #"{"token": "t-1", "id": 5}"#)
        let run = try PlanRun.of(
            """
            client: { clients: \(clients) }
            setup:
              - { post: /login, extract: { token: $.token } }
              - { get: "/me/{{token}}", extract: { id: $.id } }
            load: [{ rate: 20/s, for: 1s }, { users: 4, count: 10 }]
            scenarios: { main: [{ get: "/{{id}}", headers: { Authorization: "Bearer {{token}}" } }] }
            """, target: target)
        #expect(target.lines.prefix(2) == ["POST /login", "GET /me/t-1"])
        #expect(target.log.dropFirst(2).count == 30)
        #expect(target.log.dropFirst(2).allSatisfy { $0.target == "/5" && $0.header("Authorization") == "Bearer t-1" })
        #expect(run.ledger.made == 30)
        #expect(run.warmUp.made == 2)
        #expect(run.warmUp.scheduled == 1)
        #expect(run.steps.count == 1, "setup's steps are not measured")
        #expect(target.log[2].at >= run.origin)
    }

    @Test("what a flow takes stays its own, and does not change what setup left")
    func setupValuesStay() throws {
        let target = ScriptedTarget.answering { number, _ in Reply(after: .milliseconds(1), body: "{\"t\": \(number)}")
        }
        try PlanRun.of(
            """
            setup: [{ get: /first, extract: { t: $.t } }]
            load: [{ users: 1, count: 3 }]
            scenarios: { main: [{ get: "/{{t}}", extract: { t: $.t } }, { get: "/{{t}}" }] }
            """, target: target)
        #expect(target.paths == ["/first", "/0", "/1", "/0", "/3", "/0", "/5"])
    }

    @Test(
        "when setup fails, no load is sent, teardown runs, and the error says which step it was",
        arguments: [
            ("{ get: /bad, name: login }", "status_5xx in step `login`", ["/bad", "/undo/"]),
            ("{ get: /a, extract: { id: $.id } }, { get: /bad }", "status_5xx", ["/a", "/bad", "/undo/7"]),
            ("{ get: /a, name: look, extract: { token: $.absent } }", "check_failed in step `look`", ["/a", "/undo/"]),
            ("{ get: /a, expect: { body: { contains: ok } } }", "check_failed", ["/a", "/undo/"]),
            ("{ get: /a }, { get: '/{{absent}}' }", "missing_value: `{{absent}}`", ["/a", "/undo/"]),
            ("{ get: '/{{one}}' }, { next: one }, { get: /b }", "data have come to their end", ["/1", "/undo/"]),
        ])
    func setupFails(steps: String, message: String, expected: [String]) throws {
        let target = ScriptedTarget.answering { _, request in
            Reply(after: .milliseconds(1), status: request.target == "/bad" ? 500 : 200, body: #"{"id": 7}"#)
        }
        let plan = """
            data: { one: { list: [1], at-end: stop } }
            setup: [\(steps), { get: /never, if: status == 1, extract: { id: $.id, absent: $.id } }]
            teardown: [{ get: "/undo/{{id}}", if: id > 0 }, { get: /undo/, if: not (id > 0) }]
            load: [{ rate: 10/s, for: 1s }]
            scenarios: { main: [{ get: /load }] }
            """
        #expect {
            try PlanRun.of(plan, target: target)
        } throws: { error in
            guard case .setupFailed(let reason) = error as? LoadFailure else { return false }
            return reason.contains(message)
        }
        #expect(target.paths == expected)
    }

    @Test("a stop during setup ends the run without load; teardown runs")
    func stopDuringSetup() throws {
        let stop = StopSwitch()
        let target = ScriptedTarget.answering { _, request in
            if request.target == "/login" { stop.pull() }
            return Reply(after: .milliseconds(100))
        }
        let run = try PlanRun.of(
            """
            setup: [{ get: /login }, { get: /more }]
            teardown: [{ get: /logout }, { get: /bye }]
            load: [{ rate: 10/s, for: 1s }]
            scenarios: { main: [{ get: /load }] }
            """, stop: stop, target: target)
        #expect(target.paths == ["/login", "/logout", "/bye"])
        #expect(run.wasStopped)
        #expect(run.ledger.scheduled == 0)
        #expect(run.teardownFailure == nil)
    }

    @Test("a stop during setup lets its call end for five seconds, and no longer")
    func stopDuringSlowSetup() throws {
        let stop = StopSwitch()
        let target = ScriptedTarget.answering { _, request in
            if request.target == "/login" { stop.pull() }
            return Reply(after: request.target == "/login" ? .seconds(20) : .milliseconds(10))
        }
        let run = try PlanRun.of(
            """
            setup: [{ get: /login }]
            teardown: [{ get: /logout }]
            load: [{ rate: 10/s, for: 1s }]
            scenarios: { main: [{ get: /load }] }
            """, stop: stop, target: target)
        #expect(target.paths == ["/login", "/logout"])
        #expect(run.wasStopped)
        #expect(run.warmUp.cancelled == 1)
        #expect((target.log[1].at - target.log[0].at).seconds < 5.1)
    }

    // MARK: Teardown

    @Test("teardown runs once, after the last call of the load has ended", arguments: [1, 3])
    func teardown(clients: Int) throws {
        let target = ScriptedTarget.answering { number, request in
            Reply(after: request.target == "/load" ? .seconds(2) : .milliseconds(10), body: #"{"id": 7}"#)
        }
        let run = try PlanRun.of(
            """
            client: { clients: \(clients) }
            setup: [{ get: /up, extract: { id: $.id } }]
            teardown: [{ delete: "/{{id}}" }]
            load: [{ rate: 10/s, for: 1s }]
            scenarios: { main: [{ get: /load }] }
            """, target: target)
        #expect(target.lines.last == "DELETE /7")
        #expect(target.lines.filter { $0.hasPrefix("DELETE") }.count == 1)
        let last = try #require(target.log.last)
        let lastOfLoad = target.log[target.log.count - 2].at + .seconds(2)
        #expect(last.at >= lastOfLoad)
        #expect(run.ledger.succeeded == 10)
        #expect(run.warmUp.made == 2)
        #expect(run.teardownFailure == nil)
    }

    @Test("teardown runs when the run is stopped, and when it is stopped again")
    func teardownWhenStopped() throws {
        let stop = StopSwitch()
        let target = ScriptedTarget.answering { _, request in
            if request.target == "/logout" { stop.pull() }
            return Reply(after: .milliseconds(10))
        }
        let plan = """
            teardown: [{ get: /logout, think: 1s }, { get: /bye }]
            load: [{ users: 2, for: 60s, think: 100ms }]
            scenarios: { main: [{ get: /load, think: 10s }, { get: /load }] }
            """
        let stopped = try PlanRun.of(plan, stopAt: .seconds(5), stop: stop, target: target)
        #expect(target.paths == ["/load", "/load", "/logout", "/bye"])
        #expect(stopped.wasStopped)
        #expect(stopped.ledger.stopped == 2)
        #expect(stopped.teardownFailure == nil)
    }

    @Test("a stop that comes during teardown does not make a whole run a stopped one")
    func stopDuringTeardown() throws {
        let stop = StopSwitch()
        let target = ScriptedTarget.answering { _, request in
            if request.target == "/logout" { stop.pull() }
            return Reply(after: .milliseconds(10))
        }
        let run = try PlanRun.of(
            """
            teardown: [{ get: /logout }, { get: /bye }]
            load: [{ users: 1, count: 3 }]
            scenarios: { main: [{ get: /load }] }
            """, stop: stop, target: target)
        #expect(target.paths == ["/load", "/load", "/load", "/logout", "/bye"])
        #expect(!run.wasStopped)
        #expect(run.teardownFailure == nil)
    }

    @Test("a teardown that fails says so, and the results stand")
    func teardownFails() throws {
        let target = ScriptedTarget.answering { _, request in
            Reply(after: .milliseconds(10), status: request.target == "/logout" ? 404 : 200)
        }
        let run = try PlanRun.of(
            """
            teardown: [{ get: /logout, name: bye }, { get: /more }]
            load: [{ users: 1, count: 3 }]
            scenarios: { main: [{ get: /load }] }
            """, target: target)
        #expect(run.teardownFailure == "status_4xx in step `bye`")
        #expect(target.paths.last == "/logout")
        #expect(run.ledger.succeeded == 3)
        #expect(run.warmUpCounts.failed == 1)
    }

    @Test("teardown that lacks a row of data says so")
    func teardownWithoutRows() throws {
        let target = ScriptedTarget()
        let run = try PlanRun.of(
            """
            data: { row: { list: [a, b], at-end: stop } }
            teardown: [{ get: "/{{row}}" }]
            load: [{ users: 1, for: 10s }]
            scenarios: { main: [{ get: "/{{row}}" }] }
            """, target: target)
        #expect(run.dataEnded)
        #expect(target.paths == ["/a", "/b"])
        #expect(run.teardownFailure == "its data have come to their end")
    }
}
