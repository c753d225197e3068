package import Core
import Plans
package import Recording

/// One execution of a program: clients on their loops, phase after phase, then the drain.
package struct LoadRun: Sendable {
    private let program: LoadProgram
    private let loops: [any Loop]
    private let endpoints: EndpointFeed?
    private let makeTransport: @Sendable (any Loop) -> sending any Transporting

    /// - Parameters:
    ///   - loops: at least one; client i lives on loop i mod loops.
    ///   - endpoints: where the endpoints of a plan that has some come from; with a first set in it.
    ///   - makeTransport: makes a client's transport; called on its loop.
    package init(
        _ program: LoadProgram, on loops: [any Loop], endpoints: EndpointFeed? = nil,
        makeTransport: @escaping @Sendable (any Loop) -> sending any Transporting
    ) {
        precondition(!loops.isEmpty, "a run needs at least one loop")
        self.program = program
        self.loops = loops
        self.endpoints = endpoints
        self.makeTransport = makeTransport
    }

    /// What a run found, besides its intervals.
    package struct Result: Sendable {
        /// Counts of the whole run, with the peaks of its gauges.
        package let totals: Interval
        /// By phase that began: when, since the start of the run, and how busy the busiest loop was.
        package let phases: [PhaseResult]
        /// From the first arrival to the end of the drain.
        package let total: Span
        package let wasStopped: Bool
        /// A data source that is not to be repeated came to its end, and the load ended with it.
        package let dataEnded: Bool
        /// When the set of shards changed, and which share of all keys then had another shard.
        package let movedKeys: [(time: Span, share: Double)]
        /// What must hold in every run and did not hold in this one, in words: a fault of ours. Of each client the first few.
        package let violations: [String]
        /// What went wrong in teardown; nil when nothing did.
        package let teardownFailure: String?
    }

    package struct PhaseResult: Sendable {
        package let start: Span
        package let end: Span
        /// CPU time over wall time of the busiest loop's thread, 0 to 1.
        package let busiestLoop: Double
    }

    /// How long before the first arrival everything stands ready.
    private static let lead = Span.milliseconds(20)

    /// Runs to the end, or until the switch is pulled.
    /// - Parameters:
    ///   - wallTime: nanoseconds since 1970, now; for timestamps in requests and the ages of cookies.
    ///   - begun: told the origin of the run's time, just before the first arrival.
    ///   - collected: told each second of the run, in order, away from the loops.
    /// - Throws: `LoadFailure` when a step cannot be sent as it stands, or when setup fails; no load has been sent then.
    package func execute(
        stop: StopSwitch, wallTime: Int64 = 0, begun: (Instant) -> Void = { _ in },
        collected: @escaping @Sendable (CollectedInterval) -> Void
    ) async throws(LoadFailure) -> Result {
        var clients: [Client] = []
        for index in 0..<program.client.clients {
            do throws(InvalidRequest) {
                clients.append(try await makeClient(index, wallTime).get())
            } catch {
                throw .invalidRequest("\(error)")
            }
        }
        stop.whenPulled { [clients] in
            for client in clients { Task(executorPreference: client.loop.taskExecutor) { await client.stop() } }
        }
        await follow(endpoints, clients)
        let rows = try await setUp(clients)
        let origin = loops[0].sample() + Self.lead
        begun(origin)

        let spares = SpareIntervals(program.series)
        let (deliveries, inbox) = AsyncStream<Delivery>.makeStream()
        async let totals = Self.collect(deliveries, program.series, program.client.clients, spares, collected)
        for client in clients {
            Task(executorPreference: client.loop.taskExecutor) {
                await client.tick(from: origin, spares: spares) { inbox.yield($0) }
            }
        }

        let phases = await runPhases(clients, from: origin, rows: rows, stop)
        // From the end of the load, not from its last arrival, which may have begun long before. A stop shortens it.
        let loadEnd = phases.last.map { origin + $0.end } ?? origin
        let limit = max(loops[0].sample(), loadEnd) + program.longestCall + .seconds(1)
        await Self.each(clients) { await $0.drain(until: limit) }
        let end = loops[0].sample()
        let wasStopped = stop.isPulled
        let (free, dataEnded) = await closeRows(clients)
        let teardownFailure = await tearDown(clients[0], rows: free)
        endpoints?.unfollow()
        await Self.each(clients) { await $0.close() }
        await Self.each(clients) { inbox.yield(await $0.lastInterval(from: origin, spares: spares)) }
        inbox.finish()
        return Result(
            totals: await totals, phases: phases, total: max(.zero, end - origin), wasStopped: wasStopped,
            dataEnded: dataEnded, movedKeys: await Self.each([clients[0]]) { await $0.movedKeys }[0],
            violations: await Self.each(clients) { await $0.policies.audit.violations }.flatMap(\.self),
            teardownFailure: teardownFailure)
    }

    /// Gives all clients their endpoints, now and whenever they change.
    private func follow(_ endpoints: EndpointFeed?, _ clients: [Client]) async {
        guard let endpoints else { return }
        let first = endpoints.whenUpdated { update in
            for client in clients { Task(executorPreference: client.loop.taskExecutor) { await client.take(update) } }
        }
        if let first { await Self.each(clients) { await $0.take(first) } }
    }

    /// Runs setup on the first client and hands what it left to all.
    /// - Returns: by data source, the first row that is free.
    private func setUp(_ clients: [Client]) async throws(LoadFailure) -> [Int] {
        guard !program.setup.items.isEmpty else { return Array(repeating: 0, count: program.data.count) }
        let first = clients[0]
        let done = await Self.each([first]) { await $0.setUp() }[0]
        if let failure = done.failure {
            // What was set up before it failed can be torn down.
            await Self.each([first]) { await $0.adopt(done.values) }
            _ = await tearDown(first, rows: done.rows)
            endpoints?.unfollow()
            await Self.each(clients) { await $0.close() }
            throw .setupFailed(failure)
        }
        await Self.each(clients) { await $0.adopt(done.values) }
        return done.rows
    }

    private func tearDown(_ client: Client, rows: [Int]) async -> String? {
        guard !program.teardown.items.isEmpty else { return nil }
        return await Self.each([client]) { await $0.tearDown(rows: rows) }[0]
    }

    /// Ends the present phase for the rows of data.
    /// - Returns: by data source, the first row that is free; and whether one has come to its end.
    private func closeRows(_ clients: [Client]) async -> (free: [Int], isExhausted: Bool) {
        let parts = await Self.each(clients) { await $0.closeRows() }
        let none = Array(repeating: 0, count: program.data.count)
        return (
            parts.reduce(none) { zip($0, $1.rows).map { max($0, $1) } }, parts.contains(where: \.isExhausted)
        )
    }

    /// An actor's initialiser runs where its caller does, and a transport must be born on its loop.
    private func makeClient(_ index: Int, _ wallTime: Int64) async -> Swift.Result<Client, InvalidRequest> {
        let loop = loops[index % loops.count]
        return await Task(executorPreference: loop.taskExecutor) { [program, makeTransport] in
            do throws(InvalidRequest) {
                return .success(
                    try Client(
                        index: index, program: program, loop: loop, transport: makeTransport(loop), wallTime: wallTime))
            } catch {
                return .failure(error)
            }
        }.value
    }

    private func runPhases(
        _ clients: [Client], from origin: Instant, rows: [Int], _ stop: StopSwitch
    ) async -> [PhaseResult] {
        var results: [PhaseResult] = []
        var start = origin
        var rows = rows
        for index in program.phases.indices where !stop.isPulled {
            // Last of all, when nobody of the phase before begins any more: flows under way draw to the last moment.
            if index > 0, !rows.isEmpty { rows = await closeRows(clients).free }
            let parts = await Self.each(clients) { [start, first = program.rows(of: index, free: rows)] in
                let part = await $0.run(phase: index, from: start, rows: first)
                if let last = part.lastArrival { for client in clients { await client.endArrivals(after: last) } }
                return part
            }
            let now = loops[0].sample()
            let dataEnded = parts.contains { $0.lastArrival != nil }
            let planned = program.phases[index].duration.map { start + $0 }
            let end = stop.isPulled || dataEnded ? max(start, now) : planned ?? now
            results.append(
                PhaseResult(
                    start: start - origin, end: end - origin, busiestLoop: parts.map(\.loopShare).max() ?? 0))
            if dataEnded { break }
            start = end
        }
        return results
    }

    /// Does something with every client at once, each on its own loop.
    @discardableResult
    private static func each<Value: Sendable>(
        _ clients: [Client], _ body: @escaping @Sendable (Client) async -> Value
    ) async -> [Value] {
        await withTaskGroup(of: Value.self) { group in
            for client in clients {
                group.addTask(executorPreference: client.loop.taskExecutor) { await body(client) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private static func collect(
        _ deliveries: AsyncStream<Delivery>, _ table: SeriesTable, _ clients: Int, _ spares: SpareIntervals,
        _ collected: @Sendable (CollectedInterval) -> Void
    ) async -> Interval {
        var collector = IntervalCollector(table: table, clients: clients, spares: spares)
        for await delivery in deliveries { collector.add(delivery, collected) }
        collector.finish(collected)
        return collector.totals
    }
}

/// Why a run did not come about.
package enum LoadFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// A step cannot be sent as it stands.
    case invalidRequest(String)
    /// A step of setup failed.
    case setupFailed(String)

    package var description: String {
        switch self {
        case .invalidRequest(let reason): "the plan cannot be sent: \(reason)"
        case .setupFailed(let reason): "setup failed, and no load was sent: \(reason)"
        }
    }
}
