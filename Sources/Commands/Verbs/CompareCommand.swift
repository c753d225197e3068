import Analysis
import ArgumentParser
import Core
import Plans

struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract:
            "Compare the variants of a plan, several plans, or several targets, and say how sure the difference is.",
        discussion: """
            Each variant runs several times, in random order, with the same arrivals: a pair. From the pairs come the change of
            each figure, its 95 % interval, and one of faster, slower, same, or how many trials it would take to tell.

            Examples:
              gale compare plan.yaml --simulate
              gale compare plan.yaml --variant base --variant cache --trials 10
              gale compare old.yaml new.yaml --until-sure
              gale compare plan.yaml --target old=http://127.0.0.1:8080 --target new=http://127.0.0.1:8081

            The folder holds comparison.md, comparison.csv, comparison.json and a bundle per trial. Ctrl-C ends the trial and
            reports those before it. Exit status: 0 compared · 75 trials were invalid, or fewer than 3 pairs remain · 64 the plan
            or the command line is wrong · 70 our own fault · 130 interrupted.
            """)

    @Argument(help: "A plan; or several, of which the first is what the others are compared with.")
    var plans: [String]

    @Option(
        help: ArgumentHelp(
            "A variant to compare, or `base` for the plan itself; several times, the first is what the others are compared "
                + "with (default: the plan and all its variants).", valueName: "name"))
    var variant: [String] = []

    @Option(
        help: ArgumentHelp(
            "A target to compare; several times. Without a name: the target of all variants.", valueName: "name=url"))
    var target: [String] = []

    @Option(help: "Pairs of trials, 3 to 1000 (default: 5).")
    var trials: Int?

    @Flag(help: "Look after 5, 10, 15 and 20 pairs, and end when the headline of every variant is sure.")
    var untilSure = false

    @Option(help: "What counts as the same.")
    var delta = "5%"

    @Flag(help: "In virtual time, against the model of the plan's lab.")
    var simulate = false

    @Option(help: "Seed of every random choice (default: from the clock; 1 with --simulate).")
    var seed: UInt64?

    @Option(help: "Write here, replacing an older comparison (default: Reports/<plan>/compare-<start>-<seed>).")
    var out: String?

    @Flag(inversion: .prefixedNo, exclusivity: .chooseLast, help: "Keep the bundle of each trial.")
    var bundles = true

    @Flag(help: "Say nothing but errors.")
    var quiet = false

    @Option(help: "Print the comparison as `text` or as `json`, on stdout.")
    var summary: SummaryFormat = .text

    @OptionGroup
    var amount: AmountOptions

    @OptionGroup
    var values: ValueOptions

    func run() async throws {
        try await finish { () async throws(Failure) in
            let looks = try looks()
            let delta = try DeltaOption.share(delta)
            let variants = try ComparedVariants(
                plans: plans, variants: variant, targets: target, amount: amount, values: values, isSimulated: simulate,
                quiet: quiet
            ).read()
            return try await CompareSession(
                CompareRequest(
                    name: variants[0].request.plan.name, variants: variants, isSimulated: simulate, seed: seed,
                    delta: delta, looks: looks, out: out, keepsBundles: bundles, quiet: quiet, json: summary == .json,
                    command: words)
            ).run()
        }
    }

    private func looks() throws(Failure) -> [Int] {
        guard untilSure else {
            let trials = trials ?? 5
            guard (3...1_000).contains(trials) else {
                throw Failure(
                    status: ExitStatus.usage,
                    message:
                        "--trials: `\(trials)` pairs of trials: give a number from 3, from which something follows, to 1000"
                )
            }
            return [trials]
        }
        guard trials == nil else {
            throw Failure(
                status: ExitStatus.usage,
                message: "--trials: with --until-sure there are 5, 10, 15 or 20, as it takes: leave one of them out")
        }
        return Looks.pairs
    }

    /// The command without seed and folder.
    private var words: [String] {
        var words = ["gale", "compare"] + (simulate ? plans.map(ComparedVariants.file) : plans)
        words += variant.flatMap { ["--variant", $0] } + target.flatMap { ["--target", $0] }
        if let trials { words += ["--trials", String(trials)] }
        if untilSure { words.append("--until-sure") }
        if delta != "5%" { words += ["--delta", delta] }
        if simulate { words.append("--simulate") }
        return words + amount.words + values.words + values.allowHost.flatMap { ["--allow-host", $0] }
    }
}
