import Core
import Recording
import Testing

@Suite("Fallbacks, throttles and adaptive time-outs in a run")
struct FallbackRunTests {
    private static let one = "{ users: 1, count: 1 }"

    // MARK: Fallback

    @Test(
        "a fallback answers a call that failed or was rejected, and the flow goes on with its values",
        arguments: [Reply.failing, .refused, .never, Reply(after: .milliseconds(1), body: "{}")])
    func failed(reply: Reply) throws {
        let target = ScriptedTarget.answering { _, request in request.target == "/a" ? reply : .good }
        let run = try PlanRun.of(
            client: "timeout: { total: 200ms }", load: Self.one,
            steps: "{ get: /a, extract: { v: $.v }, fallback: { status: 203, json: { v: 7 } } }, "
                + "{ get: '/{{v}}', if: status == 203 }", scenario: "on-failure: end", target: target)
        #expect(target.paths.last == "/7")
        #expect(run.ledger.failed == 1)
        #expect(run.ledger.fallbacks == 1)
        #expect(run.ledger.succeeded == 1)
        #expect(run.ledger.completed == 1)
    }

    @Test("a rejected call has its fallback too")
    func rejected() throws {
        let target = ScriptedTarget.answering { _, request in request.target == "/a" ? .failing : .good }
        let run = try PlanRun.of(
            client: "breaker: { per: step, failures: 2, open: 1h }", load: "{ users: 1, count: 5 }",
            steps: "{ get: /a, extract: { v: $.v }, fallback: { json: { v: '{{n}}' } } }, { get: '/{{v}}' }",
            scenario: "on-failure: end", extra: "data: { n: { counter: 1 } }", target: target)
        #expect(target.paths == ["/a", "/1", "/a", "/2", "/3", "/4", "/5"])
        #expect(run.ledger.fallbacks == 5)
        #expect(run.ledger.rejected == 3)
        #expect(run.ledger.failed == 2)
    }

    @Test("a call that succeeds needs none")
    func notNeeded() throws {
        let run = try PlanRun.of(
            client: "", load: Self.one,
            steps: "{ get: /a, extract: { v: $.v }, fallback: { json: { v: 7 } } }, { get: '/{{v}}' }",
            target: ScriptedTarget(body: "{\"v\": 1}"))
        #expect(run.ledger.fallbacks == 0)
        #expect(run.ledger.succeeded == 2)
    }

    @Test("a fallback that lacks what the step extracts is none")
    func lacking() throws {
        let target = ScriptedTarget.inTurn(.failing)
        let run = try PlanRun.of(
            client: "", load: Self.one,
            steps: "{ get: /a, extract: { v: $.v }, fallback: { json: { w: 7 } } }, { get: /b }",
            scenario: "on-failure: end", target: target)
        #expect(run.ledger.fallbacks == 0)
        #expect(target.paths == ["/a"])
    }

    @Test("a fallback of a call to all shards is gathered from")
    func gathered() throws {
        let target = ScriptedTarget.places([1: { _ in .failing }])
        try PlanRun.of(
            client: "shard: ring", endpoints: 3, load: Self.one,
            steps:
                "{ get: /a, gather: { total: { sum: $.count } }, fallback: { json: { count: 5 } } }, { get: '/{{total}}', key: x }",
            target: target)
        #expect(target.paths.last == "/5")
    }

    @Test("a transaction whose rejected call has a fallback has succeeded, without a latency")
    func transaction() throws {
        let run = try PlanRun.of(
            client: "breaker: { per: step, failures: 1, open: 1h }", load: "{ users: 1, count: 3 }",
            steps: "{ transaction: t, steps: [{ get: /a, fallback: {} }] }", target: .inTurn(.failing))
        #expect(run.transactions["t"]?.counts.succeeded == 3)
        #expect(run.transactions["t"]?.response.count == 1)
    }

    // MARK: Throttle

    @Test("a target that accepts a tenth sees k times of what it accepts, in the long run", arguments: [2.0, 1.5])
    func throttle(k: Double) throws {
        // 100 requests per second, of which 10 are accepted.
        let target = ScriptedTarget.answering { _, request in
            Reply(after: .milliseconds(1), status: request.at.nanoseconds / 100_000_000 % 10 == 0 ? 200 : 503)
        }
        let run = try PlanRun.of(
            client: "throttle: { k: \(k), window: 20s }", load: "{ rate: 100/s, for: 2m }", target: target)
        let accepted = run.ledger.succeeded
        let reached = run.ledger.attempts
        #expect(run.rejections == [.throttle: 12_000 - reached])
        // By its own book: the first window is let through, then k × accepted.
        #expect(Double(reached) < k * Double(accepted) * 1.6 + 1_000)
        #expect(Double(reached) > k * Double(accepted) * 0.9)
        #expect(run.response.count == reached)
    }

    @Test(
        "a target that accepts everything is never throttled, whatever it answers", arguments: [Int32(200), 404, 500])
    func accepting(status: Int32) throws {
        let run = try PlanRun.of(
            client: "throttle: 2", load: "{ rate: 100/s, for: 5s }",
            target: .inTurn(Reply(after: .milliseconds(1), status: status)))
        #expect(run.ledger.rejected == 0)
    }

    @Test("answers to retries and parts do not count as more calls accepted than were made")
    func callsNotAttempts() throws {
        // Nine of ten calls are refused; each accepted one goes to ten shards.
        let target = ScriptedTarget.answering { _, request in
            request.target.hasSuffix("0") ? .good : .unavailable
        }
        let run = try PlanRun.of(
            client: "throttle: { k: 2, window: 1m }, shard: ring", endpoints: 10, load: "{ rate: 50/s, for: 20s }",
            steps: "{ get: '/{{n}}' }", extra: "data: { n: { counter: 1 } }", target: target)
        #expect(run.ledger.rejected > 500)
    }

    // MARK: Adaptive time-outs

    @Test("attempts get twice the percentile of the answers before, within bounds")
    func adaptive() throws {
        // 100 ms for 10 s, then nothing comes back.
        let target = ScriptedTarget.answering { _, request in
            request.at.seconds < 10 ? Reply(after: .milliseconds(100)) : .never
        }
        let run = try PlanRun.of(
            client:
                "timeout: { total: 60s, adaptive: { percentile: p95, factor: 2, least: 10ms, most: 30s, window: 2s } }",
            load: "{ rate: 50/s, for: 11s }", target: target)
        #expect(run.ledger.succeeded == 499)
        let timeouts = try #require(run.steps["GET /"])
        #expect(timeouts.failures == [.attempt_timeout: 51])
        #expect((195...210).contains(timeouts.response.max.milliseconds.rounded()))
    }

    @Test("failures that come at once do not shorten the time-out of the others")
    func adaptiveAndFailures() throws {
        let target = ScriptedTarget.answering { number, _ in
            number % 2 == 0 ? .refused : Reply(after: .milliseconds(300))
        }
        let run = try PlanRun.of(
            client:
                "timeout: { total: 60s, adaptive: { percentile: p40, factor: 2, least: 10ms, most: 30s, window: 2s } }",
            load: "{ rate: 50/s, for: 10s }", target: target)
        #expect(run.failures == [.connect_refused: 250])
        #expect(run.ledger.succeeded == 250)
    }
}
