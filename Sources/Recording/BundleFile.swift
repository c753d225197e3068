/// The files of a bundle, by the names they have on disk. `Docs/bundle.md` describes each of them.
package enum BundleFile: String, CaseIterable, Sendable {
    /// What was run and what came of it; the file that makes a folder a bundle.
    case record = "run.json"
    /// Every latency, per series and second.
    case intervals = "intervals.hlog"
    /// Counts and gauges, per second.
    case timeline = "timeline.csv"
    /// Percentile distribution of the response time.
    case response = "response.hgrm"
    /// Percentile distribution of the service time.
    case service = "service.hgrm"
    /// Percentiles, a row per scope and clock.
    case table = "summary.csv"
    /// Everything that the text report says, for machines.
    case summary = "summary.json"
    /// The report, for people.
    case report = "report.md"

    /// True for the files that a run writes while it runs; all others are written from these and can be written again.
    package var isSource: Bool {
        switch self {
        case .record, .intervals, .timeline: true
        case .response, .service, .table, .summary, .report: false
        }
    }

    /// The path of the file in the bundle at `folder`.
    package func path(in folder: String) -> String {
        folder.hasSuffix("/") ? folder + rawValue : "\(folder)/\(rawValue)"
    }
}
