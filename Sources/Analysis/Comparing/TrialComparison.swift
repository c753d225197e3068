package import Recording

/// Variants that were run in interleaved trials, and how they differ: the value of `comparison.json`.
package struct TrialComparison: Hashable, Sendable, Codable {
    package static let newestFormat = 1
    /// Fewer pairs than that say nothing.
    package static let leastPairs = 3

    /// Version of `comparison.json`.
    package var format = Self.newestFormat
    /// Version of Gale that made it.
    package var gale: String
    package var name: String
    /// What makes it again.
    package var command: String
    package var isSimulated: Bool
    package var seed: UInt64
    /// Wall time of the start, RFC 3339, UTC; nil for a simulation.
    package var started: String?
    package var method: Method
    package var variants: [Variant]
    /// In the order of variants, then of figures; none of the first variant.
    package var changes: [FigureChange] = []
    package var leftOut: [LeftOut] = []
    package var isInterrupted = false
    /// What a reader should know before the table.
    package var notes: [String] = []
    /// Nil for a simulation.
    package var environment: EnvironmentRecord?

    package struct Method: Hashable, Sendable, Codable {
        /// What counts as the same, as a share.
        package var delta: Double
        /// How often an interval may miss the truth.
        package var alpha: Double
        /// The pairs after which one may look; the last one is the most there are.
        package var looks: [Int]

        package init(delta: Double, alpha: Double, looks: [Int]) {
            self.delta = delta
            self.alpha = alpha
            self.looks = looks
        }
    }

    package struct Variant: Hashable, Sendable, Codable {
        package var name: String
        /// What it is, in words: plan, target, settings.
        package var text: String
        /// Of the plan's text, as in `run.json`.
        package var planHash: String
        package var trials: [Trial] = []
        /// Over its valid trials: the geometric mean of what is compared by ratio, else the mean.
        package var values: [String: Double] = [:]

        package init(name: String, text: String, planHash: String) {
            self.name = name
            self.text = text
            self.planHash = planHash
        }

        package subscript(figure: ComparedFigure) -> Double? { values[figure.rawValue] }
        var valid: [Trial] { trials.filter(\.isValid) }
        package var leastCalls: Int { valid.map(\.figures.calls).min() ?? 0 }
    }

    package struct Trial: Hashable, Sendable, Codable {
        /// From 1 on.
        package var pair: Int
        package var seed: UInt64
        package var labSeed: UInt64
        package var isValid: Bool
        package var isRepeated: Bool
        package var figures: TrialFigures

        package init(pair: Int, seed: UInt64, labSeed: UInt64, isValid: Bool, isRepeated: Bool, figures: TrialFigures) {
            self.pair = pair
            self.seed = seed
            self.labSeed = labSeed
            self.isValid = isValid
            self.isRepeated = isRepeated
            self.figures = figures
        }
    }

    /// A trial that is in no figure.
    package struct LeftOut: Hashable, Sendable, Codable {
        package var pair: Int
        package var variant: String
        package var reason: String

        package init(pair: Int, variant: String, reason: String) {
            self.pair = pair
            self.variant = variant
            self.reason = reason
        }
    }

    /// - Parameter variants: the first is what the others are compared with.
    package init(
        gale: String, name: String, command: String, isSimulated: Bool, seed: UInt64, started: String?, method: Method,
        variants: [Variant], environment: EnvironmentRecord? = nil
    ) {
        self.gale = gale
        self.name = name
        self.command = command
        self.isSimulated = isSimulated
        self.seed = seed
        self.started = started
        self.method = method
        self.variants = variants
        self.environment = environment
        judge()
    }

    /// Adds a trial; `judge` takes it into account.
    package mutating func add(_ trial: Trial, ofVariant place: Int) {
        variants[place].trials.append(trial)
        variants[place].trials.sort { $0.pair < $1.pair }
    }

    /// Makes values and changes of the trials there are.
    package mutating func judge() {
        for place in variants.indices { variants[place].values = Self.values(of: variants[place].valid.map(\.figures)) }
        changes = []
        guard let first = variants.first else { return }
        for variant in variants.dropFirst() {
            let pairs = Self.pairs(first, variant)
            var found = ComparedFigure.ofTrials.map {
                FigureChange($0, of: variant.name, pairs: pairs, delta: method.delta, alpha: method.alpha)
            }
            found.judgeTogether(headline: headline)
            changes += found
        }
    }

    private static func pairs(_ first: Variant, _ other: Variant) -> [(first: TrialFigures, other: TrialFigures)] {
        other.valid.compactMap { trial in
            first.valid.first { $0.pair == trial.pair }.map { ($0.figures, trial.figures) }
        }
    }

    private static func values(of trials: [TrialFigures]) -> [String: Double] {
        var values: [String: Double] = [:]
        for figure in ComparedFigure.ofTrials {
            let known = trials.compactMap { $0[figure] }
            values[figure.rawValue] = known.isEmpty ? nil : PairedComparison.center(of: known, by: figure.rule)
        }
        return values
    }

    /// The figure that stands for a variant in one sentence, and that decides when there have been enough trials: the highest
    /// percentile for which every trial has calls enough.
    package var headline: ComparedFigure {
        ComparedFigure.headline(calls: variants.map(\.leastCalls).min() ?? 0, among: [.p99, .p95])
    }

    /// Whether the headline of every variant has its verdict.
    package var isSure: Bool { changes.filter { $0.figure == headline }.allSatisfy(\.isSure) }

    /// Pairs behind the headline, of the variant that has the fewest.
    package var pairs: Int { changes.filter { $0.figure == headline }.map(\.pairs).min() ?? 0 }

    package func change(of variant: String, _ figure: ComparedFigure) -> FigureChange? {
        changes.first { $0.variant == variant && $0.figure == figure }
    }

    /// 0 when it could be run, 75 when a trial was left out or too few pairs remain, 130 when it was interrupted.
    package var exitStatus: Int32 {
        if isInterrupted { return RunVerdict.interrupted }
        return leftOut.isEmpty && pairs >= Self.leastPairs ? RunVerdict.met : RunVerdict.undecided
    }
}
