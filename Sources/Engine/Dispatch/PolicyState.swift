import Core
import Plans
import Policies

/// A client's own policies, and what they know of each endpoint by its place. Values all of them: what they decide the
/// client performs.
struct PolicyState {
    let settings: PolicySettings
    var random: SeededRandom
    var balancer: Balancer
    var sharder: Sharder?
    var throttle: Throttle?
    /// In the order of the settings; those of scope `endpoint` stand in `endpointBulkheads`.
    var bulkheads: [Bulkhead]
    var gate: ConnectionGate?
    let retry: RetryPolicy?
    var retryBudget: RetryBudget
    var hedge: HedgePolicy?
    var adaptive: AdaptiveTimeout?
    var detector: OutlierDetector?
    /// By step, or by place, as the settings say.
    var breakers: [Breaker]
    // What the path of every call asks, without a look at the settings.
    let guards: Guards
    let mostAttempts: Int
    let hedges: Bool
    let hasEndpointBulkhead: Bool
    let hasPool: Bool
    /// By place.
    var endpoints: [EndpointState] = []
    /// Places of the members, in the order of their source.
    var members: [Int] = []
    var room = WaitingRoom()
    /// Calls under way: made, and not ended; and attempts.
    var active = 0
    var inFlight = 0
    /// An open breaker may let somebody try from then on.
    var nextTrial = Instant.never
    /// Conditions that an event has said the beginning of.
    var isPanicking = false
    var isUnhealthy = false
    var isImbalanced = false
    /// Keyed calls by place, since the start of the run.
    var keyed: [Int] = []
    var audit: Audit

    /// - Parameters:
    ///   - steps: how many steps the program has.
    ///   - index: which client.
    ///   - attemptTimeout: the longest that an attempt may take; nil: as long as its call.
    init(_ settings: PolicySettings, steps: Int, attemptTimeout: Span?, seed: UInt64, index: Int) {
        self.settings = settings
        // The upper half names the purpose, in letters, as the streams of the schedules do.
        random = SeededRandom(seed: seed, stream: 0x706F_6C69 << 32 | UInt64(UInt32(truncatingIfNeeded: index)))
        balancer = Balancer(settings.balance)
        // A failure counts as long as an attempt may take.
        if let attemptTimeout { balancer.failureLatency = attemptTimeout }
        sharder = settings.shard.map { Sharder($0) }
        throttle = settings.throttle.map { Throttle($0) }
        bulkheads = settings.bulkheads.map { Bulkhead(running: $0.running, queue: $0.queue) }
        gate = settings.pool.map { ConnectionGate($0) }
        retry = settings.retry.map { RetryPolicy($0) }
        retryBudget = RetryBudget(settings.retry?.budget)
        hedge = settings.hedge.map { HedgePolicy($0) }
        adaptive = settings.adaptiveTimeout.map { AdaptiveTimeout($0) }
        detector = settings.outliers.map {
            // What was ejected together shall not come back together.
            let stream: UInt64 = 0x6F75_746C << 32 | UInt64(UInt32(truncatingIfNeeded: index))
            return OutlierDetector($0, jitter: .seconds(1), random: SeededRandom(seed: seed, stream: stream))
        }
        guards = settings.breaker.map { $0.scope == .step ? .steps : .endpoints } ?? .nobody
        mostAttempts = settings.retry?.attempts ?? 1
        hedges = settings.hedge != nil
        hasEndpointBulkhead = settings.endpointBulkhead != nil
        hasPool = settings.pool != nil
        audit = Audit(settings)
        breakers =
            settings.breaker.map { breaker in
                breaker.scope == .step ? Array(repeating: Breaker(breaker), count: steps) : []
            } ?? []
    }

    /// Whom the breakers guard.
    enum Guards: UInt8 {
        case nobody, endpoints, steps
    }

    /// What an endpoint is doing besides what the balancer knows of it.
    struct EndpointState {
        var label: String
        var isMember = true
        var health: HealthState?
        var isUnhealthy = false
        var bulkhead: Bulkhead?
        /// Attempts under way.
        var inFlight = 0
        /// How often it became a member: who checked it before has to go.
        var generation = 0
    }

    /// Makes room for the endpoint of that place.
    mutating func makeRoom(for place: Int) {
        while endpoints.count <= place {
            var endpoint = EndpointState(label: "", isMember: false)
            endpoint.health = settings.check.map { HealthState($0) }
            endpoint.bulkhead = settings.endpointBulkhead.map { Bulkhead(running: $0.running, queue: $0.queue) }
            endpoints.append(endpoint)
            keyed.append(0)
            if let breaker = settings.breaker, breaker.scope == .endpoint { breakers.append(Breaker(breaker)) }
        }
    }

