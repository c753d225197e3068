import Core
import Policies
import Recording
import Testing

/// What may happen to one of five endpoints, from 5 s to 15 s of a run of 30 s, and how a client takes it that has all
/// policies.
@Suite("Faults of endpoints")
struct FaultRunTests {
    private static let everything = """
        timeout: { total: 3s, attempt: 300ms }, balance: p2c, \
        health: { check: { path: /health, interval: 1s, timeout: 500ms, unhealthy: 2 }, \
        outliers: { consecutive: 5, interval: 1s, ejection: 2s } }, \
        retry: { attempts: 3, on: [connect, reset, timeout, 5xx], backoff: { base: 5ms } }, hedge: p95, \
        breaker: { failures: 5, open: 2s }, bulkhead: [{ running: 200, queue: 100 }, \
        { name: read, steps: [read], running: 100 }], pool: { per-endpoint: 50, pending: 100, wait: 1s }
        """

    private static func target(_ places: Set<Int>, _ fault: @escaping @Sendable (Int, SentRequest) -> Reply)
        -> ScriptedTarget
    {
        .answering { number, request in
            places.contains(request.place) && (5.0..<15.0).contains(request.at.seconds)
                ? fault(number, request) : Reply(after: .milliseconds(10 + Int64(number * 7 % 20)))
        }
    }

    @Test(
        "one endpoint of five fails in some way, and nearly all calls succeed all the same",
        arguments: ["killed", "hung", "slow", "flapping", "refusing", "resetting", "black hole", "broken health check"])
    func one(fault: String) throws {
        let target = Self.target([2]) { number, request in
            switch fault {
            case "killed": .refused
            case "hung": .never
            case "slow": Reply(after: .milliseconds(250))
            case "flapping": Int64(request.at.seconds * 2) % 2 == 0 ? .refused : .good
            case "refusing": .unavailable
            case "resetting": .reset
            case "black hole": request.target == "/health" ? .good : .failing
            default: request.target == "/health" ? .refused : .good
            }
        }
        let run = try PlanRun.of(
            client: Self.everything, endpoints: 5, load: "{ rate: 100/s, for: 30s }", steps: "{ name: read, get: / }",
            target: target)
        #expect(run.ledger.made == 3_000)
        #expect(run.ledger.cancelled == 0)
        #expect(run.ledger.succeeded >= 2_990, "\(fault): \(run.failures) \(run.rejections)")
        #expect(run.ledger.attempts < 3_600, "few attempts are for nothing")
        // After the fault it is used again.
        #expect(target.log.contains { $0.place == 2 && $0.target == "/" && $0.at.seconds > 25 })
        #expect(run.total.seconds < 31)
    }

    @Test(
        "the client without policies shows what they are for", arguments: [("killed", 190...210), ("hung", 190...210)])
    func without(fault: String, failures: ClosedRange<Int>) throws {
        let target = Self.target([2]) { _, _ in fault == "killed" ? .refused : .never }
        let run = try PlanRun.of(
            client: "timeout: { total: 3s }", endpoints: 5, load: "{ rate: 100/s, for: 30s }", target: target)
        #expect(failures.contains(run.ledger.failed))
    }

    @Test("all of them at once: nothing succeeds, nothing hangs, and everything comes back")
    func all() throws {
        let target = Self.target(Set(0..<5)) { number, request in
            switch request.place {
            case 0: .refused
            case 1: .never
            case 2: .reset
            case 3: .unavailable
            default: .failing
            }
        }
        let run = try PlanRun.of(
            client: Self.everything, endpoints: 5, load: "{ rate: 100/s, for: 30s }", steps: "{ name: read, get: / }",
            target: target)
        #expect(run.ledger.made == 3_000)
        #expect(run.ledger.cancelled == 0)
        #expect(run.ledger.rejected > 500, "breakers spare a target that is down")
        let late = target.log.filter { $0.at.seconds > 20 && $0.target == "/" }
        #expect(late.count >= 1_000)
        #expect(run.ledger.succeeded >= 1_800)
        #expect(run.events(.panic).count >= 2)
        #expect(run.events(.alert).map { $0.split(separator: " ").last } == ["begin", "end"])
    }

