import Analysis
import Core
import Recording
import Reports
import Testing

@Suite("Calls and attempts have two ledgers, and both close")
struct TwoLedgersTests {
    @Test("What is measured of a run with policies adds up", arguments: ["policies", "shards", "hostile"])
    func addsUp(kind: String) throws {
        let run = RunSummary(try Kinds.bundle(kind)).run
        #expect(run.contradictions.isEmpty)
        #expect(run.policies != nil)
        #expect(run.endpoints.reduce(0) { $0 + $1.attempts } == run.ledger.attempts)
        #expect(abs(run.endpoints.reduce(0) { $0 + $1.share } - 1) < 1e-9)
    }

    struct Break: Sendable, CustomTestStringConvertible {
        var text: String
        var change: @Sendable (inout RunRecord) -> Void
        var testDescription: String { text }
    }

    @Test(
        "A break of an equation is seen, and the run is invalid",
        arguments: [
            Break(text: "rejected = the sum of the layers: 51 is not 50") {
                $0.outcome?.ledger.rejected += 1
                $0.outcome?.ledger.made += 1
            },
            Break(text: "retries ≤ the sum of their reasons: 1049 is more than 1048") {
                $0.outcome?.ledger.retries += 1
            },
            Break(text: "rejected_breaker_open = the sum of the timeline: 34 is not 33") {
                $0.policies?["rejected_breaker_open"]? += 1
            },
            Break(text: "rescued = the sum of the timeline: 1000 is not 1048") { $0.policies?["rescued"] = 1_000 },
            Break(text: "attempts = the sum of the endpoints: 3078 is not 3077") {
                $0.endpoints[0].counts?["attempts"]? -= 1
            },
            Break(text: "attempts to 10.0.0.11:8443 = succeeded + failed + cancelled: 282 is not 283") {
                $0.endpoints[0].counts?["cancelled"]? += 1
            },
            Break(text: "fallbacks ≤ failed + rejected: 57 is more than 56") { $0.outcome?.ledger.fallbacks = 57 },
            Break(text: "made = succeeded + failed + cancelled + rejected: 2000 is not 1999") {
                $0.outcome?.ledger.rejected -= 1
            },
        ])
    func broken(_ example: Break) throws {
        let folder = SyntheticRun.makeFolder()
        defer { SyntheticRun.remove(folder) }
        try Kinds.run("policies").write(to: folder)
        let path = BundleFile.record.path(in: folder)
        var record = try RunRecord(decoding: Array(try #require(Golden.read(path)).utf8))
        example.change(&record)
        try AtomicFile.write(try record.encoded(), to: path)
        let summary = RunSummary(try Bundle.open(folder))
        #expect(summary.run.contradictions.contains(example.text), "\(summary.run.contradictions)")
        #expect(summary.verdict.verdict == .invalid)
    }

    @Test("A rejected call is in the ledger and in no percentile")
    func rejectedCallsHaveNoLatency() throws {
        var run = Kinds.run("policies")
        run.policies?.rejectEvery = 2
        let summary = try Kinds.with(run) { RunSummary($0) }
        #expect(summary.run.ledger.made == 2_000)
        #expect(summary.run.ledger.rejected == 1_000)
        #expect(summary.run.response.count == 1_000)
        #expect(summary.run.service.count == 1_000)
        #expect(summary.run.steps.map(\.response.count) == [1_000])
        #expect(summary.run.contradictions.isEmpty)
        #expect(summary.validity.isValid, "rejecting is no fault of the generator")
    }

    @Test(arguments: [
        ("nothing happened", [String: Int](), 0.0, Double?.none),
        ("every call once", ["made": 10, "succeeded": 10, "first_tries": 10], 0, 1),
        ("three attempts each", ["made": 10, "failed": 10, "first_tries": 10, "retries": 20], 1, 3),
        ("rejected calls make no attempts", ["made": 20, "succeeded": 10, "rejected": 10, "first_tries": 10], 0.5, 1),
        ("all rejected", ["made": 10, "rejected": 10], 1, nil),
        (
            "all answered by fallbacks", ["made": 10, "rejected": 5, "failed": 5, "fallbacks": 10, "first_tries": 5], 0,
            1
        ),
        ("cancelled ones count for nothing", ["made": 20, "succeeded": 9, "failed": 1, "cancelled": 10], 0.1, 0),
        ("more fallbacks than there can be", ["made": 2, "failed": 2, "fallbacks": 9, "first_tries": 2], 0, 1),
    ])
    func figures(name: String, counts: [String: Int], errors: Double, amplification: Double?) {
        var ledger = Ledger()
        for field in Ledger.fields { ledger[keyPath: field.path] = counts[field.name] ?? 0 }
        let figures = CallFigures(ledger, seconds: 10)
        #expect(figures.errorShare == errors)
        #expect(figures.amplification == amplification)
        #expect(figures.goodput == Double(counts["succeeded"] ?? 0) / 10)
    }

    @Test(
        "Imbalance is how much more than the mean the fullest has",
        arguments: [
            ([], Double?.none), ([0, 0], nil), ([7], 0), ([5, 5, 5], 0), ([130, 70], 0.3), ([4, 0, 0, 0], 3),
        ])
    func imbalance(counts: [Int], expected: Double?) {
        let found = ShardSummary.imbalance(of: counts)
        #expect((found == nil) == (expected == nil))
        #expect(abs((found ?? 0) - (expected ?? 0)) < 1e-9)
    }

    @Test func crossShardCallsAreAShareOfThoseWithAKeyAndThose() {
        let policies = PolicyCounts(named: ["scattered": 25, "keyed": 75])
        let endpoints = [EndpointSummary.of(attempts: 90, keyed: 50), .of(attempts: 60, keyed: 25)]
        let shards = ShardSummary(.init(rule: "modulo", imbalance: 0.3), endpoints, policies)
        #expect(shards.crossShardShare == 0.25)
        #expect(abs((shards.keyedImbalance ?? 0) - 1.0 / 3) < 1e-9)
        #expect(abs((shards.imbalance ?? 0) - 0.2) < 1e-9)
        #expect(ShardSummary(.init(rule: "", imbalance: 0), endpoints, PolicyCounts()).crossShardShare == nil)
    }

    @Test func availabilityIsThatOfTheWorstSecond() throws {
        var rows = [TimelineRow].endpoints([(4, 4), (2, 4), (1, 4), (1, 4), (3, 8), (8, 8)])
        rows.append(rows[5])
        let found = try #require(Availability(rows))
        #expect((found.least, found.leastOf, found.leastAt) == (1, 4, 2))
        #expect(found.firstBelowHalf == 2)
        #expect(found.secondsBelowHalf == 3)
        #expect(Availability([TimelineRow(time: 0, length: 1, phase: 0)]) == nil)
    }

    @Test("A run without policies has none of their sections", arguments: ["one-step", "many-steps", "business"])
    func absent(kind: String) throws {
        let summary = RunSummary(try Kinds.bundle(kind))
        let report = MarkdownReport.text(summary)
        for title in ["Calls and attempts", "Endpoints", "Shards", "Events"] {
            #expect(!report.contains("## \(title)"))
        }
        let terminal = TerminalReport.text(summary, colour: false)
        for word in ["attempts:", "rejected:", "endpoints:"] { #expect(!terminal.contains(word)) }
    }

    @Test func aKilledRunKnowsItsEndpointsByTheirLatencies() throws {
        let bundle = try Kinds.bundle("killed-policies")
        let run = RunSummary(bundle).run
        #expect(run.policies?.rejected == run.ledger.rejected)
        #expect(run.endpoints.map(\.address) == Kinds.policies.addresses)
        #expect(run.endpoints.allSatisfy { $0.counts.isEmpty && $0.service.count > 0 && $0.errorShare == nil })
        #expect(abs(run.endpoints.reduce(0) { $0 + $1.share } - 1) < 1e-9)
        #expect(run.events.total == 5, "the sixth line is cut off")
    }

    @Test("A record of a killed run that names no endpoints gets them from the log")
    func endpointsOfTheLog() throws {
        var run = Kinds.run("killed-policies")
        run.cutOff = 0
        let folder = SyntheticRun.makeFolder()
        defer { SyntheticRun.remove(folder) }
        try run.write(to: folder)
        let path = BundleFile.record.path(in: folder)
        var record = try RunRecord(decoding: Array(try #require(Golden.read(path)).utf8))
        record.endpoints = []
        try AtomicFile.write(try record.encoded(), to: path)
        let found = RunSummary(try Bundle.open(folder)).run.endpoints
        #expect(found.map(\.address) == Kinds.policies.addresses.sorted())
        #expect(found.map(\.weight) == [nil, nil, nil, nil])
    }
}
