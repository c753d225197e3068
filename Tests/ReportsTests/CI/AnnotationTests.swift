import Analysis
import Core
import Reports
import Testing

@Suite("Annotations of a step")
struct AnnotationTests {
    private static func commands(_ summaries: RunSummary..., in workspace: WorkspacePath = WorkspacePath())
        -> [FakeRunner.Command]
    {
        FakeRunner.commands(GitHubAnnotations.lines(summaries, in: workspace).joined(separator: "\n"))
    }

    @Test(
        "What becomes of a budget",
        arguments: [
            (Verdict.met, false, nil), (.broken, false, "error"), (.broken, true, "warning"),
            (.undecided, false, "warning"),
        ] as [(Verdict, Bool, String?)])
    func level(verdict: Verdict, warnsOnly: Bool, expected: String?) throws {
        let summary = try Summaries.of("one-step", [Summaries.result(verdict, warnsOnly: warnsOnly)])
        let found = Self.commands(summary).filter { $0.properties["line"] == "12" }
        #expect(found.map(\.name) == [expected].compactMap { $0 })
        for command in found {
            #expect(command.properties["file"] == "checkout.yaml")
            #expect(command.properties["title"]?.hasPrefix("checkout: a budget ") == true)
            #expect(command.data.hasPrefix("`p99 < 250ms` "))
        }
    }

    @Test(
        "What stands first of a run that is none",
        arguments: [
            ("invalid", "error", "checkout: the run is invalid"), ("empty", "error", "checkout: the run failed"),
            ("killed", "warning", "checkout: the run is undecided"),
            ("interrupted", "warning", "checkout: the run is undecided"),
        ])
    func run(kind: String, name: String, title: String) throws {
        let commands = Self.commands(try Summaries.of(kind, []))
        #expect(commands.first?.name == name)
        #expect(commands.first?.properties["title"] == title)
    }

    @Test("A run that kept everything has neither errors nor warnings")
    func met() throws {
        let commands = Self.commands(try Summaries.of("many-steps", [Summaries.result(.met)]))
        #expect(commands.allSatisfy { $0.name == "notice" }, "\(commands)")
    }

    @Test(
        "Ten of a kind, and the last counts the others",
        arguments: [(0, 0), (9, 9), (10, 10), (11, 10), (40, 10)])
    func limit(budgets: Int, lines: Int) throws {
        let results = (0..<budgets).flatMap { index in
            [
                Summaries.result(.broken, "p99 < \(index)ms", line: index + 1),
                Summaries.result(.undecided, "p50 < \(index)ms", line: index + 1),
            ]
        }
        let commands = Self.commands(try Summaries.of("one-step", results))
        for name in ["error", "warning"] {
            let found = commands.filter { $0.name == name }
            #expect(found.count == lines)
            guard budgets > 10, let last = found.last else { continue }
            #expect(last.properties["title"] == "\(budgets - 9) more")
            #expect(last.properties["line"] == nil)
            #expect(last.data.contains("< 9ms`") && last.data.contains("\(budgets - 9) are in this one"))
        }
        #expect(commands.count { $0.name == "notice" } <= 10)
    }

    @Test("All runs of a step share the ten")
    func shared() throws {
        let results = (0..<8).map { Summaries.result(.broken, "p99 < \($0)ms") }
        let summary = try Summaries.of("one-step", results)
        #expect(Self.commands(summary, summary).count { $0.name == "error" } == 10)
    }

    @Test(
        "What a text holds gets through, and commands nothing",
        arguments: [
            "100 % of it", "%0A%25", "a,b:c", "::add-mask::x", "x::error::y", "file=other.yaml,line=1", "##[add-mask]x",
            "key=value", "größer 日本語 🙂", "%", "",
        ])
    func escapes(text: String) throws {
        var summary = try Summaries.of("one-step", [Summaries.result(.broken, "x \(text)")])
        summary.name = "plan \(text)"
        summary.plan.file = "plans/\(text)x.yaml"
        let commands = Self.commands(summary).filter { $0.name == "error" }
        #expect(commands.count == 1)
        #expect(commands.first?.data.hasPrefix("`x \(text)` is broken: 312 ms") == true)
        #expect(commands.first?.properties["title"] == "plan \(text): a budget is broken")
        #expect(commands.first?.properties["file"] == "plans/\(text)x.yaml")
        #expect(commands.first?.properties["line"] == "12")
        #expect(commands.first?.properties.count == 3)
    }

    @Test("Nothing that a plan or a server says becomes another command", arguments: HostileText.all)
    func hostile(text: String) throws {
        let summary = try HostileText.summary(text)
        for command in Self.commands(summary) {
            #expect(["error", "warning", "notice"].contains(command.name))
            #expect(Set(command.properties.keys).isSubset(of: ["file", "line", "title"]))
        }
        let lines = GitHubAnnotations.lines(summary)
        #expect(lines.allSatisfy { !$0.contains { $0.isNewline } && $0.hasPrefix("::") })
    }

    @Test(
        "The plan as the repository names it",
        arguments: [
            ("/w/r", "/w/r", "plan.yaml", "plan.yaml"), ("/w/r", "/w/r/load", "plan.yaml", "load/plan.yaml"),
            ("/w/r", "/w/r/load", "../plan.yaml", "plan.yaml"), ("/w/r", "/w/r", "./a/./b//plan.yaml", "a/b/plan.yaml"),
            ("/w/r/", "/w/r", "/w/r/plan.yaml", "plan.yaml"), ("/w/r", nil, "plan.yaml", "plan.yaml"),
            ("/w/r", "/tmp", "plan.yaml", nil), ("/w/r", "/w/r", "/w/rest/plan.yaml", nil),
            ("/w/r", "/w/r", "../../etc/passwd", nil), ("/w/r", "/w/r", ".", nil), ("/w/r", "/w/r", "", nil),
            (nil, nil, "load/plan.yaml", "load/plan.yaml"), (nil, nil, "../plan.yaml", "plan.yaml"),
            (nil, nil, "/abs/plan.yaml", nil), ("relative", nil, "plan.yaml", "plan.yaml"),
        ] as [(String?, String?, String, String?)])
    func path(workspace: String?, folder: String?, file: String, expected: String?) {
        #expect(WorkspacePath(workspace: workspace, folder: folder).relative(file) == expected)
    }

    @Test("A plan outside of the repository is no file, and its line is none")
    func outside() throws {
        var summary = try Summaries.of("one-step", [Summaries.result(.broken)])
        summary.plan.file = "/elsewhere/plan.yaml"
        let command = try #require(Self.commands(summary, in: WorkspacePath(workspace: "/w/r", folder: "/w/r")).first)
        #expect(Set(command.properties.keys) == ["title"])
    }
}
