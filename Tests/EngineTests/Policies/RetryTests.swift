import Core
import Policies
import Recording
import Testing

@Suite("Retries in a run")
struct RetryRunTests {
    private static let one = "{ users: 1, count: 1 }"

    @Test(
        "a failed attempt is tried again when its failure is one of the conditions",
        arguments: [
            ("connect", Reply.refused, RetryReason.connect),
            ("reset", Reply.reset, .reset),
            ("timeout", Reply.never, .timeout),
            ("5xx", Reply.failing, .status_5xx),
            ("gateway", Reply.unavailable, .status_5xx),
            ("429", Reply(after: .milliseconds(1), status: 429), .status_429),
        ])
    func condition(word: String, reply: Reply, reason: RetryReason) throws {
        let client = "timeout: { total: 5s, attempt: 200ms }, retry: { attempts: 3, on: \(word) }"
        let run = try PlanRun.of(client: client, load: Self.one, target: .inTurn(reply, .good))
        #expect(run.ledger.succeeded == 1)
        #expect(run.ledger.attempts == 2)
        #expect(run.retries == [reason: 1])
        #expect(run.policies.rescued == 1)

        let others = ["connect", "reset", "timeout", "5xx", "429"].filter {
            $0 != word && !($0 == "5xx" && word == "gateway")
        }
        let other =
            "timeout: { total: 5s, attempt: 200ms }, retry: { attempts: 3, on: [\(others.joined(separator: ", "))] }"
        let without = try PlanRun.of(client: other, load: Self.one, target: .inTurn(reply, .good))
        #expect(without.ledger.attempts == 1, "\(reason) is none of \(others)")
        #expect(without.ledger.failed == 1)
    }

    @Test("a call that fails each time makes so many attempts and no more", arguments: [2, 3, 5])
    func exhausted(attempts: Int) throws {
        let target = ScriptedTarget.inTurn(.unavailable)
        let run = try PlanRun.of(client: "retry: \(attempts)", load: Self.one, target: target)
        #expect(target.received == attempts)
        #expect(run.ledger.failed == 1)
        #expect(run.ledger.retries == attempts - 1)
        #expect(run.policies.exhausted == 1)
        #expect(run.failures == [.status_5xx: 1])
    }

    @Test("retries wait as the backoff says, and the response time has it in it")
    func backoff() throws {
        let target = ScriptedTarget.inTurn(.unavailable)
        let run = try PlanRun.of(
            client: "retry: { attempts: 4, backoff: { base: 100ms, cap: 250ms, factor: 2, jitter: none } }",
            load: Self.one, target: target)
        #expect(target.times == [0, 101, 302, 553])
        #expect(run.response.max.milliseconds.rounded() == 554)
        #expect(run.steps["GET /"]?.counts.failed == 1)
    }

    @Test(
        "what may not be repeated is not, unless the plan says so or nothing was sent",
        arguments: [
            ("{ get: / }", "3", Reply.unavailable, 3),
            ("{ put: / }", "3", Reply.unavailable, 3),
            ("{ post: / }", "3", Reply.unavailable, 1),
            ("{ patch: / }", "3", Reply.unavailable, 1),
            ("{ post: / }", "3", Reply.reset, 1),
            ("{ post: / }", "3", Reply.refused, 3),
            ("{ post: /, retry: all }", "3", Reply.unavailable, 3),
            ("{ post: / }", "{ attempts: 3, methods: all }", Reply.unavailable, 3),
            ("{ get: /, retry: none }", "3", Reply.unavailable, 1),
            ("{ get: / }", "none", Reply.unavailable, 1),
        ])
    func methods(step: String, retry: String, reply: Reply, attempts: Int) throws {
        let run = try PlanRun.of(client: "retry: \(retry)", load: Self.one, steps: step, target: .inTurn(reply))
        #expect(run.ledger.attempts == attempts)
        #expect(run.ledger.failed == 1)
    }

    @Test(
        "a budget bounds the retries of all calls together",
        arguments: [
            ("none", 200, 0), ("10%", 10, 100), ("{ ratio: 0%, per-second: 1 }", 10, 95),
            // Each failure takes one of ten, and above five a retry may go: after 9, 8 and 6.
            ("{ tokens: 10, ratio: 0.1 }", 3, 99),
        ])
    func budget(budget: String, retries: Int, denied: Int) throws {
        // 100 calls within ten seconds, which all fail.
        let run = try PlanRun.of(
            client: "retry: { attempts: 3, backoff: { base: 1ms }, budget: \(budget) }",
            load: "{ rate: 20/s, for: 5s }", target: .inTurn(.unavailable))
        #expect(run.ledger.made == 100)
        #expect(run.ledger.retries == retries)
        #expect(run.policies.retriesDenied == denied)
        #expect(run.ledger.attempts == 100 + retries)
    }

    @Test("a share of the calls under way bounds the retries under way")
    func share() throws {
        // Ten calls at once that fail after 100 ms: three retries may be under way, also while they wait.
        let run = try PlanRun.of(
            client: "retry: { attempts: 2, backoff: { base: 1ms }, budget: { share: 20%, least: 3 } }",
            load: "{ users: 10, count: 10 }", target: .inTurn(Reply(after: .milliseconds(100), status: 503)))
        #expect(run.ledger.retries == 3)
        #expect(run.policies.retriesDenied == 7)
    }

    @Test(
        "Retry-After is waited for when it is longer than the backoff",
        arguments: [("true", Int64(2_001)), ("false", 101)])
    func retryAfter(setting: String, second: Int64) throws {
        let target = ScriptedTarget.inTurn(Reply(after: .milliseconds(1), status: 429, retryAfter: 2), .good)
        let run = try PlanRun.of(
            client: "retry: { attempts: 2, retry-after: \(setting), backoff: { base: 100ms, jitter: none } }",
            load: Self.one, target: target)
        #expect(target.times == [0, second])
        #expect(run.ledger.succeeded == 1)
    }

