package import Core
import Plans
package import Recording

/// One execution of a program: clients on their loops, phase after phase, then the drain.
package struct LoadRun: Sendable {
    private let program: LoadProgram
    private let loops: [any Loop]
    private let makeTransport: @Sendable (any Loop) -> sending any Transporting

    /// - Parameters:
    ///   - loops: at least one; client i lives on loop i mod loops.
    ///   - makeTransport: makes a client's transport; called on its loop.
    package init(
        _ program: LoadProgram, on loops: [any Loop],
        makeTransport: @escaping @Sendable (any Loop) -> sending any Transporting
    ) {
        precondition(!loops.isEmpty, "a run needs at least one loop")
        self.program = program
        self.loops = loops
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
    ///   - begun: told the origin of the run's time, just before the first arrival.
    ///   - collected: told each second of the run, in order, away from the loops.
    /// - Throws: `InvalidRequest` when a step cannot be sent as it stands; nothing has been sent then.
    package func execute(
        stop: StopSwitch, begun: (Instant) -> Void = { _ in },
        collected: @escaping @Sendable (CollectedInterval) -> Void
    ) async throws(InvalidRequest) -> Result {
        var clients: [Client] = []
        for index in 0..<program.client.clients { clients.append(try await makeClient(index).get()) }
        stop.whenPulled { [clients] in
            for client in clients { Task(executorPreference: client.loop.taskExecutor) { await client.stop() } }
        }
        let origin = loops[0].sample() + Self.lead
        begun(origin)

        let spares = SpareIntervals(program.series)
        let (deliveries, inbox) = AsyncStream<Delivery>.makeStream()
        async let totals = Self.collect(deliveries, program.series, clients.count, spares, collected)
        for client in clients {
            Task(executorPreference: client.loop.taskExecutor) {
                await client.tick(from: origin, spares: spares) { inbox.yield($0) }
            }
        }

        let phases = await runPhases(clients, from: origin, stop)
        // A stop, before or during the drain, shortens it.
        let limit = loops[0].sample() + program.client.totalTimeout + .seconds(1)
        await Self.each(clients) { await $0.drain(until: limit) }
        let end = loops[0].sample()
        await Self.each(clients) { inbox.yield(await $0.lastInterval(from: origin, spares: spares)) }
        inbox.finish()
        return Result(totals: await totals, phases: phases, total: max(.zero, end - origin), wasStopped: stop.isPulled)
    }

    /// An actor's initialiser runs where its caller does, and a transport must be born on its loop.
    private func makeClient(_ index: Int) async -> Swift.Result<Client, InvalidRequest> {
        let loop = loops[index % loops.count]
        return await Task(executorPreference: loop.taskExecutor) { [program, makeTransport] in
            do throws(InvalidRequest) {
                return .success(
                    try Client(index: index, program: program, loop: loop, transport: makeTransport(loop)))
            } catch {
                return .failure(error)
            }
        }.value
    }

    private func runPhases(
        _ clients: [Client], from origin: Instant, _ stop: StopSwitch
    ) async -> [PhaseResult] {
        var results: [PhaseResult] = []
        var start = origin
        for index in program.phases.indices where !stop.isPulled {
            let shares = await Self.each(clients) { [start] in await $0.run(phase: index, from: start) }
            let now = loops[0].sample()
            let end = stop.isPulled ? max(start, now) : program.phases[index].duration.map { start + $0 } ?? now
            results.append(PhaseResult(start: start - origin, end: end - origin, busiestLoop: shares.max() ?? 0))
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
