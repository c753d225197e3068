import Analysis
import Core
import Glibc
import Recording
import Reports
import Testing

@Suite("A bundle is read, or the error says what is wrong with it")
struct BundleTests {
    /// Writes a short run, lets `change` spoil it, and reads it.
    private func read(_ run: SyntheticRun = Self.short, change: (String) throws -> Void = { _ in }) throws -> Bundle {
        let folder = SyntheticRun.makeFolder()
        defer { SyntheticRun.remove(folder) }
        try run.write(to: folder)
        try change(folder)
        return try Bundle.open(folder)
    }

    private static let short: SyntheticRun = {
        var run = SyntheticRun()
        run.rate = 5
        run.phases = [3]
        run.transactions = [("browse", "visit")]
        run.checks = [CheckName(scenario: "browse", step: "home", text: "body contains ok")]
        run.counters = [CounterName(name: "orders")]
        run.tags = []
        return run
    }()

    private func error(_ change: (String) throws -> Void) -> BundleError? {
        #expect(throws: BundleError.self) { _ = try read(change: change) }
    }

    @Test func aWholeBundleIsRead() throws {
        let bundle = try read()
        #expect(bundle.timeline.count == 3)
        #expect(bundle.latencies.bySeries["response"]?.count == 15)
        #expect(bundle.gaps.isEmpty)
    }

    @Test func thePathMayBeThatOfRunJSON() throws {
        let folder = SyntheticRun.makeFolder()
        defer { SyntheticRun.remove(folder) }
        try Self.short.write(to: folder)
        #expect(try Bundle.open(folder + "/run.json").path == folder)
    }

    @Test func nothingThere() {
        #expect(throws: BundleError.missing(path: "/nonexistent/run")) { try Bundle.open("/nonexistent/run") }
    }

    @Test func noBundle() {
        guard case .notABundle = error({ unlink(BundleFile.record.path(in: $0)) }) else {
            Issue.record("a folder without run.json was taken for a bundle")
            return
        }
    }

