import Analysis
import Core

/// `diff.md`: the diff for people.
enum MarkdownDiff {
    /// Rows of a table of steps, endpoints, pairs or contributions; the rest is in `diff.csv` and `diff.json`.
    private static let mostRows = 40

    static func text(_ diff: BundleDiff) -> String {
        var lines = head(diff)
        func section(_ title: String, _ body: [String]) {
            guard !body.isEmpty else { return }
            lines += ["", "## \(title)", ""] + body
        }
        section("Figures", figures(diff))
        let shown = DiffChart.words(diff)
        section(
            "Distributions", shown.map { ["![\(Markdown.text($0))](\(DiffReport.picture))"] } ?? [])
        section("What moved", moved(diff))
        section("Not the same on both sides", diff.comparability.differences.map { "- \(Markdown.text($0.text))" })
        section("Steps", parts(diff.steps, "Step", diff))
        section("Endpoints", parts(diff.endpoints, "Endpoint", diff))
        section("Pairs", pairs(diff))
        section("Left out", leftOut(diff))
        section("Method", method(diff))
        return lines.joined(separator: "\n") + "\n"
    }

    private static func head(_ diff: BundleDiff) -> [String] {
        let title = "\(diff.name): \(diff.b.name) against \(diff.a.name)"
        var lines = ["# \(Markdown.text(title))", ""]
        if diff.isSimulated {
            lines += ["> SIMULATED: in virtual time, without a network. The targets are models.", ""]
        }
        lines.append("**\(Markdown.text(DiffSentences.verdict(diff)))**")
        if let remedy = diff.remedy { lines += ["", "This would tell: \(Markdown.code(remedy))"] }
        let sides = [diff.a, diff.b].map { side in
            let runs = Figures.count(side.runs, "run") + (side.used < side.runs ? ", \(side.used) of them used" : "")
            let plan = side.plan.map { ", plan \($0)" } ?? ""
            return "- \(Markdown.text("\(side.name): \(runs), target \(side.target)\(plan) (\(side.planHash))"))"
        }
        return lines + [""] + sides + ["", "Again: \(Markdown.code(diff.command))"]
    }

    private static func figures(_ diff: BundleDiff) -> [String] {
        Markdown.table(
            [
                "Figure", ">\(Markdown.text(diff.a.name))", ">\(Markdown.text(diff.b.name))", ">change",
                ">\(DiffSentences.interval(diff))", "Verdict", ">p", ">p together",
            ],
            DiffSentences.shown(diff).map { found in
                let verdict = Markdown.text(ComparisonCells.verdict(found, diff.method, noun: "pair"))
                return [
                    ComparisonCells.heading(found.figure),
                    ComparisonCells.value(diff.a[found.figure], of: found.figure),
                    ComparisonCells.value(diff.b[found.figure], of: found.figure),
                    ComparisonCells.change(found.change, of: found.figure), ComparisonCells.interval(found),
                    found.isDifferent ? "**\(verdict)**" : verdict, ComparisonCells.probability(found.p),
                    ComparisonCells.probability(found.pTogether),
                ]
            })
    }

    private static func moved(_ diff: BundleDiff) -> [String] {
        let sentences = DiffSentences.moved(diff)
        guard !sentences.isEmpty else { return [] }
        let parts = diff.moved.prefix(mostRows)
        let table = Markdown.table(
            [
                "What", "", ">\(Markdown.text(diff.a.name)) ms", ">\(Markdown.text(diff.b.name)) ms",
                ">per call", ">per call", ">of the mean, ms", ">part",
            ],
            parts.map { part in
                func length(_ ms: Double?) -> String {
                    ms.map { Figures.milliseconds(Span(seconds: $0 / 1_000)) } ?? "–"
                }
                let sign = part.changeMs > 0 ? "+" : ""
                return [
                    part.kind == .outside ? "beside attempts" : part.kind.rawValue, Markdown.text(part.name),
                    length(part.aMs), length(part.bMs), part.aPerCall.trimmed(3), part.bPerCall.trimmed(3),
                    sign + part.changeMs.fixed(3), part.share.map { Figures.share($0) } ?? "–",
                ]
            })
        let more = diff.moved.count - parts.count
        return sentences.map { "- \(Markdown.text($0))" } + [""] + table
            + (more > 0 ? ["", "\(Figures.count(more, "more row")) in diff.json."] : [])
    }

