import ArgumentParser
import Plans

/// What the command line changes of a plan's target and load.
struct LoadOptions: ParsableArguments {
    @Option(help: "Send to this URL, or `lab`, or `lab/SERVICE`, instead of the plan's target.")
    var target: String?

    @OptionGroup
    var amount: AmountOptions

    /// The same words again.
    var words: [String] { (target.map { ["--target", $0] } ?? []) + amount.words }

    /// Reads a plan and lays these over it.
    /// - Parameter isRealTime: whether it is to run over a network.
    func request(
        for plan: String, _ changes: PlanChanges, quiet: Bool, isRealTime: Bool
    ) throws(Failure) -> RunRequest {
        let source = try PlanSource.read(plan, changes, quiet: quiet, isRealTime: isRealTime)
        var request: RunRequest
        do throws(OptionProblem) {
            let overrides = try Overrides(
                target: target, rate: amount.rate, duration: amount.duration, users: amount.users)
            request = RunRequest(
                plan: try overrides.apply(to: source.plan), file: plan, text: source.text, overrides: overrides.texts)
        } catch {
            throw Failure(status: ExitStatus.usage, message: "\(error)")
        }
        if target != nil { try request.plan.allowTarget(option: "--target") }
        request.settings = changes.values.set
        request.changes = changes.words
        return request
    }
}

/// How much is sent, and for how long.
struct AmountOptions: ParsableArguments {
    @Option(name: .customLong("for"), help: "How long: of the plan's one measured phase, or of a run without a plan.")
    var duration: String?

    @Option(help: "How many arrivals per second, as 500/s; without a plan also 100/s to 1000/s.")
    var rate: String?

    @Option(help: "How many users call one after the other; without a plan also 10 to 200.")
    var users: String?

    /// The same words again.
    var words: [String] {
        [("--for", duration), ("--rate", rate), ("--users", users)].flatMap { name, value in
            value.map { [name, $0] } ?? []
        }
    }
}

extension LoadOptions {
    init(target: String?, amount: AmountOptions? = nil) {
        self.init()
        self.target = target
        // What ArgumentParser has not read has no value yet, not even nil.
        self.amount = amount ?? AmountOptions(nothing: ())
    }
}

extension AmountOptions {
    init(nothing: Void) {
        self.init()
        duration = nil
        rate = nil
        users = nil
    }
}
