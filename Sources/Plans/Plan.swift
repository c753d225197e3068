package import Arrivals
package import Core
package import Flows
package import Model
package import Policies

/// A validated plan: nothing in it can be wrong any more, every default is filled in.
package struct Plan: Sendable {
    package var name: String
    package var target: Target
    /// Where calls go instead of the target's host; nil: there.
    package var endpoints: PlannedEndpoints?
    package var load: [LoadPhase]
    /// At least one; weights are positive.
    package var scenarios: [Scenario]
    /// Steps that run once before the load, and once after it.
    package var setup: [FlowItem] = []
    package var teardown: [FlowItem] = []
    /// Where values of templates come from, in the plan's order.
    package var data: [DataSource] = []
    /// The names of all variables of the plan; templates know their slots.
    package var variables = VariableTable()
    /// Business counters, in the order in which steps name them.
    package var counters: [String] = []
    package var client: ClientSettings
    package var transport: TransportSettings
    package var budgets: [Budget]
    package var lab: LabDescription?
    /// SHA-256 would need a library; this is FNV-1a, 64 bits, of the plan's text: it names a plan, it guards nothing.
    package var hash: UInt64
    /// The variant of the plan that this is; nil for the plan alone.
    package var variant: String?
    /// How much faster than it is written the plan runs: its times and rates are those of the run already.
    package var timeScale = TimeScale.none
    /// The names of the variants that its text has, in that order.
    package var variants: [String] = []
    /// Values of `${env:NAME}` and `${file:path}` in the plan: no text that leaves the run may show them.
    package var secrets = Secrets.none

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
    /// Each user has a jar of its own for the cookies that the target sets; default false.
    package var cookies = false
    /// Whether attempts send a `traceparent`; default: unsampled.
    package var trace = TraceMode.unsampled
    /// How calls are spread over endpoints, and what is done when they fail. Without any, an arrival is one attempt.
    package var policies = PolicySettings()

    package init() {}
}
