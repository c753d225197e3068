import Core
import Policies
import Recording
import Testing

@Suite("Shards in a run")
struct ShardRunTests {
    private static let keyed = "{ get: '/{{n}}', key: '{{n}}' }"
    private static let counter = "data: { n: { counter: 1 } }"
    private static let one = "{ users: 1, count: 1 }"

    // MARK: Keys

    @Test(
        "a key goes to its shard, each time and by every client",
        arguments: ["hash", "ring", "maglev", "rendezvous", "{ by: range, bounds: [100, 200] }"])
    func owner(rule: String) throws {
        let target = ScriptedTarget(after: .milliseconds(10))
        let run = try PlanRun.of(
            client: "clients: 2, shard: \(rule)", endpoints: 3, load: "{ users: 10, count: 900 }", steps: Self.keyed,
            extra: "data: { n: { integer: 1 to 300 } }", target: target)
        var owners: [String: Set<Int>] = [:]
        for request in target.log { owners[request.target, default: []].insert(request.place) }
        #expect(owners.values.allSatisfy { $0.count == 1 })
        #expect(Set(owners.values.flatMap { $0 }) == [0, 1, 2])
        #expect(run.policies.keyed == 900)
        #expect(run.policies.spilled == 0)
        #expect(run.endpoints.map(\.keyed).reduce(0, +) == 900)
        #expect(run.endpoints.map(\.keyed) == run.endpoints.map(\.attempts))
    }

    @Test(
        "range sends a key to the shard of its interval",
        arguments: [(1_000, 0), (1_001, 1), (2_000, 1), (2_001, 2), (-5, 0)])
    func range(key: Int, place: Int) throws {
        let target = ScriptedTarget(after: .milliseconds(10))
        try PlanRun.of(
            client: "shard: { by: range, bounds: [1000, 2000] }", endpoints: 3, load: Self.one, steps: Self.keyed,
            extra: "data: { n: { list: ['\(key)'] } }", target: target)
        #expect(target.places == [place])
    }

    @Test("a key that is no number has no shard by range, and the call is rejected")
    func noShard() throws {
        let run = try PlanRun.of(
            client: "shard: { by: range, bounds: [1000, 2000] }", endpoints: 3, load: Self.one, steps: Self.keyed,
            extra: "data: { n: { list: [ann] } }", target: ScriptedTarget())
        #expect(run.rejections == [.no_endpoint: 1])
    }

    @Test("a key without a value fails the call, and nothing is sent")
    func missingKey() throws {
        let target = ScriptedTarget(after: .milliseconds(10))
        let run = try PlanRun.of(
            client: "shard: ring", endpoints: 3, load: Self.one,
            steps: "{ get: /a, key: '{{v}}', if: status == 0 }, { get: /b, key: x, extract: { v: $.v } }",
            target: target)
        #expect(run.steps["GET /a"]?.failures == [.missing_value: 1])
        #expect(target.paths == ["/b"])
    }

    @Test("a retry of a keyed call goes to its shard again")
    func retry() throws {
        let target = ScriptedTarget.inTurn(.unavailable, .unavailable, .good)
        let run = try PlanRun.of(
            client: "shard: ring, retry: 3", endpoints: 5, load: Self.one, steps: Self.keyed, extra: Self.counter,
            target: target)
        #expect(Set(target.places).count == 1)
        #expect(run.policies.rescued == 1)
    }

    @Test(
        "keys of an unhealthy shard go on to the next one by consistent rules, and nowhere by the others",
        arguments: [
            ("ring", true), ("maglev", true), ("rendezvous", true), ("hash", false),
            ("{ by: range, bounds: [500] }", false),
        ])
    func unhealthy(rule: String, movesOn: Bool) throws {
        let target = ScriptedTarget.answering { _, request in
            request.target == "/health" && request.place == 0 ? .refused : .good
        }
        let run = try PlanRun.of(
            client: "shard: \(rule), health: { check: { path: /health, interval: 1s, timeout: 1s, unhealthy: 2 } }",
            endpoints: 2, load: "{ rate: 100/s, for: 10s }", steps: Self.keyed, extra: Self.counter, target: target)
        #expect(run.ledger.failed == 0)
        if movesOn {
            #expect(run.ledger.rejected == 0)
            #expect(run.policies.spilled > 100)
            #expect(run.endpoints[1].attempts > 800)
        } else {
            #expect(run.policies.spilled == 0)
            #expect(run.rejections.keys.map(\.name) == ["no_endpoint"])
            #expect(run.endpoints[1].attempts <= 550, "nobody but its own keys")
        }
    }

