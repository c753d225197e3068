import ArgumentParser
import Plans

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a plan, or send load to a URL without one.",
        discussion: """
            Examples:
              gale run Plans/quickstart.yaml
              gale run plan.yaml --target https://staging.example --for 1m --out build/load
              gale run http://127.0.0.1:8080/ --rate 500/s --for 30s
              gale run http://127.0.0.1:8080/ --users 50 --count 100000 --header 'Accept: text/html'

            Progress goes to stderr, results to stdout. The bundle holds run.json, intervals.hlog, timeline.csv,
            summary.csv, summary.json, response.hgrm, service.hgrm and report.md.
            Ctrl-C once stops the load and writes the reports; twice ends at once.
            """)

    @Argument(help: "A plan file, or a URL that begins with http:// or https://.")
    var plan: String

    @Option(help: "Write the bundle here, replacing an older bundle (default: Reports/<plan>/<start>-<seed>).")
    var out: String?

    @Option(help: "Seed of every random choice (default: from the clock; the report names it).")
    var seed: UInt64?

    @Option(help: "Seed of what the lab draws (default: that of everything else); a trial of a comparison names it.")
    var labSeed: UInt64?

    @Flag(help: "Say nothing but errors.")
    var quiet = false

    @Option(help: "Print the summary as `text` or as `json`, on stdout.")
    var summary: SummaryFormat = .text

    @OptionGroup
    var load: LoadOptions

    @OptionGroup
    var changes: PlanChanges

    @OptionGroup(title: "For CI")
    var ci: CIOptions

    @OptionGroup(title: "Without a plan")
    var request: URLOptions

    func run() async throws {
        try await finish { () async throws(Failure) in
            let outputs = try ci.outputs()
            var request = try PlanSource.isURL(plan) ? fromURL() : fromPlan()
            request.ci = outputs
            request.seed = seed
            request.labSeed = labSeed
            request.out = out
            request.quiet = quiet
            request.json = summary == .json
            return try await RunSession(request).run()
        }
    }

    private func fromPlan() throws(Failure) -> RunRequest {
        if let option = request.given.first {
            throw Failure(
                status: ExitStatus.usage,
                message: "\(option): it belongs to a run without a plan: say it in `\(plan)` instead")
        }
        return try load.request(for: plan, changes, quiet: quiet, isRealTime: true)
    }

    private func fromURL() throws(Failure) -> RunRequest {
        var options = CommandLinePlan(url: plan)
        options.rate = load.amount.rate
        options.users = load.amount.users
        options.duration = load.amount.duration
        request.apply(to: &options)
        if load.target != nil {
            throw Failure(status: ExitStatus.usage, message: "--target: the URL is the target already: leave it out")
        }
        if changes.variant != nil || !changes.values.set.isEmpty || changes.values.timeScale != nil {
            throw Failure(
                status: ExitStatus.usage,
                message: "--variant, --set, --time-scale: they change a plan, and there is none: leave them out")
        }
        var request: RunRequest
        do throws(OptionProblem) {
            request = RunRequest(plan: try options.plan(), text: "", overrides: [])
        } catch {
            throw Failure(status: ExitStatus.usage, message: "\(error)")
        }
        // Who writes the URL out has named its host.
        try request.plan.allowTarget(option: "URL")
        return request
    }
}

enum SummaryFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

/// The options of a run without a plan.
struct URLOptions: ParsableArguments {
    @Option(help: "End after that many calls, all users together, instead of --for.")
    var count: String?

    @Option(help: "Climb to the rate, or the number of users, for that long before measuring.")
    var ramp: String?

    @Flag(help: "Arrivals at random (a Poisson process) instead of evenly.")
    var poisson = false

    @Option(name: [.customLong("method"), .customShort("X")], help: "GET by default, POST with a body.")
    var method: String?

    @Option(name: [.customLong("header"), .customShort("H")], help: "`Name: value`; may be given several times.")
    var headers: [String] = []

    @Option(name: [.customLong("body"), .customShort("d")], help: "The body's text, or @FILE.")
    var body: String?

    /// The options that were given, by name.
    var given: [String] {
        [
            count.map { _ in "--count" }, ramp.map { _ in "--ramp" }, poisson ? "--poisson" : nil,
            method.map { _ in "--method" }, headers.isEmpty ? nil : "--header", body.map { _ in "--body" },
        ].compactMap { $0 }
    }

    func apply(to plan: inout CommandLinePlan) {
        plan.count = count
        plan.ramp = ramp
        plan.poisson = poisson
        plan.method = method
        plan.headers = headers
        plan.body = body
    }
}
