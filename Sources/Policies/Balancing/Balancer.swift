package import Core

/// Chooses among the endpoints of a client: a load signal times a rule to pick by it, over those that are available.
///
/// A client has one of its own. A pick allocates nothing. Random numbers are handed in: the same ones give the same picks.
package struct Balancer: Sendable {
    /// An endpoint that there is.
    package struct Member: Hashable, Sendable {
        /// 0 to 4,095; any other is ignored, as is a second member of one place.
        package var place: Int
        /// Share of the load relative to the others, at least 0. With 0 it is drained: it gets nothing new, unless all
        /// members have 0; then all count the same.
        package var weight: Int

        package init(place: Int, weight: Int = 1) {
            self.place = place
            self.weight = weight
        }
    }

    /// Who gets an attempt.
    package struct Pick: Hashable, Sendable {
        package var place: Int
        /// Whether fewer than the panic share were available, and availability was not looked at.
        package var isPanic: Bool
    }

    /// As many endpoints as a client can have.
    package static let mostPlaces = 4_096

    /// What a failed attempt counts as in the peak EWMA when it took less; default 10 s, the guide's time-out of a response.
    ///
    /// An endpoint that fails at once would look fast otherwise, and be sent more. The value has to be above latency times
    /// calls in flight of a good endpoint under load; the attempt's time-out is a good one.
    package var failureLatency: Span = .seconds(10)

    /// Members now, drained ones among them.
    package var memberCount: Int { members.count }
    /// Members that are available, drained ones among them.
    package private(set) var availableCount = 0
    /// Whether the available share of the members that are not drained is below the threshold (strictly: with 0.5, five
    /// of ten are enough).
    package private(set) var isPanicking = false

    private let settings: BalanceSettings
    private let slowStart: SlowStart?
    private let usesReports: Bool
    private let usesLatency: Bool

    /// By place; those whose generation is the current one are members.
    private var endpoints: [BalancedEndpoint] = []
    private var generation = 1
    /// Places, in the order in which they were given.
    private var members: [Int] = []
    private var hasStarted = false
    /// Where a rotation begins when there is nobody to go on with, as a share of the list.
    private var start = 0.0

    private var loads: EndpointLoads
    private var rules: PickRules
    private var candidates = Candidates()
    /// Scratch: the next candidates.
    private var others = Candidates()
    /// Scratch: indices of candidates that were tried, ascending.
    private var out: [Int] = []
    /// By place: index among the candidates, or −1.
    private var indices: [Int] = []

    /// When weights are looked at again.
    private var due = Instant.never
    private var rated: Instant?

    package init(_ settings: BalanceSettings) {
        self.settings = settings
        slowStart = settings.slowStart.map { SlowStart(window: $0, aggression: settings.aggression) }
        // Plain round robin has no weights that could be reported.
        usesReports = settings.weights != .plan && settings.rule != .roundRobin
        usesLatency = settings.rule == .peakEWMA
        rules = PickRules(settings.rule)
        loads = EndpointLoads(decay: settings.decay, areCompared: rules.comparesLoads)
    }

    /// Attempts that have begun at that place and not ended; 0 for one that was never a member.
    package func inFlight(_ place: Int) -> Int { isKnown(place) ? loads.loads[place].inFlight : 0 }

    // MARK: Picking

    /// Chooses an endpoint for an attempt.
    /// - Parameter tried: places not to pick again while another one may be picked; empty at the first attempt.
    /// - Returns: nil when there is nobody to pick.
    package mutating func pick(tried: [Int] = [], at now: Instant, using random: inout SeededRandom) -> Pick? {
        if now >= due { weigh(at: now) }
        guard !candidates.isEmpty else { return nil }
        if !tried.isEmpty, rules.rotates(candidates) {
            let index = rules.rotation.pick(from: candidates, besides: tried)
            return Pick(place: candidates.places[index], isPanic: isPanicking)
        }
        if !(tried.isEmpty && out.isEmpty) { leaveOut(tried) }
        let index = rules.pick(from: candidates, besides: out, loads: &loads, at: now, using: &random)
        return Pick(place: candidates.places[index], isPanic: isPanicking)
    }

    /// Notes which candidates were tried; none when all were.
    private mutating func leaveOut(_ tried: [Int]) {
        out.removeAll(keepingCapacity: true)
        for place in tried where isKnown(place) {
            let index = indices[place]
            if index >= 0, !out.contains(index) { out.insertInOrder(index) }
        }
        if out.count == candidates.count { out.removeAll(keepingCapacity: true) }
    }

    // MARK: What happens to endpoints

    /// An attempt begins there. Each is followed by one `ended`, however it ends.
    package mutating func began(_ place: Int, at now: Instant) {
        if isKnown(place) { loads.began(place) }
    }

    /// An attempt that began there has ended.
    /// - Parameter latency: nil when it was cancelled, which says nothing about the endpoint.
    package mutating func ended(_ place: Int, at now: Instant, latency: Span?, failed: Bool) {
        guard isKnown(place) else { return }
        loads.ended(place)
        guard let latency else { return }
        if usesLatency { loads.observe(failed ? max(latency, failureLatency) : latency, place, at: now) }
        if usesReports { endpoints[place].reported.answered() }
    }

    /// An endpoint says how loaded it is. Nothing changes when weights are the plan's.
    package mutating func report(_ place: Int, _ load: LoadReport, at now: Instant) {
        if usesReports, isMember(place) { endpoints[place].reported.take(load, at: now) }
    }

    /// Whether an endpoint may be picked: it is healthy, not ejected, its breaker not open. A newcomer may.
    ///
    /// One that comes back begins slowly, as in Envoy, and its reports begin anew.
    package mutating func setAvailable(_ place: Int, _ isAvailable: Bool, at now: Instant) {
        guard isMember(place), endpoints[place].isAvailable != isAvailable else { return }
        endpoints[place].isAvailable = isAvailable
        if isAvailable { endpoints[place].begin(slowly: slowStart == nil ? nil : now) }
        gather(at: now)
    }

    /// The endpoints that there are now. What is known of those that stay is kept. New ones begin slowly, except in the
    /// first set that is not empty: at the start all are new (HAProxy).
    package mutating func setMembers(_ members: [Member], at now: Instant, using random: inout SeededRandom) {
        generation += 1
        self.members.removeAll(keepingCapacity: true)
        for member in members where 0..<Self.mostPlaces ~= member.place {
            let place = member.place
            grow(to: place + 1)
            guard endpoints[place].generation != generation else { continue }
            if endpoints[place].generation != generation - 1 {
                endpoints[place] = BalancedEndpoint()
                endpoints[place].begin(slowly: hasStarted && slowStart != nil ? now : nil)
                loads.forgetLatency(place)
                rules.smooth.set(0, place)
            }
            endpoints[place].generation = generation
            endpoints[place].weight = min(max(0, member.weight), Int(UInt32.max))
            self.members.append(place)
        }
        candidates.reserve(self.members.count)
        others.reserve(self.members.count)
        rules.reserve(self.members.count)
        let isFirst = !hasStarted && !self.members.isEmpty
        if isFirst {
            hasStarted = true
            start = 1 - random.nextUnit()
        }
        gather(at: now)
        if isFirst { rules.scatter(candidates, using: &random) }
    }

    // MARK: Members and weights

    private func isKnown(_ place: Int) -> Bool { endpoints.indices.contains(place) }

    private func isMember(_ place: Int) -> Bool { isKnown(place) && endpoints[place].generation == generation }

    private mutating func grow(to count: Int) {
        let missing = count - endpoints.count
        guard missing > 0 else { return }
        endpoints.append(contentsOf: repeatElement(BalancedEndpoint(), count: missing))
        indices.append(contentsOf: repeatElement(-1, count: missing))
        loads.grow(to: count)
        rules.smooth.grow(to: count)
    }

    /// Makes the list of those that may be picked.
    private mutating func gather(at now: Instant) {
        let isDrained = members.allSatisfy { endpoints[$0].weight == 0 }
        availableCount = 0
        var (serving, available) = (0, 0)
        for place in members {
            if endpoints[place].isAvailable { availableCount += 1 }
            guard isDrained || endpoints[place].weight > 0 else { continue }
            serving += 1
            if endpoints[place].isAvailable { available += 1 }
        }
        isPanicking = serving > 0 && Double(available) / Double(serving) < settings.panic

        others.removeAll()
        for place in candidates.places { indices[place] = -1 }
        for place in members where isDrained || endpoints[place].weight > 0 {
            guard isPanicking || endpoints[place].isAvailable else { continue }
            indices[place] = others.count
            others.append(place, weight: 1)
        }
        swap(&candidates, &others)
        rules.rotation.follow(from: others, indices: indices, start: Int(start * Double(candidates.count)))
        weigh(at: now)
    }

    /// Gives the candidates their weights of this moment, and says when to do it again.
    private mutating func weigh(at now: Instant) {
        due = .never
        let mean = usesReports ? takeReports(at: now) : nil
        for index in 0..<candidates.count {
            let place = candidates.places[index]
            var weight = 1.0
            if let mean {
                weight = endpoints[place].reported.weight(at: now).map { min(max(0.01, $0 / mean), 10) } ?? 1
            } else if settings.rule != .roundRobin, !usesReports, endpoints[place].weight > 0 {
                weight = Double(endpoints[place].weight)
            }
            if let slowStart, let since = endpoints[place].since {
                let factor = slowStart.factor(after: now - since)
                if factor < 1 { due = min(due, now + slowStart.step) } else { endpoints[place].since = nil }
                weight *= factor
            }
            candidates.setWeight(weight, at: index)
            loads.setWeight(weight, place)
        }
        candidates.seal()
    }

    /// The mean of the weights that are known by reports; nil with fewer than two, when all count the same (A58). Weights
    /// are held within 1/100 and 10 times the mean, so that no report can take everything.
    private mutating func takeReports(at now: Instant) -> Double? {
        due = now + .seconds(1)
        let elapsed = rated.map { now - $0 }
        if elapsed.map({ $0 >= .seconds(1) }) ?? true {
            rated = now
            for place in members { endpoints[place].reported.takeRate(over: elapsed ?? .zero) }
        }
        var (sum, known) = (0.0, 0)
        for place in candidates.places {
            guard let weight = endpoints[place].reported.weight(at: now) else { continue }
            sum += weight
            known += 1
        }
        return known < 2 || !sum.isFinite ? nil : sum / Double(known)
    }
}