    @Test("keys of a shard whose breaker is open go on too, and come back to try it")
    func openBreaker() throws {
        let target = ScriptedTarget.answering { _, request in
            request.place == 0 && request.at.seconds < 5 ? .refused : .good
        }
        let run = try PlanRun.of(
            client: "shard: ring, breaker: { failures: 3, open: 1s, successes: 1 }", endpoints: 2,
            load: "{ rate: 100/s, for: 10s }", steps: Self.keyed, extra: Self.counter, target: target)
        #expect(run.ledger.rejected == 0)
        #expect(run.ledger.failed < 10)
        #expect(run.policies.spilled > 100)
        #expect(run.endpoints[0].succeeded > 100)
    }

    @Test("a bound on the load sends keys on when their shard has more than its part")
    func bound() throws {
        // All calls have one key; each takes a second.
        let target = ScriptedTarget(after: .seconds(1))
        let run = try PlanRun.of(
            client: "shard: { by: ring, bound: 1.25 }", endpoints: 4, load: "{ users: 40, count: 40 }",
            steps: "{ get: /, key: same }", target: target)
        #expect(run.ledger.succeeded == 40)
        #expect(target.mostByPlace.values.max() ?? 0 <= 13, "1.25 times the mean of ten")
        #expect(run.policies.spilled >= 27)
    }

    @Test("an uneven load raises the alert, an even one does not", arguments: [(true, 1), (false, 0)])
    func imbalance(isUneven: Bool, alerts: Int) throws {
        let run = try PlanRun.of(
            client: "shard: { by: maglev, imbalance: 30% }", endpoints: 4, load: "{ rate: 100/s, for: 20s }",
            steps: isUneven ? "{ get: /, key: same }" : Self.keyed, extra: Self.counter,
            target: ScriptedTarget(after: .milliseconds(10)))
        #expect(run.events(.alert).count == alerts)
        if isUneven { #expect(run.details.last == "300 % above the mean") }
    }

    // MARK: All shards

    private static let gathering = """
        { get: /search, gather: { total: { sum: $.count }, all: { concat: $.names }, least: { min: $.low }, most: { max: $.low } } }, \
        { get: '/{{total}}/{{least}}/{{most}}', key: x }, { post: /names, text: '{{all}}', key: x }
        """

    private static func library(_ request: SentRequest) -> Reply {
        let place = request.place
        return Reply(
            after: .milliseconds(10 * Int64(place + 1)),
            body: "{\"count\": \(place + 1), \"names\": \"n\(place)\", \"low\": \(10 - place)}")
    }

    @Test("a step without a key asks all shards at once, and gathers what they say")
    func scatter() throws {
        let target = ScriptedTarget.answering { _, request in Self.library(request) }
        let run = try PlanRun.of(
            client: "shard: ring", endpoints: 3, load: Self.one, steps: Self.gathering, target: target)
        #expect(target.log.prefix(3).map(\.place).sorted() == [0, 1, 2])
        #expect(Set(target.log.prefix(3).map(\.at)).count == 1)
        #expect(target.paths[3] == "/6/8/10")
        #expect(target.log[4].text == #"["n0","n1","n2"]"#)
        #expect(run.ledger.made == 3)
        #expect(run.ledger.attempts == 5)
        #expect(run.policies.scattered == 1)
        #expect(
            run.steps["GET /search"]?.response.max.milliseconds.rounded() == 30, "the slowest says how long it took")
    }

    @Test(
        "one part that fails fails the call, and nothing is gathered",
        arguments: [
            (Reply(after: .milliseconds(1), status: 503), FailureKind.status_5xx), (.refused, .connect_refused),
            (.never, .total_timeout),
        ])
    func partFails(reply: Reply, kind: FailureKind) throws {
        let target = ScriptedTarget.answering { _, request in request.place == 1 ? reply : Self.library(request) }
        let run = try PlanRun.of(
            client: "timeout: { total: 1s }, shard: ring", endpoints: 3, load: Self.one,
            steps: "{ get: /search, gather: { total: { sum: $.count } } }, { get: '/{{total}}', key: x }",
            target: target)
        #expect(run.steps["GET /search"]?.failures == [kind: 1])
        #expect(run.failures == [kind: 1, .missing_value: 1])
    }