    @Test("a retry that would begin after the call's own end is not made")
    func tooLate() throws {
        let target = ScriptedTarget.inTurn(Reply(after: .milliseconds(1), status: 503, retryAfter: 10))
        let run = try PlanRun.of(client: "timeout: { total: 3s }, retry: 3", load: Self.one, target: target)
        #expect(target.received == 1)
        #expect(run.failures == [.status_5xx: 1])
        #expect(run.response.max.milliseconds.rounded() == 1)
    }

    @Test("the total time-out bounds attempts and pauses together")
    func total() throws {
        let target = ScriptedTarget.inTurn(.never)
        let run = try PlanRun.of(
            client:
                "timeout: { total: 1s, attempt: 400ms }, retry: { attempts: 10, backoff: { base: 100ms, jitter: none } }",
            load: Self.one, target: target)
        #expect(target.times == [0, 500])
        // The second attempt ended at 900 ms, and the pause after it would go beyond the end.
        #expect(run.failures == [.attempt_timeout: 1])
        #expect(run.response.max.milliseconds.rounded() == 900)
    }

    @Test("the last attempt gets what is left of the call's time")
    func lastAttempt() throws {
        let target = ScriptedTarget.inTurn(.unavailable, .never)
        let run = try PlanRun.of(
            client:
                "timeout: { total: 1s, attempt: 900ms }, retry: { attempts: 3, backoff: { base: 200ms, jitter: none } }",
            load: Self.one, target: target)
        #expect(target.received == 2)
        #expect(run.failures == [.total_timeout: 1])
        #expect(run.response.max.milliseconds.rounded() == 1_000)
    }

    @Test("a step's own time-out counts in place of the client's")
    func stepTimeout() throws {
        let run = try PlanRun.of(
            client: "timeout: { total: 1s }", load: Self.one, steps: "{ get: /a, timeout: 4s }, { get: /b }",
            target: .inTurn(.never))
        #expect(run.steps["GET /a"]?.response.max.seconds.rounded() == 4)
        #expect(run.steps["GET /b"]?.response.max.seconds.rounded() == 1)
        #expect(run.failures == [.total_timeout: 2])
    }

    @Test("a step's time-out that is longer than the client's is not cut short by the end of the run")
    func stepTimeoutAtTheEnd() throws {
        let run = try PlanRun.of(
            client: "timeout: { total: 1s }", load: "{ rate: 1/s, for: 1s }", steps: "{ get: /, timeout: 20s }",
            target: .inTurn(Reply(after: .seconds(10))))
        #expect(run.ledger.succeeded == 1)
        #expect(run.ledger.cancelled == 0)
    }

    // MARK: Where retries go

    @Test("a retry goes to another endpoint than the one just tried", arguments: ["round-robin", "p2c", "random"])
    func elsewhere(rule: String) throws {
        let target = ScriptedTarget.inTurn(.unavailable)
        let run = try PlanRun.of(
            client: "balance: \(rule), retry: { attempts: 5, backoff: { base: 1ms }, budget: none }", endpoints: 3,
            load: "{ users: 1, count: 100 }", target: target)
        #expect(run.ledger.retries == 400)
        let places = target.places
        for call in stride(from: 0, to: places.count, by: 5) {
            let tried = places[call..<(call + 5)]
            #expect(Set(tried.prefix(3)).count == 3, "all are tried before one is tried again")
            #expect(zip(tried, tried.dropFirst()).allSatisfy { $0 != $1 }, "never the same twice in a row")
        }
    }

    @Test("with one endpoint a retry goes to it again")
    func nowhereElse() throws {
        let target = ScriptedTarget.inTurn(.unavailable, .unavailable, .good)
        let run = try PlanRun.of(client: "retry: 3", endpoints: 1, load: Self.one, target: target)
        #expect(target.places == [0, 0, 0])
        #expect(run.policies.rescued == 1)
    }

    // MARK: The end of a run

    @Test("a run that is stopped during a pause cancels the call, and makes no further attempt")
    func stopped() throws {
        let target = ScriptedTarget.inTurn(.unavailable)
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, retry: { attempts: 3, backoff: { base: 10s, cap: 10s, jitter: none } }",
            load: "{ users: 3, for: 1m }", stopAt: .seconds(2), target: target)
        #expect(run.wasStopped)
        #expect(run.ledger.made == 3)
        #expect(run.ledger.cancelled == 3)
        #expect(target.received == 3)
        #expect(run.total.seconds.rounded() == 2)
    }

    @Test("a call whose attempt fails after the stop is cancelled instead of tried again")
    func stoppedBefore() throws {
        let target = ScriptedTarget.inTurn(Reply(after: .seconds(3), status: 503))
        let run = try PlanRun.of(
            client: "retry: { attempts: 3, backoff: { base: 10ms, jitter: none } }", load: "{ users: 1, for: 1m }",
            stopAt: .seconds(2), target: target)
        #expect(target.received == 1)
        #expect(run.ledger.cancelled == 1)
    }

    @Test("retries of a warm-up phase count for the warm-up alone")
    func warmUp() throws {
        let run = try PlanRun.of(
            client: "retry: { attempts: 2, backoff: { base: 1ms } }",
            load: "{ rate: 5/s, for: 1s, warm-up: true }, { rate: 1/s, for: 1s }", target: .inTurn(.unavailable))
        #expect(run.warmUp.retries == 5)
        #expect(run.ledger.retries == 1)
        #expect(run.retries == [.status_5xx: 1])
    }
}
