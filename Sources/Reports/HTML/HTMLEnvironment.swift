import Analysis
import Core

/// Where the run ran, and the command that runs it again.
enum HTMLEnvironment {
    static func contents(_ summary: RunSummary) -> [Element?] {
        [
            HTMLTable(
                "What ran where", ["What", "Value"],
                texts: MarkdownReport.environmentRows(summary).map { [$0.0, $0.1] }
            ).element(isKeys: true)
        ] + again(summary)
    }

    private static func again(_ summary: RunSummary) -> [Element?] {
        guard let command = command(summary) else {
            let text =
                "The run was given on the command line, without a plan; its options are in run.json. The same options with "
                + "--seed \(summary.seed) give the same schedule."
            return [Element("h3") { "How to run it again" }, Element("p") { text }]
        }
        return [
            Element("h3") { "How to run it again" }, Element("code", ["class": "command"]) { command },
            HTML.note(
                "The hash of the plan was \(summary.plan.hash); run.json has its text. The same seed gives the same schedule, and a "
                    + "simulation the same figures."),
        ]
    }

    /// Nil for a run without a plan.
    private static func command(_ summary: RunSummary) -> String? {
        guard let file = summary.plan.file else { return nil }
        var words = ["gale", summary.model == nil ? "run" : "simulate", file]
        if let variant = summary.plan.variant { words += ["--variant", variant] }
        for setting in summary.plan.settings { words += ["--set", setting] }
        if let scale = summary.plan.timeScale { words += ["--time-scale", scale.trimmed(6)] }
        for text in summary.plan.overrides {
            // As it was given: the option, and what it was given.
            words += text.split(separator: " ", maxSplits: 1).map(String.init)
        }
        words += ["--seed", String(summary.seed)]
        return words.map { quoted(PlainText.clean($0)) }.joined(separator: " ")
    }

    /// A word as a shell reads it.
    private static func quoted(_ word: String) -> String {
        let plain = word.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "-_./=:,%+".utf8.contains(byte)
            }
        }
        guard !plain || word.isEmpty else { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
