import Analysis
import ArgumentParser
import Arrivals
import Core
import Plans

struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find the highest rate at which a plan keeps its budgets, and say how sure that is.",
        discussion: """
            Probes of a constant rate take the place of the plan's load: half as much again until a budget breaks, then halfway
            until the bounds are 2 % apart, then the rate that was found is confirmed on fresh data. A probe that is invalid
            because of the generator says nothing about the target, and ends the way up.

            Examples:
              gale search plan.yaml --simulate
              gale search plan.yaml --from 500/s --to 20000/s
              gale search plan.yaml --target https://staging.example --probe 10s --out build/capacity

            The folder holds search.md, search.csv, search.json and a bundle per probe. Exit status: 0 a rate was confirmed ·
            99 the budgets are broken at the lowest rate that was tried · 75 undecided, or the generator is the limit · 64 the plan
            or the command line is wrong · 70 our own fault · 130 interrupted.
            """)

    @Argument(help: "A plan with budgets.")
    var plan: String

    @Option(help: "The first rate to try (default: that of the plan's measured phase, else 100/s).")
    var from: String?

    @Option(help: "No rate above this one (default: 1000 times the first, at most 1,000,000/s).")
    var to: String?

    @Option(help: "How close the bounds have to come.")
    var precision = "2%"

    @Option(
        help:
            "How long a probe measures; one that is not clear goes on, up to four times as long (default: 30s; with --simulate less where 10,000 calls take less)."
    )
    var probe: String?

    @Option(help: "Load before each probe that is not measured.")
    var warmUp = "5s"

    @Flag(help: "In virtual time, against the model of the plan's lab.")
    var simulate = false

    @Option(help: "Send to this URL, or `lab`, or `lab/SERVICE`, instead of the plan's target.")
    var target: String?

    @Option(help: "Seed of every random choice (default: from the clock; 1 with --simulate).")
    var seed: UInt64?

    @Option(help: "Write here, replacing an older search (default: Reports/<plan>/search-<start>-<seed>).")
    var out: String?

    @Flag(inversion: .prefixedNo, exclusivity: .chooseLast, help: "Keep the bundle of each probe.")
    var bundles = false

    @Flag(help: "Say nothing but errors.")
    var quiet = false

    @Option(help: "Print the result as `text` or as `json`, on stdout.")
    var summary: SummaryFormat = .text

    @OptionGroup
    var changes: PlanChanges

    func run() async throws {
        try await finish { () async throws(Failure) in
            if PlanSource.isURL(plan) {
                throw Failure(
                    status: ExitStatus.usage,
                    message: "`\(plan)` is a URL: a search needs a plan with budgets; give the URL with --target")
            }
            let load = LoadOptions(target: target)
            let run = try load.request(for: plan, changes, quiet: quiet, isRealTime: !simulate)
            guard run.plan.budgets.contains(where: ProbeBudget.isJudged) else {
                throw Failure(
                    status: ExitStatus.usage,
                    message:
                        "`\(plan)` has no budget that too high a rate could break: write one under `budgets:`, such as `p99 < 250ms`"
                )
            }
            let measured = Self.measuredPhase(of: run.plan)
            return try await SearchSession(
                SearchRequest(
                    run: run, arrivals: measured?.arrivals ?? .poisson, settings: try settings(from: measured?.rate),
                    isSimulated: simulate, seed: seed, out: out, keepsBundles: bundles, quiet: quiet,
                    json: summary == .json, command: words)
            ).run()
        }
    }

    /// The first open phase that is measured, and its rate where that is constant.
    private static func measuredPhase(of plan: Plan) -> (rate: Double?, arrivals: ArrivalProcess)? {
        for phase in plan.load where !phase.warmUp {
            guard case .open(let curve, let arrivals, _) = phase.shape else { continue }
            if case .constant(let rate) = curve { return (rate.perSecond, arrivals) }
            return (nil, arrivals)
        }
        return nil
    }

    /// A model has no slow weather: what it shows, it shows call by call.
    private static let simulatedCalls = 10_000.0

    private func settings(from planned: Double?) throws(Failure) -> SearchSettings {
        let start = try from.map { (text) throws(Failure) in try rate("--from", text) } ?? planned ?? 100
        let highest = try to.map { (text) throws(Failure) in try rate("--to", text) }
        var settings = SearchSettings(start: start, highest: highest ?? max(start, min(1_000_000, start * 1_000)))
        guard let share = try? Units.share(precision), share >= 0.005, share <= 0.5 else {
            throw Self.refusal("--precision: `\(precision)` is no share from 0.5% to 50%: write one such as 2%")
        }
        settings.precision = share
        if let probe {
            settings.probeSeconds = try seconds("--probe", probe, 2...3_600)
            settings.confirmSeconds = settings.probeSeconds
        } else if simulate {
            settings.mostCalls = Self.simulatedCalls
        }
        settings.batchSeconds = settings.batchSeconds(of: settings.probeSeconds)
        settings.warmUpSeconds = try seconds("--warm-up", warmUp, 0...3_600)
        if let problem = settings.problem { throw Self.refusal(problem) }
        return settings
    }

    private func rate(_ option: String, _ text: String) throws(Failure) -> Double {
        do throws(UnitProblem) {
            let rate = try Units.rate(text).perSecond
            if rate > 0 { return rate }
        } catch {
            throw Self.refusal("\(option): \(error)")
        }
        throw Self.refusal("\(option): `\(text)` sends nothing: write a rate above zero")
    }

    private func seconds(_ option: String, _ text: String, _ range: ClosedRange<Double>) throws(Failure) -> Double {
        let seconds: Double
        do throws(UnitProblem) {
            seconds = text == "0" ? 0 : try Units.duration(text).seconds
        } catch {
            throw Self.refusal("\(option): \(error)")
        }
        guard range.contains(seconds) else {
            throw Self.refusal(
                "\(option): `\(text)` is not from \(range.lowerBound.trimmed(0)) s to 1 h: write one such as 30s")
        }
        return seconds
    }

    private static func refusal(_ message: String) -> Failure { Failure(status: ExitStatus.usage, message: message) }

    /// The command without seed and folder.
    private var words: [String] {
        var words = ["gale", "search", simulate ? ComparedVariants.file(plan) : plan]
        for (name, value) in [("--from", from), ("--to", to), ("--target", target)] {
            if let value { words += [name, value] }
        }
        if precision != "2%" { words += ["--precision", precision] }
        if let probe { words += ["--probe", probe] }
        if warmUp != "5s" { words += ["--warm-up", warmUp] }
        if simulate { words.append("--simulate") }
        return words + changes.words
    }
}
