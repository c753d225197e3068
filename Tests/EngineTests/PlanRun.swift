import Core
import Engine
import Flows
import Loops
import Plans
import Recording
import Synchronization
import Testing

/// What came of a plan, from its text to the end of the run, in virtual time.
struct PlanRun: Sendable {
    let ledger: Ledger
    let warmUp: Ledger
    let warmUpCounts: StepCounts
    let wasStopped: Bool
    let dataEnded: Bool
    let teardownFailure: String?
    let total: Span
    /// Of the run's time: when it begins.
    let origin: Instant
    /// By name.
    let steps: [String: Measured]
    let transactions: [String: Measured]
    /// By `step: text`.
    let checks: [String: CheckCounts]
    /// By `name` or `name{tag=value}`.
    let counters: [String: Double]
    let sendLag: LatencyHistogram

    /// What was counted and measured under one name.
    struct Measured: Sendable {
        var counts = StepCounts()
        var response = LatencyHistogram()

        var failures: [FailureKind: Int] {
            Dictionary(uniqueKeysWithValues: counts.failuresByKind.map { ($0.kind, $0.count) })
        }
    }

    /// Failures of all steps.
    var failures: [FailureKind: Int] {
        steps.values.reduce(into: [:]) { all, step in all.merge(step.failures) { $0 + $1 } }
    }

    /// Runs a plan against a scripted target, and checks what holds for every run: the ledgers close, and the target has
    /// seen as many requests as they say.
    /// - Parameters:
    ///   - yaml: the plan, without `target:`.
    ///   - directory: where its files are.
    ///   - stopAt: pulls the switch so long after the start of the run.
    ///   - stop: the switch, for a script that pulls it.
    /// - Throws: `PlanProblems` or `LoadFailure`.
    @discardableResult
    static func of(
        _ yaml: String, seed: UInt64 = 1, directory: String = ".", environment: [String: String] = [:],
        stopAt: Span? = nil, stop: StopSwitch = StopSwitch(), target: ScriptedTarget,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> PlanRun {
        let plan = try PlanReader.read(
            text: "target: http://t\n" + yaml, file: "plan.yaml", directory: directory,
            abilities: PlanAbilities(http2: true, libcurl: "8.14.1"),
            surroundings: PlanSurroundings(environment: environment)
        ).plan
        let program = LoadProgram(plan, base: "http://t", seed: seed)
        let loop = VirtualLoop()
        let seen = Seen()
        let numbers = Mutex<UInt32>(0)
        let outcome: Swift.Result<LoadRun.Result, LoadFailure> = loop.run { [program] in
            let run = LoadRun(program, on: [loop]) { loop in
                let number = numbers.withLock { number in
                    number += 1
                    return number
                }
                return ScriptedTransport(loop: loop, target: target, number: number)
            }
            do throws(LoadFailure) {
                return .success(
                    try await run.execute(
                        stop: stop, wallTime: 1_000_000_000_000_000_000,
                        begun: { origin in
                            seen.book.withLock { $0.origin = origin }
                            guard let stopAt else { return }
                            Task(executorPreference: loop.taskExecutor) {
                                _ = await loop.sleep(until: origin + stopAt, in: SleepGroup(id: 2_000_000))
                                stop.pull()
                            }
                        },
                        collected: { second in
                            seen.book.withLock { book in
                                if book.histograms.isEmpty {
                                    book.histograms = second.counts.histograms
                                } else {
                                    for (index, histogram) in second.counts.histograms.enumerated() {
                                        book.histograms[index].add(histogram)
                                    }
                                }
                            }
                        }))
            } catch {
                return .failure(error)
            }
        }
        let result = try outcome.get()
        let (ledger, warmUp) = (result.totals.ledger, result.totals.warmUp)
        #expect(ledger.contradictions == [], sourceLocation: sourceLocation)
        #expect(warmUp.contradictions == [], sourceLocation: sourceLocation)
        #expect(target.received == ledger.firstTries + warmUp.firstTries, sourceLocation: sourceLocation)
        #expect(
            target.received == ledger.requestsOnTheWire + warmUp.requestsOnTheWire, sourceLocation: sourceLocation)
        return seen.book.withLock { PlanRun(result, program, histograms: $0.histograms, origin: $0.origin) }
    }

    /// Runs one scenario of these steps, in YAML; by default one user goes through them once.
    @discardableResult
    static func of(
        steps: String, scenario: String = "weight: 1", load: String = "{ users: 1, count: 1 }", seed: UInt64 = 1,
        environment: [String: String] = [:], target: ScriptedTarget,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> PlanRun {
        try of(
            """
            load: [\(load)]
            scenarios:
              main:
                \(scenario)
                steps: [\(steps)]
            """, seed: seed, environment: environment, target: target, sourceLocation: sourceLocation)
    }

    private init(
        _ result: LoadRun.Result, _ program: LoadProgram, histograms: [LatencyHistogram], origin: Instant
    ) {
        let (totals, table) = (result.totals, program.series)
        ledger = totals.ledger
        warmUp = totals.warmUp
        warmUpCounts = totals.warmUpCounts
        wasStopped = result.wasStopped
        dataEnded = result.dataEnded
        teardownFailure = result.teardownFailure
        total = result.total
        self.origin = origin
        var steps: [String: Measured] = [:]
        for index in 0..<table.stepCount {
            steps[program.steps[index].name, default: Measured()].counts.add(totals.steps[index])
            steps[program.steps[index].name]?.response.add(histograms[table.response(of: index)])
        }
        self.steps = steps
        var transactions: [String: Measured] = [:]
        for (index, transaction) in table.transactions.enumerated() {
            transactions[transaction.name] = Measured(
                counts: totals.transactions[index], response: histograms[table.transaction(index)])
        }
        self.transactions = transactions
        checks = Dictionary(
            uniqueKeysWithValues: zip(table.checks.map { "\($0.step): \($0.text)" }, totals.checks))
        counters = Dictionary(
            uniqueKeysWithValues: table.sums(of: totals.counters).map { ("\($0.key)", $0.value) })
        sendLag = histograms[table.sendLag]
    }

    private final class Seen: Sendable {
        struct Book {
            var histograms: [LatencyHistogram] = []
            var origin = Instant(nanoseconds: 0)
        }

        let book = Mutex(Book())
    }
}
