import Core
import Recording
import Testing

@Suite("Connection pools in a run")
struct PoolRunTests {
    private static let second = Reply(after: .seconds(1))

    @Test("so many connections lead to an endpoint, the others wait")
    func perEndpoint() throws {
        let target = ScriptedTarget.inTurn(Self.second)
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, pool: { per-endpoint: 2, pending: 100, wait: 60s }", endpoints: 3,
            load: "{ users: 12, count: 12 }", target: target)
        #expect(target.mostByPlace == [0: 2, 1: 2, 2: 2])
        #expect(run.ledger.succeeded == 12)
        #expect(run.policies.waited == 6)
        #expect(run.total.seconds.rounded() == 2)
    }

    @Test("so many connections are there in all")
    func total() throws {
        let target = ScriptedTarget.inTurn(Self.second)
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, pool: { connections: 4, pending: 100, wait: 60s }", endpoints: 3,
            load: "{ users: 12, count: 12 }", target: target)
        #expect(target.mostAtOnce == 4)
        #expect(run.ledger.succeeded == 12)
        #expect(run.total.seconds.rounded() == 3)
    }

    @Test(
        "who finds no place to wait is rejected, and who waits too long",
        arguments: [
            ("pending: 3, wait: 60s", 5, [Rejection.pool_full: 5]),
            ("pending: 100, wait: 500ms", 2, [.pool_timeout: 8]),
            ("pending: 0", 2, [.pool_full: 8]),
        ])
    func rejected(words: String, answered: Int, rejections: [Rejection: Int]) throws {
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, pool: { per-endpoint: 2, \(words) }", load: "{ users: 10, count: 10 }",
            target: .inTurn(Self.second))
        #expect(run.ledger.succeeded == answered)
        #expect(run.rejections == rejections)
        #expect(run.response.count == answered)
    }

    @Test("so many connections to an endpoint are opened at the same time")
    func opening() throws {
        // Each connection takes 100 ms, and each answer comes at once then.
        let target = ScriptedTarget.inTurn(Reply(after: .milliseconds(110), connect: .milliseconds(100)))
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, pool: { opening: 2, pending: 100, wait: 60s }",
            load: "{ users: 6, count: 6 }",
            target: target)
        #expect(target.times == [0, 0, 100, 100, 200, 200])
        #expect(run.ledger.succeeded == 6)
    }

    @Test("a connection that is never opened makes room for the next attempt", arguments: [true, false])
    func neverOpened(isRefused: Bool) throws {
        let reply = isRefused ? Reply.refused : Reply(after: .never - Instant.unset, connect: .seconds(100))
        let target = ScriptedTarget.inTurn(reply)
        let run = try PlanRun.of(
            client: "timeout: { total: 60s, attempt: 1s }, pool: { opening: 1, pending: 100, wait: 60s }",
            load: "{ users: 5, count: 5 }", target: target)
        #expect(run.ledger.failed == 5)
        #expect(run.rejections == [:])
    }

    @Test("waiting for a slow endpoint holds nobody up who goes to another")
    func noHeadOfLine() throws {
        // Place 0 never answers.
        let target = ScriptedTarget.places([0: { _ in .never }])
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, pool: { connections: 20, per-endpoint: 2, pending: 100, wait: 60s }",
            endpoints: 2, load: "{ rate: 10/s, for: 5s }", target: target)
        #expect(run.endpoints[1].succeeded == 25)
        #expect(run.ledger.succeeded == 25)
        #expect(run.steps["GET /"]?.response.value(atPercentile: 40).milliseconds.rounded() == 10)
    }

    @Test("a full endpoint's waiting list is passed by when another one has room")
    func passesBy() throws {
        let target = ScriptedTarget.places([0: { _ in .never }])
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, pool: { per-endpoint: 2, pending: 0 }", endpoints: 2,
            load: "{ rate: 10/s, for: 5s }", target: target)
        #expect(target.byPlace[0] == 2)
        #expect(run.endpoints[1].succeeded == 48)
        #expect(run.rejections == [:])
    }

    @Test("a permit is free during a pause between attempts")
    func backoff() throws {
        let target = ScriptedTarget.inTurn(.unavailable, .good)
        _ = try PlanRun.of(
            client: "timeout: { total: 60s }, pool: { per-endpoint: 1, pending: 1, wait: 60s }, "
                + "retry: { attempts: 2, backoff: { base: 2s, cap: 2s, jitter: none } }",
            load: "{ users: 2, count: 2 }", target: target)
        #expect(target.times == [0, 1, 2_001])
    }

    @Test("the wait for a connection is bounded by the call's time")
    func callsTime() throws {
        let run = try PlanRun.of(
            client: "timeout: { total: 500ms }, pool: { per-endpoint: 1, pending: 10, wait: 60s }",
            load: "{ users: 2, count: 2 }", target: .inTurn(.never))
        #expect(run.failures == [.total_timeout: 1])
        #expect(run.rejections == [.pool_timeout: 1])
    }

    @Test("to wait for a connection is no time of the attempt, and no lag of the generator")
    func attemptTime() throws {
        let run = try PlanRun.of(
            client: "timeout: { total: 60s, attempt: 1100ms }, pool: { per-endpoint: 1, pending: 100, wait: 60s }",
            load: "{ rate: 2/s, for: 5s }", target: .inTurn(Self.second))
        #expect(run.ledger.succeeded == 10)
        #expect(run.response.max.milliseconds.rounded() >= 5_400)
        #expect(run.sendLag.max == .zero)
    }

    @Test("a stop of the run cancels everybody who waits, and the pool is empty then")
    func stopped() throws {
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, pool: { per-endpoint: 1, pending: 100, wait: 60s }", endpoints: 2,
            load: "{ rate: 10/s, for: 1m }", stopAt: .seconds(1), target: .inTurn(.never))
        #expect(run.ledger.cancelled == run.ledger.made)
        #expect(run.ledger.attempts == 2)
    }
}
