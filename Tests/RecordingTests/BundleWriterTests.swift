import Core
import Glibc
import Recording
import Testing

@Suite struct BundleWriterTests {
    private let folder = TemporaryFolder()
    static let table = SeriesTable(
        steps: [("browse", "home")], transactions: [("browse", "visit")],
        checks: [CheckName(scenario: "browse", step: "home", text: "body contains ok")],
        counters: [CounterName(name: "orders")])

    static func record(startedEpoch: Double = 1_772_366_400) -> RunRecord {
        RunRecord(
            gale: "0.1.0", state: .running, name: "checkout", target: "http://192.0.2.1", seed: 1,
            started: "2026-03-01T12:00:00.000Z", startedEpoch: startedEpoch,
            plan: .init(file: nil, hash: "0", text: "", overrides: []),
            environment: EnvironmentRecord(
                kernel: "", cpu: "", cores: 1, memoryBytes: 1, libcurl: "", tls: "", build: "release", insecure: false),
            phases: [], steps: [.init(scenario: "browse", step: "home")], budgets: [])
    }

    /// A bundle with all its files, as an earlier run left it.
    private func writeOlder() throws -> [String: String] {
        for file in BundleFile.allCases { try AtomicFile.write("the old \(file)", to: folder.file(file.rawValue)) }
        return contents
    }

    private var contents: [String: String] {
        Dictionary(uniqueKeysWithValues: folder.names.map { ($0, TemporaryFolder.text(folder.file($0)) ?? "") })
    }

    private func failure(_ record: RunRecord) -> BundleFailure? {
        do throws(BundleFailure) {
            let writer = try BundleWriter(folder: folder.path, record: record, table: Self.table)
            Issue.record("a bundle was begun in \(writer.folder)")
            return nil
        } catch {
            return error
        }
    }

    @Test func `a bundle begins with its three sources, for the owner only`() throws {
        let writer = try BundleWriter(folder: folder.path, record: Self.record(), table: Self.table)
        #expect(folder.names == ["intervals.hlog", "run.json", "timeline.csv"])
        #expect(folder.names.allSatisfy { TemporaryFolder.mode(folder.file($0)) == 0o600 })
        #expect(contents["timeline.csv"] == TimelineRow.header + "\n")
        #expect(contents["intervals.hlog"]?.hasPrefix("#[Gale 0.1.0: checkout]\n") == true)
        #expect(contents["run.json"]?.contains("\"running\"") == true)
        #expect(writer.folder == folder.path)
    }

    @Test func `an older bundle gives way, its reports included`() throws {
        _ = try writeOlder()
        try AtomicFile.write("mine", to: folder.file("notes.txt"))
        _ = try BundleWriter(folder: folder.path, record: Self.record(), table: Self.table)
        #expect(folder.names == ["intervals.hlog", "notes.txt", "run.json", "timeline.csv"])
        #expect(contents.values.allSatisfy { !$0.hasPrefix("the old") })
    }

    @Test func `an older bundle stays whole when the record cannot be written`() throws {
        let older = try writeOlder()
        let failure = failure(Self.record(startedEpoch: .infinity))
        guard case .record = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(contents == older)
        #expect(failure?.isWrongFolder == false)
    }

    @Test(arguments: [BundleFile.record, .intervals, .timeline])
    func `an older bundle stays whole when one of the new files cannot take its place`(file: BundleFile) throws {
        var older = try writeOlder()
        unlink(folder.file(file.rawValue))
        mkdir(folder.file(file.rawValue), 0o700)
        older[file.rawValue] = ""
        let failure = failure(Self.record())
        guard case .file(let cause) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(cause == FileFailure(.rename, folder.file(file.rawValue), code: EISDIR))
        #expect(contents == older)
        #expect(failure?.isWrongFolder == false)
    }

    @Test func `a folder of something else is left alone, and another should be named`() throws {
        try AtomicFile.write("mine", to: folder.file("notes.txt"))
        let failure = failure(Self.record())
        guard case .notABundle = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(contents == ["notes.txt": "mine"])
        #expect(failure?.isWrongFolder == true)
    }

    @Test(arguments: [
        (BundleFailure.file(FileFailure(.createFolder, "f", code: ENOTDIR)), true),
        (.file(FileFailure(.createFolder, "f", code: EACCES)), true),
        (.file(FileFailure(.createFolder, "f", code: ENOSPC)), false),
        (.file(FileFailure(.open, "f", code: ENOSPC)), false), (.file(FileFailure(.write, "f", code: EIO)), false),
        (.file(FileFailure(.open, "f", code: EACCES)), false), (.record("an infinite number"), false),
    ])
    func `only a folder that cannot be had is the wrong one`(failure: BundleFailure, isWrongFolder: Bool) {
        #expect(failure.isWrongFolder == isWrongFolder)
    }

