import Analysis
import Core
import Recording
import Reports
import Testing

/// Every report of a run in which everything is called what does harm.
@Suite("Whatever a plan or a server says, no report of it does harm")
struct HostileReportTests {
    // MARK: What must never be

    /// Characters that move a terminal's cursor, turn the direction of writing, or show nothing.
    private static func forbidden(_ text: String) -> [String] {
        text.unicodeScalars.filter { scalar in
            switch scalar.value {
            case 0x0A: false
            case 0..<0x20, 0x7F...0x9F, 0xAD, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F,
                0xFEFF, 0xFFF9...0xFFFB, 0xFFFE, 0xFFFF, 0xE0000...0xE007F:
                true
            default: false
            }
        }.map { "U+" + String($0.value, radix: 16) }
    }

    /// Tags that a page may hold because our own code writes them.
    private static let ours = ["<details><summary>", "</summary>", "</details>", "<sub>", "</sub>"]

    /// What is wrong with a page of Markdown, line by line, read by scalars as its readers do.
    private static func flaws(inMarkdown text: String) -> [String] {
        var flaws: [String] = []
        var isCode = false
        var columns: Int?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("```") {
                isCode.toggle()
                continue
            }
            if isCode || line.hasPrefix("<!-- gale:") { continue }
            // Charts of ours; what is in their texts is looked at like any other.
            let isChart = line.hasPrefix("![") && [".svg)"].contains { line.hasSuffix($0) }
            if isChart { continue }
            let bare = ours.reduce(line) { $0.replacing($1, with: "") }
            let scalars = Array(withoutCode(bare).unicodeScalars)
            var pipes = 0
            for (index, scalar) in scalars.enumerated() {
                let isEscaped = scalars[..<index].reversed().prefix { $0 == "\\" }.count % 2 == 1
                let next = index + 1 < scalars.count ? scalars[index + 1] : " "
                switch scalar {
                case "|" where !isEscaped: pipes += 1
                case "`" where !isEscaped, "[" where !isEscaped, "]" where !isEscaped:
                    flaws.append("\(scalar) in \(line)")
                case "<" where next.properties.isAlphabetic || "/!?".unicodeScalars.contains(next):
                    flaws.append("a tag in \(line)")
                case "@"
                where next.properties.isAlphabetic && (index == 0 || !scalars[index - 1].properties.isAlphabetic):
                    flaws.append("a mention in \(line)")
                default: break
                }
            }
            if line.hasPrefix("|") {
                if let columns, columns != pipes { flaws.append("\(pipes) pipes, not \(columns), in \(line)") }
                columns = columns ?? pipes
            } else {
                columns = nil
                if pipes > 0 { flaws.append("a cell in \(line)") }
            }
        }
        if isCode { flaws.append("a block of code is open") }
        return flaws
    }

    /// Without spans of code: from backticks that are not escaped to as many behind them (CommonMark 0.31, 6.1).
    private static func withoutCode(_ line: String) -> String {
        let scalars = Array(line.unicodeScalars)
        var kept = String.UnicodeScalarView()
        var place = 0
        func run(at start: Int) -> Int { scalars[start...].prefix { $0 == "`" }.count }
        while place < scalars.count {
            let isEscaped = scalars[..<place].reversed().prefix { $0 == "\\" }.count % 2 == 1
            let length = isEscaped ? 0 : run(at: place)
            var end = place + length
            while length > 0, end < scalars.count, run(at: end) != length { end += max(1, run(at: end)) }
            if length > 0, end < scalars.count {
                // In a table a bar ends the cell even there.
                let inside = scalars[(place + length)..<end]
                for (index, scalar) in inside.enumerated() where scalar == "|" && line.hasPrefix("|") {
                    if index > 0, inside[inside.startIndex + index - 1] == "\\" { kept.append("\\") }
                    kept.append("|")
                }
                place = end + length
            } else {
                kept.append(scalars[place])
                place += 1
            }
        }
        return String(kept)
    }

    /// The records of a table, read as RFC 4180 says, by scalars.
    private static func records(ofCSV text: String) -> [[(text: String, isQuoted: Bool)]] {
        var records: [[(String, Bool)]] = [[]]
        var cell = String.UnicodeScalarView()
        var (isQuoted, isOpen) = (false, false)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"" where isOpen: isOpen = false
            case "\"":
                // The second of a pair is a quote of the text.
                if isQuoted { cell.append(scalar) }
                (isQuoted, isOpen) = (true, true)
            case "," where !isOpen, "\n" where !isOpen:
                records[records.count - 1].append((String(cell), isQuoted))
                if scalar == "\n" { records.append([]) }
                cell = String.UnicodeScalarView()
                isQuoted = false
            default: cell.append(scalar)
            }
        }
        return records.filter { !$0.isEmpty }
    }

    private static func flaws(inCSV text: String) -> [String] {
        let records = records(ofCSV: text)
        let widths = Set(records.map(\.count))
        let formulas = records.joined().map(\.text).filter { cell in
            guard let first = cell.unicodeScalars.first else { return false }
            return "=+-@\t\r\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(first) && Double(cell) == nil
        }
        return (widths.count == 1 ? [] : ["records of \(widths.sorted()) cells"]) + formulas.map { "a formula: \($0)" }
    }

    // MARK: Reports

    @Test("Markdown: no tag, no cell, no code, nobody called", arguments: HostileText.all)
    func markdown(text: String) throws {
        let summary = try HostileText.summary(text)
        for report in [MarkdownReport.text(summary), CommentReport.text(summary), GitHubSummary.text(summary)] {
            #expect(Self.flaws(inMarkdown: report) == [])
            #expect(Self.forbidden(report) == [])
        }
        let kind = MarkdownReport.text(RunSummary(try Kinds.bundle("hostile")))
        #expect(Self.flaws(inMarkdown: kind) == [])
    }

    @Test("Tables: as many cells in every record, and none of them a formula", arguments: HostileText.all)
    func tables(text: String) throws {
        let summary = try HostileText.summary(text)
        for table in [CSVReport.text(summary), EndpointReport.text(summary.run.endpoints)] {
            #expect(Self.flaws(inCSV: table) == [])
            #expect(Self.forbidden(table) == [])
        }
        let event = RunEvent(
            time: .seconds(1), client: nil, kind: .breaker, subject: text, what: text, detail: text)
        let row = EventRow.line(event)
        #expect(Self.flaws(inCSV: EventRow.header + "\n" + row + "\n") == [])
        let reader = try EventReader(header: ArraySlice(EventRow.header.utf8))
        let found = try reader.event(ArraySlice(row.utf8))
        #expect(EventRow.line(found) == row, "what was written is read, and written again the same")
    }

    @Test("The terminal: no escape, no command of a CI system, 30 lines", arguments: HostileText.all)
    func terminal(text: String) throws {
        let report = TerminalReport.text(try HostileText.summary(text), colour: false, path: text)
        #expect(Self.forbidden(report) == [])
        #expect(report.split(separator: "\n").count <= TerminalReport.mostLines)
        #expect(FakeRunner.commands(report) == [])
        let lowered = report.lowercased()
        #expect(!lowered.contains("##vso[") && !lowered.contains("##teamcity[") && !lowered.contains("##["))
    }

    @Test("XML: well-formed, and as the schema wants it", arguments: HostileText.all)
    func xml(text: String) throws {
        let summary = try HostileText.summary(text)
        let report = JUnitReport.text([summary, summary])
        let root = try XMLTree(report).root
        #expect(root.all("testsuite").count == 2)
        #expect(Self.forbidden(report) == [])
        #expect(report.utf8.count < 100_000)
    }

    @Test("A comparison: the command can be copied, and ends where it ends", arguments: HostileText.all)
    func comparison(text: String) {
        var comparison = ComparisonSamples.comparison(factors: [("a", 1), ("b\(text)", 1.1)])
        comparison.name = text
        comparison.notes = [text]
        comparison.variants[1].text = text
        comparison.variants[1].planHash = text
        let report = MarkdownComparison.text(comparison)
        #expect(Self.flaws(inMarkdown: report) == [])
        #expect(Self.forbidden(report) == [])
        #expect(FakeRunner.commands(TerminalComparison.text(comparison, colour: false)) == [])
        #expect(Self.flaws(inCSV: ComparisonFiles.csv(comparison)) == [])
    }

    @Test("A diff: as inert as the reports of its runs", arguments: HostileText.all)
    func diff(text: String) throws {
        let run = DiffRun(try HostileText.bundle(text), summary: try HostileText.summary(text))
        let diff = BundleDiff(
            [run], [run], names: (text, "b\(text)"), delta: 0.05, gale: text, command: "gale diff \(text)")
        let report = DiffReport.markdown(diff)
        #expect(Self.flaws(inMarkdown: report) == [])
        #expect(Self.forbidden(report) == [])
        let terminal = DiffReport.terminal(diff, colour: false, path: text)
        #expect(Self.forbidden(terminal) == [])
        #expect(FakeRunner.commands(terminal) == [])
        #expect(Self.flaws(inCSV: DiffReport.csv(diff)) == [])
        #expect(Self.forbidden(DiffReport.csv(diff)) == [])
    }

    @Test("A page: well-formed, without a script", arguments: HostileText.all)
    func page(text: String) throws {
        let bytes = HTMLReport.bytes(try HostileText.bundle(text), try HostileText.summary(text))
        let page = String(decoding: bytes, as: UTF8.self)
        #expect(Self.forbidden(page) == [])
        _ = try MarkupReader.read(page)
        #expect(!page.contains("<script") && !page.contains("<img"))
    }

    @Test(
        "Code is fenced with more backticks than it holds",
        arguments: [
            ("gale run", false, "`gale run`"), ("a`b", false, "``a`b``"), ("a``b`", false, "``` a``b` ```"),
            ("`", false, "`` ` ``"), (" a ", false, "`  a  `"), (" a", false, "` a`"), ("a|b", false, "`a|b`"),
            ("a|b", true, "`a\\|b`"), ("a|\u{301}b", true, "`a\\|\u{301}b`"), ("", false, ""), ("<b>", false, "`<b>`"),
        ])
    func code(text: String, inTable: Bool, expected: String) {
        #expect(Markdown.code(text, inTable: inTable) == expected)
    }

    @Test(
        "A line of output commands nothing",
        arguments: [
            ("plain: text", "plain: text"), ("::error::x", ": :error::x"), ("  ::error::x", "  : :error::x"),
            ("a ::error::x", "a ::error::x"), ("##[group]x", "# #[group]x"), ("x ###[group]", "x ## #[group]"),
            ("##vso[task.complete]", "# #vso[task.complete]"), ("##teamcity[x]", "# #teamcity[x]"),
            ("## heading", "## heading"), ("#[x]", "#[x]"), (":", ":"), ("::", ": :"), ("", ""), ("#", "#"),
            ("##", "##"),
        ])
    func commands(line: String, expected: String) { #expect(PlainText.withoutCommands(line) == expected) }

    @Test("A limit in bytes is kept, whatever the characters", arguments: 3..<20)
    func limit(most: Int) {
        for text in [
            "plain text of some length", "größer als größer", "🙂🙂🙂🙂🙂🙂", "x" + String(repeating: "\u{301}", count: 50),
        ] {
            let cut = PlainText.limit(text, toBytes: most)
            #expect(cut.utf8.count <= most)
            #expect(cut == text || cut.hasSuffix("…") || cut.unicodeScalars.last == "…")
        }
    }
}
