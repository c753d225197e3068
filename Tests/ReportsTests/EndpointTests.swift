import Analysis
import Core
import Recording
import Reports
import Testing

@Suite("Endpoints are reported, few or many, sound or not")
struct EndpointTests {
    /// The record of a run with policies, changed, and what reading it leads to.
    private func read(_ change: (inout RunRecord) -> Void) throws -> Bundle {
        let folder = SyntheticRun.makeFolder()
        defer { SyntheticRun.remove(folder) }
        var run = Kinds.run("policies")
        run.phases = [2]
        try run.write(to: folder)
        let path = BundleFile.record.path(in: folder)
        var record = try RunRecord(decoding: Array(try #require(Golden.read(path)).utf8))
        change(&record)
        try AtomicFile.write(try record.encoded(), to: path)
        return try Bundle.open(folder)
    }

    struct Damage: Sendable, CustomTestStringConvertible {
        var text: String
        var change: @Sendable (inout RunRecord) -> Void
        var testDescription: String { text }
    }

    @Test(
        "Numbers that no run can have are refused with their place",
        arguments: [
            Damage(text: "endpoints.1.counts.failed is -1") { $0.endpoints[1].counts?["failed"] = -1 },
            Damage(text: "endpoints.0.weight is -5") { $0.endpoints[0].weight = -5 },
            Damage(text: "endpoints.2.place is -1") { $0.endpoints[2].place = -1 },
            Damage(text: "endpoints.2.place is 4096") { $0.endpoints[2].place = 4_096 },
            Damage(text: "endpoints.1.place is 0") { $0.endpoints[1].place = 0 },
            Damage(text: "endpoints.3.counts.attempts is \(Int.max)") { $0.endpoints[3].counts?["attempts"] = .max },
            Damage(text: "endpoints has 4097 entries") { record in
                record.endpoints = (0...4_096).map { .init(place: $0, address: "h:\($0)") }
            },
            Damage(text: "policies.rescued is -1") { $0.policies?["rescued"] = -1 },
            Damage(text: "events_lost is -1") { $0.eventsLost = -1 },
            Damage(text: "shards.imbalance is -0.5") { $0.shards = .init(rule: "", imbalance: -0.5) },
            Damage(text: "shards.moved.0") {
                $0.shards = .init(rule: "", imbalance: 1, moved: [.init(time: 1, share: 2)])
            },
            Damage(text: "shards.moved.1") {
                $0.shards = .init(
                    rule: "", imbalance: 1, moved: [.init(time: 1, share: 0), .init(time: -1, share: 0)])
            },
            Damage(text: "steps.0.rejected is -1") { $0.steps[0].rejected = -1 },
        ])
    func damaged(_ example: Damage) {
        let error = #expect(throws: BundleError.self) { try read(example.change) }
        #expect(error?.description.contains(example.text) == true, "\(String(describing: error))")
    }

    @Test("Counts that this version does not know are passed over")
    func laterCounts() throws {
        let bundle = try read {
            $0.policies?["teleported"] = 5
            $0.endpoints[0].counts?["teleported"] = 5
        }
        let run = RunSummary(bundle).run
        #expect(run.contradictions.isEmpty)
        #expect(run.endpoints[0].counts["teleported"] == 0)
    }

    @Test("All of 4,096 endpoints are in the table of the bundle, and the busiest 40 in the report")
    func many() throws {
        let bundle = try read { record in
            record.endpoints = (0..<4_096).map { place in
                var endpoint = RunRecord.EndpointRecord(place: place, address: "10.1.\(place / 256).\(place % 256):80")
                var counts = EndpointCounts()
                (counts.attempts, counts.succeeded) = (place, place)
                endpoint.set(counts)
                return endpoint
            }
        }
        let summary = RunSummary(bundle)
        let table = EndpointReport.text(summary.run.endpoints).split(separator: "\n")
        #expect(table.count == 4_097)
        #expect(table.last?.hasPrefix("10.1.15.255:80,,1,4095,0.000488,4095,0,0,") == true)
        let report = MarkdownReport.text(summary)
        #expect(report.split(separator: "\n").filter { $0.hasPrefix("| 10.1.") }.count == 40)
        #expect(report.contains("\n| 10.1.15.255:80 |") && !report.contains("\n| 10.1.0.1:80 "))
        #expect(report.contains("4,056 endpoints with fewer attempts are in endpoints.csv."))
        #expect(TerminalReport.text(summary, colour: false).contains("endpoints: 4,096, the busiest 10.1.15.255:80"))
    }

    @Test func theTableHasARowForEachEndpoint() throws {
        let run = RunSummary(try Kinds.bundle("policies")).run
        try Golden.check(EndpointReport.text(run.endpoints), "policies.endpoints.csv")
        let killed = RunSummary(try Kinds.bundle("killed-policies")).run
        try Golden.check(EndpointReport.text(killed.endpoints), "killed-policies.endpoints.csv")
        let hostile = RunSummary(try Kinds.bundle("hostile")).run
        try Golden.check(EndpointReport.text(hostile.endpoints), "hostile.endpoints.csv")
    }

    @Test("The table is written for a plan with endpoints")
    func written() throws {
        let folder = SyntheticRun.makeFolder()
        defer { SyntheticRun.remove(folder) }
        try Kinds.run("policies").write(to: folder)
        let summary = try ReportWriter.writeAll(try Bundle.open(folder))
        let path = BundleFile.endpoints.path(in: folder)
        #expect(Golden.read(path) == EndpointReport.text(summary.run.endpoints))
    }

    @Test("A record without policies, endpoints and fallbacks, as earlier versions wrote it, is read")
    func earlierVersion() throws {
        let record = try Kinds.bundle("one-step").record
        let later = ["\"fallbacks\"", "\"endpoints\"", "\"policies\"", "\"shards\"", "\"events_lost\""]
        let text = String(decoding: try record.encoded(), as: UTF8.self)
        // An empty list stands on two or three lines, as the encoder lays it out.
        let flat = text.split(separator: "\n").joined(separator: "\n")
            .replacing("\"endpoints\" : [\n\n  ],\n", with: "").replacing("\"endpoints\" : [\n  ],\n", with: "")
        let lines = flat.split(separator: "\n").filter { line in !line.contains("\"fallbacks\"") }
        let older = lines.joined(separator: "\n")
        for name in later { #expect(!older.contains(name), "\(name)") }
        let read = try RunRecord(decoding: Array(older.utf8))
        #expect(read.endpoints.isEmpty && read.policies == nil && read.shards == nil && read.eventsLost == nil)
        #expect(read.outcome?.ledger == record.outcome?.ledger)
    }
}
