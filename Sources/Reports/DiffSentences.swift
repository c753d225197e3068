import Analysis
import Core

/// What a diff says, in plain sentences: plain text, which may hold names from plans.
enum DiffSentences {
    // MARK: The verdict

    /// Begins with the verdict in capitals.
    static func verdict(_ diff: BundleDiff) -> String {
        let margin = Figures.share(diff.method.delta)
        switch diff.verdict.outcome {
        case .worse: return "WORSE: " + diff.verdict.causes.map { claim($0, diff) }.joined(separator: "; ") + "."
        case .slower: return "SLOWER, by less than \(margin): \(claim(diff.headline, diff))."
        case .faster: return "FASTER: \(claim(diff.headline, diff))."
        case .same: return "THE SAME within \(margin): \(claim(diff.headline, diff))."
        case .undecided: return "CAN'T TELL: \(claim(diff.headline, diff))."
        case .withheld: return "CAN'T TELL. " + diff.verdict.reasons.joined(separator: " ")
        case .incomparable: return "NOT COMPARABLE. " + diff.verdict.reasons.joined(separator: " ")
        }
    }

    /// `p99 of B is slower than of A, +5.1 % (+4.4 % to +5.7 %)`
    private static func claim(_ figure: ComparedFigure, _ diff: BundleDiff) -> String {
        guard let found = diff.change(figure) else { return figure.name }
        let numbers = "\(ComparisonCells.change(found.change, of: figure)) (\(ComparisonCells.interval(found)))"
        switch found.verdict {
        case .lower, .higher:
            let word = figure.word(isMore: found.verdict == .higher)
            let verb = figure == .errors ? "are" : "is"
            return "\(figure.name) of \(diff.b.name) \(verb) \(word) than of \(diff.a.name), \(numbers)"
        case .same: return "\(figure.name) of \(diff.b.name) against \(diff.a.name), \(numbers)"
        case .undecided, .tooFewCalls, .noData, .withheld:
            let words = ComparisonCells.verdict(found, diff.method, noun: "pair")
            let rest = found.change == nil ? "" : "; \(numbers)"
            return "\(figure.name) of \(diff.b.name) against \(diff.a.name): \(words)\(rest)"
        }
    }

    /// The figures that both sides have; a p99.9 that rests on a few calls is none.
    static func shown(_ diff: BundleDiff) -> [FigureChange] {
        diff.changes.filter { $0.verdict != .noData && ($0.figure != .p999 || $0.verdict != .tooFewCalls) }
    }

    /// What the intervals hold, for the heading of their column.
    static func interval(_ diff: BundleDiff) -> String {
        let confidence = ComparisonCells.confidence(diff.method)
        return diff.basis == .withinRun ? "within-run only, \(confidence)" : "\(confidence) interval"
    }

    // MARK: What moved

    /// Of each kind.
    private static let mostOfKind = 3
    /// Of the change; what has less is in the tables.
    private static let leastShare = 0.1

    /// The mean and what has the greatest parts in its change; empty without calls.
    static func moved(_ diff: BundleDiff) -> [String] {
        guard let mean = diff.change(.mean), let one = diff.a[.mean], let two = diff.b[.mean], let change = mean.change
        else { return [] }
        var lines = [
            "The mean response time went from \(milliseconds(one)) to \(milliseconds(two)) "
                + "(\(ComparisonCells.change(change, of: .mean)))\(isSure(diff, mean) ? "" : ", which may be chance")."
        ]
        for kind in Contribution.Kind.allCases {
            let parts = diff.moved.filter { $0.kind == kind && ($0.share?.magnitude ?? 0) >= leastShare }
            lines += parts.prefix(mostOfKind).map { sentence($0) }
        }
        return lines
    }

    private static func isSure(_ diff: BundleDiff, _ mean: FigureChange) -> Bool {
        diff.basis == .pairs && (mean.low ?? -1) * (mean.high ?? 1) > 0
    }

    private static func sentence(_ part: Contribution) -> String {
        let share = part.share ?? 0
        let percent = Figures.share(share.magnitude)
        let change = share > 0 ? "it is \(percent) of the change" : "it takes back \(percent) of the change"
        let isChance = part.lowMs.flatMap { low in part.highMs.map { low <= 0 && $0 >= 0 } } ?? false
        return "\(subject(part)) \(movement(part)); \(change)\(isChance ? ", which may be chance" : "")."
    }

    private static func subject(_ part: Contribution) -> String {
        switch part.kind {
        case .step, .phase: part.name
        case .endpoint: "endpoint \(part.name)"
        case .outside: "what calls wait beside their attempts"
        }
    }

    /// `rose from 12.0 ms to 19.0 ms`, `went from 10 % to 30 % of the calls, at 12.0 ms`
    private static func movement(_ part: Contribution) -> String {
        let (one, two) = (part.aMs ?? 0, part.bMs ?? 0)
        let verb = two >= one ? "rose" : "fell"
        let times = "\(verb) from \(milliseconds(one)) to \(milliseconds(two))"
        // Which of both made the difference: how long it takes, or how often it is there?
        let byTime = (two - one) * (part.aPerCall + part.bPerCall) / 2
        let byCount = (part.bPerCall - part.aPerCall) * (one + two) / 2
        guard part.kind == .step || part.kind == .endpoint, byCount.magnitude > byTime.magnitude / 4 else {
            return times
        }
        let counts = "went from \(Figures.share(part.aPerCall)) to \(Figures.share(part.bPerCall)) of the calls"
        if part.aMs == nil { return counts + ", at \(milliseconds(two))" }
        if part.bMs == nil { return counts + ", from \(milliseconds(one)) each" }
        return byTime.magnitude > byCount.magnitude / 4
            ? "\(counts) and \(times)" : "\(counts), at \(milliseconds(two))"
    }

    static func milliseconds(_ value: Double) -> String {
        Figures.milliseconds(Span(seconds: value / 1_000)) + " ms"
    }
}