    @Test func `a second goes to the log and the timeline with its checks, counters and transactions`() throws {
        var writer = try BundleWriter(folder: folder.path, record: Self.record(), table: Self.table)
        let second = Interval(Self.table)
        second.warmUp.made = 1
        second.histograms[Self.table.transaction(0)].record(.milliseconds(5))
        second.checks[0].fail(sample: "a sample")
        second.counters.add(counter: 0, tags: "kind=red", amount: 2)
        try writer.append(
            start: .zero, length: .seconds(1), second, response: LatencyHistogram(), service: LatencyHistogram())
        let lines = (contents["timeline.csv"] ?? "").split(separator: "\n")
        #expect(lines.count == 3, "a row of warm-up and one of the run")
        #expect(lines.last?.hasSuffix(",0=0:1,orders{kind=red}=2,,,,") == true)
        #expect(contents["intervals.hlog"]?.contains("\nTag=transaction/browse/visit,0.000,1.000,") == true)

        var record = Self.record()
        record.listOutcomes(of: Self.table)
        #expect(record.checks.map(\.failed) == [nil] && record.counters.map(\.sum) == [nil])
        record.setOutcomes(second, of: Self.table)
        try writer.finish(record)
        let read = try RunRecord(decoding: try #require(TemporaryFolder.read(folder.file("run.json"))))
        #expect(read.checks.map(\.sample) == ["a sample"])
        #expect(read.counters.map(\.tags) == ["kind=red"] && read.counters.map(\.sum) == [2])
        #expect(read.transactions.map(\.step) == ["visit"])
    }

    private static func event(_ milliseconds: Int64, _ what: String, client: Int? = 0) -> RunEvent {
        RunEvent(time: .milliseconds(milliseconds), client: client, kind: .breaker, subject: "10.0.0.1:80", what: what)
    }

    private static func append(
        _ second: Interval, at start: Int64, _ writer: inout BundleWriter, endpoints: [String] = []
    )
        throws
    {
        try writer.append(
            start: .seconds(start), length: .seconds(1), second, response: LatencyHistogram(),
            service: LatencyHistogram(), endpoints: endpoints)
    }

    @Test func `events get a file when the first comes, and those of a second are in order`() throws {
        var writer = try BundleWriter(folder: folder.path, record: Self.record(), table: Self.table)
        let second = Interval(Self.table)
        try Self.append(second, at: 0, &writer)
        #expect(!folder.names.contains("events.csv"))
        // Two clients, one after the other.
        second.note(Self.event(1_200, "open"))
        second.note(Self.event(1_900, "half-open"))
        let other = Interval(Self.table)
        other.note(Self.event(1_500, "open", client: 1))
        second.add(other)
        try Self.append(second, at: 1, &writer)
        second.reset()
        try Self.append(second, at: 2, &writer)
        second.note(Self.event(3_000, "closed"))
        try Self.append(second, at: 3, &writer)
        #expect(
            contents["events.csv"] == """
                time,client,kind,subject,what,detail
                1.200,0,breaker,10.0.0.1:80,open,
                1.500,1,breaker,10.0.0.1:80,open,
                1.900,0,breaker,10.0.0.1:80,half-open,
                3.000,0,breaker,10.0.0.1:80,closed,

                """)
        #expect(TemporaryFolder.mode(folder.file("events.csv")) == 0o600)
        #expect(folder.names == ["events.csv", "intervals.hlog", "run.json", "timeline.csv"], "nothing staged is left")
    }

    @Test func `endpoints have series of their own, and gauges in the timeline`() throws {
        var writer = try BundleWriter(folder: folder.path, record: Self.record(), table: Self.table)
        let second = Interval(Self.table)
        second.makeRoom(for: 2)
        second.endpoints[0].isMember = true
        second.endpoints[0].isAvailable = true
        second.endpoints[1].isMember = true
        second.endpoints[2].isAvailable = true
        second.endpoints[1].service.record(.milliseconds(5))
        second.retryBudgetLeft = 0.25
        second.policies.rescued = 3
        try Self.append(second, at: 0, &writer, endpoints: ["10.0.0.1:80", "[::1]:80", "10.0.0.3:80"])
        let log = contents["intervals.hlog"] ?? ""
        #expect(log.contains("\nTag=endpoint/[::1]:80,0.000,1.000,5.0"))
        #expect(!log.contains("endpoint/10.0.0.1"), "what recorded nothing has no line")
        #expect(contents["timeline.csv"]?.hasSuffix(",,,rescued=3,0.250,1,2\n") == true)
    }

    @Test func `a plan without endpoints has nothing by endpoint`() throws {
        var writer = try BundleWriter(folder: folder.path, record: Self.record(), table: Self.table)
        let second = Interval(Self.table)
        second.makeRoom(for: 0)
        second.endpoints[0].isMember = true
        second.endpoints[0].service.record(.milliseconds(5))
        try Self.append(second, at: 0, &writer)
        #expect(contents["intervals.hlog"]?.contains("endpoint/") == false)
        #expect(contents["timeline.csv"]?.hasSuffix(",,,,\n") == true)
    }

    @Test func `a second of warm-up in which a policy did something has a row of the run, too`() throws {
        var writer = try BundleWriter(folder: folder.path, record: Self.record(), table: Self.table)
        let second = Interval(Self.table)
        second.warmUp.made = 1
        second.policies.waited = 1
        second.retryBudgetLeft = 1
        try Self.append(second, at: 0, &writer)
        let lines = (contents["timeline.csv"] ?? "").split(separator: "\n").dropFirst()
        #expect(lines.map { $0.hasSuffix(",waited=1,1.000,,") } == [false, true])
        #expect(lines.first?.hasSuffix(",,1.000,,") == true)
    }
}
