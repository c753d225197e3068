import Arrivals
import Core
import Engine
import Loops
import Model
import Plans
import Policies
import Recording
import Simulation
import Synchronization

/// All that a run in virtual time needs: the loop, the lab, the endpoints and who changes them, the switch.
struct Stage {
    let plan: Plan
    let program: LoadProgram
    let loop: VirtualLoop
    let lab: SimulatedLab
    let book = RunBook()
    private let drawn: RandomPlan
    private let base: String
    private let feed: EndpointFeed?
    private let endpoints: [Endpoint]
    /// When each endpoint is away and everybody is told.
    private let absences: [ReplicaTimeline]
    private let times = Times()

    /// Those who have nothing to do with the run but its changes and its stop.
    private static let watchers = SleepGroup(id: 2_000_000)
    /// When a run is stopped that has not ended by itself.
    private static let patience = Span.seconds(10)

    private final class Times: Sendable {
        let origin = Mutex(Instant.unset)
        let stop = Mutex(Instant.never)
    }

    init(_ plan: Plan, _ drawn: RandomPlan) {
        self.plan = plan
        self.drawn = drawn
        let seed = drawn.seed
        loop = VirtualLoop(shuffle: drawn.shuffles ? SeededRandom(seed: seed, stream: 77) : nil)
        let description = plan.lab ?? LabDescription(services: [])
        lab = SimulatedLab(description, seed: seed, loop: loop)
        base = "http://" + (lab.listeners.first?.address ?? "")
        program = LoadProgram(plan, base: base, seed: seed)
        let addresses = Dictionary(uniqueKeysWithValues: lab.listeners.map { ($0.service, $0.address) })
        endpoints = Self.endpoints(plan.endpoints, addresses)
        feed = endpoints.isEmpty ? nil : EndpointFeed()
        let listeners = Dictionary(uniqueKeysWithValues: description.listeners.map { ("lab/\($0.name)", $0.episodes) })
        absences = endpoints.map { endpoint in
            ReplicaTimeline(
                (listeners[endpoint.label] ?? []).filter(\.isAnnounced), replica: 0, of: 1)
        }
        feed?.update(present(at: .zero))
    }

    private static func endpoints(_ planned: PlannedEndpoints?, _ addresses: [String: String]) -> [Endpoint] {
        guard case .fixed(let planned) = planned else { return [] }
        return planned.flatMap { endpoint -> [Endpoint] in
            guard case .lab(let service) = endpoint.place else { return [] }
            let names = addresses[service] == nil ? (0..<addresses.count).map { "\(service)/\($0)" } : [service]
            return names.compactMap { name in
                guard let address = addresses[name], let colon = address.lastIndex(of: ":") else { return nil }
                return Endpoint(
                    host: String(address[..<colon]), port: UInt16(address[address.index(after: colon)...]) ?? 0,
                    weight: endpoint.weight, zone: endpoint.zone, name: "lab/\(name)")
            }
        }
    }

    // MARK: The run

    func run() -> Result<LoadRun.Result, LoadFailure> {
        let stop = StopSwitch()
        let settings = plan.transport
        let policies = plan.client.policies
        var limits = WatchedTransport.Limits()
        // Health checks go past the pool.
        if let pool = policies.pool, policies.check == nil {
            (limits.connections, limits.perEndpoint) = (pool.connections ?? .max, pool.perEndpoint ?? .max)
        }
        let load = LoadRun(program, on: [loop], endpoints: feed) {
            [lab, loop, book, limits, seed = drawn.seed] _ in
            let transport = SimulatedTransport(lab: lab, loop: loop, settings: settings, seed: seed)
            return WatchedTransport(transport, loop: loop, limits: limits, book: book)
        }
        let stopsAt = drawn.stopsAt ?? Self.patience
        return loop.run { [self] () async -> Result<LoadRun.Result, LoadFailure> in
            Task(executorPreference: loop.taskExecutor) {
                guard await loop.sleep(until: loop.now + stopsAt, in: Self.watchers) else { return }
                times.stop.withLock { $0 = loop.now }
                stop.pull()
            }
            defer { loop.wake(Self.watchers) }
            do throws(LoadFailure) {
                return .success(
                    try await load.execute(
                        stop: stop, wallTime: 1_000_000_000_000_000_000,
                        begun: { origin in
                            times.origin.withLock { $0 = origin }
                            lab.begin(at: origin)
                            Task(executorPreference: loop.taskExecutor) { await tell(from: origin) }
                        },
                        collected: { second in book.add(second.counts, longest: second.response.max) }))
            } catch {
                return .failure(error)
            }
        }
    }

