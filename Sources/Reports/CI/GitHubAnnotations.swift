package import Analysis
import Core
import Recording

/// The lines that make GitHub show broken budgets at the line of the plan that wants them.
package enum GitHubAnnotations {
    /// Annotations of each level that GitHub shows of one step; it drops the rest in silence.
    package static let most = 10

    /// Findings that put the figures in doubt; the others are in the report.
    private static let doubts: Set<Finding.Kind> = [
        .incomplete, .insecure, .debugBuild, .fullLoop, .droppedInFlight, .labCount, .fewSamples, .sharedSeries,
    ]

    package static func lines(_ summary: RunSummary) -> [String] { lines([summary], in: WorkspacePath()) }

    /// At most ten errors, ten warnings and ten notices of all runs together; where there are more, the last says of how many.
    /// - Parameter workspace: makes the plan's path one that GitHub can find.
    package static func lines(_ summaries: [RunSummary], in workspace: WorkspacePath) -> [String] {
        let all = summaries.flatMap { summary in
            commands(summary, file: summary.plan.file.flatMap(workspace.relative))
        }
        let levels: [WorkflowCommand.Level] = [.error, .warning, .notice]
        return levels.flatMap { level in limited(all.filter { $0.level == level }).map(\.text) }
    }

    private static func commands(_ summary: RunSummary, file: String?) -> [WorkflowCommand] {
        let name = RunLabel.text(name: summary.name, variant: summary.plan.variant)
        var found: [WorkflowCommand] = []
        func add(_ level: WorkflowCommand.Level, _ title: String, _ message: String, line: Int? = nil) {
            found.append(
                WorkflowCommand(level: level, file: file, line: line, title: "\(name): \(title)", message: message))
        }
        for reason in summary.validity.reasons { add(.error, "the run is invalid", reason.text) }
        for result in summary.budgets { annotate(result, add) }
        let verdict = summary.verdict
        let isSaid = found.contains { $0.level != .notice }
        switch verdict.verdict {
        // Without a budget nothing above has said why.
        case .broken where !isSaid: add(.error, "the run failed", verdict.sentence)
        case .undecided where !isSaid: add(.warning, "the run is undecided", verdict.sentence)
        case .met, .broken, .undecided, .invalid: break
        }
        if verdict.exitStatus == RunVerdict.interrupted, isSaid {
            add(.warning, "the run was interrupted", verdict.sentence)
        }
        for finding in summary.findings where doubts.contains(finding.kind) {
            add(.notice, finding.kind.rawValue.replacing("_", with: " "), finding.text)
        }
        return found
    }

    private static func annotate(
        _ result: BudgetResult,
        _ add: (_ level: WorkflowCommand.Level, _ title: String, _ message: String, _ line: Int?) -> Void
    ) {
        let value = [result.valueText, result.note].compactMap { $0 }.joined(separator: "; ")
        let text = "`\(result.budget.text)`"
        let samples = Figures.count(result.samples, "sample")
        let burn = result.burn.map { ", the budget is spent \($0.fixed(2)) times over" } ?? ""
        switch result.verdict {
        case .met: break
        case .broken:
            let warns = result.budget.warnsOnly
            add(
                warns ? .warning : .error, warns ? "a budget that only warns is broken" : "a budget is broken",
                "\(text) is broken: \(value) (\(samples)\(burn))", result.budget.line)
        case .undecided, .invalid:
            add(.warning, "a budget is undecided", "\(text) cannot be judged: \(value)", result.budget.line)
        }
    }

    private static func limited(_ commands: [WorkflowCommand]) -> [WorkflowCommand] {
        guard commands.count > most, var last = commands.first else { return commands }
        let rest = commands[(most - 1)...]
        last.line = nil
        last.title = "\(Figures.count(rest.count)) more"
        last.message =
            "GitHub shows ten of a kind for each step; \(Figures.count(rest.count)) are in this one: "
            + rest.prefix(20).map(\.message).joined(separator: " · ")
        return commands.prefix(most - 1) + [last]
    }
}
