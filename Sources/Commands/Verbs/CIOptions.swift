import Analysis
import ArgumentParser
import Core
import Recording
import Reports

/// What a CI job wants beside the bundle.
struct CIOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write the verdicts as JUnit XML.", valueName: "file.xml"))
    var junit: String?

    @Option(help: ArgumentHelp("Write a comment for a pull request, in Markdown.", valueName: "file.md"))
    var comment: String?

    @Option(help: ArgumentHelp("Write the figures as OpenMetrics text.", valueName: "file.txt"))
    var metrics: String?

    @Flag(help: "Annotate the plan and fill in the step's summary, in a job of GitHub Actions.")
    var github = false

    /// - Throws: `Failure` for a file that cannot be one, before anything is run.
    func outputs() throws(Failure) -> CIOutputs {
        let outputs = CIOutputs(junit: junit, comment: comment, metrics: metrics, github: github)
        do throws(CIProblem) {
            try outputs.check()
        } catch {
            throw Failure(status: ExitStatus.usage, message: "\(error)")
        }
        return outputs
    }
}

extension CIOutputs {
    /// Writes what was asked for.
    /// - Throws: `Failure` when a file could not be written; the others are.
    func deliver(_ summaries: [RunSummary]) throws(Failure) {
        guard !isEmpty else { return }
        var failures: [String] = []
        for action in CIFiles.actions(self, summaries, environment: ProcessEnvironment.values) {
            do throws(FileFailure) {
                try action.perform { Terminal.note($0) }
            } catch {
                failures.append("\(error)")
            }
        }
        guard failures.isEmpty else {
            throw Failure(status: ExitStatus.internalFault, message: failures.joined(separator: "\n"))
        }
    }
}