    // MARK: Changes of the set

    private func present(at time: Span) -> [Endpoint] {
        zip(endpoints, absences).filter { !$0.1.isOut(at: time) }.map(\.0)
    }

    /// Tells of replicas that leave with notice; and, as the plan has it, says something else now and then.
    private func tell(from origin: Instant) async {
        guard let feed else { return }
        var draw = PlanDraw(seed: drawn.seed, stream: 5)
        var changes = drawn.changes.sorted()
        var time = Span.zero
        while true {
            let announced = absences.compactMap { $0.nextChange(after: time) }.min()
            guard let next = [announced, changes.first].compactMap(\.self).min() else { return }
            guard await loop.sleep(until: origin + next, in: Self.watchers) else { return }
            time = next
            let isDrawn = changes.first == next
            while changes.first == next { changes.removeFirst() }
            if isDrawn, draw.chance(10) {
                feed.failed("nobody answers")
            } else {
                var set = present(at: next)
                if isDrawn {
                    set = set.filter { _ in draw.chance(70) }
                    for index in set.indices where draw.chance(20) { set[index].weight = draw.number(0...5) }
                    if draw.chance(20) { set.reverse() }
                }
                feed.update(set)
            }
        }
    }

    // MARK: Bounds

    /// No call takes longer.
    var longestCall: Span { program.longestCall }

    /// From the first arrival to the end of the drain.
    var longestRun: Span {
        let (origin, stop) = (times.origin.withLock(\.self), times.stop.withLock(\.self))
        let durations = program.phases.map(\.duration)
        // A stop is patient for 5 s, and the drain looks every millisecond.
        let stopped = stop == .never ? Span.seconds(3_600) : max(.zero, stop - origin) + .seconds(5) + .milliseconds(10)
        guard !durations.contains(nil) else { return stopped }
        let planned = durations.reduce(.zero) { $0 + ($1 ?? .zero) } + longestCall + .seconds(1) + .milliseconds(10)
        return min(planned, stopped)
    }

    // MARK: After the end

    /// Whether the loop, the lab and its connections come to rest.
    func settle(_ violations: inout [String]) {
        loop.run { [loop] in
            for _ in 0..<3 { await loop.nextTurn() }
        }
        if !loop.isIdle { violations.append("something waits on the loop after the end of the run") }
        let (end, sent) = (loop.now, lab.sent)
        loop.run { [loop, lab] in
            while !lab.isAtRest, loop.now < end + .seconds(600) {
                _ = await loop.sleep(until: loop.now + .milliseconds(100), in: Self.watchers)
            }
        }
        if !lab.isAtRest { violations.append("the lab is at work ten minutes after the end of the run") }
        if lab.sent != sent { violations.append("requests went out after the end of the run") }
        for (index, listener) in lab.listeners.enumerated() {
            let counts = lab.counts(of: index)
            if counts.pending != 0 {
                violations.append("\(listener.service) has \(counts.pending) requests of which nothing came: \(counts)")
            }
            if counts.open != 0 { violations.append("\(listener.service) has \(counts.open) connections open") }
        }
        if lab.listeners.indices.reduce(0, { $0 + lab.counts(of: $1).received }) != lab.received {
            violations.append("the services have not received what the lab has")
        }
    }
}
