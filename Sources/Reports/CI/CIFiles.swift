package import Analysis
import Core

/// Says what to write where for a CI job, and does nothing itself: the environment comes in as a value.
package enum CIFiles {
    /// - Parameters:
    ///   - summaries: of the runs that are judged, in order.
    ///   - environment: of the process; `GITHUB_STEP_SUMMARY`, `GITHUB_WORKSPACE` and `PWD` are looked at, and only
    ///     for `outputs.github`.
    package static func actions(
        _ outputs: CIOutputs, _ summaries: [RunSummary], environment: [String: String]
    ) -> [CIAction] {
        let workspace = WorkspacePath(
            workspace: environment["GITHUB_WORKSPACE"].flatMap { $0.isEmpty ? nil : $0 }, folder: environment["PWD"])
        return actions(
            outputs,
            CITexts(
                junit: { JUnitReport.text(summaries) }, comment: { CommentReport.text(summaries) },
                metrics: { MetricsReport.text(summaries) },
                annotations: { GitHubAnnotations.lines(summaries, in: workspace) },
                stepSummary: { GitHubSummary.text(summaries) }),
            environment: environment)
    }

    /// The same of any report. Files first, then the page, then the lines: what fails last matters least.
    package static func actions(
        _ outputs: CIOutputs, _ texts: CITexts, environment: [String: String]
    ) -> [CIAction] {
        var actions: [CIAction] = []
        if let path = outputs.junit { actions.append(.write(path: path, text: texts.junit())) }
        if let path = outputs.comment { actions.append(.write(path: path, text: texts.comment())) }
        if let path = outputs.metrics { actions.append(.write(path: path, text: texts.metrics())) }
        guard outputs.github else { return actions }
        if let path = environment["GITHUB_STEP_SUMMARY"], !path.isEmpty {
            actions.append(.append(path: path, report: texts.stepSummary(), limit: GitHubSummary.most))
        }
        return actions + texts.annotations().map { .print(line: $0) }
    }
}

/// The texts of a report for CI, made when they are wanted.
package struct CITexts {
    package var junit: () -> String
    package var comment: () -> String
    package var metrics: () -> String
    package var annotations: () -> [String]
    package var stepSummary: () -> String

    package init(
        junit: @escaping () -> String, comment: @escaping () -> String, metrics: @escaping () -> String,
        annotations: @escaping () -> [String], stepSummary: @escaping () -> String
    ) {
        self.junit = junit
        self.comment = comment
        self.metrics = metrics
        self.annotations = annotations
        self.stepSummary = stepSummary
    }
}
