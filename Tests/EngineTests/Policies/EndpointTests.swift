import Core
import Policies
import Recording
import Testing

@Suite("Endpoints in a run")
struct EndpointRunTests {
    // MARK: Balance

    @Test("round robin gives each endpoint its turn", arguments: [1, 2, 3, 7, 100])
    func roundRobin(count: Int) throws {
        let target = ScriptedTarget()
        let run = try PlanRun.of(client: "", endpoints: count, load: "{ rate: 50/s, for: 14s }", target: target)
        #expect(run.ledger.succeeded == 700)
        #expect(target.byPlace.count == count)
        #expect(target.byPlace.values.allSatisfy { 700 / count...700 / count + 1 ~= $0 })
        #expect(target.log.allSatisfy { $0.address == Endpoint.numbered($0.place).address })
    }

    @Test(
        "weights count, and an endpoint of weight 0 gets nothing unless all have 0",
        arguments: [
            ([5, 1, 1], [500, 100, 100]), ([1, 0, 1], [350, 0, 350]), ([0, 0, 0, 0], [175, 175, 175, 175]),
        ])
    func weights(weights: [Int], expected: [Int]) throws {
        let list = weights.enumerated().map { "{ address: '\(Endpoint.numbered($0).address)', weight: \($1) }" }
        let target = ScriptedTarget()
        _ = try PlanRun.of(
            client: "balance: weighted-round-robin", endpointList: "[\(list.joined(separator: ", "))]",
            load: "{ rate: 50/s, for: 14s }", target: target)
        #expect(weights.indices.map { target.byPlace[$0] ?? 0 } == expected)
    }

    @Test(
        "rules that look at calls in flight keep away from a slow endpoint",
        arguments: ["least-connections", "p2c", "peak-ewma"])
    func slow(rule: String) throws {
        let target = ScriptedTarget.places([0: { _ in Reply(after: .seconds(5)) }])
        let run = try PlanRun.of(
            client: "balance: \(rule)", endpoints: 5, load: "{ rate: 100/s, for: 10s }", target: target)
        #expect(run.ledger.succeeded == 1_000)
        #expect(target.byPlace[0] ?? 0 < 100, "an even part would be 200")
    }

    @Test("a slow endpoint of round robin gets its full part")
    func slowRoundRobin() throws {
        let target = ScriptedTarget.places([0: { _ in Reply(after: .seconds(5)) }])
        try PlanRun.of(client: "", endpoints: 5, load: "{ rate: 100/s, for: 10s }", target: target)
        #expect(target.byPlace[0] == 200)
    }

    @Test("load reports of answers set the weights")
    func loadReports() throws {
        let target = ScriptedTarget.answering { _, request in
            let load = request.place == 0 ? "0.9" : "0.3"
            return Reply(
                after: .milliseconds(10),
                headers: ["endpoint-load-metrics: TEXT cpu_utilization=\(load), rps_fractional=30"])
        }
        try PlanRun.of(client: "balance: load-report", endpoints: 3, load: "{ rate: 100/s, for: 60s }", target: target)
        let parts = (0..<3).map { Double(target.byPlace[$0] ?? 0) }
        #expect(parts[0] < 0.6 * parts[1])
        #expect(abs(parts[1] - parts[2]) < 100)
    }

    // MARK: Changes

