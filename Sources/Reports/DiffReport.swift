package import Analysis
import Core
import Recording

/// A diff as text, in every format there is of it.
package enum DiffReport {
    /// Names of the files, where they are written.
    package static let report = "diff.md"
    package static let table = "diff.csv"
    package static let data = "diff.json"
    package static let picture = "diff.svg"

    /// The response times of both sides over each other; nil when a side has no call.
    package static func chart(_ diff: BundleDiff) -> [UInt8]? { DiffChart.file(diff) }

    /// For people.
    package static func markdown(_ diff: BundleDiff) -> String { MarkdownDiff.text(diff) }

    /// - Parameters:
    ///   - colour: whether escapes for colours may be used.
    ///   - path: where the report for people is; nil when it was not written.
    package static func terminal(_ diff: BundleDiff, colour: Bool, path: String? = nil) -> String {
        TerminalDiff.text(diff, colour: colour, path: path)
    }

    /// The verdict in one sentence of plain text, which may hold names from plans.
    package static func sentence(_ diff: BundleDiff) -> String { PlainText.clean(DiffSentences.verdict(diff)) }

    /// What moved the mean, in sentences of plain text.
    package static func moved(_ diff: BundleDiff) -> [String] {
        DiffSentences.moved(diff).map { PlainText.clean($0) }
    }

    /// Every number, `format` 1.
    /// - Throws: `ReportError.unwritable` for a number that JSON cannot hold.
    package static func json(_ diff: BundleDiff) throws(ReportError) -> [UInt8] {
        try JSONReport.encoded(diff)
    }

    package static let columns = [
        "scope", "name", "figure", "a", "b", "change", "low", "high", "rule", "basis", "pairs", "deviation", "p",
        "p_together", "verdict", "pairs_missing",
    ]

    /// A row per figure of the runs, then of each step and of each endpoint. Units are those of `ComparedFigure`; a change is a
    /// share by ratio, and in the figure's unit by difference.
    package static func csv(_ diff: BundleDiff) -> String {
        var text = CSV.line(columns)
        func number(_ value: Double?) -> String { value.map { $0.fixed(9) } ?? "" }
        func add(_ scope: String, _ name: String, _ found: FigureChange, _ a: Double?, _ b: Double?) {
            // The noise within two runs speaks of the runs as a whole.
            let basis = scope == "run" || diff.basis != .withinRun ? diff.basis : .nothing
            text += CSV.line([
                scope, CSV.text(name), found.figure.rawValue, number(a), number(b), number(found.change),
                number(found.low), number(found.high), found.rule.rawValue, basis.rawValue, String(found.pairs),
                number(found.deviation), number(found.p), number(found.pTogether), found.verdict.rawValue,
                found.pairsMissing.map(String.init) ?? "",
            ])
        }
        for found in diff.changes { add("run", "", found, diff.a[found.figure], diff.b[found.figure]) }
        for (scope, parts) in [("step", diff.steps), ("endpoint", diff.endpoints)] {
            for part in parts {
                for found in part.changes {
                    add(scope, part.name, found, part.a[found.figure.rawValue], part.b[found.figure.rawValue])
                }
            }
        }
        return text
    }

    /// Writes Markdown, CSV, JSON and the picture into a folder that is there, each whole or not at all.
    package static func write(_ diff: BundleDiff, in folder: String) throws(ReportError) {
        let files = [
            (report, [UInt8](markdown(diff).utf8)), (table, [UInt8](csv(diff).utf8)), (data, try json(diff)),
        ]
        for (name, bytes) in files + (chart(diff).map { [(picture, $0)] } ?? []) {
            do throws(FileFailure) {
                try AtomicFile.write(bytes, to: "\(folder)/\(name)")
            } catch {
                throw .file(error)
            }
        }
    }
}
