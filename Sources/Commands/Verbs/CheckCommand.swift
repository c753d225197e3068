import ArgumentParser
import Plans

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check a plan without sending anything, and say what it would do.",
        discussion: "Errors come as FILE:LINE:COLUMN: message, all of them at once, with exit status 64.")

    @Argument(help: "The plan file.")
    var plan: String

    @OptionGroup
    var changes: PlanChanges

    func run() async throws {
        try await finish { () async throws(Failure) in
            Terminal.print(PlanOutline(try PlanSource.read(plan, changes).plan).text)
            return ExitStatus.met
        }
    }
}
