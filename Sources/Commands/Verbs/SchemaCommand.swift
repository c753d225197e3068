import ArgumentParser
import Plans

struct SchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print a JSON Schema of plans, for editors.",
        discussion: """
            Written from the declarations that the reader of plans works with. For an editor with the YAML language
            server:

              gale schema > plan.schema.json

            and as the first line of a plan:

              # yaml-language-server: $schema=plan.schema.json
            """)

    func run() async throws {
        try await finish { () async throws(Failure) in
            Terminal.print(PlanSchema.text)
            return ExitStatus.met
        }
    }
}
