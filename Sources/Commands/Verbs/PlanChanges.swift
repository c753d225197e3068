import ArgumentParser
import Core
import Plans

/// What the command line lays over a plan before it is read.
struct PlanChanges: ParsableArguments {
    @Option(help: "Which of the plan's variants to lay over it.")
    var variant: String?

    @OptionGroup
    var values: ValueOptions

    /// The same words again, for another process that reads the same plan.
    var words: [String] { (variant.map { ["--variant", $0] } ?? []) + values.words }
}

/// What it changes besides: of every variant, when there are several.
struct ValueOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Change one value, such as client.timeout.total=5s; may be given several times.",
            valueName: "key.path=value"))
    var set: [String] = []

    @Option(help: "Allow load on this public host, address or network; may be given several times.")
    var allowHost: [String] = []

    @Option(
        help: ArgumentHelp(
            "Run the plan so many times as fast as it is written: 60 turns its minutes into seconds. Times and rates are "
                + "scaled, sizes, shares and counts are not; --rate and --for are those of the run.",
            valueName: "factor"))
    var timeScale: String?

    /// What another process that reads the same plan has to be told: whom load may go to is this one's alone.
    var words: [String] { self.set.flatMap { ["--set", $0] } + (timeScale.map { ["--time-scale", $0] } ?? []) }

    func scale() throws(Failure) -> TimeScale {
        guard let timeScale else { return .none }
        do throws(UnitProblem) {
            return try TimeScale(timeScale)
        } catch {
            throw Failure(status: ExitStatus.usage, message: "--time-scale: \(error)")
        }
    }
}

extension PlanChanges {
    init(variant: String?, values: ValueOptions) {
        self.init()
        self.variant = variant
        self.values = values
    }
}
