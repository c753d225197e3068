import Analysis
import Core

/// What `gale search` prints at the end.
enum TerminalSearch {
    /// Rates that are shown; of more of them those around the answer.
    private static let mostRates = 14
    private static let mostNotes = 4

    static func text(_ record: SearchRecord, colour: Bool, path: String?) -> String {
        let paint = Paint(isOn: colour)
        let simulated = record.isSimulated ? ", simulated" : ""
        var lines = [
            paint(PlainText.clean("\(record.name): \(SearchCells.cost(record))\(simulated)"), .quiet),
            paint(PlainText.clean(record.sentence), tone(record.outcome.kind)),
            PlainText.clean("  why it stopped: \(record.outcome.reason)"), PlainText.clean("  \(record.knee)"),
        ]
        lines += record.notes.prefix(mostNotes).map { "  • \(PlainText.clean($0))" }
        let rows = rates(record)
        if !rows.isEmpty { lines += table(rows, record, paint) }
        let more = SearchRate.all(record).count - rows.count
        if more > 0 { lines.append("  … \(Figures.count(more, "more rate")) in the report") }
        if let path { lines.append(paint("report: \(PlainText.clean(path))", .quiet)) }
        return lines.map(PlainText.withoutCommands).joined(separator: "\n") + "\n"
    }

    private static func tone(_ kind: SearchOutcome.Kind) -> Paint.Tone {
        switch kind {
        case .confirmed: .good
        case .broken: .bad
        case .undecided, .interrupted: .doubtful
        }
    }

    private static func rates(_ record: SearchRecord) -> [SearchRate] {
        let all = SearchRate.all(record)
        guard all.count > mostRates else { return all }
        let answer = record.outcome.rate ?? record.outcome.ceiling ?? all[0].rate
        let near = all.sorted {
            let (left, right) = (($0.rate - answer).magnitude, ($1.rate - answer).magnitude)
            return (left, $0.rate) < (right, $1.rate)
        }
        return near.prefix(mostRates).sorted { $0.rate < $1.rate }
    }

    private static func table(_ rows: [SearchRate], _ record: SearchRecord, _ paint: Paint) -> [String] {
        let full = SearchRate.full(rows, record)
        let cells = rows.map { row in
            [
                SearchFigures.rate(row.rate), SearchCells.milliseconds(row.p50Ms), SearchCells.milliseconds(row.p99Ms),
                SearchCells.share(row.last),
            ]
        }
        let headings = ["rate", "p50 ms", "p99 ms", "share beyond"]
        let widths = headings.indices.map { column in
            max(headings[column].count, cells.map { $0[column].count }.max() ?? 0)
        }
        func line(_ cells: [String]) -> String {
            cells.indices.map { PlainText.pad(cells[$0], to: widths[$0], right: true) }.joined(separator: "  ")
        }
        let body = zip(rows, cells).map { row, cells in
            let bar = PlainText.pad(SearchBar.text(row.p99Ms.max(), of: full), to: SearchBar.width)
            let isAnswer = row.rate == record.outcome.rate
            let word = SearchCells.verdict(row.verdict) + (isAnswer ? " ◀" : "")
            return "\(line(cells))  \(bar)  \(paint(word, tone(row.verdict)))"
        }
        return [line(headings)] + body
    }

    private static func tone(_ verdict: ProbeJudgement.Verdict) -> Paint.Tone {
        switch verdict {
        case .passed: .good
        case .failed: .bad
        case .undecided, .void: .doubtful
        }
    }
}
