package import Model

/// What a listener has seen: its own side of the ledger, to hold against what the clients counted.
///
/// It closes at every moment: `received = answered + faulted + rejected + abandoned + lost + pending`.
package struct SimulatedCounts: Hashable, Sendable {
    /// Requests that arrived.
    package var received = 0
    /// Good answers given.
    package var answered = 0
    /// Requests that a fault struck, once it did; a request that came to nothing before is abandoned.
    package var faulted: [FaultKind: Int] = [:]
    /// Requests answered 503 because the line was full.
    package var rejected = 0
    /// Requests whose client left before they were answered, whether they were worked on to the end or not.
    package var abandoned = 0
    /// Requests that were waiting or being worked on when their replica went out, their client not gone.
    package var lost = 0
    /// Connections accepted.
    package var connections = 0
    /// Connections that a fault struck at once.
    package var struckConnections: [FaultKind: Int] = [:]
    /// Connections open now, those struck by a fault not among them.
    package var open = 0

    package init() {}

    /// Requests that faults struck, of every kind.
    package var faultedInAll: Int { faulted.values.reduce(0, +) }

    /// Requests received that nothing has come of yet: waiting, or with a worker.
    package var pending: Int { received - answered - faultedInAll - rejected - abandoned - lost }
}
