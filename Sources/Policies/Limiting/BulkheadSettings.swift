package import Core

/// `client.bulkhead:` limits on what runs at once.
package struct BulkheadSettings: Hashable, Sendable {
    package enum Scope: Hashable, Sendable {
        /// All calls of a client.
        case client
        /// The attempts to each endpoint.
        case endpoint
        /// The calls of these steps together, by `scenario/step` or step name.
        case steps([String])
    }

    /// For reports: `client`, `endpoint`, or the plan's name of a group.
    package var name: String
    package var scope: Scope
    /// At least 1.
    package var running: Int
    /// How many may wait; default 0.
    package var queue = 0
    /// How long one may wait; default 1 s. Bounded by the call's deadline in any case.
    package var wait: Span = .seconds(1)

    package init(name: String, scope: Scope, running: Int) {
        self.name = name
        self.scope = scope
        self.running = running
    }
}

/// `client.pool:` limits on connections. Ages are the transport's (`ConnectionAges`).
package struct PoolSettings: Hashable, Sendable {
    /// Connections of a client in all; nil: no limit.
    package var connections: Int?
    /// Connections to one endpoint; nil: no limit.
    package var perEndpoint: Int?
    /// Attempts that may wait for a connection; default 1,024. One more is rejected.
    package var pending = 1_024
    /// How long one may wait; default 1 s.
    package var wait: Span = .seconds(1)
    /// Connections to one endpoint that may be opened at the same time; nil: no limit.
    package var opening: Int?

    package init() {}
}
