import Analysis
import Core
import Glibc
import Recording
import Reports
import Testing

@Suite("Reports are written into the bundle")
struct ReportWriterTests {
    private func with(_ run: SyntheticRun, _ body: (String) throws -> Void) throws {
        let folder = SyntheticRun.makeFolder()
        defer { SyntheticRun.remove(folder) }
        try run.write(to: folder)
        try body(folder)
    }

    @Test func everyFileIsWrittenForTheOwnerOnly() throws {
        try with(Kinds.run("one-step")) { folder in
            let bundle = try Bundle.open(folder)
            let summary = try ReportWriter.writeAll(bundle)
            for file in BundleFile.allCases where file.isOptional {
                #expect(Golden.read(file.path(in: folder)) == nil, "a feature that is absent writes no file")
            }
            for file in BundleFile.allCases where !file.isOptional {
                var status = stat()
                #expect(stat(file.path(in: folder), &status) == 0, "\(file.rawValue)")
                #expect(status.st_mode & 0o777 == 0o600, "\(file.rawValue)")
            }
            #expect(Golden.read(BundleFile.report.path(in: folder)) == MarkdownReport.text(summary))
            #expect(Golden.read(BundleFile.table.path(in: folder)) == CSVReport.text(summary))
            let distribution = try #require(Golden.read(BundleFile.response.path(in: folder)))
            #expect(distribution.contains("Total count    =         2000]"))
        }
    }

    @Test func writingAgainChangesNothing() throws {
        try with(Kinds.run("policies")) { folder in
            try ReportWriter.writeAll(try Bundle.open(folder))
            let before = BundleFile.allCases.map { Golden.read($0.path(in: folder)) }
            try ReportWriter.writeAll(try Bundle.open(folder))
            #expect(BundleFile.allCases.map { Golden.read($0.path(in: folder)) } == before)
        }
    }

    @Test func aReportThatCannotBeWrittenSaysWhichAndWhy() throws {
        try with(Kinds.run("empty")) { folder in
            let path = BundleFile.table.path(in: folder)
            mkdir(path, 0o700)
            defer { rmdir(path) }
            let error = #expect(throws: ReportError.self) { try ReportWriter.writeAll(try Bundle.open(folder)) }
            #expect(error?.description.contains(path) == true)
        }
    }

    @Test("A killed run can be reported", arguments: [0, 1, 300])
    func killed(cutOff: Int) throws {
        var run = Kinds.run("killed")
        run.cutOff = cutOff
        try with(run) { folder in
            try ReportWriter.writeAll(try Bundle.open(folder))
            #expect(Golden.read(BundleFile.report.path(in: folder))?.contains("# checkout: undecided") == true)
        }
    }

    @Test("Ten minutes of four steps come out in 20 rows, with every call in them")
    func tenMinutes() throws {
        var run = SyntheticRun()
        run.rate = 4
        run.phases = [300, 300]
        run.failEvery = 0
        run.steps = [("browse", "home"), ("browse", "product"), ("buy", "cart"), ("buy", "order")]
        let summary = try Kinds.with(run) { RunSummary($0) }
        #expect(summary.run.timeline.count == 20)
        #expect(summary.run.timeline.allSatisfy { $0.seconds == 30 })
        #expect(summary.run.timeline.reduce(0) { $0 + $1.response.count } == 2_400)
        #expect(summary.run.phases.map(\.response.count) == [1_200, 1_200])
        #expect(summary.run.steps.map(\.response.count) == [600, 600, 600, 600])
        #expect(summary.validity.isValid)
    }