    @Test("a part that is turned away makes the call fail as one that reached only some shards")
    func partRejected() throws {
        // The breaker of place 1 opens with the first call.
        let target = ScriptedTarget.answering { _, request in request.place == 1 ? .failing : Self.library(request) }
        let run = try PlanRun.of(
            client: "shard: ring, breaker: { failures: 1, open: 1h }", endpoints: 3, load: "{ users: 1, count: 2 }",
            steps: "{ get: /search, gather: { total: { sum: $.count } } }", target: target)
        #expect(run.failures == [.status_5xx: 1, .shard_unavailable: 1])
        #expect(run.ledger.rejected == 0)
        #expect(run.ledger.attempts == 5)
    }

    @Test("each part is tried again by itself")
    func partRetried() throws {
        let target = ScriptedTarget.answering { number, request in
            request.place == 1 && number < 3 ? .unavailable : Self.library(request)
        }
        let run = try PlanRun.of(
            client: "shard: ring, retry: { attempts: 3, backoff: { base: 100ms, jitter: none } }", endpoints: 3,
            load: Self.one,
            steps: "{ get: /search, gather: { total: { sum: $.count } } }, { get: '/{{total}}', key: x }",
            target: target)
        #expect(target.paths.last == "/6")
        #expect(run.ledger.retries == 1)
        #expect(run.policies.rescued == 1)
    }

    @Test("the parts of a call pass throttle and bulkheads as one, and a wait before them is no lag")
    func oneAdmission() throws {
        let target = ScriptedTarget(after: .seconds(1))
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, shard: ring, bulkhead: { running: 1, queue: 100, wait: 60s }",
            endpoints: 3,
            load: "{ rate: 2/s, for: 2s }", target: target)
        #expect(target.received == 12)
        #expect(target.mostAtOnce == 3)
        #expect(run.ledger.succeeded == 4)
        #expect(run.sendLag.max == .zero)
    }

    @Test("a stop while parts are under way cancels the call as a whole")
    func stopped() throws {
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, shard: ring", endpoints: 3, load: "{ rate: 1/s, for: 1m }",
            stopAt: .milliseconds(2_500), target: .places([2: { _ in .never }]))
        #expect(run.ledger.cancelled == 3)
        #expect(run.ledger.attempts == 9)
    }

    // MARK: Batches

    @Test("a batch asks each shard once, with the list of its own keys")
    func batch() throws {
        let target = ScriptedTarget.answering { _, request in
            request.target == "/list"
                ? Reply(after: .zero, body: "{\"ids\": [\(Array(1...20).map(String.init).joined(separator: ", "))]}")
                : Reply(after: .milliseconds(10), body: "{\"n\": \(request.text.split(separator: ",").count)}")
        }
        let run = try PlanRun.of(
            client: "shard: { by: range, bounds: [5, 15] }", endpoints: 3, load: Self.one,
            steps: "{ get: /list, key: 1, extract: { ids: $.ids } }, "
                + "{ post: /many, text: '{{ids}}', batch: ids, gather: { found: { sum: $.n } } }, { get: '/{{found}}', key: 1 }",
            target: target)
        let parts = target.log.filter { $0.target == "/many" }
        #expect(parts.map(\.place) == [0, 1, 2])
        #expect(parts.map(\.text) == ["[1,2,3,4,5]", "[6,7,8,9,10,11,12,13,14,15]", "[16,17,18,19,20]"])
        #expect(target.paths.last == "/20")
        #expect(run.policies.scattered == 1)
    }

    @Test("a batch whose value is no list fails, and nothing is sent", arguments: ["{\"ids\": 7}", "{\"ids\": []}"])
    func noList(body: String) throws {
        let target = ScriptedTarget.answering { _, _ in Reply(after: .zero, body: body) }
        let run = try PlanRun.of(
            client: "shard: ring", endpoints: 3, load: Self.one,
            steps: "{ get: /list, key: 1, extract: { ids: $.ids } }, { post: /many, text: '{{ids}}', batch: ids }",
            target: target)
        #expect(run.steps["POST /many"]?.failures == [.unsendable_value: 1])
        #expect(target.received == 1)
    }
}
