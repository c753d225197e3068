import Analysis
import Core
import Recording
import Testing

@Suite("A run is judged by its figures")
struct JudgementTests {
    // MARK: Validity

    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var causes: [Validity.Cause]
        var change: @Sendable (inout Measurement) -> Void
        var testDescription: String { text }
    }

    @Test(
        "A run is invalid when its generator was the limit",
        arguments: [
            Case(text: "a healthy run is valid", causes: []) { _ in },
            Case(text: "send lag of exactly 1 ms is allowed", causes: []) { $0.sendLag = .of(.milliseconds(1)) },
            Case(text: "send lag above 1 ms is not", causes: [.sendLag]) { $0.sendLag = .of(.microseconds(1_001)) },
            Case(text: "a tenth of the response time is allowed", causes: []) {
                $0.response = .of(.milliseconds(200))
                $0.sendLag = .of(.milliseconds(20))
            },
            Case(text: "more than a tenth is not", causes: [.sendLag]) {
                $0.response = .of(.milliseconds(200))
                $0.sendLag = .of(.milliseconds(21))
            },
            Case(text: "a closed phase has no schedule to be late for", causes: []) {
                $0.phases[0].open = false
                $0.sendLag = .of(.milliseconds(50))
            },
            Case(text: "an open phase of warm-up does not count", causes: []) {
                $0.phases[0].warmUp = true
                $0.sendLag = .of(.milliseconds(50))
            },
            Case(text: "1 % of the arrivals may be late", causes: []) { $0.ledger.droppedLate = 10 },
            Case(text: "more than 1 % may not", causes: [.droppedLate]) { $0.ledger.droppedLate = 11 },
            Case(text: "drops at the bound in flight are the target's", causes: []) { $0.ledger.droppedInFlight = 900 },
            Case(text: "no descriptors left", causes: [.generatorFailures]) { $0.failures.add("fd_exhausted", 1) },
            Case(text: "no ports left", causes: [.generatorFailures]) { $0.failures.add("port_exhausted", 1) },
            Case(text: "another fault of ours", causes: [.generatorFailures]) { $0.failures.add("generator_fault", 1) },
            Case(text: "a fault in warm-up counts too", causes: [.generatorFailures]) {
                $0.warmUpFailures.add("fd_exhausted", 1)
            },
            Case(text: "failures of the target are its own", causes: []) { $0.failures.add("reset", 900) },
            Case(text: "90 % of a core is allowed", causes: []) { $0.busiestOpen = 0.9 },
            Case(text: "more is not", causes: [.busiestLoop]) { $0.busiestOpen = 0.91 },
            Case(text: "a full loop in a closed phase is a finding", causes: []) {
                $0.phases[0].open = false
                $0.busiestOpen = nil
                $0.busiestClosed = 1
            },
            Case(text: "counts that do not add up", causes: [.ledger]) { $0.contradictions = ["1 is not 2"] },
            Case(text: "all at once", causes: [.sendLag, .droppedLate, .generatorFailures, .busiestLoop, .ledger]) {
                $0.sendLag = .of(.milliseconds(5))
                $0.ledger.droppedLate = 500
                $0.failures.add("port_exhausted", 3)
                $0.busiestOpen = 1
                $0.contradictions = ["1 is not 2"]
            },
        ])
    func validity(_ example: Case) {
        var run = Measurement.healthy
        example.change(&run)
        let validity = Validity(run)
        #expect(validity.reasons.map(\.cause) == example.causes)
        #expect(validity.reasons.allSatisfy { $0.text.hasSuffix(".") && !$0.text.contains("\n") })
    }

    @Test func reasonsSayTheFigures() {
        var run = Measurement.healthy
        run.sendLag = .of(.milliseconds(5))
        run.ledger.droppedLate = 25
        let text = Validity(run).reasons.map(\.text).joined(separator: " ")
        #expect(text.contains("send lag p99 is 5.00 ms, above the allowed 1.00 ms"))
        #expect(text.contains("25 of 1,000 arrivals (2.5 %, above 1 %)"))
    }

    // MARK: Findings

    struct FindingCase: Sendable, CustomTestStringConvertible {
        var text: String
        var kinds: [Finding.Kind]
        var change: @Sendable (inout Measurement, inout EnvironmentRecord) -> Void
        var testDescription: String { text }
    }

    @Test(
        "What does not spoil a run is still said",
        arguments: [
            FindingCase(text: "a healthy run has nothing to say", kinds: []) { _, _ in },
            FindingCase(text: "killed", kinds: [.killed]) { run, _ in run.state = .killed },
            FindingCase(text: "interrupted", kinds: [.interrupted]) { run, _ in run.state = .interrupted },
            FindingCase(text: "a half line", kinds: [.incomplete]) { run, _ in run.gaps = ["Half a line."] },
            FindingCase(text: "insecure TLS", kinds: [.insecure]) { _, place in place.insecure = true },
            FindingCase(text: "a debug build", kinds: [.debugBuild]) { _, place in place.build = "debug" },
            FindingCase(text: "drops in flight", kinds: [.droppedInFlight]) { run, _ in run.ledger.droppedInFlight = 1
            },
            FindingCase(text: "a few late drops", kinds: [.droppedLate]) { run, _ in run.ledger.droppedLate = 1 },
            FindingCase(text: "many late drops are a reason instead", kinds: []) { run, _ in
                run.ledger.droppedLate = 500
            },
            FindingCase(text: "a full loop in a closed phase", kinds: [.fullLoop]) { run, _ in
                run.phases[0].open = false
                run.busiestClosed = 0.95
            },
            FindingCase(text: "resends", kinds: [.resends]) { run, _ in run.ledger.resends = 2 },
            FindingCase(text: "a lab that counted as many", kinds: []) { run, _ in
                run.ledger.reached = 1_000
                run.labRequests = 1_000
            },
            FindingCase(text: "a lab that counted fewer", kinds: [.labCount]) { run, _ in
                run.ledger.reached = 1_000
                run.labRequests = 999
            },
            FindingCase(text: "few samples", kinds: [.fewSamples]) { run, _ in
                run.response = .of(.milliseconds(5), count: 999)
            },
            FindingCase(text: "no samples", kinds: [.fewSamples]) { run, _ in run.response = .empty },
            FindingCase(text: "two steps of one tag", kinds: [.sharedSeries]) { run, _ in
                run.steps = [.init(scenario: "a b", step: "c"), .init(scenario: "a_b", step: "c")]
            },
            FindingCase(text: "stalls", kinds: [.hiccups]) { run, _ in run.generator?.hiccups = 2 },
            FindingCase(text: "a long turn", kinds: [.longTurn]) { run, _ in run.generator?.longestTurnSeconds = 0.02 },
            FindingCase(text: "a lab that counted health checks too", kinds: []) { run, _ in
                run.ledger.reached = 1_000
                run.endpoints = [.of(attempts: 1_000, checks: 20)]
                run.labRequests = 1_019
            },
            FindingCase(text: "a lab that counted more than that", kinds: [.labCount]) { run, _ in
                run.ledger.reached = 1_000
                run.endpoints = [.of(attempts: 1_000, checks: 20)]
                run.labRequests = 1_021
            },
            FindingCase(text: "rejected calls", kinds: [.rejected]) { run, _ in run.ledger.rejected = 1 },
            FindingCase(text: "an amplification of 1.5", kinds: []) { run, _ in
                (run.ledger.made, run.ledger.firstTries, run.ledger.retries) = (1_000, 1_000, 500)
            },
            FindingCase(text: "an amplification above it", kinds: [.amplification]) { run, _ in
                (run.ledger.made, run.ledger.firstTries, run.ledger.retries) = (1_000, 1_000, 501)
            },
            FindingCase(text: "retries that the budget denied", kinds: [.retriesDenied]) { run, _ in
                run.policies = PolicyCounts(named: ["retries_denied": 1])
            },
            FindingCase(text: "nine hedges of ten for nothing", kinds: []) { run, _ in
                run.policies = PolicyCounts(named: ["hedges_won": 10, "hedges_wasted": 90])
            },
            FindingCase(text: "hedges that hardly ever win", kinds: [.hedgesWasted]) { run, _ in
                run.policies = PolicyCounts(named: ["hedges_won": 9, "hedges_wasted": 91])
            },
            FindingCase(text: "a handful of hedges", kinds: []) { run, _ in
                run.policies = PolicyCounts(named: ["hedges_wasted": 9])
            },
            FindingCase(text: "a breaker of an endpoint", kinds: [.breakerOpened]) { run, _ in
                run.endpoints = [.of(attempts: 10)]
                run.endpoints[0].counts.add("breaker_openings", 2)
            },
            FindingCase(text: "a breaker of a step", kinds: [.breakerOpened]) { run, _ in
                run.events.add(.of(.breaker, "open"))
                run.events.add(.of(.breaker, "closed"))
            },
            FindingCase(text: "half of the endpoints available", kinds: []) { run, _ in
                run.availability = Availability(.endpoints([(5, 10)]))
            },
            FindingCase(text: "fewer than half", kinds: [.fewHealthy]) { run, _ in
                run.availability = Availability(.endpoints([(10, 10), (4, 10)]))
            },
            FindingCase(text: "a black hole", kinds: [.blackHole]) { run, _ in
                run.endpoints = [
                    .of(attempts: 501, failed: 251), .of(attempts: 100), .of(attempts: 199), .of(attempts: 200),
                ]
                run.setShares()
            },
            FindingCase(text: "a busy endpoint that fails half", kinds: []) { run, _ in
                run.endpoints = [
                    .of(attempts: 502, failed: 251), .of(attempts: 100), .of(attempts: 198), .of(attempts: 200),
                ]
                run.setShares()
            },
            FindingCase(text: "a failing endpoint with no more than twice its share", kinds: []) { run, _ in
                run.endpoints = [
                    .of(attempts: 500, failed: 500), .of(attempts: 100), .of(attempts: 200), .of(attempts: 200),
                ]
                run.setShares()
            },
            FindingCase(text: "shards within the limit", kinds: []) { run, _ in
                run.endpoints = [.of(attempts: 125), .of(attempts: 75)]
                run.shards = ShardSummary(.init(rule: "ring", imbalance: 0.25), run.endpoints, nil)
            },
            FindingCase(text: "shards above it", kinds: [.imbalance]) { run, _ in
                run.endpoints = [.of(attempts: 126), .of(attempts: 74)]
                run.shards = ShardSummary(.init(rule: "ring", imbalance: 0.25), run.endpoints, nil)
            },
            FindingCase(text: "a set that changed", kinds: [.endpointsChanged]) { run, _ in
                run.events.add(.of(.endpoints, "added"))
            },
            FindingCase(text: "a set that was kept", kinds: []) { run, _ in run.events.add(.of(.endpoints, "kept")) },
            FindingCase(text: "events lost", kinds: [.eventsLost]) { run, _ in run.eventsLost = 1 },
            FindingCase(text: "close to the descriptors", kinds: [.connections]) { run, _ in
                run.generator?.peakConnections = 1_000
            },
        ])
    func findings(_ example: FindingCase) {
        var run = Measurement.healthy
        var place = EnvironmentRecord.ordinary
        example.change(&run, &place)
        let found = Finding.all(of: run, environment: place)
        #expect(found.map(\.kind) == example.kinds)
        #expect(found.allSatisfy { $0.text.hasSuffix(".") })
    }
}