    @Test(
        "The windows of a run of any length are at most 20 and lose nothing",
        arguments: [0, 1, 19, 20, 21, 39, 41, 601])
    func windows(seconds: Int) {
        let rows = (0..<seconds).map { second in
            var row = TimelineRow(time: Double(second), length: 1, phase: 0)
            row.ledger.completed = second + 1
            return row
        }
        let cut = TimelineCut(rows, atMost: 20)
        let windows = cut.windows(latencies: [])
        #expect(windows.count <= 20)
        #expect(windows.reduce(0) { $0 + $1.ledger.completed } == seconds * (seconds + 1) / 2)
        for second in 0..<seconds {
            let window = cut.window(at: Double(second))
            #expect(window.map { windows[$0].start <= Double(second) } == true)
            #expect(window.map { Double(second) < windows[$0].start + windows[$0].seconds } == true)
        }
    }

    @Test("A stub of a second at the end joins the window before it", arguments: [1, 2, 20, 21, 40])
    func stub(seconds: Int) {
        var rows = (0..<seconds).map { TimelineRow(time: Double($0), length: 1, phase: 0) }
        rows.append(TimelineRow(time: Double(seconds), length: 0.005, phase: 0))
        rows[seconds].ledger.completed = 3
        let cut = TimelineCut(rows, atMost: 20)
        let windows = cut.windows(latencies: [])
        #expect(windows.allSatisfy { $0.seconds >= 1 })
        #expect(windows.last?.ledger.completed == 3)
        #expect(cut.window(at: Double(seconds)) == windows.count - 1)
    }

    @Test("What the terminal gets fits on 30 lines, whatever there is to say")
    func terminalIsShort() throws {
        var run = Kinds.run("invalid")
        run.steps = (0..<40).map { ("scenario", "step \($0)") }
        run.hiccups = 9
        run.build = "debug"
        run.insecure = true
        run.resendsPerSecond = 4
        run.droppedInFlightPerSecond = 2
        run.checks = (0..<40).map { CheckName(scenario: "scenario", step: "step", text: "check \($0)") }
        run.counters = (0..<40).map { CounterName(name: "counter \($0)") }
        run.budgets = (1...40).map { Kinds.budget("p\($0) < 1ms", "p\($0)", 1e6) }
        let summary = try Kinds.with(run) { RunSummary($0) }
        for colour in [false, true] {
            let text = TerminalReport.text(summary, colour: colour, path: "Reports/checkout/1-42")
            #expect(text.split(separator: "\n").count <= TerminalReport.mostLines)
            #expect(text.contains("\u{1B}") == colour)
        }
    }

    @Test("At most five failed checks and one line of counters get to the terminal, the most often failed first")
    func checksOnTheTerminal() throws {
        var run = Kinds.run("one-step")
        run.checks = (0..<9).map { CheckName(scenario: "browse", step: "home", text: "check \($0)") }
        run.counters = (0..<6).map { CounterName(name: "counter \($0)") }
        let summary = try Kinds.with(run) { RunSummary($0) }
        let lines = TerminalReport.text(summary, colour: false).split(separator: "\n")
        let checks = lines.filter { $0.contains("browse/home: check") }
        #expect(checks.count == 4)
        #expect(checks.first?.contains("check 0: failed 23 of 2,000 times") == true)
        #expect(lines.contains("  … and 5 more"))
        let counters = lines.filter { $0.hasPrefix("counters: ") }
        #expect(
            counters == ["counters: counter 0 1,000 (50/s), counter 1 1,000 (50/s), counter 2 1,000 (50/s), 3 more"])
    }

    @Test("Every cause and every finding gets into the report", arguments: Kinds.names)
    func nothingIsLeftOut(kind: String) throws {
        let summary = RunSummary(try Kinds.bundle(kind))
        let report = MarkdownReport.text(summary)
        #expect(report.hasPrefix("# "))
        let run = summary.run
        for text in run.transactions.map(\.name) + run.checks.map(\.name) + run.counters.map(\.name) {
            #expect(report.contains(Markdown.text(text)))
        }
        for text in summary.validity.reasons.map(\.text) + summary.findings.map(\.text) {
            #expect(report.contains(Markdown.text(text)))
        }
        for budget in summary.budgets { #expect(report.contains(Markdown.text(budget.budget.text))) }
        #expect(!report.contains("<script") && !report.contains("<img") && !report.contains("\u{1B}"))
    }
}
