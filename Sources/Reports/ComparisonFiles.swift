package import Analysis
import Core
import Recording

/// The files of a comparison.
package enum ComparisonFiles {
    package static let report = "comparison.md"
    package static let table = "comparison.csv"
    package static let data = "comparison.json"

    /// Writes all three into a folder that is there, each whole or not at all.
    package static func write(_ comparison: TrialComparison, in folder: String) throws(ReportError) {
        let files = [
            (report, [UInt8](MarkdownComparison.text(comparison).utf8)), (table, [UInt8](csv(comparison).utf8)),
            (data, try json(comparison)),
        ]
        for (name, bytes) in files {
            do throws(FileFailure) {
                try AtomicFile.write(bytes, to: "\(folder)/\(name)")
            } catch {
                throw .file(error)
            }
        }
    }

    /// - Throws: `ReportError.unwritable` for a number that JSON cannot hold.
    package static func json(_ comparison: TrialComparison) throws(ReportError) -> [UInt8] {
        try JSONReport.encoded(comparison)
    }

    package static let columns = [
        "variant", "pair", "figure", "value", "change", "low", "high", "rule", "pairs", "deviation", "p", "p_together",
        "verdict", "pairs_missing",
    ]

    /// `comparison.csv`: a row per variant and figure over all pairs, with what changed; then one per trial and figure, with
    /// the pair's number and the value alone. Units are those of `ComparedFigure`.
    package static func csv(_ comparison: TrialComparison) -> String {
        var text = CSV.line(columns)
        func number(_ value: Double?) -> String { value.map { $0.fixed(9) } ?? "" }
        for variant in comparison.variants {
            for figure in ComparedFigure.ofTrials {
                let found = comparison.change(of: variant.name, figure)
                var cells = [CSV.text(variant.name), "", figure.rawValue, number(variant[figure])]
                cells += [number(found?.change), number(found?.low), number(found?.high)]
                cells += [figure.rule.rawValue, found.map { String($0.pairs) } ?? "", number(found?.deviation)]
                cells += [number(found?.p), number(found?.pTogether), found?.verdict.rawValue ?? ""]
                text += CSV.line(cells + [found?.pairsMissing.map(String.init) ?? ""])
            }
        }
        for variant in comparison.variants {
            for trial in variant.trials where trial.isValid {
                for figure in ComparedFigure.ofTrials {
                    let cells = [
                        CSV.text(variant.name), String(trial.pair), figure.rawValue, number(trial.figures[figure]),
                    ]
                    text += CSV.line(cells + Array(repeating: "", count: columns.count - cells.count))
                }
            }
        }
        return text
    }
}
