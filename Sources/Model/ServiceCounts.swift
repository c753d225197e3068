/// What a service has seen: its own side of the ledger, to hold against what the clients counted.
///
/// It closes at every moment:
/// `received = answered + faulted + rejected + abandoned + lost + pending`.
package struct ServiceCounts: Hashable, Sendable {
    /// Requests that arrived, over a socket those whose head did. Requests for the counts themselves are none.
    package var received = 0
    /// Good answers given whole.
    package var answered = 0
    /// Requests that a fault struck, once it did; a request that came to nothing before is abandoned.
    package var faulted: [FaultKind: Int] = [:]
    /// Requests answered 503 because the line was full.
    package var rejected = 0
    /// Requests whose connection ended before they were answered: the client left, or an earlier answer closed.
    package var abandoned = 0
    /// Requests that an outage cut off: read, waiting or being served when their replica went.
    package var lost = 0
    /// Answers 400 to what was no HTTP; outside the ledger, for no head was received.
    package var malformed = 0
    /// Connections accepted.
    package var connections = 0
    /// Connections that a fault struck at once.
    package var struckConnections: [FaultKind: Int] = [:]
    /// Connections open now, those struck by a fault not among them.
    package var open = 0

    package init() {}

    /// An answer goes out that work behind the service came to: a good one, or that of a step that failed.
    package mutating func answered(_ result: WorkResult) {
        if let status = result.status, status >= 400 {
            faulted[.status(status), default: 0] += 1
        } else {
            answered += 1
        }
    }

    /// Requests that faults struck, of every kind.
    package var faultedInAll: Int { faulted.values.reduce(0, +) }

    /// Requests received that nothing has come of yet: being read, waiting, or with a worker.
    package var pending: Int { received - answered - faultedInAll - rejected - abandoned - lost }

    /// Adds what another listener has seen.
    package mutating func add(_ other: ServiceCounts) {
        received += other.received
        answered += other.answered
        faulted.merge(other.faulted, uniquingKeysWith: +)
        rejected += other.rejected
        abandoned += other.abandoned
        lost += other.lost
        malformed += other.malformed
        connections += other.connections
        struckConnections.merge(other.struckConnections, uniquingKeysWith: +)
        open += other.open
    }
}

extension ServiceCounts: Encodable {
    private enum Key: String, CodingKey {
        case received, answered, faulted, rejected, abandoned, lost, pending, malformed
        case connections, struckConnections, open
    }

    /// Faults appear by name; two kinds that differ in their values alone are one number.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(received, forKey: .received)
        try container.encode(answered, forKey: .answered)
        try container.encode(Self.byName(faulted), forKey: .faulted)
        try container.encode(rejected, forKey: .rejected)
        try container.encode(abandoned, forKey: .abandoned)
        try container.encode(lost, forKey: .lost)
        try container.encode(pending, forKey: .pending)
        try container.encode(malformed, forKey: .malformed)
        try container.encode(connections, forKey: .connections)
        try container.encode(Self.byName(struckConnections), forKey: .struckConnections)
        try container.encode(open, forKey: .open)
    }

    private static func byName(_ counts: [FaultKind: Int]) -> [String: Int] {
        Dictionary(counts.map { ($0.key.name, $0.value) }, uniquingKeysWith: +)
    }
}
