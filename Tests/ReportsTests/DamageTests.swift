import Analysis
import Core
import Glibc
import Recording
import Reports
import Testing

/// Bundles that somebody spoiled, on purpose or not: each is an error that says where, or a bundle of which every report can be
/// written.
@Suite("Damaged and hostile bundles")
struct DamageTests {
    // MARK: Any damage

    /// The files that a run writes, of a run with everything that a run can have.
    private static let sound: [BundleFile: [UInt8]] = {
        var run = Kinds.run("policies")
        run.phases = [3]
        run.rate = 20
        run.resources = ResourceSamples.all(seconds: 3)
        run.transactions = [("browse", "visit")]
        run.checks = [CheckName(scenario: "browse", step: "home", text: "body contains ok")]
        run.counters = [CounterName(name: "orders")]
        let folder = SyntheticRun.makeFolder()
        defer { SyntheticRun.remove(folder) }
        do { try run.write(to: folder) } catch { return [:] }
        return sources(in: folder)
    }()

    private static let sample: [BundleFile: [UInt8]] = {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        return sources(in: "/\(root)/Reports/quickstart/sample")
    }()

    private static func sources(in folder: String) -> [BundleFile: [UInt8]] {
        var files: [BundleFile: [UInt8]] = [:]
        for file in BundleFile.allCases where file.isSource { files[file] = read(file.path(in: folder)) }
        return files
    }

