import Core
import Policies
import Recording
import Testing

@Suite("Hedges in a run")
struct HedgeRunTests {
    private static let one = "{ users: 1, count: 1 }"
    private static let slow = Reply(after: .seconds(2), body: #"{"v": "slow"}"#)
    private static let fast = Reply(after: .milliseconds(10), body: #"{"v": "fast"}"#)

    @Test("a slow attempt gets a second one beside it after a fixed time, at another endpoint")
    func fixed() throws {
        let target = ScriptedTarget.inTurn(Self.slow, Self.fast)
        let run = try PlanRun.of(client: "hedge: 50ms", endpoints: 2, load: Self.one, target: target)
        #expect(target.times == [0, 50])
        #expect(Set(target.places) == [0, 1])
        #expect(run.ledger.firstTries == 1)
        #expect(run.ledger.hedges == 1)
        #expect(run.ledger.succeeded == 1)
        #expect(run.policies.hedgesWon == 1)
        #expect(run.policies.hedgesWasted == 0)
        #expect(run.response.max.milliseconds.rounded() == 60, "from the intended time to the first good answer")
        #expect(run.endpoints.reduce(0) { $0 + $1.cancelled } == 1, "the loser is cut off")
        #expect(run.total.seconds < 2)
    }

    @Test("an attempt that is fast enough gets none")
    func notNeeded() throws {
        let run = try PlanRun.of(
            client: "hedge: 50ms", endpoints: 2, load: "{ rate: 100/s, for: 1s }", target: .inTurn(.good))
        #expect(run.ledger.hedges == 0)
        #expect(run.ledger.succeeded == 100)
    }

    @Test("the answer that checks and extractions see is the winner's")
    func winnersBody() throws {
        let target = ScriptedTarget.answering { number, request in
            request.target == "/a" ? [Self.slow, Self.fast][min(number, 1)] : .good
        }
        let run = try PlanRun.of(
            client: "hedge: 50ms", endpoints: 2, load: Self.one,
            steps: "{ get: /a, expect: { body: { json: { $.v: fast } } }, extract: { v: $.v } }, { get: '/{{v}}' }",
            target: target)
        #expect(target.paths == ["/a", "/a", "/fast"])
        #expect(run.ledger.failed == 0)
        #expect(run.checks.values.allSatisfy { $0.failed == 0 })
    }

    @Test("when the first attempt wins, the hedge is cut off and its answer forgotten")
    func firstWins() throws {
        let target = ScriptedTarget.answering { number, request in
            request.target == "/a"
                ? Reply(after: .milliseconds(number == 0 ? 80 : 500), body: "{\"v\": \(number)}") : .good
        }
        let run = try PlanRun.of(
            client: "hedge: 50ms", endpoints: 2, load: Self.one,
            steps: "{ get: /a, extract: { v: $.v } }, { get: '/{{v}}' }",
            target: target)
        #expect(target.paths == ["/a", "/a", "/0"])
        #expect(run.policies.hedgesWon == 0)
        #expect(run.policies.hedgesWasted == 1)
        #expect(run.steps["GET /a"]?.response.max.milliseconds.rounded() == 80)
    }

    @Test("templates of the request are the same in the hedge")
    func sameRequest() throws {
        let target = ScriptedTarget.answering { number, _ in number % 2 == 0 ? Self.slow : Self.fast }
        _ = try PlanRun.of(
            client: "hedge: { after: 50ms, budget: 100% }", endpoints: 2, load: "{ users: 1, count: 10 }",
            steps: "{ get: '/{{n}}', headers: { X-A: 'b{{n}}' } }", extra: "data: { n: { counter: 1 } }", target: target
        )
        let log = target.log
        #expect(log.count == 20)
        for call in 0..<10 { #expect(log[2 * call].message == log[2 * call + 1].message) }
    }

    @Test("the budget bounds hedges, and counts those that it denies")
    func budget() throws {
        // It holds what 100 calls at 5 % give, and gets 5 % of each call more.
        let run = try PlanRun.of(
            client: "hedge: { after: 50ms, budget: 5% }", endpoints: 2, load: "{ rate: 100/s, for: 10s }",
            target: .inTurn(Reply(after: .milliseconds(200))))
        #expect(run.ledger.made == 1_000)
        #expect((50...56).contains(run.ledger.hedges))
        #expect(run.ledger.hedges + run.policies.hedgesDenied == 1_000)
    }

    @Test("a percentile is known after enough answers, and learns from attempts that lost, not from hedges")
    func percentile() throws {
        // One of ten is slow, the others take 50 to 99 ms: the 80th percentile is at 94 ms.
        let target = ScriptedTarget.answering { number, _ in
            Reply(after: .milliseconds(number % 10 == 9 ? 1_000 : 50 + Int64(number * 7 % 50)))
        }
        let run = try PlanRun.of(
            client: "hedge: { after: p80, budget: 100% }", endpoints: 4, load: "{ rate: 20/s, for: 20s }",
            target: target)
        #expect(run.ledger.succeeded == 400)
        // A fifth of the calls has a hedge, and half of these are needed.
        #expect((60...100).contains(run.ledger.hedges))
        #expect((25...50).contains(run.policies.hedgesWon))
        let late = try #require(run.steps["GET /"]?.response)
        #expect(late.value(atPercentile: 99.9).milliseconds < 1_100)
        #expect(late.value(atPercentile: 95).milliseconds < 250)
    }

    @Test("when both fail the last failure is the call's, at the time at which it is known")
    func bothFail() throws {
        let target = ScriptedTarget.answering { number, request in
            if request.target == "/b" { return .good }
            return Reply(after: .milliseconds(number == 0 ? 100 : 200), status: number == 0 ? 503 : 404)
        }
        let run = try PlanRun.of(
            client: "hedge: 50ms", endpoints: 2, load: Self.one, steps: "{ get: /a }, { get: /b, if: status == 404 }",
            target: target)
        #expect(run.steps["GET /a"]?.failures == [.status_4xx: 1])
        #expect(run.steps["GET /a"]?.response.max.milliseconds.rounded() == 250)
        #expect(target.times.count == 3)
        #expect(target.times[2] == 250, "the flow goes on when the call is over")
        #expect(run.sendLag.max == .zero)
    }

    @Test("a first attempt that fails while its hedge is under way waits for the hedge")
    func hedgeSaves() throws {
        let target = ScriptedTarget.inTurn(
            Reply(after: .milliseconds(100), status: 503), Reply(after: .milliseconds(200)))
        let run = try PlanRun.of(client: "hedge: 50ms, retry: 3", endpoints: 2, load: Self.one, target: target)
        #expect(run.ledger.succeeded == 1)
        #expect(run.ledger.retries == 0)
        #expect(run.policies.hedgesWon == 1)
        #expect(run.response.max.milliseconds.rounded() == 250)
    }

    @Test("retry and hedge together: when all attempts of a round have failed there is a next one")
    func withRetry() throws {
        let failing = Reply(after: .milliseconds(100), status: 503)
        let target = ScriptedTarget.inTurn(failing, failing, failing, Self.fast)
        let run = try PlanRun.of(
            client:
                "hedge: { after: 50ms, budget: 100% }, retry: { attempts: 2, backoff: { base: 100ms, jitter: none } }",
            endpoints: 4, load: "{ users: 1, count: 2 }", target: target)
        // 0 and 50, both over at 150; the pause; 250 and 300, of which the second answers at 310.
        #expect(target.times.prefix(4) == [0, 50, 250, 300])
        #expect(Set(target.places.prefix(4)).count == 4)
        #expect(run.ledger.succeeded == 2)
        #expect(run.ledger.retries == 1)
        #expect(run.ledger.hedges == 2)
        #expect(run.policies.rescued == 1)
    }

    @Test("several hedges go out one after the other, until one has answered")
    func several() throws {
        let target = ScriptedTarget.inTurn(Self.slow, Self.slow, Self.slow, Self.fast)
        let run = try PlanRun.of(
            client: "hedge: { after: 50ms, most: 5 }", endpoints: 5, load: Self.one, target: target)
        #expect(target.times == [0, 50, 100, 150])
        #expect(Set(target.places).count == 4)
        #expect(run.policies.hedgesWon == 1)
        #expect(run.policies.hedgesWasted == 2)
        #expect(run.response.max.milliseconds.rounded() == 160)
        let bounded = ScriptedTarget.inTurn(Self.slow)
        _ = try PlanRun.of(
            client: "hedge: { after: 50ms, most: 2 }", endpoints: 5, load: Self.one, target: bounded)
        #expect(bounded.times == [0, 50, 100])
    }

    @Test(
        "POST is not sent twice unless the plan says so",
        arguments: [("50ms", 1), ("{ after: 50ms, methods: all }", 2)])
    func post(hedge: String, requests: Int) throws {
        let target = ScriptedTarget.inTurn(Self.slow, Self.fast)
        _ = try PlanRun.of(
            client: "hedge: \(hedge)", endpoints: 2, load: Self.one, steps: "{ post: / }", target: target)
        #expect(target.received == requests)
    }

    @Test("with one endpoint the hedge goes there too")
    func alone() throws {
        let target = ScriptedTarget.inTurn(Self.slow, Self.fast)
        let run = try PlanRun.of(client: "hedge: 50ms", load: Self.one, target: target)
        #expect(run.policies.hedgesWon == 1)
    }

    // MARK: Queues

    @Test("a hedge goes out while the first attempt waits for a connection, wins, and the first leaves the queue")
    func firstInQueue() throws {
        // The first request holds the only connection to its endpoint, the third waits for it.
        let target = ScriptedTarget.answering { _, request in
            request.method == "POST" ? Reply(after: .seconds(3)) : .good
        }
        let run = try PlanRun.of(
            client: "hedge: { after: 100ms, budget: 100% }, timeout: { total: 10s }, "
                + "pool: { per-endpoint: 1, pending: 10, wait: 5s }",
            endpoints: 2, load: Self.one, steps: "{ parallel: [{ post: /a }, { get: /b }, { get: /c }] }",
            target: target)
        #expect(target.paths == ["/a", "/b", "/c"])
        #expect(target.times == [0, 0, 100])
        #expect(target.places[2] == target.places[1])
        #expect(run.steps["GET /c"]?.response.max.milliseconds.rounded() == 110)
        #expect(run.ledger.succeeded == 3)
        #expect(run.ledger.hedges == 1)
        #expect(run.ledger.firstTries == 2, "the first attempt of the third was never sent")
        #expect(run.policies.hedgesWon == 1)
        #expect(run.sendLag.max == .zero, "to wait in a queue is no lag of the generator")
    }

    @Test("a hedge that waits in a queue when its call is over is not sent")
    func hedgeInQueue() throws {
        // One endpoint, one connection: the hedge can only wait for the attempt it is a hedge of.
        let target = ScriptedTarget.inTurn(Reply(after: .milliseconds(200)))
        let run = try PlanRun.of(
            client: "hedge: { after: 50ms, budget: 100% }, pool: { per-endpoint: 1, pending: 10, wait: 5s }",
            endpoints: 1,
            load: "{ rate: 1/s, for: 5s }", target: target)
        #expect(target.received == 5)
        #expect(run.ledger.hedges == 0)
        #expect(run.policies.hedgesWon + run.policies.hedgesWasted == 0)
        #expect(run.ledger.succeeded == 5)
    }

    // MARK: The end of a run

    @Test("a run that is stopped while attempts race cancels the call when its patience ends")
    func stopped() throws {
        let target = ScriptedTarget.inTurn(.never)
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, hedge: 50ms", endpoints: 2, load: "{ rate: 10/s, for: 1s }",
            stopAt: .milliseconds(500), target: target)
        #expect(run.ledger.cancelled == run.ledger.made)
        #expect(run.ledger.hedges > 0)
        #expect(run.policies.hedgesWon + run.policies.hedgesWasted == 0, "nobody knows what they would have come to")
    }

    @Test("a run that ends before a hedge would go out leaves nobody behind")
    func endsBefore() throws {
        let run = try PlanRun.of(
            client: "timeout: { total: 1h }, hedge: { after: 30m, budget: 100% }", endpoints: 2,
            load: "{ rate: 100/s, for: 1s }", target: .inTurn(.good))
        #expect(run.ledger.succeeded == 100)
        #expect(run.total.seconds < 2)
    }

    @Test("many calls whose attempts race in the same instants keep their requests and answers apart")
    func crowded() throws {
        let target = ScriptedTarget.answering { number, request in
            Reply(after: .milliseconds(number % 3 == 0 ? 100 : 50), body: "{\"v\": \"\(request.target.dropFirst())\"}")
        }
        let run = try PlanRun.of(
            client: "hedge: { after: 50ms, budget: 100% }", endpoints: 3, load: "{ users: 50, count: 1000 }",
            steps: "{ get: '/{{n}}', extract: { v: $.v }, expect: { body: { contains: '\"{{n}}\"' } } }",
            extra: "data: { n: { counter: 1 } }", target: target)
        #expect(run.ledger.succeeded == 1_000)
    }
}
