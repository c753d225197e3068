/// Two sets of runs, and what is known of how they differ: the value of `diff.json`.
package struct BundleDiff: Sendable, Encodable {
    package static let newestFormat = 1
    /// Fewer pairs than that say nothing.
    package static let leastPairs = 3
    package static let alpha = 0.05

    /// Version of `diff.json`.
    package var format = Self.newestFormat
    /// Version of Gale that made it.
    package var gale: String
    /// Of the plan.
    package var name: String
    /// What makes it again.
    package var command: String
    package var isSimulated: Bool
    package var method: TrialComparison.Method
    package var a: Side
    package var b: Side
    package var comparability: Comparability
    package var pairing: Pairing
    package var leftOut: [LeftOut]
    package var verdict: DiffVerdict
    package var headline: ComparedFigure
    package var basis: Basis
    /// In the order of `ComparedFigure.ofRuns`.
    package var changes: [FigureChange] = []
    package var steps: [PartDiff] = []
    package var endpoints: [PartDiff] = []
    /// What moved the mean: of each kind the greatest first.
    package var moved: [Contribution] = []
    package var distribution: DistributionOverlay
    /// What would tell, as a command; nil when the verdict is there.
    package var remedy: String?

    /// What the intervals are of.
    package enum Basis: String, Hashable, Sendable, Encodable {
        /// Over pairs of runs: they hold what makes two runs of the same thing differ.
        case pairs
        /// From the noise within one run of each side: they do not.
        case withinRun = "within_run"
        /// There is no pair.
        case nothing
    }

    package struct Side: Hashable, Sendable, Encodable {
        package var name: String
        /// Runs that were given, and those in the figures.
        package var runs: Int
        package var used: Int
        /// Of the first run.
        package var target: String
        package var plan: String?
        package var planHash: String
        /// The fewest calls of a run.
        package var leastCalls: Int
        /// By the raw values of figures: the geometric mean of what is compared by ratio, else the mean.
        package var values: [String: Double]
        /// Blocks of a run behind its within-run intervals; nil where there are none.
        package var blocks: Int?
        package var blockSeconds: Double?

        package subscript(figure: ComparedFigure) -> Double? { values[figure.rawValue] }
    }

    package struct Pairing: Hashable, Sendable, Encodable {
        /// `seed` or `start`.
        package var rule: String
        /// `simulated`, `interleaved`, `same_order` or `apart`.
        package var interleaving: String
        package var pairs: [Pair]

        package struct Pair: Hashable, Sendable, Encodable {
            /// The folders of the bundles.
            package var a: String
            package var b: String
            package var aSeed: UInt64
            package var bSeed: UInt64
            /// Of the headline, milliseconds.
            package var aMs: Double?
            package var bMs: Double?
        }
    }

    /// A run that is in no figure.
    package struct LeftOut: Hashable, Sendable, Encodable {
        package var side: String
        package var path: String
        package var seed: UInt64
        package var reason: String
    }

    /// - Parameters:
    ///   - a: what the other set is compared with; in any order.
    ///   - names: of the two sides.
    ///   - delta: what counts as the same, as a share above 0.
    ///   - gale: version of Gale that makes the diff.
    ///   - command: what makes it again.
    package init(
        _ a: [DiffRun], _ b: [DiffRun], names: (String, String), delta: Double, gale: String, command: String
    ) {
        let matched = RunPairs(a, b, names: names, keepsFaulty: a.count == 1 && b.count == 1)
        let pairs = matched.pairs
        let (ones, twos) = (pairs.map(\.first), pairs.map(\.other))
        let (firsts, others) = pairs.isEmpty ? (a, b) : (ones, twos)
        self.gale = gale
        self.command = command
        name = (others.first ?? firsts.first)?.identity.name ?? ""
        isSimulated = (firsts + others).allSatisfy(\.identity.isSimulated)
        method = TrialComparison.Method(delta: delta, alpha: Self.alpha, looks: [pairs.count])
        leftOut = matched.leftOut
        basis = pairs.isEmpty ? .nothing : pairs.count == 1 ? .withinRun : .pairs
        self.a = Side(names.0, given: a, used: ones, isSingle: pairs.count == 1)
        self.b = Side(names.1, given: b, used: twos, isSingle: pairs.count == 1)
        comparability = Comparability(firsts.map(\.identity), others.map(\.identity), names: names)
        comparability.addPairs(matched)
        headline = ComparedFigure.headline(
            calls: (ones + twos).map(\.figures.calls).min() ?? 0, among: [.p99, .p95, .p90, .p75])
        pairing = Pairing(matched, headline)
        distribution = DistributionOverlay(ones.map(\.response), twos.map(\.response))

        var changes = Self.changes(pairs, names.1, method)
        changes.judgeTogether(headline: headline)
        steps = PartDiff.all(of: pairs, \.steps, method)
        endpoints = PartDiff.all(of: pairs, \.endpoints, method)
        moved = Contribution.all(of: pairs, alpha: Self.alpha)
        verdict = DiffVerdict(
            changes, headline: headline, alpha: Self.alpha, isComparable: comparability.isComparable,
            reasons: Self.reasons(matched, comparability))
        self.changes = changes
        if verdict.outcome == .withheld || verdict.outcome == .incomparable { withhold() }
        let needsMore = verdict.outcome == .withheld || verdict.outcome == .undecided
        if needsMore, comparability.isComparable, let one = firsts.first, let two = others.first {
            let missing = changes.first { $0.figure == headline }?.pairsMissing ?? 0
            remedy = DiffRemedy.command(one.identity, two.identity, pairs: pairs.count + missing)
        }
    }

    private mutating func withhold() {
        for index in changes.indices { changes[index].withhold() }
        for part in steps.indices {
            for index in steps[part].changes.indices { steps[part].changes[index].withhold() }
        }
        for part in endpoints.indices {
            for index in endpoints[part].changes.indices { endpoints[part].changes[index].withhold() }
        }
    }

    private static func changes(
        _ pairs: [RunPairs.Pair], _ name: String, _ method: TrialComparison.Method
    ) -> [FigureChange] {
        ComparedFigure.ofRuns.map { figure in
            guard pairs.count == 1 else {
                return FigureChange(
                    figure, of: name, pairs: pairs.map { ($0.first.figures, $0.other.figures) }, delta: method.delta,
                    alpha: method.alpha)
            }
            let (one, two) = (pairs[0].first, pairs[0].other)
            let bare = FigureChange(
                figure, of: name, first: one.figures, other: two.figures, delta: method.delta, interval: nil)
            guard let change = bare.change else { return bare }
            return FigureChange(
                figure, of: name, first: one.figures, other: two.figures, delta: method.delta,
                interval: WithinRun.interval(of: figure, change: change, one.within, two.within))
        }
    }

    /// Why there can be no verdict, in sentences; empty when there can.
    private static func reasons(_ matched: RunPairs, _ comparability: Comparability) -> [String] {
        var reasons = comparability.differences.filter { $0.effect == .incomparable }.map { "Not the same \($0.text)." }
        reasons += comparability.differences.filter { $0.effect == .confounded }
            .map { "Not the same \($0.text): who tells which of them made the difference?" }
        let count = matched.pairs.count
        switch count {
        case 0: reasons.append("No pair of runs is left to compare.")
        case 1:
            reasons.append(
                "One run of each: two runs of the same thing differ, too, and by how much one run cannot know.")
        case ..<leastPairs: reasons.append("\(count) pairs of runs are fewer than \(leastPairs).")
        default: break
        }
        if count > 1, matched.interleaving == .apart {
            reasons.append(
                "The runs were not interleaved: what else changed between them is in the difference. Of two of the same, "
                    + "compared with runs of another day, a third is called different.")
        }
        return reasons
    }

    /// Over several runs.
    static func values(of runs: [TrialFigures], _ figures: [ComparedFigure]) -> [String: Double] {
        var values: [String: Double] = [:]
        for figure in figures {
            let known = runs.compactMap { $0[figure] }
            values[figure.rawValue] = known.isEmpty ? nil : PairedComparison.center(of: known, by: figure.rule)
        }
        return values
    }

    // MARK: Answers

    package func change(_ figure: ComparedFigure) -> FigureChange? { changes.first { $0.figure == figure } }

    /// Whether the other side is shown to be worse: what a gate fails for.
    package var isWorse: Bool { verdict.outcome == .worse }

    /// 0, whatever came of it. With a gate 99 when the other side is shown to be worse, and 75 when there can be no verdict at
    /// all; runs that could be judged and show nothing pass.
    package func exitStatus(gate: Bool) -> Int32 {
        guard gate else { return RunVerdict.met }
        switch verdict.outcome {
        case .worse: return RunVerdict.broken
        case .withheld, .incomparable: return RunVerdict.undecided
        case .slower, .faster, .same, .undecided: return RunVerdict.met
        }
    }
}

