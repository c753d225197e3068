/// What came of the attempts to one endpoint in an interval.
package struct EndpointCounts: Sendable {
    /// Attempts outside warm-up phases: begun, and what became of them.
    package var attempts = 0
    package var succeeded = 0
    package var failed = 0
    package var cancelled = 0
    /// Those whose request went out, with what libcurl sent again and what followed redirects: the server's own count.
    package var requests = 0
    /// The same in warm-up phases, and of health checks, which are in no ledger.
    package var warmUpRequests = 0
    package var checks = 0
    package var checksFailed = 0
    package var connectionsOpened = 0
    /// Keyed calls of which it was the shard.
    package var keyed = 0
    package var ejections = 0
    package var breakerOpenings = 0
    /// Service time of the attempts that were not cancelled.
    package var service = LatencyHistogram()

    // Gauges at the end of the interval.
    package var inFlight = 0
    package var connections = 0
    package var isMember = false
    package var isAvailable = false

    package init() {}

    package var isEmpty: Bool {
        attempts == 0 && warmUpRequests == 0 && checks == 0 && ejections == 0 && breakerOpenings == 0 && !isMember
            && service.isEmpty
    }

    /// Adds what another client counted, without its histogram; gauges are added up, an endpoint is a member or available
    /// if any client says so.
    package mutating func addCounts(of other: EndpointCounts) {
        for field in Self.fields { self[keyPath: field.path] += other[keyPath: field.path] }
        inFlight += other.inFlight
        connections += other.connections
        isMember = isMember || other.isMember
        isAvailable = isAvailable || other.isAvailable
    }

    /// Makes it as new, keeping its memory.
    package mutating func reset() {
        for field in Self.fields { self[keyPath: field.path] = 0 }
        if !service.isEmpty { service.reset() }
        (inFlight, connections, isMember, isAvailable) = (0, 0, false, false)
    }

    /// The counts, without gauges, with their names in CSV and JSON, in the order of tables.
    package static var fields: [(name: String, path: WritableKeyPath<EndpointCounts, Int>)] {
        [
            ("attempts", \.attempts), ("succeeded", \.succeeded), ("failed", \.failed), ("cancelled", \.cancelled),
            ("requests", \.requests), ("warm_up_requests", \.warmUpRequests), ("checks", \.checks),
            ("checks_failed", \.checksFailed), ("connections_opened", \.connectionsOpened), ("keyed", \.keyed),
            ("ejections", \.ejections), ("breaker_openings", \.breakerOpenings),
        ]
    }
}
