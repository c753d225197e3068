import Recording

/// One endpoint and what came of the attempts to it, outside warm-up.
package struct EndpointSummary: Hashable, Sendable, Encodable {
    /// Its place among the endpoints of the run, from 0.
    package var place: Int
    package var address: String
    /// Nil when a killed run could not write it down.
    package var weight: Int?
    package var zone: String?
    /// By the names of `EndpointCounts.fields`; empty for a killed run, whose log knows latencies alone.
    package var counts = Tally()
    /// Of all attempts, 0 to 1; in a killed run of those that have a service time.
    package var share = 0.0
    /// Failed attempts of those that succeeded or failed, 0 to 1; nil without one.
    package var errorShare: Double?
    /// Service time of its attempts that were not cancelled.
    package var service = LatencySummary.empty

    package init(place: Int, address: String, weight: Int? = nil, zone: String? = nil) {
        self.place = place
        self.address = address
        self.weight = weight
        self.zone = zone
    }

    /// Attempts, or as many as are known of a killed run.
    package var attempts: Int { counts.isEmpty ? service.count : counts["attempts"] }
}

extension [EndpointSummary] {
    /// The summaries of a record's endpoints, by place; of a killed run also those that only the log knows.
    init(_ record: RunRecord, _ latencies: IntervalTotals) {
        var summaries: [EndpointSummary] = []
        for endpoint in record.endpoints {
            var summary = EndpointSummary(
                place: endpoint.place, address: endpoint.address, weight: endpoint.weight, zone: endpoint.zone)
            if let counts = endpoint.counts {
                for field in EndpointCounts.fields { summary.counts.add(field.name, counts[field.name] ?? 0) }
            }
            summaries.append(summary)
        }
        if record.outcome == nil {
            let known = Set(summaries.map { SeriesName.endpoint(address: $0.address).tag })
            let prefix = SeriesName.endpointPrefix
            let further = latencies.bySeries.keys.filter { $0.hasPrefix(prefix) && !known.contains($0) }.sorted()
            for (index, tag) in further.enumerated() {
                let address = String(tag.dropFirst(prefix.count))
                summaries.append(EndpointSummary(place: record.endpoints.count + index, address: address))
            }
        }
        for index in summaries.indices {
            summaries[index].service = latencies.summary(.endpoint(address: summaries[index].address))
            let (succeeded, failed) = (summaries[index].counts["succeeded"], summaries[index].counts["failed"])
            if succeeded + failed > 0 {
                summaries[index].errorShare = Figures.ratio(failed, of: succeeded + failed)
            }
        }
        let all = summaries.reduce(0) { $0 + $1.attempts }
        for index in summaries.indices {
            summaries[index].share = Figures.ratio(summaries[index].attempts, of: all)
        }
        self = summaries.sorted { ($0.place, $0.address) < ($1.place, $1.address) }
    }
}
