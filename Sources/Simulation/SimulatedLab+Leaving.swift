import Core
import Model

/// Requests that their client gives up, and the places of those that are over.
extension SimulatedLab {
    /// A deadline has come.
    func expire(_ flight: Int, at now: Instant) {
        let sent = flights[flight].requestsSent > 0
        // The connection has a time-out of its own, which may come before the deadline.
        let byDeadline = now >= flights[flight].deadline
        let isConnecting = flights[flight].stage == .connecting || flights[flight].stage == .securing
        if isConnecting, !byDeadline || !sent {
            giveUp(flight, flights[flight].stage == .securing ? .tls_timeout : .connect_timeout, at: now)
        } else {
            giveUp(flight, flights[flight].deadlineKind, at: now)
        }
    }

    /// The client ends a request for reasons of its own.
    func cancel(_ flight: Int, at now: Instant) {
        flights[flight].attempt.cancelled = true
        giveUp(flight, nil, at: now)
    }

    /// The client has had enough: its connection ends, and the service notices when word of that arrives, after the
    /// request itself.
    private func giveUp(_ flight: Int, _ failure: FailureKind?, at now: Instant) {
        if flights[flight].attempt.firstByte != .unset {
            flights[flight].attempt.bytesReceived += Int64(bytesHeard(of: flight, at: now))
        }
        flights[flight].attempt.failure = failure
        resume(flight, at: now)
        switch flights[flight].stage {
        case .free, .connecting, .securing, .unheard, .answered, .goingOn:
            free(flight)
        case .travelling:
            let word = now + services[Int(flights[flight].listener)].network.travel()
            schedule(.leaves, of: flight, at: max(word, flights[flight].arrivesAt))
        case .waiting, .serving, .working, .trickling, .silent:
            let word = now + services[Int(flights[flight].listener)].network.travel()
            if word <= now { leaves(flight, at: now) } else { schedule(.leaves, of: flight, at: word) }
        }
    }

    /// The service notices that the client is gone. Who waits is forgotten, unless the service does not look; what a worker
    /// has begun is finished; and a worker that was stalled by the client itself is free.
    func leaves(_ flight: Int, at now: Instant) {
        let listener = Int(flights[flight].listener)
        switch flights[flight].stage {
        case .waiting:
            services[listener].counts.abandoned += 1
            guard !services[listener].servesAbandoned else {
                flights[flight].isAbandoned = true
                return
            }
            if let seat = flights[flight].seat { services[listener].model.left(seat) }
            free(flight)
        case .serving, .working:
            services[listener].counts.abandoned += 1
            flights[flight].isAbandoned = true
        case .trickling, .silent:
            let job = flights[flight].job
            free(flight)
            if let job { release(job, of: listener, at: now) }
        case .travelling:
            unread += 1
            free(flight)
        case .free, .connecting, .securing, .unheard, .answered, .goingOn:
            free(flight)
        }
    }

    /// Bytes of an answer that have arrived until now, of one that is long in coming.
    func bytesHeard(of flight: Int, at now: Instant) -> Int {
        let outcome = flights[flight].outcome
        let all = outcome.headBytes + outcome.bodyBytes
        guard case .trickle(let interval) = outcome.pace, interval > .zero else {
            return flights[flight].stage == .silent ? all : 0
        }
        let bytes = (now - flights[flight].begunAt).nanoseconds / interval.nanoseconds + 1
        return min(all, Int(bytes))
    }

    // MARK: Places

    /// A place for a request.
    func takeFlight() -> Int {
        if let free = freeFlights.popLast() { return Int(free) }
        flights.append(Flight())
        return flights.count - 1
    }

    /// Both sides have done with a request.
    func free(_ flight: Int) {
        callOffEvents(of: flight)
        clearDeadline(of: flight)
        flights[flight].stage = .free
        flights[flight].job = nil
        flights[flight].seat = nil
        flights[flight].request = nil
        flights[flight].outcome = .nothing
        flights[flight].origin = nil
        freeFlights.append(Int32(flight))
    }
}
