import Core
import Recording
import Testing

/// From the outside in: throttle, bulkheads, shard, retry and hedge with their budgets, then for each attempt the pick, the
/// breaker, the endpoint's bulkhead, the pool, the time-out.
@Suite("The order of policies")
struct LayerTests {
    /// One call that hangs takes what there is; what comes after it is turned away by the outermost layer that is closed.
    @Test(
        "of several layers that would turn a call away the outermost does",
        arguments: [
            ("bulkhead: 1, breaker: { failures: 1 }, pool: { per-endpoint: 1, pending: 0 }", Rejection.bulkhead_full),
            ("bulkhead: { per: endpoint, running: 1 }, pool: { per-endpoint: 1, pending: 0 }", .bulkhead_full),
            ("breaker: { per: step, failures: 5 }, pool: { per-endpoint: 1, pending: 0 }", .pool_full),
            (
                "bulkhead: { running: 1, queue: 10, wait: 100ms }, pool: { per-endpoint: 1, pending: 0 }",
                .bulkhead_timeout
            ),
            (
                "bulkhead: { per: endpoint, running: 1, queue: 10, wait: 100ms }, pool: { connections: 1, pending: 0 }",
                .bulkhead_timeout
            ),
            ("pool: { connections: 1, pending: 10, wait: 100ms }", .pool_timeout),
        ])
    func outermost(client: String, rejection: Rejection) throws {
        let run = try PlanRun.of(
            client: "timeout: { total: 5s }, retry: 3, " + client, load: "{ rate: 10/s, for: 1s }",
            target: .inTurn(.never))
        #expect(run.rejections == [rejection: 9], "a call that is rejected is not tried again")
        #expect(run.ledger.attempts == 1)
        #expect(run.response.count == 1, "nor has it a latency")
    }

    @Test("an open breaker turns calls away before a full bulkhead of the endpoint or pool does")
    func breakerBeforePool() throws {
        // The first call hangs in the only place; the breaker of the step is opened by the second, which has no endpoint.
        let target = ScriptedTarget.inTurn(.never, .failing)
        let run = try PlanRun.of(
            client:
                "timeout: { total: 5s }, breaker: { failures: 1, open: 1h }, pool: { per-endpoint: 2, pending: 0 }, "
                + "bulkhead: { per: endpoint, running: 2 }",
            load: "{ rate: 10/s, for: 1s }", target: target)
        #expect(run.rejections == [.breaker_open: 8])
    }

    @Test("a throttled call takes no permit")
    func throttleFirst() throws {
        // Nothing is accepted, so after a while nearly everything is throttled, and the bulkhead has room.
        let run = try PlanRun.of(
            client: "timeout: { total: 1s }, throttle: 2, bulkhead: 5", load: "{ rate: 100/s, for: 20s }",
            target: .inTurn(.unavailable))
        #expect(run.rejections[.throttle] ?? 0 > 1_900)
        #expect(run.rejections[.bulkhead_full] == nil)
    }

    @Test("calls that a bulkhead turns away are requests for the throttle too, and not accepted")
    func throttleCounts() throws {
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, throttle: 2, bulkhead: 1", load: "{ rate: 50/s, for: 20s }",
            target: .inTurn(Reply(after: .seconds(1))))
        #expect(run.ledger.succeeded <= 20)
        #expect(run.rejections[.throttle] ?? 0 > 800)
    }

    @Test("the time-out of an attempt begins when it has a connection, the call's with the intended start")
    func timeouts() throws {
        // Two at once through one connection, each hangs: the second waits for the first one's time-out.
        let target = ScriptedTarget.inTurn(.never)
        let run = try PlanRun.of(
            client: "timeout: { total: 1500ms, attempt: 1s }, pool: { per-endpoint: 1, pending: 10, wait: 60s }",
            load: "{ users: 2, count: 2 }", target: target)
        #expect(target.times == [0, 1_000])
        #expect(run.failures == [.attempt_timeout: 1, .total_timeout: 1])
        #expect(abs(run.response.max.milliseconds - 1_500) < 5)
    }

    @Test("each client has budgets of its own", arguments: [(1, 20), (4, 80)])
    func budgets(clients: Int, retries: Int) throws {
        let run = try PlanRun.of(
            client:
                "clients: \(clients), retry: { attempts: 2, backoff: { base: 1ms }, budget: { ratio: 0%, per-second: 2 } }",
            load: "{ rate: 40/s, for: 5s }", target: .inTurn(.unavailable))
        #expect(run.ledger.retries == retries)
    }

    @Test(
        "setup and teardown go by the policies too, teardown also after a stop",
        arguments: [nil, Span.milliseconds(480)])
    func aside(stopAt: Span?) throws {
        let target = ScriptedTarget.answering { number, request in
            switch request.target {
            case "/in": number == 0 ? .unavailable : Reply(after: .milliseconds(10), body: "{\"v\": \"x\"}")
            case "/out": request.place == 0 ? Reply(after: .seconds(2)) : .good
            default: .good
            }
        }
        let run = try PlanRun.of(
            client: "retry: { attempts: 3, budget: none }, hedge: { after: 100ms, budget: 100% }, "
                + "bulkhead: { running: 5, queue: 5 }, pool: { per-endpoint: 2, pending: 10 }",
            endpoints: 2, load: "{ rate: 20/s, for: 1s }", steps: "{ get: '/{{v}}' }",
            extra: "setup: [{ get: /in, extract: { v: $.v } }]\nteardown: [{ get: /out }, { get: /out }]",
            stopAt: stopAt,
            target: target)
        #expect(run.warmUp.retries == 1)
        #expect(run.warmUp.hedges == 2, "rotation goes on with the endpoint that hangs")
        #expect(run.teardownFailure == nil)
        #expect(run.ledger.succeeded == (stopAt == nil ? 20 : run.ledger.made))
    }

    @Test("a run that is cut off in the turn in which a call begins to wait, or to race, ends", arguments: 0..<6)
    func cutAtOnce(step: Int) throws {
        // The stop falls into the instants of arrivals, pauses and hedges, all at multiples of 100 ms.
        for client in [
            "bulkhead: { running: 1, queue: 100, wait: 1h }", "pool: { per-endpoint: 1, pending: 100, wait: 1h }",
            "hedge: { after: 100ms, budget: 100% }", "retry: { attempts: 9, backoff: { base: 100ms, jitter: none } }",
            "breaker: { failures: 1, open: 100ms }, hedge: { after: 1h, budget: 100% }",
        ] {
            let run = try PlanRun.of(
                client: "timeout: { total: 2h }, " + client, endpoints: 2, load: "{ rate: 10/s, for: 10s }",
                steps: "{ get: /, think: 100ms }, { get: /b }", stopAt: .milliseconds(Int64(step) * 100),
                target: .answering { number, _ in number % 2 == 0 ? .never : Reply(after: .zero, status: 503) })
            #expect(run.wasStopped)
            #expect(run.total.seconds < 5.7)
        }
    }
}
