import Analysis
import Core

/// The numbers and words of a comparison as tables show them: plain text.
enum ComparisonCells {
    /// A figure's own value; `–` without one.
    static func value(_ value: Double?, of figure: ComparedFigure) -> String {
        guard let value else { return "–" }
        switch figure {
        case .p50, .p75, .p90, .p95, .p99, .p999, .mean: return Figures.milliseconds(Span(seconds: value / 1_000))
        case .errors, .share: return Figures.share(value)
        case .goodput, .targetLoad: return Figures.rate(value)
        case .amplification: return value.fixed(3)
        case .cpu: return Span(seconds: value / 1e6).description
        }
    }

    /// The heading of a figure's column, with the unit that its values do not carry.
    static func heading(_ figure: ComparedFigure) -> String {
        figure.isLatency ? "\(figure.name) ms" : figure.name
    }

    /// `+5.1 %`, `-0.12 points`, `+12.5/s`.
    static func change(_ change: Double?, of figure: ComparedFigure) -> String {
        guard let change else { return "–" }
        switch figure {
        case .p50, .p75, .p90, .p95, .p99, .p999, .mean, .amplification, .cpu: return signed(change * 100) + " %"
        case .errors, .share: return signed(change * 100) + " points"
        case .goodput, .targetLoad: return (change > 0 ? "+" : "") + Figures.rate(change)
        }
    }

    /// `+4.4 % to +5.7 %`
    static func interval(_ found: FigureChange) -> String {
        guard let low = found.low, let high = found.high else { return "–" }
        return "\(change(low, of: found.figure)) to \(change(high, of: found.figure))"
    }

    /// - Parameters:
    ///   - method: `*` marks a difference that does not stand when the figures of its variant are judged together.
    ///   - noun: what is run again to be surer.
    static func verdict(_ found: FigureChange, _ method: TrialComparison.Method, noun: String = "trial") -> String {
        switch found.verdict {
        case .lower, .higher:
            found.figure.word(isMore: found.verdict == .higher) + (found.stands(alpha: method.alpha) ? "" : "*")
        case .same: "same within \(margin(found, method))"
        case .undecided:
            found.pairsMissing.map { "can't tell: needs \(Figures.count($0, "more \(noun)"))" }
                ?? "can't tell: the \(noun)s differ too much"
        case .tooFewCalls:
            "too few calls: \(Figures.count(found.leastCalls)) of \(Figures.count(found.callsNeeded)) in a \(noun == "trial" ? noun : "run")"
        case .noData: "no data"
        case .withheld: "can't tell"
        }
    }

    private static func margin(_ found: FigureChange, _ method: TrialComparison.Method) -> String {
        found.figure == .errors || found.figure == .share
            ? "\(((found.margin ?? 0) * 100).trimmed(2)) points" : Figures.share(method.delta)
    }

    static func probability(_ p: Double?) -> String { p.map { $0 < 0.0001 ? "<0.0001" : $0.fixed(4) } ?? "–" }

    /// Percent with a sign, and about three digits.
    private static func signed(_ percent: Double) -> String {
        guard percent.isFinite else { return "–" }
        let places = percent.magnitude < 0.995 ? 2 : percent.magnitude < 99.5 ? 1 : 0
        let text = percent.fixed(places)
        return percent > 0 && text.contains(where: { ("1"..."9").contains($0) }) ? "+" + text : text
    }

    /// `p99 of two-choices: faster than base, -41.2 % (-44.0 % to -38.3 %)`: the headline of one variant.
    static func sentence(_ found: FigureChange, _ comparison: TrialComparison) -> String {
        let first = comparison.variants[0].name
        let words = verdict(found, comparison.method)
        let subject = "\(found.figure.name) of \(found.variant)"
        switch found.verdict {
        case .lower, .higher:
            return "\(subject): \(words) than \(first), \(change(found.change, of: found.figure)) (\(interval(found)))."
        case .same, .undecided:
            return
                "\(subject) against \(first): \(words); \(change(found.change, of: found.figure)) (\(interval(found)))."
        case .tooFewCalls, .noData, .withheld: return "\(subject) against \(first): \(words)."
        }
    }

    /// The headline of each variant.
    static func sentences(_ comparison: TrialComparison) -> [String] {
        comparison.changes.filter { $0.figure == comparison.headline }.map { sentence($0, comparison) }
    }

    /// How sure the intervals are, in percent: `95 %`, `98.35 %`.
    static func confidence(_ method: TrialComparison.Method) -> String {
        "\(((1 - method.alpha) * 100).trimmed(2)) %"
    }

    /// Differences with a `*`.
    static func doubtful(_ comparison: TrialComparison) -> Int {
        comparison.changes.count { $0.isDifferent && !$0.stands(alpha: comparison.method.alpha) }
    }
}