    private static func parts(_ parts: [PartDiff], _ noun: String, _ diff: BundleDiff) -> [String] {
        let table = Markdown.table(
            [noun, ">fewest calls"] + ComparedFigure.ofParts.map { ">" + ComparisonCells.heading($0) },
            parts.prefix(mostRows).map { part in
                [Markdown.text(part.name), Figures.count(min(part.aCalls, part.bCalls))]
                    + ComparedFigure.ofParts.map { cell($0, of: part, diff) }
            })
        let more = parts.count - mostRows
        guard more > 0 else { return table }
        return table + ["", "\(Figures.count(more, "more row")) in diff.csv."]
    }

    /// `12.0 → 14.1, **+17 % slower**`
    private static func cell(_ figure: ComparedFigure, of part: PartDiff, _ diff: BundleDiff) -> String {
        let (one, two) = (part.a[figure.rawValue], part.b[figure.rawValue])
        guard one != nil || two != nil else { return "–" }
        let values = "\(ComparisonCells.value(one, of: figure)) → \(ComparisonCells.value(two, of: figure))"
        guard let found = part[figure], found.isDifferent else { return values }
        let word = Markdown.text(ComparisonCells.verdict(found, diff.method))
        let change = "\(ComparisonCells.change(found.change, of: figure)) \(word)"
        return "\(values), \(found.isByMargin ? "**\(change)**" : change)"
    }

    private static func pairs(_ diff: BundleDiff) -> [String] {
        let heading = ComparisonCells.heading(diff.headline)
        let pairs = diff.pairing.pairs
        let names = (Markdown.text(diff.a.name), Markdown.text(diff.b.name))
        let table = Markdown.table(
            [">Pair", names.0, names.1, ">seed", ">seed", ">\(names.0) \(heading)", ">\(names.1) \(heading)"],
            pairs.prefix(mostRows).enumerated().map { index, pair in
                [
                    String(index + 1), Markdown.text(pair.a), Markdown.text(pair.b), String(pair.aSeed),
                    String(pair.bSeed), ComparisonCells.value(pair.aMs, of: diff.headline),
                    ComparisonCells.value(pair.bMs, of: diff.headline),
                ]
            })
        let more = pairs.count - mostRows
        return table + (more > 0 ? ["", "\(Figures.count(more, "more pair")) in diff.json."] : [])
    }

    private static func leftOut(_ diff: BundleDiff) -> [String] {
        let shown = diff.leftOut.prefix(mostRows).map {
            "- \(Markdown.text("\($0.side), \($0.path) (seed \($0.seed)): \($0.reason)"))"
        }
        let more = diff.leftOut.count - shown.count
        return shown + (more > 0 ? ["- … and \(Figures.count(more, "more run"))"] : [])
    }

    private static func method(_ diff: BundleDiff) -> [String] {
        let delta = Figures.share(diff.method.delta)
        var lines: [String] = []
        switch diff.basis {
        case .pairs:
            let count = Figures.count(diff.pairing.pairs.count, "pair")
            let rule = diff.pairing.rule == "seed" ? "by equal seeds" : "in the order of their starts"
            lines.append("- \(count) of runs, found \(rule). The interval is Student's, over the pairs.")
        case .withinRun:
            lines.append(
                "- The intervals are of the noise within the two runs: by blocks of consecutive seconds, a percentile by way "
                    + "of the share of calls above it (Woodruff 1952). What makes two runs of the same build differ is not "
                    + "in them.")
        case .nothing: break
        }
        lines.append(
            "- Latencies, amplification and CPU are compared by logarithms, so that a change is relative; errors, goodput and "
                + "load by plain differences. Warm-up phases are in no figure but CPU.")
        lines.append(
            "- *same within*: the whole interval is within \(delta), for errors and shares within \(delta) of "
                + "\(Markdown.text(diff.a.name))'s or 0.1 points.")
        lines.append(
            "- The headline, \(diff.headline.name), is the highest percentile with ten calls above it in every run, and stands "
                + "for itself. The other figures are judged together (Holm 1979), and so are those of all steps, and of all "
                + "endpoints; \\* marks a difference that does not stand so.")
        return lines
    }
}
