import Core
import Testing

@Suite("Traces of a run")
struct TraceTests {
    private static let one = "{ users: 1, count: 1 }"

    private static func traces(_ target: ScriptedTarget) -> [TraceContext] { target.log.compactMap(\.trace) }

    @Test("every call has a trace of its own, every attempt a parent of its own; nobody has to keep them")
    func calls() throws {
        let target = ScriptedTarget()
        try PlanRun.of(client: "clients: 3", load: "{ rate: 100/s, for: 2s }", target: target)
        let traces = Self.traces(target)
        #expect(traces.count == 200)
        #expect(Set(traces.map(\.trace)).count == 200)
        #expect(Set(traces.map(\.parent)).count == 200)
        #expect(traces.allSatisfy { !$0.trace.isNone && $0.parent != 0 && !$0.isSampled })
    }

    @Test("a plan says whether there are traces, and whether they are to be kept", arguments: ["none", "sampled"])
    func modes(mode: String) throws {
        let target = ScriptedTarget()
        try PlanRun.of(client: "trace: \(mode), retry: 2", target: target)
        let plain = ScriptedTarget()
        try PlanRun.of(client: "trace: \(mode)", target: plain)
        for target in [target, plain] {
            #expect(target.received == 10)
            #expect(Self.traces(target).count == (mode == "none" ? 0 : 10))
            #expect(Self.traces(target).allSatisfy { $0.isSampled })
        }
    }

    @Test(
        "the attempts of a call share its trace: retries, hedges, and the parts that go to several shards",
        arguments: [
            ("retry: 3", "{ get: / }", 1, 3), ("hedge: 50ms", "{ get: / }", 2, 2), ("shard: ring", "{ get: / }", 3, 3),
        ])
    func attempts(client: String, step: String, endpoints: Int, attempts: Int) throws {
        let target =
            client.hasPrefix("retry")
            ? ScriptedTarget.inTurn(.unavailable) : .inTurn(Reply(after: .seconds(2)), .good)
        try PlanRun.of(client: client, endpoints: endpoints, load: Self.one, steps: step, target: target)
        let traces = Self.traces(target)
        #expect(traces.count == attempts)
        #expect(Set(traces.map(\.trace)).count == 1)
        #expect(Set(traces.map(\.parent)).count == attempts)
    }

    @Test(
        "a step that sends a traceparent keeps its own, constant or made for the call",
        arguments: ["Traceparent: mine", "traceparent: '{{n}}'"])
    func own(header: String) throws {
        let target = ScriptedTarget()
        try PlanRun.of(
            client: "clients: 1", load: Self.one, steps: "{ get: /own, headers: { \(header) } }, { get: /other }",
            extra: "data: { n: { counter: 1 } }", target: target)
        #expect(target.log.map { $0.trace == nil } == [true, false])
    }

    @Test("health checks are no calls and have no trace")
    func checks() throws {
        let target = ScriptedTarget()
        try PlanRun.of(
            client: "health: { check: { path: /health, interval: 1s } }", endpoints: 2, load: "{ rate: 2/s, for: 5s }",
            target: target)
        #expect(target.log.contains { $0.target == "/health" })
        #expect(target.log.allSatisfy { ($0.trace == nil) == ($0.target == "/health") })
    }

    @Test("one seed gives the same traces again, another seed others")
    func seeds() throws {
        func traces(_ seed: UInt64) throws -> [TraceContext] {
            let target = ScriptedTarget()
            try PlanRun.of(client: "clients: 2", seed: seed, target: target)
            return Self.traces(target)
        }
        let first = try traces(1)
        #expect(try traces(1) == first)
        let other = try traces(2)
        #expect(Set(first).isDisjoint(with: other))
    }

    @Test(
        "traces cost no other draw of a run: without them everything else is the same", arguments: ["none", "sampled"])
    func otherDraws(mode: String) throws {
        func log(_ mode: String) throws -> [String] {
            let target = ScriptedTarget.answering { number, _ in number % 5 == 0 ? .unavailable : .good }
            try PlanRun.of(
                client: "trace: \(mode), balance: p2c, retry: { attempts: 3, backoff: { base: 20ms, jitter: full } }",
                endpoints: 4, load: "{ rate: 50/s, for: 2s, arrivals: poisson }", steps: "{ get: '/{{n}}' }",
                extra: "data: { n: { integer: 1 to 1000 } }", target: target)
            return target.log.map { "\($0.place) \($0)" }
        }
        let standard = try log("unsampled")
        #expect(try log(mode) == standard)
    }
}