extension BundleDiff.Side {
    fileprivate init(_ name: String, given: [DiffRun], used: [DiffRun], isSingle: Bool) {
        let first = used.first ?? given.first
        let within = isSingle ? used.first?.within : nil
        self.init(
            name: name, runs: given.count, used: used.count, target: first?.identity.target ?? "",
            plan: first?.identity.file, planHash: first?.identity.planHash ?? "",
            leastCalls: used.map(\.figures.calls).min() ?? 0,
            values: BundleDiff.values(of: used.map(\.figures), ComparedFigure.ofRuns),
            blocks: within.flatMap { $0.blocks >= BlockRatio.leastBlocks ? $0.blocks : nil },
            blockSeconds: within.flatMap { $0.blocks >= BlockRatio.leastBlocks ? $0.blockSeconds : nil })
    }
}

extension BundleDiff.Pairing {
    fileprivate init(_ matched: RunPairs, _ headline: ComparedFigure) {
        self.init(
            rule: matched.rule.rawValue, interleaving: matched.interleaving.rawValue,
            pairs: matched.pairs.map { pair in
                Pair(
                    a: pair.first.path, b: pair.other.path, aSeed: pair.first.seed, bSeed: pair.other.seed,
                    aMs: pair.first.figures[headline], bMs: pair.other.figures[headline])
            })
    }
}

extension Comparability {
    /// What only the pairs show.
    fileprivate mutating func addPairs(_ matched: RunPairs) {
        let pairs = matched.pairs
        if pairs.contains(where: { $0.first.seed != $0.other.seed }) {
            add(.seeds, .note, "seeds: the runs of a pair have different ones, so their arrivals differ, too")
        }
        if pairs.contains(where: { $0.first.path == $0.other.path }) {
            add(.bundle, .note, "bundles: the same one is on both sides")
        }
        if matched.interleaving == .sameOrder {
            add(
                .bundle, .note,
                "order: the same side ran first in every pair, so what changes steadily over time is in the difference")
        }
    }
}
