package import Core

/// `client.balance:` how to choose among endpoints.
package struct BalanceSettings: Hashable, Sendable {
    /// A load signal and a rule to pick by it.
    package enum Rule: Hashable, Sendable {
        /// One after the other, from a random start.
        case roundRobin
        /// nginx's smooth weighted round robin.
        case weightedRoundRobin
        /// The fewest calls in flight of all, relative to the weight; ties at random.
        case leastConnections
        /// The fewest calls in flight of `choices` drawn at random: the power of two choices.
        case leastRequest(choices: Int)
        /// The smaller peak EWMA of the latency times calls in flight, of two drawn at random.
        case peakEWMA
        /// By weight, at random.
        case random
    }

    /// Where weights come from.
    package enum Weights: Hashable, Sendable {
        /// The plan or the source of the endpoints.
        case plan
        /// A response header: an ORCA load report (`endpoint-load-metrics`), or a bare number, the utilisation from 0 to 1.
        case header(String)
        /// The same, in the answers to health checks.
        case health(String)
    }

    package var rule: Rule = .roundRobin
    package var weights: Weights = .plan
    /// How long a new endpoint takes to get its full weight; nil: it has it at once.
    package var slowStart: Span?
    /// Shape of the slow start: weight grows with the time to the power 1/aggression; default 1, linear.
    package var aggression = 1.0
    /// Below this share of available endpoints all of them are picked from; 0 switches it off. Default 0.5 (Envoy).
    package var panic = 0.5
    /// Time constant of the peak EWMA; default 10 s (Finagle).
    package var decay: Span = .seconds(10)

    package init(_ rule: Rule = .roundRobin) { self.rule = rule }
}
