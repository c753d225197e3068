import Analysis
import Core
import Recording
import Reports
import Testing

@Suite("Pages of CI systems")
struct PageTests {
    /// True when no block of code and no fold is left open.
    private static func isClosed(_ text: String) -> Bool {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.count { $0.hasPrefix("```") } % 2 == 0
            && lines.count { $0.hasPrefix("<details>") } == lines.count { $0 == "</details>" }
    }

    // MARK: Step summary

    @Test("A short report is the report")
    func whole() throws {
        let summary = try Summaries.of("many-steps")
        let (text, report) = (GitHubSummary.text(summary), MarkdownReport.text(summary))
        let lines = Set(text.split(separator: "\n"))
        let left = report.split(separator: "\n").filter { !lines.contains($0) }
        #expect(left.allSatisfy { $0.hasPrefix("![") && $0.hasSuffix(".svg)") }, "but for its charts")
        #expect(lines.allSatisfy { !$0.contains(".svg)") })
    }

    @Test(
        "A long one is cut at a line, says so, and leaves nothing open",
        arguments: Array(stride(from: 150, to: 9_000, by: 217)))
    func cut(limit: Int) throws {
        let whole = MarkdownReport.text(try Summaries.of("business"))
        let text = GitHubSummary.fit(whole, limit: limit)
        #expect(text.utf8.count <= limit)
        guard whole.utf8.count > limit else {
            #expect(text == whole)
            return
        }
        #expect(text.hasSuffix("report.md in the bundle has all.*\n"))
        #expect(Self.isClosed(text))
        let kept = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(3)
        #expect(kept.allSatisfy { line in line == "```" || whole.contains(line) })
    }

    @Test("Where not even the sentence has room, there is nothing", arguments: [-5, 0, 1, 60])
    func noRoom(limit: Int) throws {
        #expect(GitHubSummary.fit(MarkdownReport.text(try Summaries.of("business")), limit: limit) == "")
    }

    // MARK: Comment

    @Test("A comment begins with its mark and fits, however much there is to say", arguments: [false, true])
    func size(isHostile: Bool) throws {
        var summary = try Summaries.of("many-steps")
        let long = isHostile ? String(repeating: "|<\u{301}", count: 500) : String(repeating: "x", count: 300)
        summary.budgets = (0..<120).map { Summaries.result($0 % 2 == 0 ? .met : .broken, "p99 < \($0)ms \(long)") }
        summary.run.steps = (0..<100).map { index in
            var step = summary.run.steps[0]
            step.scenario = "\(long)\(index)"
            step.step = long
            return step
        }
        summary.findings = (0..<20).map { Finding(kind: .hiccups, text: "\(long)\($0)") }
        summary.verdict = RunVerdict(summary.run, validity: summary.validity, budgets: summary.budgets)
        let one = CommentReport.text(summary)
        #expect(one.utf8.count <= 65_536)
        #expect(one.hasPrefix("<!-- gale:checkout -->\n### ❌ checkout: broken\n"))
        #expect(Self.isClosed(one))
        #expect(one.contains("more budgets, of which"))
        let many = CommentReport.text(Array(repeating: summary, count: 60))
        #expect(many.utf8.count <= 65_536)
        #expect(Self.isClosed(many))
        #expect(many.hasSuffix("report.md in the bundle has all.*\n"))
    }

    @Test(
        "The mark of a comment tells names apart, and no name ends it",
        arguments: [
            ("checkout", "<!-- gale:checkout -->"), ("a b", "<!-- gale:a%20b -->"), ("a-b", "<!-- gale:a-b -->"),
            ("a--b", "<!-- gale:a-%2Db -->"), ("-->", "<!-- gale:-%2D%3E -->"), ("a%20b", "<!-- gale:a%2520b -->"),
            ("größe", "<!-- gale:gr%C3%B6%C3%9Fe -->"), ("a\nb\"'$(", "<!-- gale:a%0Ab%22%27%24%28 -->"),
            ("", "<!-- gale: -->"), ("_.1", "<!-- gale:%5F.1 -->"),
        ])
    func marker(name: String, expected: String) { #expect(CommentReport.marker(name) == expected) }

    @Test("What another report says fits into a comment too")
    func anyReport() {
        #expect(CommentReport.text(name: "diff", "**same**\n") == "<!-- gale:diff -->\n**same**\n")
        let text = CommentReport.text(name: "diff", String(repeating: "line\n", count: 20_000))
        #expect(text.utf8.count <= 65_536)
        #expect(text.hasSuffix("report.md in the bundle has all.*\n"))
    }
}
