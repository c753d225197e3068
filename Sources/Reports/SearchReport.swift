package import Analysis
import Core
import Recording

/// The files of a search.
package enum SearchReport {
    package static let report = "search.md"
    package static let table = "search.csv"
    package static let data = "search.json"
    package static let picture = "search.svg"

    /// Writes all of them into a folder that is there, each whole or not at all; a search without a valid run has no picture.
    package static func write(_ record: SearchRecord, in folder: String) throws(ReportError) {
        let files = [
            (report, [UInt8](markdown(record).utf8)), (table, [UInt8](csv(record).utf8)), (data, try json(record)),
        ]
        for (name, bytes) in files + (chart(record).map { [(picture, $0)] } ?? []) {
            do throws(FileFailure) {
                try AtomicFile.write(bytes, to: "\(folder)/\(name)")
            } catch {
                throw .file(error)
            }
        }
    }

    /// `search.svg`, latency against rate; nil without a valid run.
    package static func chart(_ record: SearchRecord) -> [UInt8]? { SearchChart.file(record) }

    /// `search.md`.
    package static func markdown(_ record: SearchRecord) -> String { MarkdownSearch.text(record) }

    /// What `gale search` prints at the end: at most 30 lines.
    /// - Parameters:
    ///   - colour: whether escapes for colours may be used.
    ///   - path: where `search.md` is; nil when it was not written.
    package static func terminal(_ record: SearchRecord, colour: Bool, path: String? = nil) -> String {
        TerminalSearch.text(record, colour: colour, path: path)
    }

    /// `search.json`.
    /// - Throws: `ReportError.unwritable` for a number that JSON cannot hold.
    package static func json(_ record: SearchRecord) throws(ReportError) -> [UInt8] {
        try JSONReport.encoded(record)
    }

    /// Rates are per second, times of calls milliseconds; `samples` to `high` are of the budget that is closest to its limit.
    package static let columns = [
        "probe", "with", "purpose", "rate", "seconds", "seed", "lab_seed", "offered", "achieved", "concurrency",
        "calls",
        "dropped_share", "error_share", "mean_ms", "p50_ms", "p99_ms", "budget", "allowed", "samples", "beyond",
        "share",
        "low", "high", "verdict", "reason",
    ]

    /// `search.csv`: a row per run.
    package static func csv(_ record: SearchRecord) -> String {
        var text = CSV.line(columns)
        func number(_ value: Double?, _ places: Int = 6) -> String { value.map { $0.trimmed(places) } ?? "" }
        for row in record.probes {
            let probe = row.probe
            var cells = [String(probe.number), probe.extends.map(String.init) ?? "", probe.purpose.rawValue]
            cells += [number(probe.rate), number(probe.seconds), String(row.seed), String(row.labSeed)]
            cells += [number(row.offered), number(row.achieved), number(row.concurrency), String(row.calls)]
            cells += [number(row.droppedShare), number(row.errorShare)]
            cells += [number(row.meanMs), number(row.p50Ms), number(row.p99Ms)]
            if let share = row.tightest {
                cells += [
                    CSV.text(share.budget), number(share.allowed, 9), String(share.samples), String(share.beyond),
                ]
                cells += [number(share.share, 9), number(share.low, 9), number(share.high, 9)]
            } else {
                cells += Array(repeating: "", count: 7)
            }
            text += CSV.line(cells + [row.verdict.rawValue, CSV.text(row.reason ?? "")])
        }
        return text
    }
}
