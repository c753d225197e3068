import ArgumentParser

/// The command line's root.
struct Gale: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gale",
        abstract: "Sends the load that a plan describes, measures it truthfully, and says whether its budgets held.",
        discussion: """
            A plan is a YAML file: what to send, how much of it, and what must hold. The shortest run needs none:

              gale run http://127.0.0.1:8080/ --rate 500/s --for 30s

            Exit status: 0 budgets met · 99 a budget is broken, or no call succeeded · 75 undecided, or invalid because
            the generator was the limit · 64 the plan or the command line is wrong · 70 our own fault · 130 interrupted.
            """,
        version: Version.text,
        subcommands: [
            RunCommand.self, SimulateCommand.self, CompareCommand.self, DiffCommand.self, GateCommand.self,
            SearchCommand.self, CheckCommand.self, ReportCommand.self, LabCommand.self, InitCommand.self,
            SchemaCommand.self, ImportCommand.self,
        ])
}

extension AsyncParsableCommand {
    /// Runs the body and turns its failure into a message and a status.
    func finish(_ body: () async throws(Failure) -> Int32) async throws {
        let status: Int32
        do throws(Failure) {
            status = try await body()
        } catch {
            Terminal.note(error.message)
            throw ExitCode(error.status)
        }
        if status != ExitStatus.met { throw ExitCode(status) }
    }
}
