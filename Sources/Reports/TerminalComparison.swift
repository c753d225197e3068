package import Analysis
import Core

/// What `gale compare` prints at the end: the tables of `comparison.md`, plain.
package enum TerminalComparison {
    /// Trials that are named as left out; the rest is counted and is in `comparison.md`.
    private static let mostLeftOut = 4

    /// - Parameters:
    ///   - colour: whether escapes for colours may be used.
    ///   - path: where `comparison.md` is; nil when it was not written.
    package static func text(_ comparison: TrialComparison, colour: Bool, path: String? = nil) -> String {
        let paint = Paint(isOn: colour)
        let pairs = Figures.count(comparison.pairs, "pair")
        let title = "\(comparison.name): \(comparison.variants.map(\.name).joined(separator: ", ")); \(pairs)"
        var lines = [paint(PlainText.clean(title + (comparison.isSimulated ? ", simulated" : "")), .quiet)]
        if comparison.isInterrupted { lines.append("  ✗ interrupted: what follows is of the trials before") }
        for left in comparison.leftOut.prefix(mostLeftOut) {
            lines.append(PlainText.clean("  ✗ left out: pair \(left.pair), \(left.variant): \(left.reason)"))
        }
        let more = comparison.leftOut.count - mostLeftOut
        if more > 0 { lines.append("  ✗ … and \(Figures.count(more, "more trial", plural: "more trials"))") }
        lines += comparison.notes.map { "  • \(PlainText.clean($0))" }
        let figures = ComparedFigure.ofTrials
        lines += TerminalTable.lines(
            ["", "fewest calls"] + figures.map(ComparisonCells.heading), left: 1,
            comparison.variants.map { variant in
                [PlainText.clean(variant.name), Figures.count(variant.leastCalls)]
                    + figures.map { ComparisonCells.value(variant[$0], of: $0) }
            })
        for variant in comparison.variants.dropFirst() {
            let changes = comparison.changes.filter { $0.variant == variant.name }
            guard changes.contains(where: { $0.verdict != .noData }) else {
                lines.append(PlainText.clean("\(variant.name): no pair of trials"))
                continue
            }
            let heading = "\(variant.name) against \(comparison.variants[0].name)"
            lines += TerminalTable.lines(
                [PlainText.clean(heading), "change", "\(ComparisonCells.confidence(comparison.method)) interval", ""],
                left: 1, lastIsLeft: true,
                changes.map { found in
                    [
                        found.figure.name, ComparisonCells.change(found.change, of: found.figure),
                        ComparisonCells.interval(found), ComparisonCells.verdict(found, comparison.method),
                    ]
                })
        }
        if ComparisonCells.doubtful(comparison) > 0 {
            lines.append("* not when the figures of the variant are judged together")
        }
        if let path { lines.append(paint("report: \(PlainText.clean(path))", .quiet)) }
        return lines.map(PlainText.withoutCommands).joined(separator: "\n") + "\n"
    }
}
