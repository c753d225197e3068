import Analysis
import ArgumentParser
import Recording
import Reports

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Write the reports of a bundle again; also of a run that was killed.",
        discussion: "The exit status is that of the run.")

    @Argument(help: "The bundle's folder.")
    var bundle: String

    @Flag(help: "Say nothing but errors.")
    var quiet = false

    @Option(help: "Print the summary as `text` or as `json`, on stdout.")
    var summary: SummaryFormat = .text

    @OptionGroup(title: "For CI")
    var ci: CIOptions

    func run() async throws {
        try await finish { () async throws(Failure) in
            let outputs = try ci.outputs()
            let opened = try BundleSources.open(bundle)
            let summary: RunSummary
            do throws(ReportError) {
                summary = try ReportWriter.writeAll(opened)
            } catch {
                throw Failure(status: ExitStatus.internalFault, message: "\(error)")
            }
            try RunSession.show(summary, json: self.summary == .json, quiet: quiet, folder: bundle)
            try outputs.deliver([summary])
            return summary.verdict.exitStatus
        }
    }
}
