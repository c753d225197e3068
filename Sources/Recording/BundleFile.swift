/// The files of a bundle, by the names they have on disk. `Docs/bundle.md` describes each of them.
package enum BundleFile: String, CaseIterable, Sendable {
    /// What was run and what came of it; the file that makes a folder a bundle.
    case record = "run.json"
    /// Every latency, per series and second.
    case intervals = "intervals.hlog"
    /// Counts and gauges, per second.
    case timeline = "timeline.csv"
    /// What happened once: breakers, ejections, changes of the endpoints; only when something did.
    case events = "events.csv"
    /// What the lab's resources saw, per second; only of a lab that has some.
    case resources = "resources.csv"
    /// Percentile distribution of the response time.
    case response = "response.hgrm"
    /// Percentile distribution of the service time.
    case service = "service.hgrm"
    /// Percentiles, a row per scope and clock.
    case table = "summary.csv"
    /// What came of the attempts to each endpoint; only for a plan with endpoints.
    case endpoints = "endpoints.csv"
    /// Everything that the text report says, for machines.
    case summary = "summary.json"
    /// The percentile curve, as a picture.
    case latencyChart = "latency.svg"
    /// Response time and rates over the run, as a picture.
    case timelineChart = "timeline.svg"
    /// The report, for people.
    case report = "report.md"
    /// The report as a page that needs nothing else.
    case html = "report.html"

    /// True for the files that a run writes while it runs; all others are written from these and can be written again.
    package var isSource: Bool {
        switch self {
        case .record, .intervals, .timeline, .events, .resources: true
        case .response, .service, .table, .endpoints, .summary, .latencyChart, .timelineChart, .report, .html: false
        }
    }

    /// True for the files of a feature: a run without it does not have them.
    package var isOptional: Bool { self == .events || self == .resources || self == .endpoints }

    /// The path of the file in the bundle at `folder`.
    package func path(in folder: String) -> String {
        folder.hasSuffix("/") ? folder + rawValue : "\(folder)/\(rawValue)"
    }
}