    private static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return bytes
    }

    /// Spoils some bytes in one of many ways.
    private static func spoil(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        guard !bytes.isEmpty else { return [0xff] }
        var bytes = bytes
        func place() -> Int { Int(random.below(UInt64(bytes.count))) }
        func range(_ most: Int) -> Range<Int> {
            let start = place()
            return start..<min(bytes.count, start + 1 + Int(random.below(UInt64(most))))
        }
        switch random.below(12) {
        case 0: bytes[place()] ^= 1 << UInt8(random.below(8))
        case 1: bytes.removeSubrange(range(40))
        case 2:
            let part = Array(bytes[range(200)])
            bytes.insert(contentsOf: part, at: place())
        case 3: bytes.removeLast(min(bytes.count, 1 + Int(random.below(UInt64(bytes.count)))))
        case 4: bytes.insert(contentsOf: [0xff, 0xfe, 0x00, 0xc0], at: place())
        case 5, 6, 7:
            // A number becomes one that no run can have.
            let digits = bytes.indices.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[$0]) }
            guard !digits.isEmpty else { break }
            let start = digits[Int(random.below(UInt64(digits.count)))]
            let end =
                bytes[start...].firstIndex { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? bytes.count
            let numbers = [
                "9223372036854775807", "999999999999", "1000000000000", "-1", "1e308", "1e18", "0", "nan", "1e-300",
                "18446744073709551615",
            ]
            bytes.replaceSubrange(start..<end, with: Array(numbers[Int(random.below(UInt64(numbers.count)))].utf8))
        case 8:
            // A line over and over.
            let line = range(300)
            let part = Array(bytes[line])
            for _ in 0..<100 { bytes.insert(contentsOf: part, at: line.lowerBound) }
        case 9:
            // Lines out of order.
            var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
            lines.swapAt(Int(random.below(UInt64(lines.count))), Int(random.below(UInt64(lines.count))))
            bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
        case 10:
            for _ in 0..<20 { bytes[place()] = UInt8(truncatingIfNeeded: random.next()) }
        default: bytes.insert(contentsOf: Array("\"},{\"\n=,;:".utf8), at: place())
        }
        return bytes
    }

    private static func write(_ files: [BundleFile: [UInt8]], to folder: String) throws {
        for (file, bytes) in files { try AtomicFile.write(bytes, to: file.path(in: folder)) }
    }

    /// Opens what was written and, if it can be opened, writes every report and a diff of it.
    private static func check(_ folder: String, against sound: DiffRun) throws {
        let bundle: Bundle
        do throws(BundleError) {
            bundle = try Bundle.open(folder)
        } catch {
            #expect(error.description.hasPrefix(folder), "the message begins with the place: \(error)")
            return
        }
        let summary = RunSummary(bundle)
        for file in BundleFile.allCases {
            // A number that JSON cannot hold is an error of its own.
            do throws(ReportError) {
                _ = try ReportWriter.contents(of: file, bundle, summary)
            } catch {
                guard case .unwritable = error else { throw error }
            }
        }
        #expect(!TerminalReport.text(summary, colour: false).isEmpty)
        let run = DiffRun(bundle, summary: summary)
        for diff in [DiffSamples.diff([sound], [run]), DiffSamples.diff([run], [sound])] {
            #expect(!diff.isWorse, "one run of each is never a verdict")
            #expect(!DiffReport.markdown(diff).isEmpty)
            #expect(!DiffReport.terminal(diff, colour: false).isEmpty)
            #expect(!DiffReport.csv(diff).isEmpty)
            do throws(ReportError) {
                _ = try DiffReport.json(diff)
            } catch {
                guard case .unwritable = error else { throw error }
            }
        }
    }

    private static func diffRun(_ files: [BundleFile: [UInt8]]) throws -> DiffRun {
        let folder = SyntheticRun.makeFolder()
        defer { SyntheticRun.remove(folder) }
        try write(files, to: folder)
        let bundle = try Bundle.open(folder)
        return DiffRun(bundle, summary: RunSummary(bundle))
    }

    /// `GALE_DAMAGES` says how many of each kind.
    private static let count = getenv("GALE_DAMAGES").flatMap { UInt64(String(cString: $0)) } ?? 12

    @Test("Any damage to any file is an error or a bundle whose reports can be written", arguments: BundleFile.allCases)
    func damage(file: BundleFile) throws {
        guard file.isSource else { return }
        let sound = try Self.diffRun(Self.sound)
        for seed in 0..<Self.count {
            var random = SeededRandom(seed: seed, named: file.rawValue)
            var files = Self.sound
            let bytes = try #require(files[file])
            files[file] = Self.spoil(bytes, &random)
            let folder = SyntheticRun.makeFolder()
            defer { SyntheticRun.remove(folder) }
            try Self.write(files, to: folder)
            try Self.check(folder, against: sound)
        }
    }

    @Test("So is damage to a run that was made over a network")
    func sampleDamage() throws {
        let sound = try Self.diffRun(Self.sample)
        for seed in 0..<Self.count / 2 {
            var random = SeededRandom(seed: seed, named: "sample")
            var files = Self.sample
            let file = [BundleFile.record, .timeline, .intervals][Int(seed % 3)]
            files[file] = Self.spoil(try #require(files[file]), &random)
            let folder = SyntheticRun.makeFolder()
            defer { SyntheticRun.remove(folder) }
            try Self.write(files, to: folder)
            try Self.check(folder, against: sound)
        }
    }

    @Test("A file of another bundle in the place of one's own is an error or a report", arguments: BundleFile.allCases)
    func strangers(file: BundleFile) throws {
        guard file.isSource, let stranger = Self.sample[file] else { return }
        let sound = try Self.diffRun(Self.sound)
        var files = Self.sound
        files[file] = stranger
        let folder = SyntheticRun.makeFolder()
        defer { SyntheticRun.remove(folder) }
        try Self.write(files, to: folder)
        try Self.check(folder, against: sound)
    }

    // MARK: Limits

    private func error(_ change: (String, inout RunRecord) throws -> Void) throws -> BundleError? {
        let folder = SyntheticRun.makeFolder()
        defer { SyntheticRun.remove(folder) }
        try Self.write(Self.sound, to: folder)
        var record = try RunRecord(decoding: try #require(Self.sound[.record]))
        try change(folder, &record)
        try AtomicFile.write(try record.encoded(), to: BundleFile.record.path(in: folder))
        do throws(BundleError) {
            _ = try Bundle.open(folder)
            return nil
        } catch {
            return error
        }
    }

    struct Excess: Sendable, CustomTestStringConvertible {
        var text: String
        var change: @Sendable (inout RunRecord) -> Void
        var testDescription: String { text }
    }

    @Test(
        "More of anything than a run can have is refused by name",
        arguments: [
            Excess(text: "phases has 10001 entries, not at most 10000") { record in
                record.phases = Array(repeating: record.phases[0], count: 10_001)
            },
            Excess(text: "steps has 10001 entries") { record in
                record.steps = (0...10_000).map { .init(scenario: "s", step: "\($0)") }
            },
            Excess(text: "transactions has 10001 entries") { record in
                record.transactions = (0...10_000).map { .init(scenario: "s", step: "\($0)") }
            },
            Excess(text: "steps.0 has 2,001 statuses or failures") { record in
                record.steps[0].statuses = Dictionary(uniqueKeysWithValues: (0...2_000).map { ("\($0)", 1) })
            },
            Excess(text: "resources.0 has 101 columns") { record in
                record.resources?[0].columns = (0...100).map { ResourceColumn("c\($0)") }
            },
            Excess(text: "together are above 4e18") { record in
                for index in 0..<5_000 {
                    var step = RunRecord.StepRecord(scenario: "s", step: "\(index)")
                    step.succeeded = 1_000_000_000_000_000
                    record.steps.append(step)
                }
            },
            Excess(text: "started_epoch is 1e+300") { $0.startedEpoch = 1e300 },
        ])
    func excess(excess: Excess) throws {
        let error = try error { _, record in excess.change(&record) }
        #expect(error?.description.contains(excess.text) == true, "\(String(describing: error))")
    }

    @Test("More series than the run can have are an error, long before they fill the memory")
    func series() throws {
        let error = try error { folder, _ in
            var text = String(decoding: try #require(Self.sound[.intervals]), as: UTF8.self)
            let line = try #require(text.split(separator: "\n").last { $0.hasPrefix("Tag=") })
            let rest = line[line.firstIndex(of: ",")!...]
            for index in 0..<1_000 { text += "Tag=endpoint/\(index)\(rest)\n" }
            try AtomicFile.write(text, to: BundleFile.intervals.path(in: folder))
        }
        #expect(error?.description.contains("series") == true, "\(String(describing: error))")
    }

    @Test("Counts of a timeline that could overflow a sum are an error")
    func overflow() throws {
        let error = try error { folder, record in
            record.steps[0].rejected = nil
            let text = String(decoding: try #require(Self.sound[.timeline]), as: UTF8.self)
            let header = try #require(text.split(separator: "\n").first)
            var line = try #require(text.split(separator: "\n").last).split(
                separator: ",", omittingEmptySubsequences: false)
            // The counts of the ledger come after time, length, kind and phase.
            for index in 4..<26 { line[index] = "1000000000000" }
            let row = line.joined(separator: ",")
            try AtomicFile.write(
                header + "\n" + String(repeating: row + "\n", count: 50_000), to: BundleFile.timeline.path(in: folder))
        }
        #expect(error?.description.contains("above 1e18") == true, "\(String(describing: error))")
    }

    @Test("A pipe in the place of a file does not wait", arguments: [BundleFile.record, .timeline, .intervals])
    func pipe(file: BundleFile) throws {
        let folder = SyntheticRun.makeFolder()
        defer { SyntheticRun.remove(folder) }
        try Self.write(Self.sound, to: folder)
        unlink(file.path(in: folder))
        #expect(mkfifo(file.path(in: folder), 0o600) == 0)
        #expect(throws: BundleError.unreadable(path: file.path(in: folder), what: "not a plain file")) {
            try Bundle.open(folder)
        }
    }

    @Test("A file larger than any run writes is not read")
    func huge() throws {
        let folder = SyntheticRun.makeFolder()
        defer { SyntheticRun.remove(folder) }
        try Self.write(Self.sound, to: folder)
        // Without a byte on the disk.
        #expect(truncate(BundleFile.timeline.path(in: folder), 1 << 40) == 0)
        #expect(throws: BundleError.self) { try Bundle.open(folder) }
    }

    @Test("A line of the log whose checksum is wrong is damage, named by series and line")
    func checksum() throws {
        let error = try error { folder, _ in
            var bytes = try #require(Self.sound[.intervals])
            // The last characters of base64 are the checksum of zlib.
            let end = bytes.lastIndex { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "=") }!
            bytes[end - 3] = bytes[end - 3] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            try AtomicFile.write(bytes, to: BundleFile.intervals.path(in: folder))
        }
        #expect(error?.description.contains("intervals.hlog:") == true, "\(String(describing: error))")
        #expect(error?.description.contains("damaged") == true)
    }
}
