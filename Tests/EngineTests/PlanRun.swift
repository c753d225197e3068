import Core
import Engine
import Flows
import Loops
import Plans
import Policies
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
    let policies: PolicyCounts
    /// By place.
    let endpoints: [EndpointCounts]
    /// Each with its second of the run: `10.02 breaker 10.0.0.1:80 open`, before it the client if there are several.
    let events: [String]
    /// What events say more about what they say.
    let details: [String]
    let movedKeys: [(time: Span, share: Double)]
    let notable: NotableCalls

    /// Calls that were turned away, by layer; without the layers that turned nobody away.
    var rejections: [Rejection: Int] {
        Dictionary(uniqueKeysWithValues: Rejection.allCases.map { ($0, policies.rejections[Int($0.rawValue)]) })
            .filter { $0.value > 0 }
    }

    /// Retries by their reason, without those of which there are none.
    var retries: [RetryReason: Int] {
        Dictionary(uniqueKeysWithValues: RetryReason.allCases.map { ($0, policies.retries[Int($0.rawValue)]) })
            .filter { $0.value > 0 }
    }

    /// Events of one kind.
    func events(_ kind: RunEvent.Kind) -> [String] { events.filter { $0.contains(" \(kind.rawValue) ") } }

    /// Response times of all steps.
    var response: LatencyHistogram {
        steps.values.reduce(into: LatencyHistogram()) { $0.add($1.response) }
    }

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
    ///   - changes: what the source of the endpoints says, and when: another set, or nil when it fails. Before that it has
    ///     those of the plan.
    /// - Throws: `PlanProblems` or `LoadFailure`.
    @discardableResult
    static func of(
        _ yaml: String, seed: UInt64 = 1, directory: String = ".", environment: [String: String] = [:],
        stopAt: Span? = nil, stop: StopSwitch = StopSwitch(), changes: [(Span, [Endpoint]?)] = [],
        target: ScriptedTarget, sourceLocation: SourceLocation = #_sourceLocation
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
        let feed = Self.feed(of: plan)
        let outcome: Swift.Result<LoadRun.Result, LoadFailure> = loop.run { [program] in
            let run = LoadRun(program, on: [loop], endpoints: feed) { loop in
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
                            for (time, set) in changes {
                                Task(executorPreference: loop.taskExecutor) {
                                    _ = await loop.sleep(until: origin + time, in: SleepGroup(id: 2_000_001))
                                    if let set { feed?.update(set) } else { feed?.failed("nobody answers") }
                                }
                            }
                            guard let stopAt else { return }
                            Task(executorPreference: loop.taskExecutor) {
                                _ = await loop.sleep(until: origin + stopAt, in: SleepGroup(id: 2_000_000))
                                stop.pull()
                            }
                        },
                        collected: { second in
                            seen.book.withLock { book in
                                book.events += second.counts.events
                                book.inFlight = second.counts.endpoints.map(\.inFlight)
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
        loop.run {
            loop.wake(SleepGroup(id: 2_000_000))
            loop.wake(SleepGroup(id: 2_000_001))
            for _ in 0..<3 { await loop.nextTurn() }
        }
        #expect(loop.isIdle, "no task is left", sourceLocation: sourceLocation)
        let result = try outcome.get()
        balance(result, with: target, isPolitic: program.isPolitic, sourceLocation)
        let gauges = seen.book.withLock { $0.inFlight }
        #expect(gauges.allSatisfy { $0 == 0 }, "nothing is in flight at the end", sourceLocation: sourceLocation)
        return seen.book.withLock { PlanRun(result, program, $0) }
    }

    /// The endpoints that a plan has written down, as the process would find them.
    private static func feed(of plan: Plan) -> EndpointFeed? {
        switch plan.endpoints {
        case nil: return nil
        case .source?: return EndpointFeed()
        case .fixed(let planned)?:
            return EndpointFeed(
                planned.compactMap { endpoint in
                    guard case .address(let host, let port) = endpoint.place else { return nil }
                    return Endpoint(host: host, port: port, weight: endpoint.weight, zone: endpoint.zone)
                })
        }
    }

    /// Holds the ledgers against each other, and against the target's own book.
    private static func balance(
        _ result: LoadRun.Result, with target: ScriptedTarget, isPolitic: Bool, _ sourceLocation: SourceLocation
    ) {
        let (ledger, warmUp, endpoints) = (result.totals.ledger, result.totals.warmUp, result.totals.endpoints)
        #expect(
            result.contradictions(received: target.received, isPolitic: isPolitic) == [], sourceLocation: sourceLocation
        )
        #expect(target.open == 0, "nothing is under way at the target", sourceLocation: sourceLocation)
        guard isPolitic else {
            #expect(
                target.received + target.refused.count == ledger.attempts + warmUp.attempts,
                sourceLocation: sourceLocation)
            return
        }
        for (place, endpoint) in endpoints.enumerated() {
            #expect(
                endpoint.requests + endpoint.warmUpRequests + endpoint.checks == target.byPlace[place] ?? 0,
                "requests to place \(place)", sourceLocation: sourceLocation)
        }
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

    private init(_ result: LoadRun.Result, _ program: LoadProgram, _ book: Seen.Book) {
        let (totals, table) = (result.totals, program.series)
        let histograms = book.histograms
        ledger = totals.ledger
        warmUp = totals.warmUp
        warmUpCounts = totals.warmUpCounts
        wasStopped = result.wasStopped
        dataEnded = result.dataEnded
        teardownFailure = result.teardownFailure
        total = result.total
        origin = book.origin
        policies = totals.policies
        endpoints = totals.endpoints
        events = book.events.map { event in
            let client = event.client.map { "client \($0) " } ?? ""
            let time = "\(event.time.milliseconds / 1_000)"
            return "\(client)\(time) \(event.kind.rawValue) \(event.subject) \(event.what)"
        }
        details = book.events.map(\.detail)
        movedKeys = result.movedKeys
        notable = totals.notable
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
            var events: [RunEvent] = []
            /// By place, at the end of the last second.
            var inFlight: [Int] = []
            var origin = Instant(nanoseconds: 0)
        }

        let book = Mutex(Book())
    }
}
