package import Arrivals
package import Core
package import Model

/// A validated plan: nothing in it can be wrong any more, every default is filled in.
package struct Plan: Sendable {
    package var name: String
    package var target: Target
    package var load: [LoadPhase]
    /// At least one; weights are positive.
    package var scenarios: [Scenario]
    package var client: ClientSettings
    package var transport: TransportSettings
    package var budgets: [Budget]
    package var lab: LabDescription?
    /// SHA-256 would need a library; this is FNV-1a, 64 bits, of the plan's text: it names a plan, it guards nothing.
    package var hash: UInt64

    package init(
        name: String, target: Target, load: [LoadPhase], scenarios: [Scenario], client: ClientSettings = .init(),
        transport: TransportSettings = .init(), budgets: [Budget] = [], lab: LabDescription? = nil, hash: UInt64 = 0
    ) {
        self.name = name
        self.target = target
        self.load = load
        self.scenarios = scenarios
        self.client = client
        self.transport = transport
        self.budgets = budgets
        self.lab = lab
        self.hash = hash
    }
}

/// Where the load goes.
package enum Target: Hashable, Sendable {
    /// Scheme, host, optional port, optional path prefix; no query, no fragment, no user.
    case url(String)
    /// A service of the plan's own lab, by name.
    case lab(service: String)
}

/// A weighted flow of steps.
package struct Scenario: Hashable, Sendable {
    package var name: String
    /// Share of the arrivals, relative to the other scenarios'; greater than 0, default 1.
    package var weight: Double
    /// At least one.
    package var steps: [Step]

    package init(name: String, weight: Double = 1, steps: [Step]) {
        self.name = name
        self.weight = weight
        self.steps = steps
    }
}

/// One request of a scenario.
package struct Step: Hashable, Sendable {
    package var name: String
    package var method: String
    /// Begins with `/`; appended to the target.
    package var path: String
    package var headers: [Header]
    package var body: [UInt8]?
    package var expect: Expectation

    package init(
        name: String, method: String = "GET", path: String, headers: [Header] = [], body: [UInt8]? = nil,
        expect: Expectation = .init()
    ) {
        self.name = name
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.expect = expect
    }
}

/// What a response must be like for the call to succeed.
package struct Expectation: Hashable, Sendable {
    /// Statuses that are right; nil: every status below 400.
    package var statuses: [ClosedRange<Int32>]?

    package init(statuses: [ClosedRange<Int32>]? = nil) {
        self.statuses = statuses
    }
}

/// The client side: how many, how much at once, how long.
package struct ClientSettings: Hashable, Sendable {
    /// Instances of the client side, each with its own pool; default 1.
    package var clients = 1
    /// Most calls under way at once, per client; default 10,000. An arrival beyond is dropped and counted.
    package var inFlight = 10_000
    /// Longest time for a call, from its intended start; default 30 s.
    package var totalTimeout: Span = .seconds(30)
    /// Longest time for one attempt; nil: only the total counts.
    package var attemptTimeout: Span?

    package init() {}
}
