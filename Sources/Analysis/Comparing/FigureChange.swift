/// How one figure of a variant differs from the first variant's.
package struct FigureChange: Hashable, Sendable, Codable {
    package enum Verdict: String, Hashable, Sendable, Codable {
        case lower, higher, same, undecided
        /// A percentile above which there are too few samples in a trial.
        case tooFewCalls = "too_few_calls"
        /// Fewer than two pairs have the figure.
        case noData = "no_data"
        /// What the runs are does not allow a verdict: `diff.json` says why.
        case withheld
    }

    package var variant: String
    package var figure: ComparedFigure
    package var rule: ComparisonRule
    package var pairs: Int
    /// By ratio a share of the first variant's value, by difference in the figure's unit; nil without data.
    package var change: Double?
    package var low: Double?
    package var high: Double?
    /// What counts as the same, in the unit of `change`.
    package var margin: Double?
    /// Of the differences; of their logarithms by ratio.
    package var deviation: Double?
    package var p: Double?
    /// The same with the figures of the variant judged together (Holm); that of the headline is its own.
    package var pTogether: Double?
    package var verdict: Verdict
    /// Further pairs with which a change of the margin is found four times out of five; nil when nobody would make so many.
    package var pairsMissing: Int?
    /// The fewest calls of a trial, and how many the figure needs.
    package var leastCalls: Int
    package var callsNeeded: Int

    /// - Parameters:
    ///   - pairs: the trials of the first variant and of this one, with the same arrivals.
    init(
        _ figure: ComparedFigure, of variant: String, pairs: [(first: TrialFigures, other: TrialFigures)],
        delta: Double,
        alpha: Double
    ) {
        self.variant = variant
        self.figure = figure
        rule = figure.rule
        let known = pairs.compactMap { pair in
            pair.first[figure].flatMap { first in pair.other[figure].map { (first: first, other: $0) } }
        }
        self.pairs = known.count
        leastCalls = pairs.map { min($0.first.calls, $0.other.calls) }.min() ?? 0
        callsNeeded = figure.leastCalls
        verdict = .noData
        let first = known.map(\.first)
        let margin = figure.margin(delta: delta, of: first.isEmpty ? 0 : first.reduce(0, +) / Double(first.count))
        guard
            let found = PairedComparison(
                first: first, other: known.map(\.other), rule: figure.rule, margin: margin, alpha: alpha,
                resolution: figure.resolution)
        else { return }
        change = found.change
        low = found.low
        high = found.high
        self.margin = margin
        deviation = found.deviation
        p = found.p
        guard figure.percent == nil || leastCalls >= figure.leastCalls else {
            verdict = .tooFewCalls
            return
        }
        verdict =
            switch found.verdict {
            case .lower: .lower
            case .higher: .higher
            case .same: .same
            case .undecided: .undecided
            }
        pairsMissing = found.pairsNeeded.map { $0 - found.pairs }
    }

    package var isSure: Bool { verdict == .lower || verdict == .higher || verdict == .same }
    package var isDifferent: Bool { verdict == .lower || verdict == .higher }

    /// Whether a difference stands also when the figures of the variant are judged together.
    /// - Parameter alpha: that of the intervals.
    package func stands(alpha: Double) -> Bool { pTogether.map { $0 <= alpha } ?? true }
}

extension FigureChange {
    /// The change between two single runs, about which there is no verdict.
    /// - Parameter interval: of the change, from the noise within the two runs; nil when they do not say.
    init(
        _ figure: ComparedFigure, of variant: String, first: TrialFigures, other: TrialFigures, delta: Double,
        interval: (low: Double, high: Double)?
    ) {
        self.variant = variant
        self.figure = figure
        rule = figure.rule
        pairs = 1
        leastCalls = min(first.calls, other.calls)
        callsNeeded = figure.leastCalls
        verdict = .noData
        guard let one = first[figure], let two = other[figure], one.isFinite, two.isFinite else {
            pairs = 0
            return
        }
        guard rule == .difference || (one > 0 && two > 0) else { return }
        change = rule == .ratio ? two / one - 1 : two - one
        margin = figure.margin(delta: delta, of: one)
        let isEnough = figure.percent == nil || leastCalls >= figure.leastCalls
        verdict = isEnough ? .withheld : .tooFewCalls
        guard isEnough, let interval, interval.low.isFinite, interval.high.isFinite else { return }
        (low, high) = (interval.low, interval.high)
    }

    /// Takes the verdict back and leaves the numbers.
    mutating func withhold() {
        guard verdict != .tooFewCalls, verdict != .noData else { return }
        verdict = .withheld
        pairsMissing = nil
    }

    /// Whether the value is surely another one, and by the margin at least.
    package var isByMargin: Bool { isMoreByMargin || isLessByMargin }

    /// Whether the value surely grew, and by the margin at least: what fails a gate.
    var isMoreByMargin: Bool {
        guard verdict == .higher, let low, let change, let margin else { return false }
        return low > 0 && change >= margin
    }

    /// The same downwards. By ratio the margin is that of the inverse.
    var isLessByMargin: Bool {
        guard verdict == .lower, let high, let change, let margin else { return false }
        return high < 0 && (rule == .ratio ? 1 / (1 + change) - 1 >= margin : -change >= margin)
    }
}

extension [FigureChange] {
    /// Fills in `pTogether` of the changes of one variant. The headline was chosen before anybody saw a figure and stands for
    /// itself; the others are judged together. What has no verdict makes no claim, and does not make the others' harder.
    /// - Parameter headline: nil when there is none, and all are judged together.
    mutating func judgeTogether(headline: ComparedFigure?) {
        let judged = indices.filter { self[$0].p != nil && self[$0].verdict != .tooFewCalls }
        for index in judged where self[index].figure == headline { self[index].pTogether = self[index].p }
        let others = judged.filter { self[$0].figure != headline }
        for (index, p) in zip(others, Holm.adjusted(others.compactMap { self[$0].p })) { self[index].pTogether = p }
    }
}