    /// Has the target itself as its only endpoint.
    mutating func beAlone(at now: Instant) {
        makeRoom(for: 0)
        endpoints[0].isMember = true
        endpoints[0].label = "target"
        members = [0]
        balancer.setMembers([Balancer.Member(place: 0)], at: now, using: &random)
        sharder?.setShards([Sharder.Shard(place: 0, id: "target", weight: 1)])
        detector?.setMembers([0])
    }

    // MARK: What needs random numbers, each with its own policy

    /// Takes a new set of endpoints; there is room for them.
    mutating func setMembers(_ endpoints: [(place: Int, endpoint: Endpoint)], at now: Instant) {
        members = endpoints.map(\.place)
        balancer.setMembers(
            endpoints.map { Balancer.Member(place: $0.place, weight: $0.endpoint.weight) }, at: now, using: &random)
        sharder?.setShards(
            endpoints.map { Sharder.Shard(place: $0.place, id: $0.endpoint.label, weight: $0.endpoint.weight) })
        detector?.setMembers(members)
    }

    mutating func throttleAdmits(at now: Instant) -> Bool { throttle?.admits(at: now, using: &random) ?? true }

    mutating func pick(tried: [Int], at now: Instant) -> Balancer.Pick? {
        balancer.pick(tried: tried, at: now, using: &random)
    }

    /// How long to wait before a retry, which must be allowed.
    mutating func delay(beforeRetry number: Int, previous: Span, after attempt: Attempt) -> Span {
        let asked: Span? = attempt.retryAfter > 0 ? .seconds(Int64(attempt.retryAfter)) : nil
        return retry?.delay(beforeRetry: number, previous: previous, retryAfter: asked, using: &random) ?? .zero
    }

    /// What calls and attempts hold now, and whoever waits for it, by name; nothing when none is under way.
    var held: KeyValuePairs<String, Int> {
        let places = endpoints.indices
        return [
            "permits of bulkheads": bulkheads.reduce(0) { $0 + $1.running },
            "permits of endpoints' bulkheads": endpoints.reduce(0) { $0 + ($1.bulkhead?.running ?? 0) },
            "calls in the queues of bulkheads": bulkheads.reduce(0) { $0 + $1.waiting }
                + endpoints.reduce(0) { $0 + ($1.bulkhead?.waiting ?? 0) },
            "connections in use": gate?.inUse ?? 0, "attempts that wait for a connection": gate?.pending ?? 0,
            "connections being opened": places.reduce(0) { $0 + (gate?.opening($1) ?? 0) },
            "calls that wait": room.count, "retries that count for their budget": retryBudget.retriesUnderWay,
            "calls on trial at breakers": breakers.reduce(0) { $0 + $1.probes },
        ]
    }

    mutating func drawUnit() -> Double { random.nextUnit() }

    // MARK: Breakers and health

    /// Which breaker guards an attempt of that step to that place; nil when none does.
    func breaker(step: Int, place: Int) -> Int? {
        switch guards {
        case .nobody: nil
        case .endpoints: place
        case .steps: step
        }
    }

    /// Whether health checks and outlier detection let an endpoint be used.
    func isHealthy(_ place: Int) -> Bool {
        !endpoints[place].isUnhealthy && detector?.isEjected(place) != true
    }

    /// Whether a keyed call may go to that shard, when there are others: it is healthy, its breaker lets calls through, and
    /// it has no more than its part of the load.
    func takesMore(_ place: Int, at now: Instant) -> Bool {
        guard isHealthy(place) else { return false }
        if guards == .endpoints, breakers[place].rejects(at: now) { return false }
        return sharder?.hasRoom(place, inFlight: endpoints[place].inFlight, of: inFlight) ?? true
    }

    /// Tells the balancer whether an endpoint may be picked now.
    mutating func refresh(_ place: Int, at now: Instant) {
        guard endpoints[place].isMember else { return }
        var isAvailable = isHealthy(place)
        if isAvailable, guards == .endpoints {
            let until = breakers[place].openUntil
            // A half-open breaker that is busy with its trials is asked again by the next call.
            if until > now, breakers[place].rejects(at: now) {
                isAvailable = false
                nextTrial = min(nextTrial, until)
            }
        }
        balancer.setAvailable(place, isAvailable, at: now)
    }

    /// Lets endpoints back whose breakers may be tried again.
    mutating func refreshTrials(at now: Instant) {
        nextTrial = .never
        for place in members { refresh(place, at: now) }
    }
}

extension PolicySettings {
    /// Whether a client has to think about anything but its time-outs.
    package var areTrivial: Bool { self == PolicySettings() }

    /// The limit on the attempts to each endpoint.
    var endpointBulkhead: BulkheadSettings? { bulkheads.first { $0.scope == .endpoint } }
}
