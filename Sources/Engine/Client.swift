import Arrivals
import Core
import Plans
import Recording

/// One instance of the client side: its transport, its share of the arrivals and users, its recorder.
///
/// An actor on its loop: users and calls are tasks that prefer the loop, so a flow is straight-line code and a resumption
/// never leaves the thread. Nothing here is shared with another client.
actor Client {
    nonisolated let loop: any Loop
    nonisolated let index: Int
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.serialExecutor.asUnownedSerialExecutor() }

    private let program: LoadProgram
    private let stripe: Stripe
    private let transport: any Transporting
    /// By step.
    private let requests: [PreparedID]
    private var recorder: Recorder

    private var inFlight = 0
    private var peakInFlight = 0
    private var phase = 0
    private var isStopping = false
    /// When calls under way are cut off.
    private var drainLimit = Instant.never
    /// Everybody who sleeps here: drivers, thinking users.
    private nonisolated let sleepers: SleepGroup
    /// Runners that wait for an arrival to start.
    private var idleRunners: [UnsafeContinuation<Order?, Never>] = []
    private var runners = 0
    /// By phase: users that have not gone home.
    private var users: [Int]
    /// Who waits for a phase's last user to go home.
    private var lastUserGone: UnsafeContinuation<Void, Never>?
    /// Calls left for this client in a phase that a count ends.
    private var callsLeft = 0
    private var lastRotation: (at: Instant, cpu: Span)
    private var intervals = 0
    private var isTicking = true

    /// An arrival for a runner.
    private struct Order {
        let n: Int
        let phase: Int
        let intended: Instant
    }

    /// - Parameters:
    ///   - index: which of the plan's clients, from 0.
    ///   - transport: made on the loop; it belongs to this client from now on.
    /// - Throws: `InvalidRequest` for a step that cannot be sent as it stands; `gale check` finds it first.
    init(index: Int, program: LoadProgram, loop: any Loop, transport: sending any Transporting) throws(InvalidRequest) {
        self.index = index
        self.program = program
        self.loop = loop
        stripe = Stripe(index, of: program.client.clients)
        sleepers = SleepGroup(id: UInt32(index))
        recorder = Recorder(program.series)
        var requests: [PreparedID] = []
        for step in program.steps { requests.append(try transport.prepare(step.request)) }
        self.requests = requests
        self.transport = transport
        users = Array(repeating: 0, count: program.phases.count)
        lastRotation = (loop.now, .zero)
    }

    // MARK: Phases

    /// Issues this client's part of a phase that begins at `start`.
    ///
    /// It ends, for a phase with a duration, when its part has been issued (calls may still be under way); for one that a
    /// count ends, when its calls are done.
    /// - Returns: the share of a core that the loop used meanwhile, 0 to 1.
    func run(phase index: Int, from start: Instant) async -> Double {
        guard !isStopping else { return 0 }
        let cpu = loop.threadCPU
        phase = index
        switch program.phases[index] {
        case .open(let schedule, let duration):
            await issue(schedule, phase: index, from: start, until: start + duration)
        case .closed(let schedule, let think, let end):
            await admit(schedule, think: think, until: end, phase: index, from: start)
        }
        // Less than a tenth of a second says how busy a moment was, not a phase.
        let elapsed = (loop.sample() - start).seconds
        return elapsed >= 0.1 ? (loop.threadCPU - cpu).seconds / elapsed : 0
    }

    /// Starts arrivals at their intended times, however busy the target is.
    private func issue(_ schedule: OpenSchedule, phase: Int, from start: Instant, until end: Instant) async {
        let warmUp = program.warmUp[phase]
        var started = 0
        for arrival in schedule.cursor(stripe) {
            let intended = start + arrival.offset
            if intended > loop.now {
                // Sleeping only for what lies ahead: an arrival that is due starts in this turn.
                if !(await loop.sleep(until: intended, in: sleepers)) || isStopping { return }
                started = 0
            } else if started == Self.startsPerTurn {
                // Behind the schedule: sockets must be served all the same.
                await loop.nextTurn()
                started = 0
            }
            if isStopping { return }
            started += 1
            if loop.now > end + Self.lateness {
                recorder.arrivalDropped(late: true, warmUp: warmUp)
            } else if inFlight >= program.client.inFlight {
                recorder.arrivalDropped(late: false, warmUp: warmUp)
            } else {
                begin(Order(n: arrival.n, phase: phase, intended: intended))
            }
        }
    }

    /// The most arrivals that start in one turn of the loop.
    private static let startsPerTurn = 64
    /// How long after the end of its phase an overdue arrival may still start; then it is dropped as the generator's fault.
    private static let lateness = Span.seconds(1)

    private func begin(_ order: Order) {
        recorder.arrivalStarted(warmUp: program.warmUp[order.phase])
        // Counted here, not when the runner gets its turn: the bound must hold within one turn too.
        inFlight += 1
        if inFlight > peakInFlight { peakInFlight = inFlight }
        if let runner = idleRunners.popLast() {
            runner.resume(returning: order)
        } else {
            runners += 1
            Task(executorPreference: loop.taskExecutor) { await self.serve(order) }
        }
    }

    /// A runner: one arrival after the other. Reusing its task is cheaper than making one for each arrival.
    private func serve(_ first: Order) async {
        var order = first
        while true {
            await go(order.n, phase: order.phase, intended: order.intended)
            let next: Order? = await withUnsafeContinuation { idleRunners.append($0) }
            guard let next else { break }
            order = next
        }
        runners -= 1
    }

    /// Lets users in and out of a closed phase.
    private func admit(
        _ schedule: UserSchedule, think: Span, until end: ClosedEnd, phase: Int, from start: Instant
    ) async {
        var phaseEnd = Instant.never
        switch end {
        case .after(let duration): phaseEnd = start + duration
        case .count(let count): callsLeft = schedule.share(of: count, for: stripe)
        }
        let counted = phaseEnd == .never
        for user in schedule.users(of: stripe) {
            let leave = min(schedule.leave(of: user).map { start + $0 } ?? phaseEnd, phaseEnd)
            let join = start + schedule.join(of: user)
            users[phase] += 1
            Task(executorPreference: loop.taskExecutor) {
                await self.live(user, phase: phase, from: join, until: leave, think: think, counted: counted)
            }
        }
        if counted {
            if users[phase] > 0 { await withUnsafeContinuation { lastUserGone = $0 } }
        } else {
            _ = await loop.sleep(until: phaseEnd, in: sleepers)
        }
    }

    /// One user: a call, a thought, the next call; its calls are numbered user, user + users, user + 2·users, …
    private func live(
        _ user: Int, phase: Int, from join: Instant, until leave: Instant, think: Span, counted: Bool
    ) async {
        defer { goHome(from: phase) }
        var intended = join
        var n = user
        guard case .closed(let schedule, _, _) = program.phases[phase] else { return }
        while !isStopping, intended < leave {
            // The end of the last call was stamped within this turn, after its clock was sampled: only a look at the clock
            // of this moment tells whether there is anything to wait for.
            if intended > loop.now, intended > loop.sample(), !(await loop.sleep(until: intended, in: sleepers)) {
                return
            }
            if isStopping { return }
            if counted {
                guard callsLeft > 0 else { return }
                callsLeft -= 1
            }
            recorder.arrivalStarted(warmUp: program.warmUp[phase])
            inFlight += 1
            if inFlight > peakInFlight { peakInFlight = inFlight }
            intended = await go(n, phase: phase, intended: intended) + think
            n += schedule.users
        }
    }

    private func goHome(from phase: Int) {
        users[phase] -= 1
        if users[phase] == 0, phase == self.phase {
            lastUserGone?.resume()
            lastUserGone = nil
        }
    }

    // MARK: Calls

    /// Takes one arrival through its scenario, from its intended time.
    /// - Returns: when it ended.
    @discardableResult
    private func go(_ n: Int, phase: Int, intended: Instant) async -> Instant {
        var next = intended
        var whole = true
        for step in program.flow(of: n, phase: phase) {
            guard let end = await call(step, phase: phase, intended: next, isFirst: next == intended) else {
                whole = false
                break
            }
            next = end
        }
        recorder.arrivalEnded(whole: whole, warmUp: program.warmUp[phase])
        inFlight -= 1
        return next
    }

    /// One call.
    /// - Returns: when it ended; nil when the run was stopped under it.
    private func call(_ index: Int, phase: Int, intended: Instant, isFirst: Bool) async -> Instant? {
        var deadline = intended + program.client.totalTimeout
        var kind = FailureKind.total_timeout
        if let limit = program.client.attemptTimeout {
            let attemptDeadline = loop.sample() + limit
            if attemptDeadline < deadline { (deadline, kind) = (attemptDeadline, .attempt_timeout) }
        }
        let attempt = await transport.send(requests[index], deadline: deadline, deadlineKind: kind)
        if attempt.cancelled {
            recorder.cancelled(attempt, warmUp: program.warmUp[phase])
            return nil
        }
        let failure = attempt.failure ?? program.steps[index].expect.failure(of: attempt.status)
        recorder.call(
            step: index, intended: intended, attempt, failure: failure, warmUp: program.warmUp[phase],
            isScheduled: program.isOpen[phase] && isFirst)
        return attempt.end
    }

    // MARK: The end

    /// Begins no further call; those under way go on.
    func stop() {
        isStopping = true
        loop.wake(sleepers)
        lastUserGone?.resume()
        lastUserGone = nil
        drainLimit = min(drainLimit, loop.sample() + Self.stopPatience)
    }

    /// How long calls may still take when the run is stopped.
    private static let stopPatience = Span.seconds(5)

    /// Waits until every call has ended; at `limit` cuts off the ones that have not, and lets every task go home.
    func drain(until limit: Instant) async {
        isStopping = true
        drainLimit = min(drainLimit, limit)
        loop.wake(sleepers)
        while inFlight > 0, loop.now < drainLimit {
            _ = await loop.sleep(until: loop.now + .milliseconds(1), in: sleepers)
        }
        if inFlight > 0 { transport.cancelAll() }
        while inFlight > 0 || users.contains(where: { $0 > 0 }) { await loop.nextTurn() }
        for runner in idleRunners { runner.resume(returning: nil) }
        idleRunners.removeAll()
        while runners > 0 { await loop.nextTurn() }
        transport.close()
    }

    // MARK: What it says

    /// Delivers an interval at each whole second of the run, until the last one is taken.
    func tick(from origin: Instant, spares: SpareIntervals, deliver: @Sendable (Delivery) -> Void) async {
        lastRotation = (origin, loop.threadCPU)
        while isTicking {
            let next = origin + .seconds(Int64(intervals + 1))
            guard await loop.sleep(until: next, in: SleepGroup(id: .max)), isTicking else { return }
            deliver(takeInterval(from: origin, until: next, leaving: spares.take()))
        }
    }

    /// Ends the ticking and returns what was counted since.
    func lastInterval(from origin: Instant, spares: SpareIntervals) -> Delivery {
        isTicking = false
        loop.wake(SleepGroup(id: .max))
        return takeInterval(from: origin, until: loop.sample(), leaving: spares.take())
    }

    /// What was counted since the last time, with the gauges of this moment.
    private func takeInterval(from origin: Instant, until end: Instant, leaving empty: Interval) -> Delivery {
        let now = loop.sample()
        let cpu = loop.threadCPU
        let interval = recorder.rotate(to: empty)
        interval.phase = phase
        interval.inFlight = inFlight
        interval.peakInFlight = peakInFlight
        interval.connections = transport.openConnections
        interval.peakConnections = transport.peakConnections
        let elapsed = (now - lastRotation.at).seconds
        interval.loopShare = elapsed > 0 ? (cpu - lastRotation.cpu).seconds / elapsed : 0
        interval.longestTurn = loop.longestTurn
        lastRotation = (now, cpu)
        defer { intervals += 1 }
        let start = Span.seconds(Int64(intervals))
        return Delivery(
            number: intervals, start: start, length: max(.zero, end - origin - start), interval: interval)
    }
}
