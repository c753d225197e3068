/// Which run of one set stands against which of the other, and whether the machine had a part in their difference.
struct RunPairs {
    struct Pair {
        var first: DiffRun
        var other: DiffRun
    }

    /// How pairs were found.
    enum Rule: String, Hashable, Sendable, Encodable {
        /// Both have the same seed, so the same arrivals, data and choices of the client.
        case seed
        /// In the order in which they began.
        case start
    }

    /// How the runs of the two sets lay in time.
    enum Interleaving: String, Hashable, Sendable, Encodable {
        /// In virtual time: there is no machine that could change.
        case simulated
        /// The two runs of a pair one right after the other, now this one first and now that.
        case interleaved
        /// One right after the other, but always the same one first.
        case sameOrder = "same_order"
        /// Pairs whose runs lie apart.
        case apart
    }

    private(set) var rule = Rule.start
    private(set) var pairs: [Pair] = []
    private(set) var leftOut: [BundleDiff.LeftOut] = []
    private(set) var interleaving = Interleaving.interleaved

    /// The two runs of a pair may lie that far apart, or as far as the longer of them lasts, whichever is more.
    static let longestGap = 600.0

    /// - Parameters:
    ///   - names: of the two sides.
    ///   - keepsFaulty: keep runs that are otherwise left out, so that their figures can be shown.
    init(_ first: [DiffRun], _ other: [DiffRun], names: (String, String), keepsFaulty: Bool) {
        let firsts = withoutCopies(first, names.0)
        let others = withoutCopies(other, names.1)
        for (one, two) in matched(firsts, others, names) {
            let faults = [(one, names.0), (two, names.1)].filter { !$0.0.faults.isEmpty }
            if faults.isEmpty || keepsFaulty {
                pairs.append(Pair(first: one, other: two))
                continue
            }
            for (run, name) in faults { leaveOut(run, name, run.faults.joined(separator: " ")) }
            for (run, name) in [(one, names.0), (two, names.1)] where run.faults.isEmpty {
                leaveOut(run, name, "the run that it would be compared with is left out")
            }
        }
        interleaving = Self.interleaving(of: pairs)
    }

    private mutating func leaveOut(_ run: DiffRun, _ side: String, _ reason: String) {
        leftOut.append(BundleDiff.LeftOut(side: side, path: run.path, seed: run.seed, reason: reason))
    }

    /// The same run twice would count its noise once and its weight twice.
    private mutating func withoutCopies(_ runs: [DiffRun], _ side: String) -> [DiffRun] {
        var kept: [DiffRun] = []
        for run in runs {
            let isCopy = kept.contains {
                $0.path == run.path
                    || ($0.seed == run.seed && $0.startedEpoch == run.startedEpoch && $0.response == run.response)
            }
            if isCopy { leaveOut(run, side, "the same run is there already") } else { kept.append(run) }
        }
        return kept
    }

    /// By seed when that is possible for all runs of the smaller set, else in the order of their starts.
    private mutating func matched(
        _ firsts: [DiffRun], _ others: [DiffRun], _ names: (String, String)
    ) -> [(DiffRun, DiffRun)] {
        let seeds = (Set(firsts.map(\.seed)), Set(others.map(\.seed)))
        let areUnique = seeds.0.count == firsts.count && seeds.1.count == others.count
        if areUnique, seeds.0.isSubset(of: seeds.1) || seeds.1.isSubset(of: seeds.0) {
            rule = .seed
            for run in firsts where !seeds.1.contains(run.seed) {
                leaveOut(run, names.0, "no run of \(names.1) has its seed")
            }
            for run in others where !seeds.0.contains(run.seed) {
                leaveOut(run, names.1, "no run of \(names.0) has its seed")
            }
            return Self.byStart(firsts).compactMap { run in
                others.first { $0.seed == run.seed }.map { (run, $0) }
            }
        }
        let (ones, twos) = (Self.byStart(firsts), Self.byStart(others))
        for run in ones.dropFirst(twos.count) { leaveOut(run, names.0, "\(names.1) has fewer runs") }
        for run in twos.dropFirst(ones.count) { leaveOut(run, names.1, "\(names.0) has fewer runs") }
        return Array(zip(ones, twos))
    }

    /// Simulations began at no time: they stay in the order in which they were named.
    private static func byStart(_ runs: [DiffRun]) -> [DiffRun] {
        runs.enumerated().sorted { ($0.element.startedEpoch, $0.offset) < ($1.element.startedEpoch, $1.offset) }
            .map(\.element)
    }

    private static func interleaving(of pairs: [Pair]) -> Interleaving {
        guard !pairs.allSatisfy({ $0.first.identity.isSimulated && $0.other.identity.isSimulated }) else {
            return .simulated
        }
        let starts = pairs.flatMap { [$0.first.startedEpoch, $0.other.startedEpoch] }.sorted()
        for pair in pairs {
            let (earlier, later) =
                pair.first.startedEpoch <= pair.other.startedEpoch ? (pair.first, pair.other) : (pair.other, pair.first)
            let between = starts.count { $0 > earlier.startedEpoch && $0 < later.startedEpoch }
            let gap = later.startedEpoch - (earlier.startedEpoch + earlier.seconds)
            guard between == 0, gap <= max(longestGap, earlier.seconds, later.seconds) else { return .apart }
        }
        let isFirstEarlier = pairs.map { $0.first.startedEpoch <= $0.other.startedEpoch }
        return pairs.count > 1 && Set(isFirstEarlier).count == 1 ? .sameOrder : .interleaved
    }
}
