import Core
import Recording
import Testing

@Suite("Breakers in a run")
struct BreakerRunTests {
    @Test("five failures in a row open it, and calls are rejected until it may be tried")
    func opens() throws {
        let target = ScriptedTarget.inTurn(.failing)
        let run = try PlanRun.of(
            client: "breaker: { failures: 5, open: 2s }", load: "{ rate: 10/s, for: 5s }", target: target)
        // Calls 0 to 4 at 0 to 400 ms; then a trial at 2.401 s and at 4.501 s, which fail.
        #expect(target.received == 7)
        #expect(run.ledger.made == 50)
        #expect(run.ledger.failed == 7)
        #expect(run.rejections == [.breaker_open: 43])
        #expect(
            run.events == [
                "0.401 breaker target open", "2.5 breaker target half-open", "2.501 breaker target open",
                "4.6 breaker target half-open", "4.601 breaker target open",
            ])
        #expect(run.details[0] == "until 2.4 s")
    }

    @Test("rejected calls have no latency, and are no attempts")
    func noLatency() throws {
        let run = try PlanRun.of(
            client: "breaker: { failures: 1, open: 1h }", load: "{ rate: 10/s, for: 1s }", target: .inTurn(.failing))
        #expect(run.ledger.rejected == 9)
        #expect(run.ledger.attempts == 1)
        #expect(run.response.count == 1)
    }

    @Test("a user whose calls are rejected does not spin")
    func closedLoad() throws {
        let run = try PlanRun.of(
            client: "breaker: { failures: 1, open: 1h }", load: "{ users: 2, for: 1s }", target: .inTurn(.failing))
        #expect(run.ledger.failed <= 2)
        #expect((1_000...2_000).contains(run.ledger.rejected), "each user waits a millisecond after a rejected call")
    }

    @Test("inside of retries it counts attempts: two calls of three attempts open it at the fifth")
    func countsAttempts() throws {
        let target = ScriptedTarget.inTurn(.failing)
        let run = try PlanRun.of(
            client:
                "breaker: { failures: 5, open: 1h }, retry: { attempts: 3, on: 5xx, backoff: { base: 1ms }, budget: none }",
            load: "{ users: 1, count: 3 }", target: target)
        #expect(target.received == 5)
        // The second call has made two attempts, so it failed; the third was rejected.
        #expect(run.ledger.failed == 2)
        #expect(run.rejections == [.breaker_open: 1])
        #expect(run.ledger.retries == 3)
    }

    @Test("a call whose retry is rejected fails as its attempt did, when it is known")
    func rejectedRetry() throws {
        let run = try PlanRun.of(
            client: "breaker: { failures: 1, open: 1h }, "
                + "retry: { attempts: 3, on: 5xx, backoff: { base: 100ms, jitter: none } }",
            load: "{ users: 1, count: 1 }", steps: "{ get: /a }, { get: /b }", target: .inTurn(.failing))
        #expect(run.failures == [.status_5xx: 1])
        #expect(run.steps["GET /a"]?.response.max.milliseconds.rounded() == 101)
        #expect(run.ledger.retries == 0)
        #expect(run.rejections == [.breaker_open: 1])
    }

    @Test("time-outs of attempts are failures")
    func timeouts() throws {
        let run = try PlanRun.of(
            client: "timeout: { attempt: 100ms }, breaker: { failures: 3, open: 1h }", load: "{ users: 1, count: 10 }",
            target: .inTurn(.never))
        #expect(run.failures == [.attempt_timeout: 3])
        #expect(run.events == ["0.3 breaker target open"])
    }

    @Test(
        "what says nothing about the endpoint is no failure",
        arguments: [
            Reply(after: .milliseconds(1), status: 404), Reply(after: .milliseconds(1), failure: .host_refused),
        ])
    func ownFaults(reply: Reply) throws {
        let run = try PlanRun.of(
            client: "breaker: { failures: 2, open: 1h }", load: "{ rate: 10/s, for: 1s }", target: .inTurn(reply))
        #expect(run.events == [])
        #expect(run.ledger.failed == 10)
    }

    @Test("a half-open breaker lets so many calls through at once as must succeed", arguments: [1, 3])
    func trials(successes: Int) throws {
        // It fails for a second, then takes a second for each answer; calls come at 20 per second.
        let target = ScriptedTarget.answering { _, request in
            request.at.seconds < 1 ? .failing : Reply(after: .seconds(1))
        }
        let run = try PlanRun.of(
            client: "breaker: { failures: 5, open: 2s, successes: \(successes) }", load: "{ rate: 20/s, for: 4s }",
            target: target)
        let trials = target.log.filter { (2.0..<3.2).contains($0.at.seconds - run.origin.seconds) }
        #expect(trials.count == successes)
        #expect(run.events.map { $0.split(separator: " ").last } == ["open", "half-open", "closed"])
        #expect(target.mostAtOnce >= successes)
    }

    @Test("one failed trial opens it again, and all successes count anew")
    func reopens() throws {
        // Five failures, two good trials, a bad one, then all is well.
        let bad = Set([0, 1, 2, 3, 4, 7])
        let target = ScriptedTarget.answering { number, _ in bad.contains(number) ? .failing : .good }
        let run = try PlanRun.of(
            client: "breaker: { failures: 5, open: 1s, successes: 3 }", load: "{ rate: 10/s, for: 4s }", target: target)
        #expect(
            run.events.map { $0.split(separator: " ").last } == ["open", "half-open", "open", "half-open", "closed"])
        #expect(run.ledger.failed == 6)
    }

    @Test("a rate of failures opens it when there are enough calls")
    func rate() throws {
        // Every other call fails.
        let target = ScriptedTarget.answering { number, _ in number % 2 == 0 ? .good : .failing }
        let run = try PlanRun.of(
            client: "breaker: { failure-rate: 50%, window: 10s, minimum: 20, open: 1h }",
            load: "{ rate: 10/s, for: 5s }",
            target: target)
        #expect(run.ledger.attempts == 20)
        #expect(run.events == ["1.901 breaker target open"])
    }

    @Test("slow answers open it")
    func slow() throws {
        let run = try PlanRun.of(
            client: "breaker: { slow-rate: 80%, slow: 1s, window: 10 calls, minimum: 10, open: 1h }",
            load: "{ users: 1, count: 12 }", target: .inTurn(Reply(after: .milliseconds(1_500))))
        #expect(run.ledger.succeeded == 10)
        #expect(run.rejections == [.breaker_open: 2])
    }

    // MARK: Scopes

    @Test("each endpoint has its own: the bad one gets nothing while its breaker is open")
    func perEndpoint() throws {
        let target = ScriptedTarget.places([1: { _ in .failing }])
        let run = try PlanRun.of(
            client: "breaker: { failures: 5, open: 1h }", endpoints: 3, load: "{ rate: 30/s, for: 10s }", target: target
        )
        #expect(target.byPlace[1] == 5)
        #expect(run.ledger.failed == 5)
        #expect(run.ledger.rejected == 0)
        #expect(run.endpoints.map(\.breakerOpenings) == [0, 1, 0])
        #expect(run.events(.breaker).count == 1)
        #expect(run.events(.breaker)[0].hasSuffix("breaker 10.0.0.2:80 open"))
        #expect(run.endpoints[1].isAvailable, "a breaker is the client's business, not the endpoint's health")
    }

    @Test("each step has its own, whatever endpoint it goes to")
    func perStep() throws {
        let target = ScriptedTarget.answering { _, request in request.target == "/bad" ? .failing : .good }
        let run = try PlanRun.of(
            client: "breaker: { per: step, failures: 5, open: 1h }", endpoints: 3, load: "{ users: 1, count: 20 }",
            steps: "{ get: /bad }, { get: /good }", target: target)
        #expect(run.steps["GET /bad"]?.counts.failed == 5)
        #expect(run.steps["GET /good"]?.counts.succeeded == 20)
        #expect(run.rejections == [.breaker_open: 15])
        #expect(run.events.map { $0.split(separator: " ", maxSplits: 1)[1] } == ["breaker main/GET /bad open"])
    }

    @Test("when all are open calls are rejected, also where panic looks away from who is available")
    func allOpen() throws {
        let run = try PlanRun.of(
            client: "breaker: { failures: 2, open: 1h }", endpoints: 4, load: "{ rate: 10/s, for: 4s }",
            target: .inTurn(.refused))
        #expect(run.ledger.failed == 8)
        #expect(run.rejections == [.breaker_open: 32])
        #expect(run.events(.panic).count == 1)
    }

    @Test("endpoints that come back are found again")
    func comesBack() throws {
        let target = ScriptedTarget.answering { _, request in
            request.place == 0 && request.at.seconds < 3 ? .refused : .good
        }
        let run = try PlanRun.of(
            client: "breaker: { failures: 3, open: 1s, successes: 2 }", endpoints: 2, load: "{ rate: 20/s, for: 10s }",
            target: target)
        #expect(run.events.last?.hasSuffix("10.0.0.1:80 closed") == true)
        #expect(run.ledger.rejected == 0, "the other one takes what it does not get")
        #expect(run.endpoints[0].succeeded > 50)
    }

    @Test("each client has its own breakers, and says so")
    func perClient() throws {
        let run = try PlanRun.of(
            client: "clients: 3, breaker: { failures: 2, open: 1h }", load: "{ rate: 30/s, for: 1s }",
            target: .inTurn(.failing))
        #expect(run.ledger.attempts == 6)
        #expect(run.events.map { String($0.prefix(8)) }.sorted() == ["client 0", "client 1", "client 2"])
    }

    @Test("a trial that the stop of the run cuts off gives its permit back")
    func cancelledTrial() throws {
        let target = ScriptedTarget.answering { _, request in request.at.seconds < 1 ? .failing : .never }
        let run = try PlanRun.of(
            client: "breaker: { failures: 1, open: 1s }", load: "{ rate: 10/s, for: 5s }", stopAt: .seconds(2),
            target: target)
        #expect(run.wasStopped)
        #expect(run.ledger.cancelled >= 1)
    }
}

extension Instant {
    /// Of the clock of a virtual run, which begins at 0.
    var seconds: Double { Double(nanoseconds) / 1e9 }
}
