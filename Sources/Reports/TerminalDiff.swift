import Analysis
import Core

/// What `gale diff` prints.
enum TerminalDiff {
    private static let mostNotes = 6
    private static let mostLeftOut = 4
    private static let mostSentences = 5

    static func text(_ diff: BundleDiff, colour: Bool, path: String?) -> String {
        let paint = Paint(isOn: colour)
        let title = "\(diff.name): \(diff.b.name) against \(diff.a.name)" + (diff.isSimulated ? ", simulated" : "")
        let pairs = diff.pairing.pairs.count
        var lines = [paint(PlainText.clean("\(title); \(Figures.count(pairs, "pair")) of runs"), .quiet)]
        lines.append(paint(PlainText.clean(DiffSentences.verdict(diff)), tone(diff)))
        lines += limited(diff.leftOut, to: mostLeftOut) { "  ✗ left out: \($0.side), \($0.path): \($0.reason)" }
        lines += limited(diff.comparability.differences.filter { $0.effect == .note }, to: mostNotes) {
            "  • \($0.text)"
        }
        lines += figures(diff)
        lines += steps(diff)
        lines += DiffSentences.moved(diff).prefix(mostSentences).map { "  • \(PlainText.clean($0))" }
        if isDoubtful(diff) { lines.append("* not when all figures of its table are judged together") }
        if let remedy = diff.remedy { lines.append("This would tell: \(PlainText.clean(remedy))") }
        if let path { lines.append(paint("report: \(PlainText.clean(path))", .quiet)) }
        return lines.map(PlainText.withoutCommands).joined(separator: "\n") + "\n"
    }

    private static func tone(_ diff: BundleDiff) -> Paint.Tone {
        switch diff.verdict.outcome {
        case .worse: .bad
        case .faster, .same: .good
        case .slower, .undecided, .withheld, .incomparable: .doubtful
        }
    }

    private static func limited<Item>(_ items: [Item], to limit: Int, _ line: (Item) -> String) -> [String] {
        let shown = items.prefix(limit).map { PlainText.clean(line($0)) }
        return shown.map { "  " + $0.drop { $0 == " " } }
            + (items.count > limit ? ["  … and \(items.count - limit) more"] : [])
    }

    private static func figures(_ diff: BundleDiff) -> [String] {
        let known = DiffSentences.shown(diff)
        guard !known.isEmpty else { return ["no figure of both"] }
        return TerminalTable.lines(
            [
                "", PlainText.clean(diff.a.name), PlainText.clean(diff.b.name), "change", DiffSentences.interval(diff),
                "",
            ],
            left: 1, lastIsLeft: true,
            known.map { found in
                [
                    ComparisonCells.heading(found.figure),
                    ComparisonCells.value(diff.a[found.figure], of: found.figure),
                    ComparisonCells.value(diff.b[found.figure], of: found.figure),
                    ComparisonCells.change(found.change, of: found.figure), ComparisonCells.interval(found),
                    ComparisonCells.verdict(found, diff.method, noun: "pair"),
                ]
            })
    }

    /// Steps and endpoints that surely differ by the margin: in the highest percentile in which they do, and in errors.
    private static func steps(_ diff: BundleDiff) -> [String] {
        let parts = diff.steps.map { ("step", $0) } + diff.endpoints.map { ("endpoint", $0) }
        let found = parts.flatMap { kind, part in
            let differing = part.changes.filter { $0.isByMargin && $0.stands(alpha: diff.method.alpha) }
            let latency = differing.last { $0.figure.isLatency }
            let errors = differing.first { $0.figure == .errors }
            return [latency, errors].compactMap(\.self).map { (kind, part.name, $0) }
        }
        return limited(found, to: mostNotes) { kind, name, change in
            let word = ComparisonCells.verdict(change, diff.method)
            let numbers =
                "\(ComparisonCells.change(change.change, of: change.figure)) (\(ComparisonCells.interval(change)))"
            return "  • \(change.figure.name) of \(kind) \(name): \(word), \(numbers)"
        }
    }

    private static func isDoubtful(_ diff: BundleDiff) -> Bool {
        diff.changes.contains { $0.isDifferent && !$0.stands(alpha: diff.method.alpha) }
    }
}
