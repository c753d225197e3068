import Analysis
import Core
import Recording
import Reports
import Testing

@Suite("Docs/bundle.md describes what is written")
struct DocumentationTests {
    private static let text: String = {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return Golden.read("/\(root)/Docs/bundle.md") ?? ""
    }()

    /// The names in code in the first column of the tables of a section.
    private static func names(in section: String) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(where: { $0 == "## \(section)" }) else { return [] }
        let body = lines[(start + 1)...].prefix { !$0.hasPrefix("## ") }
        return body.filter { $0.hasPrefix("| `") }.flatMap { line in
            let cell = line.dropFirst(2).prefix { $0 != "|" }
            return cell.split(separator: "`").enumerated().filter { $0.offset % 2 == 0 }.map { String($0.element) }
                .filter { !$0.allSatisfy { " ,".contains($0) } }
        }
    }

    @Test func everyFileIsNamed() { #expect(Self.names(in: "Files") == BundleFile.allCases.map(\.rawValue)) }

    @Test func theColumnsOfTheTimeline() { #expect(Self.names(in: "timeline.csv") == TimelineRow.columns) }

    @Test func theColumnsOfTheSummary() { #expect(Self.names(in: "summary.csv") == CSVReport.columns) }

    @Test func theColumnsOfTheEvents() { #expect(Self.names(in: "events.csv") == EventRow.columns) }

    @Test func theColumnsOfTheEndpoints() { #expect(Self.names(in: "endpoints.csv") == EndpointReport.columns) }

    @Test("Every count of an endpoint and of the policies is in it")
    func counts() {
        for name in EndpointCounts.fields.map(\.name) + PolicyCounts.fields.map(\.name) {
            #expect(Self.text.contains("`\(name)`"))
        }
        for name in Rejection.allCases.map(\.name) + PolicyCounts.retryReasons {
            #expect(Self.text.contains("`\(name)`"))
        }
    }

    @Test func everySeries() {
        let series: [SeriesName] = [
            .response, .service, .stepResponse(scenario: "SCENARIO", step: "STEP"),
            .stepService(scenario: "SCENARIO", step: "STEP"), .sendLag, .dns, .connect, .tls, .firstByte, .transfer,
            .warmUpResponse, .warmUpService, .transaction(scenario: "SCENARIO", name: "NAME"),
            .endpoint(address: "ADDRESS"),
        ]
        #expect(Self.names(in: "intervals.hlog") == series.map(\.tag))
    }

    @Test("Every key of the JSON files has a line, and every line is of a key that is written")
    func keys() throws {
        var record: Set<String> = []
        var summary: Set<String> = []
        for kind in Kinds.names {
            let bundle = try Kinds.bundle(kind)
            record.formUnion(Self.keys(of: try bundle.record.encoded()))
            summary.formUnion(Self.keys(of: try JSONReport.bytes(RunSummary(bundle))))
        }
        // What only a gate with a baseline writes.
        var gated = RunSummary(try Kinds.bundle("budgets"))
        let relative = try #require(gated.budgets.first { $0.budget.baseline != nil }?.budget)
        let pairs = (1...8).map { BaselinePair(baseline: 100e6, new: Double(100 + $0) * 1e6, calls: 1_000) }
        gated.budgets.append(BaselineJudge.judge(relative, pairs: pairs))
        summary.formUnion(Self.keys(of: try JSONReport.bytes(gated)))
        let both = Set(Self.names(in: "Ledger, generator, environment"))
        let ofRecord = Set(Self.names(in: "run.json"))
        let ofSummary = Set(Self.names(in: "summary.json"))
        // Described as counts, in a list and as columns.
        let counts = Set(PolicyCounts.names + EndpointCounts.fields.map(\.name))
        #expect(
            record.subtracting(both).subtracting(counts).subtracting(ofRecord).sorted() == [],
            "in run.json, but not described")
        #expect(
            summary.subtracting(both).subtracting(counts).subtracting(ofSummary).sorted() == [],
            "in summary.json, but not described")
        #expect(ofRecord.subtracting(record).sorted() == [], "described, but not in run.json")
        #expect(ofSummary.subtracting(summary).sorted() == [], "described, but not in summary.json")
        #expect(both.subtracting(record.union(summary)).sorted() == [], "described, but in neither")
    }

    @Test("Every name that a cause or a finding can have is in it")
    func closedLists() {
        for name in Validity.Cause.allCases.map(\.rawValue) + Finding.Kind.allCases.map(\.rawValue) {
            #expect(Self.text.contains("`\(name)`"))
        }
    }

    /// The keys of a JSON text as Gale lays it out, one to a line, but for those that are statuses or kinds of failure.
    private static func keys(of json: [UInt8]) -> Set<String> {
        var keys: Set<String> = []
        for line in json.split(separator: UInt8(ascii: "\n")) {
            let text = String(decoding: line, as: UTF8.self).drop { $0 == " " }
            let parts = text.split(separator: "\"", maxSplits: 1, omittingEmptySubsequences: true)
            guard text.first == "\"", parts.count == 2, parts[1].hasPrefix(" :") else { continue }
            let key = String(parts[0])
            if Int(key) == nil, FailureKind(name: key) == nil { keys.insert(key) }
        }
        return keys
    }
}
