import Core
import Recording
import Testing

@Suite("The calls that a run's report names")
struct NotableCallTests {
    /// Answers in as many milliseconds as the path says.
    private static func patient() -> ScriptedTarget {
        .answering { _, request in Reply(after: .milliseconds(Int64(request.target.dropFirst()) ?? 1)) }
    }

    @Test("the twenty slowest are kept, the slowest first, with the trace that was sent", arguments: [1, 3])
    func slowest(clients: Int) throws {
        let target = Self.patient()
        let run = try PlanRun.of(
            client: "clients: \(clients)", load: "{ rate: 50/s, for: 2s }", steps: "{ get: '/{{n}}' }",
            extra: "data: { n: { counter: 1, step: 10 } }", target: target)
        let slow = run.notable.slowest.calls
        #expect(slow.map { $0.response.milliseconds } == (0..<20).map { Double(991 - 10 * $0) })
        #expect(slow.map { $0.intended.milliseconds } == (0..<20).map { Double(1_980 - 20 * $0) })
        let sent = Dictionary(uniqueKeysWithValues: target.log.map { ($0.target, $0.trace?.trace) })
        #expect(slow.allSatisfy { sent["/\(Int($0.response.milliseconds))"] == $0.trace })
        #expect(slow.allSatisfy { $0.attempts == 1 && $0.failure == nil && $0.status == 200 && $0.place == nil })
        #expect(slow.allSatisfy { $0.wait == .zero && $0.service == $0.response })
    }

    @Test("of equally slow calls the earlier ones are kept, and none of a warm-up phase")
    func equals() throws {
        let run = try PlanRun.of(
            "load: [{ rate: 10/s, for: 3s, warm-up: true }, { rate: 10/s, for: 5s }]\nscenarios: { main: [{ get: / }] }",
            target: .init { number, _ in Reply(after: .milliseconds(number < 30 ? 500 : 10)) })
        let slow = run.notable.slowest.calls
        #expect(slow.map { $0.intended.milliseconds } == (30..<50).map { Double(100 * $0) })
    }

    @Test("a call that was tried again says how often, where it ended, and what it waited before")
    func attempts() throws {
        let target = ScriptedTarget.inTurn(.unavailable, .unavailable, .good)
        let run = try PlanRun.of(
            client: "retry: { attempts: 3, backoff: { base: 100ms, cap: 1s, factor: 2, jitter: none } }", endpoints: 3,
            load: "{ users: 1, count: 1 }", target: target)
        let call = try #require(run.notable.slowest.calls.first)
        #expect(call.attempts == 3)
        #expect(call.place == target.log.last?.place)
        #expect(call.trace == target.log.first?.trace?.trace)
        #expect(call.wait.milliseconds.rounded() == 302)
        #expect(call.service == .milliseconds(10))
        #expect(call.response == call.wait + call.service)
        #expect(run.notable.errors.isEmpty, "a call that was rescued has not failed")
    }

    @Test("a call to several shards has the attempts of all its parts")
    func parts() throws {
        let run = try PlanRun.of(
            client: "shard: ring", endpoints: 4, load: "{ users: 1, count: 1 }",
            target: .places([2: { _ in Reply(after: .milliseconds(80)) }]))
        let call = try #require(run.notable.slowest.calls.first)
        #expect(call.attempts == 4)
        #expect(call.place == 2, "the slowest part says how long it took")
    }

    @Test("failed calls are grouped by step, endpoint and result, with the times of the first and the last")
    func patterns() throws {
        let target = ScriptedTarget.answering { _, request in
            if request.target == "/gone" { return Reply(after: .milliseconds(10), status: 404) }
            return request.place == 1 ? .unavailable : .good
        }
        let run = try PlanRun.of(
            client: "balance: round-robin", endpoints: 3, load: "{ rate: 10/s, for: 4s }",
            steps: "{ get: / }, { get: /gone }", target: target)
        let errors = run.notable.errors.commonest
        #expect(errors.rest == 0)
        #expect(run.notable.errors.count == run.ledger.failed)
        #expect(errors.patterns.allSatisfy { $0.step == 1 ? $0.failure == .status_4xx : $0.status == 503 })
        #expect(errors.patterns.filter { $0.step == 0 }.allSatisfy { $0.place == 1 })
        let first = try #require(errors.patterns.first { $0.step == 0 })
        #expect(first.first < .seconds(1) && first.last > .seconds(3))
        #expect(target.log.contains { $0.trace?.trace == first.trace && $0.place == 1 })
    }

    @Test("a call whose request could not be written is in a group without endpoint and trace")
    func unsent() throws {
        let run = try PlanRun.of(
            steps: "{ get: '/{{v}}', if: status == 0 }, { get: /b, extract: { v: $.v } }",
            scenario: "on-failure: continue", target: ScriptedTarget(body: #"{"v": 1}"#))
        let pattern = try #require(run.notable.errors.commonest.patterns.first)
        #expect(pattern.failure == .missing_value)
        #expect(pattern.trace.isNone && pattern.place == nil && pattern.status == 0)
    }
}
