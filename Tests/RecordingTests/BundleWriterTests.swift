import Core
import Glibc
import Recording
import Testing

@Suite struct BundleWriterTests {
    private let folder = TemporaryFolder()
    private static let table = SeriesTable(
        steps: [("browse", "home")], transactions: [("browse", "visit")],
        checks: [CheckName(scenario: "browse", step: "home", text: "body contains ok")],
        counters: [CounterName(name: "orders")])

    private static func record(startedEpoch: Double = 1_772_366_400) -> RunRecord {
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
        #expect(lines.last?.hasSuffix(",0=0:1,orders{kind=red}=2") == true)
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
}
