import Analysis
import ArgumentParser
import Core
import Plans
import Recording
import Reports

struct GateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gate",
        abstract: "Hold finished runs against budgets, alone or against a baseline.",
        discussion: """
            Examples:
              gale gate Reports/shop/sample
              gale gate build/load --budget 'p99 < 200ms' --budget 'errors < 0.1%' --junit gate.xml
              gale gate new-runs/ --baseline old-runs/ --budget 'p95 < baseline + 5%'

            The budgets are those of the run's plan unless some are given. A budget against a baseline takes at least five pairs of
            runs that took turns, as `gale compare` makes them. A folder that holds bundles stands for all of them.
            Exit status: that of the gravest run, as with `gale run`; 64 when a bundle cannot be read.
            """)

    @Argument(help: "A bundle, several, or a folder of bundles.")
    var bundles: [String]

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Bundles of the old build, or a folder of them.", valueName: "bundle"))
    var baseline: [String] = []

    @Option(
        help: ArgumentHelp(
            "A budget to hold them against, instead of the plan's; may be given several times.", valueName: "budget"))
    var budget: [String] = []

    @Flag(help: "Say nothing but errors.")
    var quiet = false

    @Option(help: "Print the summaries as `text` or as `json`, on stdout; of several runs a list.")
    var summary: SummaryFormat = .text

    @OptionGroup(title: "For CI")
    var ci: CIOptions

    func run() async throws {
        try await finish { () async throws(Failure) in
            let outputs = try ci.outputs()
            let folders = try BundleSources.folders(bundles)
            let before = try BundleSources.folders(baseline)
            let budgets = try budgets(of: folders[0])
            let runs = try Self.read(folders, budgets)
            let summaries = Gate.judge(runs, baseline: try Self.read(before, budgets))
            try show(summaries, folders)
            try outputs.deliver(summaries)
            return Gate.exitStatus(of: summaries)
        }
    }

    /// Those of the command line, else those of the first run's plan: all are held against the same.
    private func budgets(of folder: String) throws(Failure) -> [Budget]? {
        guard !budget.isEmpty else { return baseline.isEmpty ? nil : try BundleSources.open(folder).budgets }
        let names = BudgetNames(try BundleSources.record(folder))
        var budgets: [Budget] = []
        for text in budget {
            do throws(OptionProblem) {
                budgets.append(try Budget(text: text, names: names))
            } catch {
                throw Failure(status: ExitStatus.usage, message: "\(error)")
            }
        }
        return budgets
    }

    private static func read(_ folders: [String], _ budgets: [Budget]?) throws(Failure) -> [Gate.Run] {
        var runs: [Gate.Run] = []
        // One after the other: a bundle is large, and what a gate keeps of it is not.
        for folder in folders { runs.append(Gate.Run(try BundleSources.open(folder, budgets: budgets))) }
        return runs
    }

    private func show(_ summaries: [RunSummary], _ folders: [String]) throws(Failure) {
        if summary == .json {
            do throws(ReportError) {
                let bytes = summaries.count == 1 ? try JSONReport.bytes(summaries[0]) : try JSONReport.bytes(summaries)
                Terminal.print(String(decoding: bytes, as: UTF8.self))
            } catch {
                throw Failure(status: ExitStatus.internalFault, message: "\(error)")
            }
        } else if !quiet {
            let colour = Terminal.wantsColour(Terminal.outputIsTerminal)
            let texts = zip(summaries, folders).map { TerminalReport.text($0, colour: colour, path: $1) }
            Terminal.print(texts.joined(separator: "\n"))
        }
    }
}