    @Test("endpoints that come and go are noted, and get their part from then on")
    func changes() throws {
        let target = ScriptedTarget(after: .milliseconds(10))
        let run = try PlanRun.of(
            client: "", endpoints: 2, load: "{ rate: 60/s, for: 9s }",
            changes: [
                (.seconds(3), Endpoint.numbered([0, 1, 2])), (.seconds(6), [.numbered(1, weight: 4), .numbered(2)]),
            ], target: target)
        #expect(
            run.events == [
                "3.0 endpoints 10.0.0.3:80 added", "6.0 endpoints 10.0.0.1:80 removed",
                "6.0 endpoints 10.0.0.2:80 changed",
            ])
        func counts(_ range: Range<Double>) -> [Int] {
            let part = target.log.filter { range.contains(($0.at - run.origin).seconds) }
            return (0..<3).map { place in part.count { $0.place == place } }
        }
        #expect(counts(0..<2.999) == [90, 90, 0])
        #expect(counts(3.001..<5.999).allSatisfy { (58...61).contains($0) })
        #expect(counts(6.001..<9)[0] == 0)
        #expect(run.endpoints.map(\.isMember) == [true, true, true], "at some time")
    }

    @Test("calls to an endpoint that is removed end well")
    func drains() throws {
        let target = ScriptedTarget(after: .seconds(2))
        let run = try PlanRun.of(
            client: "", endpoints: 2, load: "{ rate: 10/s, for: 2s }",
            changes: [(.milliseconds(950), Endpoint.numbered([1]))],
            target: target)
        #expect(run.ledger.succeeded == 20)
        #expect(run.endpoints[0].succeeded == 5)
    }

    @Test(
        "who waits for an endpoint that is removed goes to another one",
        arguments: [
            "pool: { per-endpoint: 1, pending: 100, wait: 60s }",
            "bulkhead: { per: endpoint, running: 1, queue: 100, wait: 60s }",
        ])
    func waitersMove(limit: String) throws {
        let target = ScriptedTarget(after: .seconds(1))
        let run = try PlanRun.of(
            client: "timeout: { total: 60s }, \(limit)", endpoints: 2, load: "{ users: 8, count: 8 }",
            changes: [(.milliseconds(500), Endpoint.numbered([1]))], target: target)
        #expect(run.ledger.succeeded == 8)
        #expect(target.byPlace[0] == 1)
        #expect(target.byPlace[1] == 7)
    }

    @Test("a keyed call that waits for a shard that is removed is rejected")
    func pinnedWaiters() throws {
        let target = ScriptedTarget(after: .seconds(1))
        let run = try PlanRun.of(
            client:
                "timeout: { total: 60s }, shard: { by: range, bounds: [10] }, pool: { per-endpoint: 1, pending: 100, wait: 60s }",
            endpoints: 2, load: "{ users: 3, count: 3 }", steps: "{ get: /, key: 1 }",
            changes: [(.milliseconds(500), Endpoint.numbered([1]))], target: target)
        #expect(run.ledger.succeeded == 1)
        #expect(run.rejections == [.no_endpoint: 2])
    }

    @Test("a retry whose shard is removed meanwhile fails as its attempt did")
    func pinnedRetry() throws {
        let target = ScriptedTarget.inTurn(.unavailable)
        let run = try PlanRun.of(
            client:
                "shard: { by: range, bounds: [10] }, retry: { attempts: 3, backoff: { base: 1s, cap: 1s, jitter: none } }",
            endpoints: 2, load: "{ users: 1, count: 1 }", steps: "{ get: /, key: 1 }",
            changes: [(.milliseconds(500), Endpoint.numbered([1]))], target: target)
        #expect(target.received == 1)
        #expect(run.failures == [.status_5xx: 1])
    }

    @Test("the last good set stays when the source fails, or knows nobody")
    func sourceFails() throws {
        let run = try PlanRun.of(
            client: "", endpoints: 3, load: "{ rate: 30/s, for: 6s }",
            changes: [
                (.seconds(1), nil), (.seconds(2), nil), (.seconds(3), []), (.seconds(4), Endpoint.numbered(0..<3)),
                (.seconds(5), nil),
            ],
            target: ScriptedTarget(after: .milliseconds(10)))
        #expect(run.events == ["1.0 endpoints source kept", "3.0 endpoints source kept", "5.0 endpoints source kept"])
        #expect(run.details == ["nobody answers", "an empty set of endpoints was not taken", "nobody answers"])
        #expect(run.ledger.succeeded == 180)
        #expect(run.endpoints.map(\.attempts) == [60, 60, 60])
    }

    @Test("as long as a source has found nobody calls are rejected, and none are lost then")
    func nobodyYet() throws {
        let run = try PlanRun.of(
            client: "", endpointList: "{ dns: 'shop.internal:80' }", load: "{ rate: 10/s, for: 4s }",
            changes: [(.milliseconds(1_050), nil), (.milliseconds(2_050), [.numbered(0)])],
            target: ScriptedTarget(after: .milliseconds(10)))
        #expect(run.rejections == [.no_endpoint: 21])
        #expect(run.ledger.succeeded == 19)
    }

    @Test("a source that lies sends the calls where nobody listens, and they come back with the truth")
    func lies() throws {
        let target = ScriptedTarget.answering { _, request in request.place >= 2 ? .refused : .good }
        let run = try PlanRun.of(
            client: "", endpoints: 2, load: "{ rate: 30/s, for: 6s }",
            changes: [(.seconds(2), Endpoint.numbered([500, 501])), (.seconds(4), Endpoint.numbered(0..<2))],
            target: target)
        #expect((119...121).contains(run.ledger.succeeded))
        #expect(run.failures.keys.map(\.name) == ["connect_refused"])
        #expect(run.endpoints.count == 4)
    }

    @Test("an endpoint that goes and comes back keeps its place, and is checked once at a time")
    func comesBack() throws {
        let target = ScriptedTarget(after: .milliseconds(10))
        let run = try PlanRun.of(
            client: "health: { check: { path: /health, interval: 10s, timeout: 1s } }", endpoints: 2,
            load: "{ rate: 1/s, for: 60s }",
            changes: (1...8).flatMap { second in
                [
                    (Span.milliseconds(Int64(second) * 500), Endpoint.numbered([0])),
                    (Span.milliseconds(Int64(second) * 500 + 250), Endpoint.numbered([0, 1])),
                ]
            }, target: target)
        #expect(run.endpoints.count == 2)
        #expect(run.endpoints[0].checks == 6)
        #expect((5...7).contains(run.endpoints[1].checks))
        #expect(run.events(.endpoints).count == 16)
    }

    @Test(
        "a change of the shards says which share of the keys moved",
        arguments: [("ring", 0.2...0.32), ("hash", 0.7...0.8)])
    func movedKeys(rule: String, expected: ClosedRange<Double>) throws {
        let run = try PlanRun.of(
            client: "shard: \(rule)", endpoints: 3, load: "{ rate: 30/s, for: 4s }", steps: "{ get: /, key: '{{n}}' }",
            extra: "data: { n: { counter: 1 } }", changes: [(.seconds(2), Endpoint.numbered(0..<4))],
            target: ScriptedTarget(after: .milliseconds(10)))
        #expect(run.movedKeys.map(\.time) == [.seconds(2)])
        #expect(expected.contains(run.movedKeys[0].share))
        #expect(run.events.contains("2.0 endpoints shards moved"))
    }

    @Test("an endpoint that comes new begins slowly where the plan says so")
    func slowStart() throws {
        let target = ScriptedTarget()
        let run = try PlanRun.of(
            client: "balance: { rule: weighted-round-robin, slow-start: 20s }", endpoints: 2,
            load: "{ rate: 30/s, for: 40s }",
            changes: [(.seconds(10), Endpoint.numbered(0..<3))], target: target)
        func part(_ range: Range<Double>) -> Int {
            target.log.count { $0.place == 2 && range.contains(($0.at - run.origin).seconds) }
        }
        #expect(part(10..<12) < 8)
        #expect((95...105).contains(part(30..<40)))
    }
}
