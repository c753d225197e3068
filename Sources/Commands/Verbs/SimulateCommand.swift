import Analysis
import ArgumentParser
import Core
import Glibc
import Plans
import Reports

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run a plan in virtual time, against the model of its lab, without a network.",
        discussion: """
            The client is the real one, with its policies, budgets and reports; the target is what `lab:` describes. The
            same build, plan and seed give the same bundle, byte by byte.

            Examples:
              gale simulate Plans/policies/breaker.yaml
              gale simulate plan.yaml --set client.balance=round-robin --out build/round-robin
              gale simulate plan.yaml --seeds 1..1000

            With --seeds the plan runs once with each, and a seed that breaks something which must always hold is named
            with the command that runs it again. Exit status as with `gale run`; 70 for such a seed.
            """)

    @Argument(help: "A plan with a `lab:`.")
    var plan: String

    @Option(
        help: "Write the bundle here, replacing an older bundle (default: Reports/<plan>/simulated-<variant>-<seed>).")
    var out: String?

    @Option(help: "Seed of every random choice (default: 1).")
    var seed: UInt64?

    @Option(help: "Seed of what the lab draws (default: that of everything else); a trial of a comparison names it.")
    var labSeed: UInt64?

    @Option(help: ArgumentHelp("Run with every seed of a range, such as 1..1000.", valueName: "first..last"))
    var seeds: String?

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

    func run() async throws {
        try await finish { () async throws(Failure) in
            if PlanSource.isURL(plan) {
                throw Failure(
                    status: ExitStatus.usage,
                    message: "`\(plan)` is a URL, and a simulation needs a plan that describes its target under `lab:`")
            }
            if seed != nil, seeds != nil {
                throw Failure(
                    status: ExitStatus.usage, message: "--seed: the seeds are those of --seeds: leave one of them out")
            }
            let outputs = try ci.outputs()
            var request = try load.request(for: plan, changes, quiet: quiet, isRealTime: false)
            request.out = out
            request.labSeed = labSeed
            request.quiet = quiet
            request.json = summary == .json
            request.ci = outputs
            guard let seeds else { return try once(request) }
            if labSeed != nil {
                throw Failure(
                    status: ExitStatus.usage, message: "--lab-seed: with --seeds each run has its own: leave it out")
            }
            if summary == .json || out != nil || !outputs.isEmpty {
                throw Failure(
                    status: ExitStatus.usage,
                    message: "--seeds: many runs have no summary and no bundle: leave "
                        + "--summary, --out and the files for CI out")
            }
            let words = ["gale", "simulate", plan] + load.words + changes.words
            return try await SeedCampaign(request, seeds: try Self.range(seeds), command: words).run()
        }
    }

    private func once(_ request: RunRequest) throws(Failure) -> Int32 {
        let seed = seed ?? 1
        let session = try SimulationSession(request, seed: seed)
        let label = ["simulated", request.plan.variant].compactMap(\.self).joined(separator: "-")
        let folder = request.out ?? RunOutput.folder(for: request.plan.name, named: label, seed: seed)
        var signals: Signals?
        let outcome = try session.run(
            in: folder, style: .quiet, interrupt: { stop in signals = Signals(stop: stop) }
        ) { (summary) throws(Failure) in
            try RunSession.show(summary, json: request.json, quiet: request.quiet, folder: folder)
        }
        withExtendedLifetime(signals) {}
        if !request.quiet { Terminal.note(Self.words(outcome)) }
        try request.ci.deliver([outcome.summary])
        // Counts that do not add up are our own fault, and no budget's.
        let isBroken = outcome.summary.validity.reasons.contains { $0.cause == .ledger }
        return isBroken ? ExitStatus.internalFault : outcome.summary.verdict.exitStatus
    }

    /// `simulated 1m in 0.82 s: 12,000 requests, 14,600 per second`
    private static func words(_ outcome: SimulationSession.Outcome) -> String {
        let took = outcome.took.seconds
        let rate = took > 0 ? Int(Double(outcome.received) / took) : 0
        return "simulated \(outcome.simulated) in \(outcome.took): \(outcome.received) requests, \(rate) per second"
    }

    /// Bounds of a range of seeds, in the usual forms.
    private static func range(_ text: String) throws(Failure) -> ClosedRange<UInt64> {
        let ends = text.split(separator: ".", omittingEmptySubsequences: false)
        guard ends.count == 3, ends[1].isEmpty, let first = UInt64(ends[0]), let last = UInt64(ends[2]), first <= last,
            last - first < 1_000_000
        else {
            throw Failure(
                status: ExitStatus.usage,
                message: "--seeds: `\(text)` is no range of at most a million seeds: write one such as 1..1000")
        }
        return first...last
    }
}