    @Test(
        "a stop in the middle of all of it cancels what is under way, and the run ends",
        arguments: [5.2, 7, 9.999, 15.3])
    func stopped(at second: Double) throws {
        let target = Self.target(Set(0..<5)) { number, request in
            [.refused, .never, .reset, .unavailable, .failing][(request.place + number) % 5]
        }
        let run = try PlanRun.of(
            client: Self.everything, endpoints: 5, load: "{ rate: 200/s, for: 30s }", steps: "{ name: read, get: / }",
            stopAt: Span(seconds: second), target: target)
        #expect(run.wasStopped)
        #expect(run.total.seconds < second + 3.1)
    }

    @Test(
        "whatever happens in whatever order, the books balance and the run ends", arguments: 1...12)
    func atRandom(seed: UInt64) throws {
        let target = ScriptedTarget.answering { number, request in
            var random = SeededRandom(seed: seed, stream: UInt64(number))
            let body = "{\"count\": 1, \"v\": \"\(number)\"}"
            switch random.below(10) {
            case 0: return .refused
            case 1: return .reset
            case 2: return .unavailable
            case 3: return .failing
            case 4: return .never
            case 5: return Reply(after: .milliseconds(400), status: 429, retryAfter: 1)
            default:
                return Reply(
                    after: .milliseconds(Int64(1 + random.below(200))), body: body,
                    connect: .milliseconds(Int64(random.below(20))))
            }
        }
        let shard = seed % 3 == 0 ? "shard: ring, " : ""
        let run = try PlanRun.of(
            client: shard + "clients: \(1 + seed % 3), throttle: { k: 1.2, window: 5s }, "
                + Self.everything.replacing("hedge: p95", with: "hedge: { after: 60ms, most: 2, budget: 50% }")
                .replacing("running: 200, queue: 100", with: "running: 12, queue: 5, wait: 200ms")
                .replacing(
                    "per-endpoint: 50, pending: 100", with: "per-endpoint: 3, connections: 10, opening: 1, pending: 6"),
            endpoints: 5, load: "{ rate: 80/s, for: 10s }, { users: 10, for: 500ms }",
            steps: """
                { name: read, get: '/{{n}}', key: '{{n}}', fallback: { json: { v: 0 } } }, \
                { parallel: [{ get: /a, timeout: 500ms, key: a }, { get: /b, retry: all\(seed % 3 == 0 ? ", gather: { t: { sum: $.count } }" : "") }] }, \
                { transaction: t, steps: [{ post: /c, key: c, timeout: 10s }] }
                """, extra: "data: { n: { counter: 1 } }", seed: seed, stopAt: seed % 4 == 0 ? .seconds(8) : nil,
            changes: [
                (.seconds(2), Endpoint.numbered([1, 2, 3])), (.milliseconds(2_500), Endpoint.numbered(0..<7)),
                (.seconds(4), nil), (.seconds(6), Endpoint.numbered([6])), (.seconds(9), Endpoint.numbered(0..<5)),
            ], target: target)
        #expect(run.ledger.made > 500)
        #expect(run.ledger.succeeded > 0)
    }

    @Test("the same seed gives the same events, counts and requests", arguments: [UInt64(3), 4])
    func sameSeed(seed: UInt64) throws {
        func go() throws -> (PlanRun, [SentRequest]) {
            let target = Self.target([1, 2]) { number, request in
                [.refused, .never, .reset, .unavailable, .failing][(request.place + number) % 5]
            }
            let run = try PlanRun.of(
                client: "clients: 2, " + Self.everything, endpoints: 5,
                load: "{ rate: 100/s, for: 20s, arrivals: poisson }",
                steps: "{ name: read, get: / }", seed: seed, target: target)
            return (run, target.log)
        }
        let (first, second) = (try go(), try go())
        #expect(first.0.events == second.0.events)
        #expect(first.0.details == second.0.details)
        #expect(first.0.ledger == second.0.ledger)
        #expect(first.0.policies == second.0.policies)
        #expect(first.1 == second.1)
        #expect(first.0.events.count > 5)
    }
}
