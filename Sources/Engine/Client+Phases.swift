import Arrivals
import Core
import Plans

/// Phases: arrivals at the times of a schedule, and users who come and go.
extension Client {
    /// What came of one client's part of a phase.
    struct Part: Sendable {
        /// The share of a core that the loop used meanwhile, 0 to 1.
        var loopShare = 0.0
        /// A data source has come to its end: no arrival begins after that instant, on any client.
        var lastArrival: Instant?
    }

    /// Issues this client's part of a phase that begins at `start`.
    ///
    /// It ends, for a phase with a duration, when its part has been issued (calls may still be under way); for one that a
    /// count ends, when its calls are done.
    /// - Parameter rows: by data source, the row at which the phase begins.
    func run(phase index: Int, from start: Instant, rows: [Int]) async -> Part {
        let cpu = loop.threadCPU
        phase = index
        begin(program.phases[index], rows: rows)
        guard !isStopping, !cursors.isExhausted else { return part() }
        switch program.phases[index] {
        case .open(let schedule, let duration):
            await issue(schedule.cursor(stripe), phase: index, from: start, until: start + duration)
        case .replay(let schedule, let duration):
            let end = start + duration
            await issue(schedule.cursor(stripe), phase: index, from: start, until: end)
            // A recording may end long before its phase does, unless the data have ended the load.
            if !isStopping, end <= lastArrival, end > loop.now { _ = await loop.sleep(until: end, in: sleepers) }
        case .closed(let schedule, let think, let end):
            await admit(schedule, think: think, until: end, phase: index, from: start)
        }
        // Less than a tenth of a second says how busy a moment was, not a phase.
        let elapsed = (loop.sample() - start).seconds
        return part(loopShare: elapsed >= 0.1 ? (loop.threadCPU - cpu).seconds / elapsed : 0)
    }

    private func begin(_ phase: LoadProgram.Phase, rows: [Int]) {
        switch phase {
        case .open, .replay: cursors.begin(.open, at: rows)
        case .closed(let schedule, _, _): cursors.begin(.closed(users: schedule.users), at: rows)
        }
    }

    private func part(loopShare: Double = 0) -> Part {
        Part(loopShare: loopShare, lastArrival: cursors.isExhausted ? lastArrival : nil)
    }

    /// Starts arrivals at their intended times, however busy the target is.
    private func issue(
        _ arrivals: some Sequence<Arrival>, phase: Int, from start: Instant, until end: Instant
    ) async {
        let warmUp = program.warmUp[phase]
        var started = 0
        var passed = 0
        for arrival in arrivals {
            let intended = start + arrival.offset
            if intended > lastArrival { return }
            if intended > loop.now {
                // Sleeping only for what lies ahead: an arrival that is due starts in this turn.
                if !(await loop.sleep(until: intended, in: sleepers)), isStopping || intended > lastArrival { return }
                started = 0
            } else if started == Self.startsPerTurn {
                // Behind the schedule: sockets must be served all the same.
                await loop.nextTurn()
                started = 0
            }
            if isStopping { return }
            started += 1
            let flow = program.flow(of: arrival.n, phase: phase)
            passArrivals(passed..<arrival.n, phase: phase)
            passed = arrival.n + 1
            let session = session(for: flow, arrival.n, phase: phase)
            if cursors.isExhausted {
                endArrivals(after: intended)
                return
            }
            if loop.now > end + Self.lateness {
                recorder.arrivalDropped(late: true, warmUp: warmUp)
                if let session { idleSessions.append(session) }
            } else if inFlight >= program.client.inFlight {
                recorder.arrivalDropped(late: false, warmUp: warmUp)
                if let session { idleSessions.append(session) }
            } else {
                begin(Order(n: arrival.n, phase: phase, intended: intended, session: session))
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
            await go(order.n, phase: order.phase, order.session, intended: order.intended)
            if let session = order.session { idleSessions.append(session) }
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
        let session = program.needsSessions ? newSession() : nil
        session?.user = user
        while !isStopping, intended < leave, intended <= lastArrival {
            // The end of the last call was stamped within this turn, after its clock was sampled: only a look at the clock
            // of this moment tells whether there is anything to wait for.
            if intended > loop.now, intended > loop.sample(), !(await loop.sleep(until: intended, in: sleepers)) {
                return
            }
            // A generator that is late must not take rows of the phase that follows.
            if isStopping || intended > lastArrival || phase != self.phase || cursors.isClosed { return }
            if counted {
                guard callsLeft > 0 else { return }
                callsLeft -= 1
            }
            let flow = program.flow(of: n, phase: phase)
            if let session, flow.plain == nil {
                prepare(session, for: flow, n, phase: phase)
                if cursors.isExhausted {
                    endArrivals(after: loop.now)
                    return
                }
            }
            recorder.arrivalStarted(warmUp: program.warmUp[phase])
            inFlight += 1
            if inFlight > peakInFlight { peakInFlight = inFlight }
            let over = await go(n, phase: phase, session, intended: intended) + think
            intended = max(over, intended + Self.leastRound)
            n += schedule.users
        }
    }

    /// The least time from one call of a user to the next. Over a network it always takes longer; in virtual time a call may
    /// take none at all (a breaker rejects it, a model answers at once), and the clock must come on all the same.
    private static let leastRound = Span.microseconds(1)

    private func goHome(from phase: Int) {
        users[phase] -= 1
        if users[phase] == 0, phase == self.phase {
            lastUserGone?.resume()
            lastUserGone = nil
        }
    }
}
