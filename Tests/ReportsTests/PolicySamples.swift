import Analysis
import Core
import Recording

extension EndpointSummary {
    /// An endpoint to which so many attempts went.
    static func of(attempts: Int, failed: Int = 0, keyed: Int = 0, checks: Int = 0) -> EndpointSummary {
        var summary = EndpointSummary(place: 0, address: "10.0.0.1:80", weight: 1)
        summary.counts.add("attempts", attempts)
        summary.counts.add("succeeded", attempts - failed)
        summary.counts.add("failed", failed)
        summary.counts.add("keyed", keyed)
        summary.counts.add("checks", checks)
        summary.errorShare = attempts > 0 ? Double(failed) / Double(attempts) : nil
        return summary
    }
}

extension Measurement {
    /// Gives each endpoint its share of the attempts.
    mutating func setShares() {
        let all = endpoints.reduce(0) { $0 + $1.attempts }
        for index in endpoints.indices { endpoints[index].share = Double(endpoints[index].attempts) / Double(all) }
    }
}

extension RunEvent {
    static func of(_ kind: Kind, _ what: String) -> RunEvent {
        RunEvent(time: .seconds(1), client: nil, kind: kind, subject: "10.0.0.1:80", what: what)
    }
}

extension [TimelineRow] {
    /// A row for each second with so many endpoints available, of so many.
    static func endpoints(_ counts: [(available: Int, all: Int)]) -> [TimelineRow] {
        counts.enumerated().map { second, count in
            var row = TimelineRow(time: Double(second), length: 1, phase: 0)
            (row.endpointsAvailable, row.endpoints) = (count.available, count.all)
            return row
        }
    }
}