    @Test func aNewerFormat() {
        let error = error { try AtomicFile.write(#"{"format": 7, "shape": []}"#, to: BundleFile.record.path(in: $0)) }
        guard case .newerFormat(_, 7, 1) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.description.contains("use a newer Gale") == true)
    }

    @Test(
        "A damaged record is named with the place of the damage",
        arguments: [
            ("", "top level"), ("{", "top level"), ("[1]", "top level"), ("{\"format\": 1}", "lacks"),
            ("{\"format\": \"one\"}", "format is not of type"),
        ])
    func damagedRecord(text: String, place: String) {
        let error = error { try AtomicFile.write(text, to: BundleFile.record.path(in: $0)) }
        guard case .damagedRecord(_, let what) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(what.contains(place), "\(what)")
    }

    @Test(
        "Numbers that no run can have are refused with their place",
        arguments: [
            ("\"scheduled\" : 15", "\"scheduled\" : 9223372036854775807", "outcome.ledger.scheduled"),
            ("\"made\" : 15", "\"made\" : -1", "outcome.ledger.made"),
            ("\"measured_seconds\" : 3", "\"measured_seconds\" : -3", "outcome.measured_seconds"),
            ("\"end\" : 3", "\"end\" : 1e300", "phases.0.end"),
            ("\"200\" : 15", "\"200\" : 9223372036854775807", "steps.0.statuses.200"),
            ("\"passed\" : 14", "\"passed\" : -14", "checks.0.passed"),
            ("\"sum\" : 7.5", "\"sum\" : 1e301", "counters.0.sum"),
            ("\"failed\" : 1", "\"failed\" : 9223372036854775807", "checks.0.failed"),
            ("\"clients\" : 1", "\"clients\" : -1", "outcome.generator.clients"),
        ])
    func impossibleNumber(sound: String, impossible: String, place: String) {
        let error = error { folder in
            let path = BundleFile.record.path(in: folder)
            let lines = try #require(Golden.read(path)).split(separator: "\n")
            #expect(lines.contains { $0.contains(sound) }, "the test replaces what is there")
            let changed = lines.map { line in
                let indent = line.prefix { $0 == " " }
                let comma = line.hasSuffix(",") ? "," : ""
                return line == "\(indent)\(sound)\(comma)" ? "\(indent)\(impossible)\(comma)" : String(line)
            }
            try AtomicFile.write(changed.joined(separator: "\n"), to: path)
        }
        #expect(error?.description.contains(place) == true, "\(String(describing: error))")
    }

    @Test("A record with any numbers changed is an error or a report, never a trap", arguments: 0..<60 as Range<UInt64>)
    func changedNumbers(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let bundle = try Kinds.bundle("many-steps")
        var bytes = try bundle.record.encoded()
        let digits = bytes.indices.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[$0]) }
        for _ in 0..<8 {
            let place = digits[Int(random.next() % UInt64(digits.count))]
            // Longer numbers, negative ones and others; keys such as "200" may change too.
            let pieces: [String] = ["9", "0", "99999999", "-", "e", ".5"]
            let piece = pieces[Int(random.next() % UInt64(pieces.count))]
            bytes.replaceSubrange(place...place, with: piece.utf8)
        }
        let folder = SyntheticRun.makeFolder()
        defer { SyntheticRun.remove(folder) }
        try AtomicFile.write(bytes, to: BundleFile.record.path(in: folder))
        try AtomicFile.write(TimelineRow.header + "\n", to: BundleFile.timeline.path(in: folder))
        try AtomicFile.write("", to: BundleFile.intervals.path(in: folder))
        do throws(BundleError) {
            let summary = RunSummary(try Bundle.open(folder))
            #expect(MarkdownReport.text(summary).contains("## Ledgers"))
            #expect(TerminalReport.text(summary, colour: false).contains("rate:"))
        } catch {
            #expect(error.description.contains("run.json"))
        }
    }

    @Test func aBudgetThatDoesNotExist() {
        var run = Self.short
        run.budgets = [Kinds.budget("p101 < 1s", "p101", 1e9)]
        #expect(throws: BundleError.self) { try read(run) }
    }

    @Test("A finished run has all its files", arguments: [BundleFile.timeline, .intervals])
    func missingFile(file: BundleFile) {
        guard case .missingFile(let path) = error({ unlink(file.path(in: $0)) }) else {
            Issue.record("a bundle without \(file.rawValue) was taken for whole")
            return
        }
        #expect(path.hasSuffix(file.rawValue))
    }

    @Test("A damaged line is named by its number", arguments: [BundleFile.timeline, .intervals])
    func damagedLine(file: BundleFile) throws {
        let error = error { folder in
            let path = file.path(in: folder)
            var lines = try #require(Golden.read(path)).split(separator: "\n", omittingEmptySubsequences: false)
            // In both files the lines that count are the last ones; one in the middle of them is spoiled.
            let index = lines.count - 3
            lines[index] = "x" + lines[index].dropFirst(3)
            try AtomicFile.write(lines.joined(separator: "\n"), to: path)
        }
        guard case .damagedLine(let path, let line, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(path.hasSuffix(file.rawValue))
        #expect(line > 1)
    }

    @Test("In a finished run a line that is cut off is damage", arguments: [BundleFile.timeline, .intervals])
    func cutOffWhenFinished(file: BundleFile) {
        let error = error { folder in
            let path = file.path(in: folder)
            var status = stat()
            stat(path, &status)
            truncate(path, status.st_size - 3)
        }
        guard case .damagedLine = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(
        "A kill at any moment leaves a bundle that can be read", arguments: Array(stride(from: 0, to: 2_400, by: 173)))
    func killed(bytesLost: Int) throws {
        var run = Self.short
        run.state = .running
        let bundle = try read(run) { folder in
            for file in [BundleFile.timeline, .intervals] {
                var status = stat()
                stat(file.path(in: folder), &status)
                truncate(file.path(in: folder), max(0, status.st_size - off_t(bytesLost)))
            }
        }
        let summary = RunSummary(bundle)
        #expect(summary.run.state == .killed)
        #expect(summary.run.ledger.made <= 15)
        #expect(summary.run.ledger.made == 5 * bundle.timeline.count, "whole rows count, a half one does not")
        #expect(summary.run.response.count <= 15)
        #expect(summary.verdict.exitStatus == 75)
    }

    @Test("A run that was killed before its first second has no other files", arguments: [true, false])
    func killedAtOnce(filesExist: Bool) throws {
        var run = Self.short
        run.state = .running
        let bundle = try read(run) { folder in
            for file in [BundleFile.timeline, .intervals] {
                unlink(file.path(in: folder))
                if filesExist { try AtomicFile.write("", to: file.path(in: folder)) }
            }
        }
        let summary = RunSummary(bundle)
        #expect(summary.run.response.isEmpty)
        #expect(summary.run.ledger == Ledger())
    }

    @Test func aRecordOfAnEarlierVersionIsReadWithoutWhatItLacks() throws {
        let text = String(decoding: try read().record.encoded(), as: UTF8.self)
        let later = ["transactions", "checks", "counters", "settings"]
        // Each of these is a list on lines of its own, at the indentation of its key.
        var lines: [Substring] = []
        var closing: String?
        for line in text.split(separator: "\n") {
            if let end = closing {
                if line.hasPrefix(end) { closing = nil }
            } else if let key = later.first(where: { line.hasSuffix("\"\($0)\" : [") }) {
                closing = String(repeating: " ", count: line.count - key.count - 6) + "]"
            } else {
                lines.append(line)
            }
        }
        // `settings` was the last but one key of the plan, so no comma is left over.
        let older = try RunRecord(decoding: Array(lines.joined(separator: "\n").utf8))
        #expect(!lines.joined().contains("counters"))
        #expect(older.transactions.isEmpty && older.checks.isEmpty && older.counters.isEmpty)
        #expect(older.plan.settings.isEmpty && older.plan.variant == nil)
        #expect(older.steps.map(\.succeeded) == [15])
    }

    @Test("A budget of a counter is read if the record knows the counter")
    func budgetOfACounter() throws {
        var run = Self.short
        run.budgets = [Kinds.budget("orders >= 7", "orders", 7, comparison: ">=")]
        let result = try #require(RunSummary(try read(run)).budgets.first)
        #expect(result.verdict == .met)
        #expect(result.value == 7.5)
        run.counters = []
        #expect(throws: BundleError.self) { try read(run) }
    }

    @Test func aRunThatWasKilledHasItsChecksAndCounters() throws {
        var run = Self.short
        run.state = .running
        run.tags = [("kind", "red")]
        let whole = RunSummary(try read(run)).run
        #expect(whole.checks.map(\.passed) == [14])
        #expect(whole.checks.map(\.failed) == [1])
        #expect(whole.counters.map(\.sum) == [7.5])
        #expect(whole.counters[0].tagged.map(\.sum) == [3.5])
        run.state = .finished
        let finished = RunSummary(try read(run)).run
        #expect(finished.counters == whole.counters)
        #expect(finished.contradictions.isEmpty)
    }

    @Test(
        "A call that could not be written may lack a response time, and no other may",
        arguments: [
            (FailureKind.missing_value, 3, true), (.unsendable_value, 0, true), (.missing_value, 4, false),
            (.reset, 0, true), (.reset, 1, false),
        ])
    func callsWithoutATime(kind: FailureKind, without: Int, addsUp: Bool) throws {
        var run = Self.short
        run.failEvery = 5
        run.failure = kind
        // Three of fifteen calls fail so; some more are counted than have a time.
        let bundle = try read(run) { folder in
            let path = BundleFile.record.path(in: folder)
            var record = try RunRecord(decoding: Array(try #require(Golden.read(path)).utf8))
            record.outcome?.ledger.failed += without
            record.outcome?.ledger.made += without
            record.steps[0].failed? += without
            record.steps[0].failures?[kind.name] = 3
            try AtomicFile.write(try record.encoded(), to: path)
        }
        let found = RunSummary(bundle).run.contradictions.filter { $0.hasPrefix("response times") }
        #expect(found.isEmpty == addsUp, "\(found)")
    }

    @Test func checksThatDoNotAddUpAreOurOwnFault() throws {
        var record: RunRecord?
        let bundle = try read { folder in
            var changed = try RunRecord(
                decoding: Array(try #require(Golden.read(BundleFile.record.path(in: folder))).utf8))
            changed.checks[0].passed = 13
            changed.transactions[0].failed = 1
            record = changed
            try AtomicFile.write(try changed.encoded(), to: BundleFile.record.path(in: folder))
        }
        #expect(record != nil)
        let run = RunSummary(bundle).run
        #expect(run.contradictions.count == 2)
        #expect(run.contradictions.contains("checks made = the sum of the timeline: 14 is not 15"))
        #expect(run.contradictions.contains("transactions recorded = succeeded + failed: 15 is not 16"))
    }

    @Test func aRecordIsReadAsItWasWritten() throws {
        let record = try Kinds.bundle("many-steps").record
        let text = String(decoding: try record.encoded(), as: UTF8.self)
        #expect(text == String(decoding: try RunRecord(decoding: Array(text.utf8)).encoded(), as: UTF8.self))
        #expect(text.contains("\"started_epoch\" : 1772366400"))
        #expect(text.contains("\"dropped_in_flight\" : 0"))
        #expect(text.contains("\"status_5xx\" : 13"), "names are values: they are not turned into snake case")
    }
}
