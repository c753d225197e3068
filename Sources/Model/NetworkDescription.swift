package import Core

/// The way between clients and a service. In virtual time only: the lab's network is the loopback of its machine.
package struct NetworkDescription: Hashable, Sendable {
    /// One way; default none.
    package var delay: TimeDistribution = .constant(.zero)
    /// Share of the messages that are lost on each way and sent again, 0 to below 1; default none. Each loss costs the
    /// time after which TCP sends again: 200 ms the first time, twice as long each further one (RFC 6298 has 1 s at
    /// least; Linux has 200 ms).
    package var loss = 0.0

    package init() {}
}
