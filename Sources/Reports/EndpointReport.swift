package import Analysis
import Core
import Recording

/// `endpoints.csv`: one row per endpoint, latencies in milliseconds.
package enum EndpointReport {
    private static let percents = [50.0, 95, 99]

    package static let columns =
        ["address", "zone", "weight", "attempts", "share"] + counts
        + percents.map { "\(LatencySummary.name(ofPercent: $0))_ms" } + ["max_ms"]

    /// The names of counts beside `attempts`.
    private static let counts = EndpointCounts.fields.map(\.name).filter { $0 != "attempts" }

    package static func text(_ endpoints: [EndpointSummary]) -> String {
        var text = CSV.line(columns)
        for endpoint in endpoints {
            var cells = [CSV.text(endpoint.address), CSV.text(endpoint.zone ?? "")]
            cells.append(endpoint.weight.map(String.init) ?? "")
            cells += [String(endpoint.attempts), endpoint.share.fixed(6)]
            // A killed run knows latencies alone.
            cells += counts.map { endpoint.counts.isEmpty ? "" : String(endpoint.counts[$0]) }
            let service = endpoint.service
            let values = percents.map { service.value(atPercent: $0) } + [service.isEmpty ? nil : service.maximum]
            cells += values.map { $0?.milliseconds.fixed(6) ?? "" }
            text += CSV.line(cells)
        }
        return text
    }
}
