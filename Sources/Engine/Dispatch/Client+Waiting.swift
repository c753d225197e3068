import Core
import Policies
import Recording

/// Waiting for a permit: of a bulkhead, of an endpoint, of the pool.
extension Client {
    /// Waits at a gate, until the call's own end at the latest.
    func wait(
        at gate: WaitingRoom.Gate, _ number: UInt64, until limit: Instant, _ call: CallUnderWay, _ lane: Lane? = nil
    ) async -> WaitEnd {
        let ticket = WaitingRoom.Ticket(gate: gate, number: number)
        if isCut {
            forget([ticket])
            return .cancelled
        }
        let began = loop.sample()
        let deadline = min(limit, call.deadline)
        if call.sent == 0, !call.hasWaited {
            call.hasWaited = true
            recorder.policies(warmUp: call.warmUp) { $0.waited += 1 }
        }
        lane?.ticket = ticket
        let end = await withUnsafeContinuation { (continuation: UnsafeContinuation<WaitEnd, Never>) in
            policies.room.add(ticket, until: deadline, continuation)
            if deadline < policies.room.guardedUntil { guardRoom(until: deadline) }
        }
        lane?.ticket = nil
        if call.sent == 0 { call.waited = call.waited + (loop.sample() - began) }
        return end
    }

    /// Has waits end whose time has come, from then on. There is one guard; a new one takes over from the one there was.
    private func guardRoom(until first: Instant) {
        policies.room.guardedUntil = first
        policies.room.guards &+= 1
        let number = policies.room.guards
        sideTasks += 1
        Task(executorPreference: loop.taskExecutor) { await self.guardRoom(number, from: first) }
    }

    private func guardRoom(_ number: UInt64, from first: Instant) async {
        defer { sideTasks -= 1 }
        var next = first
        // Who goes to sleep after the run was cut off is not woken any more.
        while next != .never, !isCut, await loop.sleep(until: next, in: thinkers) {
            guard policies.room.guards == number else { return }
            forget(policies.room.expire(at: loop.now))
            next = policies.room.earliest
            policies.room.guardedUntil = next
        }
        if policies.room.guards == number { policies.room.guardedUntil = .never }
    }

    /// Sends a waiter away that is not needed any more.
    func dismiss(_ ticket: WaitingRoom.Ticket) {
        if policies.room.dismiss(ticket) { forget([ticket]) }
    }

    /// Sends everybody away who waits: the run is cut off.
    func clearRoom() { forget(policies.room.clear()) }

    /// Tells the gates that somebody has left.
    private func forget(_ tickets: [WaitingRoom.Ticket]) {
        for ticket in tickets {
            switch ticket.gate {
            case .bulkhead(let place): _ = policies.bulkheads[place].abandon(ticket.number)
            case .endpoint(let place): _ = policies.endpoints[place].bulkhead?.abandon(ticket.number)
            case .pool: _ = policies.gate?.abandon(ticket.number)
            }
        }
    }
}

extension WaitEnd {
    /// What a wait that came to nothing makes of its call; nil for one that was admitted.
    func rejecting(_ rejection: Rejection, _ call: CallUnderWay, at now: Instant) -> CallEnd? {
        switch self {
        // In the very moment in which its time was over.
        case .admitted: now < call.deadline ? nil : CallEnd(rejection, at: now)
        case .timedOut: CallEnd(rejection, at: now)
        case .cancelled: .cancelled(at: now)
        }
    }
}
