import Analysis
import Core
import Recording

/// Texts that do harm where they are believed, and a run in which everything that has a name has such a one.
enum HostileText {
    static let all = [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</details><!-- -->", "]]>&amp;&#60;",
        "a|b\u{301}|\u{301}c", "`x`\u{301}``y\u{301}`", "[a](javascript:x)![b](http://e.example)[^1]", "*x* _y_ ~z~ **",
        "# x\n\n| a | b |\n|---|---|\n```\n", "\u{1B}]0;title\u{07}\u{1B}[31mred\u{9B}2J",
        "a\u{202E}b\u{2066}c\u{200B}d\u{FEFF}",
        "=cmd|'/C calc'!A0", "+1", "-1+1", "@SUM(1;1)", "\t=1", "\r=1", "\n=1", "\u{FF1D}1", "a\",\"=1",
        "\"\u{301},\u{301}=1",
        "::set-output name=x::y", " ::add-mask::y", "##[add-mask]y", "##vso[task.setvariable variable=x]y",
        "x\n::error::y", "x\r\n##[set-output name=x]y", "@everyone owner/repo#1 #1", "%0A::error::x%25,line=1:",
        "\u{0}\u{8}\u{7F}\u{FFFE}\u{FFFF}", "x\u{E0041}\u{E007F}", "--> --", "1. x", "2) y", "$x$ $$y$$", "\\", "\\\"",
        "",
        String(repeating: "x\u{301}\u{302}", count: 3_000),
    ]

    /// A run whose names, texts and answers are all that text.
    static func run(_ text: String) -> SyntheticRun {
        var run = SyntheticRun()
        run.median = 2
        run.phases = [3]
        run.name = text
        run.target = text
        run.file = text
        run.steps = [("\(text)a", text), ("b", "c\(text)")]
        run.transactions = [("\(text)a", text), ("b", "c\(text)")]
        run.checks = [
            CheckName(scenario: "\(text)a", step: text, text: text), CheckName(scenario: "b", step: "d", text: text),
        ]
        run.sample = text
        run.counters = [CounterName(name: "n\(text)"), CounterName(name: "m", tags: [("t\(text)", text)])]
        run.tags = [("k\(text)", text)]
        run.variant = text
        run.settings = [text, text]
        run.budgets = [
            Kinds.budget(text, "p99", 1e6), Kinds.budget(text, "p99", 1e6, scope: text),
            Kinds.budget(text, "errors", 0.5, warnsOnly: true),
        ]
        run.policies = Kinds.hostilePolicies
        run.namesCalls = true
        return run
    }

    /// Made once for all tests.
    private static let samples = all.map { text in Result { try make(text) } }

    private static func sample(_ text: String) throws -> (bundle: Bundle, summary: RunSummary) {
        guard let index = all.firstIndex(of: text) else { return try make(text) }
        return try samples[index].get()
    }

    static func summary(_ text: String) throws -> RunSummary { try sample(text).summary }
    static func bundle(_ text: String) throws -> Bundle { try sample(text).bundle }

    private static func make(_ text: String) throws -> (bundle: Bundle, summary: RunSummary) {
        let bundle = try Kinds.with(run(text)) { $0 }
        var summary = RunSummary(bundle)
        for index in summary.run.endpoints.indices {
            summary.run.endpoints[index].address = text
            summary.run.endpoints[index].zone = text
        }
        for index in summary.run.slowest.indices {
            summary.run.slowest[index].address = text
            summary.run.slowest[index].failure = text
            summary.run.slowest[index].traceId = text
        }
        for index in summary.run.patterns.indices {
            summary.run.patterns[index].address = text
            summary.run.patterns[index].failure = text
            summary.run.patterns[index].traceId = text
        }
        summary.findings.append(Finding(kind: .incomplete, text: text))
        summary.model = [text]
        summary.gale = text
        summary.plan.hash = text
        for index in summary.budgets.indices {
            summary.budgets[index].budget.line = 12
            summary.budgets[index].reason = text
        }
        return (bundle, summary)
    }
}