extension LatencySummary {
    /// A summary whose every percentile is that span.
    static func of(_ span: Span, count: Int = 1_000) -> LatencySummary {
        LatencySummary(
            count: count, mean: span, minimum: span, maximum: span, percentiles: percents.map { _ in span })
    }
}

extension Measurement {
    /// A thousand calls in ten seconds of an open phase, and a generator that had nothing to do.
    static var healthy: Measurement {
        var run = Measurement()
        run.phases = [PhaseSummary(text: "100/s for 10s", open: true, warmUp: false, start: 0, seconds: 10)]
        run.measuredSeconds = 10
        run.totalSeconds = 10
        run.ledger.scheduled = 1_000
        run.ledger.completed = 1_000
        run.ledger.succeeded = 1_000
        run.response = .of(.milliseconds(5))
        run.sendLag = .of(.microseconds(50))
        run.busiestOpen = 0.3
        run.generator = GeneratorRecord(
            busiestOpen: 0.3, busiestClosed: nil, userSeconds: 1, systemSeconds: 1, peakResidentBytes: 40_000_000,
            longestHiccupSeconds: 0.001, hiccups: 0, longestTurnSeconds: 0.001, descriptorLimit: 1_024,
            peakConnections: 10, localPorts: 28_232, peakInFlight: 10, loops: 1, clients: 1)
        return run
    }
}

extension EnvironmentRecord {
    static var ordinary: EnvironmentRecord {
        EnvironmentRecord(
            kernel: "Linux", cpu: "CPU", cores: 2, memoryBytes: 8_000_000_000, libcurl: "libcurl", tls: "OpenSSL",
            build: "release", insecure: false)
    }
}
