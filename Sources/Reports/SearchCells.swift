import Analysis
import Core

/// The numbers and words of a search as tables show them: plain text.
enum SearchCells {
    static func milliseconds(_ value: Double?) -> String {
        value.map { Figures.milliseconds(Span(seconds: $0 / 1_000)) } ?? "–"
    }

    /// `0.62 % (0.41 % to 0.83 %)` of the budget that is closest to its limit; `–` without one.
    static func share(_ row: JudgedProbe) -> String {
        guard let share = row.tightest else { return "–" }
        return "\(Figures.share(share.share)) (\(Figures.share(share.low)) to \(Figures.share(share.high)))"
    }

    /// A range of milliseconds as one cell: `15.8`, `15.8 to 17.9`.
    static func milliseconds(_ values: [Double]) -> String {
        guard let low = values.min(), let high = values.max() else { return "–" }
        let (from, to) = (milliseconds(low), milliseconds(high))
        return from == to ? from : "\(from) to \(to)"
    }

    static func verdict(_ verdict: ProbeJudgement.Verdict) -> String {
        switch verdict {
        case .passed: "passed"
        case .failed: "failed"
        case .undecided: "undecided"
        case .void: "void"
        }
    }

    /// `bisect`, `bisect with 7`
    static func purpose(_ probe: SearchProbe) -> String {
        probe.purpose.rawValue + (probe.extends.map { " with \($0)" } ?? "")
    }

    /// `3 s`, `12 runs, 420 s of load`
    static func cost(_ record: SearchRecord) -> String {
        let seconds = record.probes.reduce(0) { $0 + $1.probe.seconds + record.settings.warmUpSeconds }
        return "\(Figures.count(record.probes.count, "run")), \(Figures.seconds(seconds)) of load"
    }
}
