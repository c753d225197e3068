import Core
import Recording
import Testing

@Suite("Bulkheads in a run")
struct BulkheadRunTests {
    private static let second = Reply(after: .seconds(1))

    @Test(
        "so many calls of a client run, so many wait, the others are rejected at once",
        arguments: [(2, 0, 2, 8), (2, 3, 5, 5), (10, 0, 10, 0), (1, 100, 10, 0)])
    func limits(running: Int, queue: Int, answered: Int, rejected: Int) throws {
        let target = ScriptedTarget.inTurn(Self.second)
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, bulkhead: { running: \(running), queue: \(queue), wait: 60s }",
            load: "{ users: 10, count: 10 }", target: target)
        #expect(run.ledger.succeeded == answered)
        #expect(run.ledger.rejected == rejected)
        #expect(run.rejections[.bulkhead_full] ?? 0 == rejected)
        #expect(target.mostAtOnce == running)
        #expect(run.policies.waited == answered - running)
    }

    @Test("who waits too long is rejected, and has no latency")
    func patience() throws {
        let run = try PlanRun.of(
            client: "bulkhead: { running: 1, queue: 10, wait: 500ms }", load: "{ users: 3, count: 3 }",
            target: .inTurn(Self.second))
        #expect(run.ledger.succeeded == 1)
        #expect(run.rejections == [.bulkhead_timeout: 2])
        #expect(run.response.count == 1)
    }

    @Test("patience ends with each call's own, whoever came first")
    func ownPatience() throws {
        // /long waits up to its own time-out of 30 s, /short up to 300 ms; the one who runs takes 2 s.
        let target = ScriptedTarget.inTurn(Reply(after: .seconds(2)))
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, bulkhead: { running: 1, queue: 10, wait: 20s }",
            load: "{ users: 1, count: 1 }",
            steps: "{ parallel: [{ get: /first }, { get: /long }, { get: /short, timeout: 300ms }] }, { get: /then }",
            target: target)
        #expect(target.paths == ["/first", "/long", "/then"])
        #expect(target.times == [0, 2_000, 4_000])
        #expect(run.rejections == [.bulkhead_timeout: 1])
    }

    @Test("waiters go on in the order in which they came")
    func order() throws {
        let target = ScriptedTarget.inTurn(Self.second)
        _ = try PlanRun.of(
            client: "timeout: { total: 60s }, bulkhead: { running: 1, queue: 10, wait: 60s }",
            load: "{ rate: 10/s, for: 1s }", steps: "{ get: '/{{n}}' }", extra: "data: { n: { counter: 0 } }",
            target: target)
        #expect(target.paths == (0..<10).map { "/\($0)" })
        #expect(target.times == (0..<10).map { $0 * 1_000 })
    }

    @Test("the response time has the wait in it, the send lag has not")
    func responseTime() throws {
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, bulkhead: { running: 1, queue: 100, wait: 60s }",
            load: "{ rate: 4/s, for: 5s }", target: .inTurn(Reply(after: .milliseconds(500))))
        #expect(run.ledger.succeeded == 20)
        #expect(run.response.max.milliseconds.rounded() >= 5_200)
        #expect(run.sendLag.count == 20)
        #expect(run.sendLag.max == .zero)
    }

    @Test("a permit of a call's bulkhead is held through retries and their pauses")
    func heldDuringBackoff() throws {
        let target = ScriptedTarget.inTurn(.unavailable, .good)
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, bulkhead: { running: 1, queue: 1, wait: 60s }, "
                + "retry: { attempts: 2, backoff: { base: 2s, cap: 2s, jitter: none } }",
            load: "{ users: 2, count: 2 }", target: target)
        #expect(target.times == [0, 2_001, 2_011])
        #expect(run.ledger.succeeded == 2)
    }

    @Test("a permit of an endpoint's bulkhead is free during pauses")
    func freeDuringBackoff() throws {
        let target = ScriptedTarget.inTurn(.unavailable, .good)
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, bulkhead: { per: endpoint, running: 1, queue: 1, wait: 60s }, "
                + "retry: { attempts: 2, backoff: { base: 2s, cap: 2s, jitter: none } }",
            load: "{ users: 2, count: 2 }", target: target)
        #expect(target.times == [0, 1, 2_001])
        #expect(run.ledger.succeeded == 2)
    }

    @Test("groups of steps have their own, and a call passes all that it is in")
    func groups() throws {
        let target = ScriptedTarget.inTurn(Self.second)
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, bulkhead: [{ running: 5, queue: 100, wait: 60s }, "
                + "{ name: pay, steps: [pay, main/cart], running: 2, queue: 0 }]",
            load: "{ users: 3, count: 3 }",
            steps: "{ parallel: [{ name: pay, get: /pay }, { name: cart, get: /cart }, { name: look, get: /look }] }",
            target: target)
        #expect(target.paths.filter { $0 != "/look" }.count == 2)
        #expect(target.paths.filter { $0 == "/look" }.count == 3)
        #expect(run.rejections == [.bulkhead_full: 4])
    }

    @Test("one that a second bulkhead turns away gives the permit of the first back")
    func permitBack() throws {
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, bulkhead: [{ running: 2 }, { name: pay, steps: [pay], running: 1 }]",
            load: "{ users: 2, count: 100 }", steps: "{ name: pay, get: /pay }",
            target: .inTurn(Reply(after: .milliseconds(10))))
        #expect(run.ledger.made == 100)
        #expect(run.ledger.succeeded > 5)
        #expect(run.ledger.rejected + run.ledger.succeeded == 100)
    }

    @Test("each endpoint has its own, and who is turned away by one goes to another")
    func perEndpoint() throws {
        let target = ScriptedTarget.inTurn(Self.second)
        let run = try PlanRun.of(
            client: "bulkhead: { per: endpoint, running: 2 }", endpoints: 3, load: "{ users: 10, count: 10 }",
            target: target)
        #expect(target.mostByPlace == [0: 2, 1: 2, 2: 2])
        #expect(run.ledger.succeeded == 6)
        #expect(run.rejections == [.bulkhead_full: 4])
    }

    @Test("a full endpoint is passed by also where breakers are of steps")
    func perEndpointBesideBreakers() throws {
        let run = try PlanRun.of(
            client: "bulkhead: { per: endpoint, running: 2 }, breaker: { per: step, failures: 5 }", endpoints: 3,
            load: "{ users: 10, count: 10 }", target: .inTurn(Self.second))
        #expect(run.ledger.succeeded == 6)
    }

    @Test("each client has its own")
    func perClient() throws {
        let target = ScriptedTarget.inTurn(Self.second)
        let run = try PlanRun.of(
            client: "clients: 3, bulkhead: 2", load: "{ users: 9, count: 9 }", target: target)
        #expect(target.mostAtOnce == 6)
        #expect(run.rejections == [.bulkhead_full: 3])
    }

    @Test("permits come back from failures, time-outs and resets")
    func permitsReturn() throws {
        let replies: [Reply] = [.good, .failing, .refused, .reset, .never]
        let target = ScriptedTarget.answering { number, _ in replies[number % 5] }
        let run = try PlanRun.of(
            client: "timeout: { total: 1s, attempt: 100ms }, bulkhead: { running: 1, queue: 1, wait: 1s }",
            load: "{ rate: 4/s, for: 25s }", target: target)
        #expect(run.ledger.succeeded == 20)
        #expect(run.ledger.failed == 80)
        #expect(run.ledger.rejected == 0)
        #expect(target.mostAtOnce == 1)
    }

    @Test("a stop of the run cancels everybody who waits")
    func stopped() throws {
        let target = ScriptedTarget.inTurn(Reply(after: .seconds(3)))
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, bulkhead: { running: 1, queue: 100, wait: 60s }",
            load: "{ rate: 10/s, for: 1m }", stopAt: .seconds(1), target: target)
        #expect(run.wasStopped)
        #expect(run.ledger.succeeded == 1, "the one that is under way goes on")
        #expect(run.ledger.cancelled == run.ledger.made - 1)
        #expect(target.received == 1)
    }

    @Test("waiters at the end of the load have their turn before the drain is over")
    func drain() throws {
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, bulkhead: { running: 1, queue: 100, wait: 60s }",
            load: "{ rate: 20/s, for: 1s }", target: .inTurn(Self.second))
        #expect(run.ledger.succeeded == 20)
        #expect(run.total.seconds.rounded() == 20)
    }

    @Test("patience is kept through long and mixed queues")
    func longQueue() throws {
        // Two groups of different patience, overloaded for a minute: the room is never empty.
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, bulkhead: [{ name: a, steps: [a], running: 1, queue: 1000, wait: 5s }, "
                + "{ name: b, steps: [b], running: 1, queue: 1000, wait: 100ms }]",
            load: "{ rate: 5/s, for: 1m }", steps: "{ parallel: [{ name: a, get: /a }, { name: b, get: /b }] }",
            target: .inTurn(Self.second))
        let (a, b) = (try #require(run.steps["a"]), try #require(run.steps["b"]))
        #expect((60...66).contains(a.counts.succeeded))
        #expect(a.response.max < .milliseconds(6_010))
        #expect(a.response.value(atPercentile: 50) > .milliseconds(5_700))
        #expect((40...61).contains(b.counts.succeeded))
        #expect(b.response.max < .milliseconds(1_110))
        #expect(run.rejections[.bulkhead_timeout] == run.ledger.rejected)
    }
}
