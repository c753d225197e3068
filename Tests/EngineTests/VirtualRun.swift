import Arrivals
import Core
import Engine
import Flows
import Loops
import Plans
import Recording
import Synchronization
import Testing

/// What came of a whole run in virtual time.
struct VirtualRun: Sendable {
    let ledger: Ledger
    let warmUp: Ledger
    let response: LatencyHistogram
    let service: LatencyHistogram
    let sendLag: LatencyHistogram
    let seconds: [Int]
    let total: Span
    let wasStopped: Bool
    let phases: [(start: Span, end: Span)]
    let failures: [FailureKind: Int]

    /// Runs a plan against a scripted target.
    /// - Parameter stopAt: pulls the stop switch at that second's interval.
    static func of(
        _ load: [LoadPhase], scenarios: [Scenario] = [scenario()], seed: UInt64 = 1, stopAtSecond: Int? = nil,
        target: ScriptedTarget, sourceLocation: SourceLocation = #_sourceLocation,
        client: (inout ClientSettings) -> Void = { _ in }
    ) -> VirtualRun {
        let before = target.received
        var plan = Plan(name: "test", target: .url("http://t"), load: load, scenarios: scenarios)
        client(&plan.client)
        let program = LoadProgram(plan, base: "http://t", seed: seed)
        let loop = VirtualLoop()
        let seen = Seen(table: program.series)
        let stop = StopSwitch()
        let result = loop.run { [program] in
            let run = LoadRun(program, on: [loop]) { ScriptedTransport(loop: $0, target: target) }
            return try! await run.execute(stop: stop) { second in
                seen.add(second)
                if let stopAtSecond, seen.count == stopAtSecond { stop.pull() }
            }
        }
        let totals = result.totals
        #expect(totals.ledger.contradictions == [], sourceLocation: sourceLocation)
        #expect(totals.warmUp.contradictions == [], sourceLocation: sourceLocation)
        let sent = target.received - before
        #expect(sent == totals.ledger.attempts + totals.warmUp.attempts, sourceLocation: sourceLocation)
        var failures: [FailureKind: Int] = [:]
        for step in result.totals.steps {
            for (kind, count) in step.failuresByKind { failures[kind, default: 0] += count }
        }
        return seen.book.withLock { book in
            VirtualRun(
                ledger: result.totals.ledger, warmUp: result.totals.warmUp, response: book.response,
                service: book.service, sendLag: book.sendLag, seconds: book.scheduled, total: result.total,
                wasStopped: result.wasStopped, phases: result.phases.map { ($0.start, $0.end) }, failures: failures)
        }
    }

    static func scenario(_ name: String = "main", weight: Double = 1, path: String = "/") -> Scenario {
        Scenario(name: name, weight: weight, steps: [Step(name: "GET \(path)", path: Template(literal: path))])
    }

    private final class Seen: Sendable {
        struct Book {
            var response = LatencyHistogram()
            var service = LatencyHistogram()
            var sendLag = LatencyHistogram()
            var scheduled: [Int] = []
        }

        let table: SeriesTable
        let book = Mutex(Book())

        init(table: SeriesTable) {
            self.table = table
        }

        var count: Int { book.withLock { $0.scheduled.count } }

        func add(_ second: CollectedInterval) {
            book.withLock { book in
                book.response.add(second.response)
                book.service.add(second.service)
                book.sendLag.add(second.counts.histograms[table.sendLag])
                book.scheduled.append(second.counts.ledger.scheduled)
            }
        }
    }
}
