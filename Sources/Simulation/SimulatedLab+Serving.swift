import Core
import Model

/// At the service: requests arrive, wait, are worked on and answered.
extension SimulatedLab {
    /// A request is read.
    func arrives(_ flight: Int, at now: Instant) {
        if nextChange <= now { change(at: now) }
        let listener = Int(flights[flight].listener)
        guard !services[listener].model.isOut else {
            // Nobody has read it: it was not received.
            unread += 1
            return answer(flight, .reset, at: now)
        }
        services[listener].counts.received += 1
        received += 1
        let request = flights[flight].request!
        let path =
            services[listener].asksForPath
            ? request.target(varied: flights[flight].varies ? flights[flight].exchange : nil) : ""
        switch services[listener].model.arrived(flight, path: path, at: now) {
        case .started(let job, let until):
            serve(flight, job, until: until, at: now)
        case .queued(let seat):
            flights[flight].stage = .waiting
            flights[flight].seat = seat
        case .rejected:
            services[listener].counts.rejected += 1
            answer(flight, services[listener].busyOutcome(request, asked(of: flight)), at: now)
        }
    }

    /// What the exchange makes of the request; nil when it is sent as prepared.
    func asked(of flight: Int) -> Exchange? { flights[flight].varies ? flights[flight].exchange : nil }

    /// A worker begins.
    func serve(_ flight: Int, _ job: ServiceModel<Int>.Job, until: Instant, at now: Instant) {
        begin(flight, job)
        if until <= now { serviceOver(flight, at: now) } else { schedule(.served, of: flight, at: until) }
    }

    private func begin(_ flight: Int, _ job: ServiceModel<Int>.Job) {
        flights[flight].stage = .serving
        flights[flight].seat = nil
        flights[flight].job = job
    }

    /// A service time is over: the answer goes out, and the worker takes the next of the line. That one may be over at
    /// once, and so on down the line: it is walked here, not on the stack.
    func serviceOver(_ flight: Int, at now: Instant) {
        let listener = Int(flights[flight].listener)
        guard let job = flights[flight].job else { return }
        let isFree = finish(flight, job, at: now)
        if isFree { release(job, of: listener, at: now) }
    }

    /// The worker of a job takes the next of the line.
    func release(_ job: ServiceModel<Int>.Job, of listener: Int, at now: Instant) {
        var job = job
        while let next = services[listener].model.finished(job, at: now) {
            begin(next.ticket, next.job)
            guard next.until <= now else { return schedule(.served, of: next.ticket, at: next.until) }
            guard finish(next.ticket, next.job, at: now) else { return }
            job = next.job
        }
    }

    /// Says what there is to say to a request whose service time is over.
    /// - Returns: whether its worker is free.
    private func finish(_ flight: Int, _ job: ServiceModel<Int>.Job, at now: Instant) -> Bool {
        let listener = Int(flights[flight].listener)
        let fault = services[listener].model.outcome(of: job)
        let request = flights[flight].request!
        if startWork(flight, request, unless: fault, at: now) { return false }
        if flights[flight].isAbandoned {
            isDone(flight)
            return true
        }
        let outcome: FaultOutcome
        if let fault {
            services[listener].counts.faulted[fault, default: 0] += 1
            outcome = self.outcome(of: fault, for: flight, request)
        } else {
            services[listener].counts.answered += 1
            outcome = services[listener].goodOutcome(request, asked(of: flight), at: now)
        }
        switch outcome.pace {
        case .atOnce:
            flights[flight].job = nil
            answer(flight, outcome, at: now)
            return true
        case .never:
            flights[flight].stage = .silent
            flights[flight].outcome = outcome
            if outcome.answer != nil { promiseBeginning(flight, after: .zero, at: now) }
            return false
        case .trickle(let interval):
            return trickle(flight, outcome, every: interval, at: now)
        }
    }

    private func outcome(of fault: FaultKind, for flight: Int, _ request: SimulatedRequest) -> FaultOutcome {
        let limit = clients[Int(flights[flight].client)].maximumBodyBytes
        return services[Int(flights[flight].listener)].outcome(of: fault, request, asked(of: flight), limit: limit)
    }

    // MARK: Answers that are long in coming

    /// The answer goes out byte by byte: the first now, the last when it says so.
    /// - Returns: whether that is over at once.
    private func trickle(_ flight: Int, _ outcome: FaultOutcome, every interval: Span, at now: Instant) -> Bool {
        flights[flight].outcome = outcome
        let gaps = max(0, outcome.headBytes + outcome.bodyBytes - 1)
        let time = Span.times(interval, gaps)
        guard time > .zero else {
            flights[flight].job = nil
            answer(flight, outcome, at: now)
            return true
        }
        flights[flight].stage = .trickling
        schedule(.trickled, of: flight, at: now + time)
        // A client hears of an answer when its first line is whole.
        let first = max(0, (outcome.answer?.statusLineBytes ?? 1) - 1)
        promiseBeginning(flight, after: .times(interval, first), at: now)
        return false
    }

    func trickled(_ flight: Int, at now: Instant) {
        guard let job = flights[flight].job else { return }
        let listener = Int(flights[flight].listener)
        flights[flight].job = nil
        answer(flight, flights[flight].outcome, at: now)
        release(job, of: listener, at: now)
    }

    private func promiseBeginning(_ flight: Int, after time: Span, at now: Instant) {
        flights[flight].begunAt = now
        let listener = Int(flights[flight].listener)
        let arrival = now + time + services[listener].network.travel()
        if arrival <= now { begins(flight, at: now) } else { schedule(.begins, of: flight, at: arrival) }
    }

    // MARK: What happens to services over time

    /// Lets the models change that are due.
    func change(at now: Instant) {
        for listener in services.indices where services[listener].model.nextChange <= now {
            let turnover = services[listener].model.advance(to: now)
            for flight in turnover.lost { lose(flight, at: now) }
            if !turnover.out.isEmpty { goOut(turnover.out, of: listener, at: now) }
            for start in turnover.started { serve(start.ticket, start.job, until: start.until, at: now) }
        }
        noteChanges()
    }

    /// Replicas are out: whom they were serving is lost; and when none is left, every connection is reset.
    private func goOut(_ replicas: [Int], of listener: Int, at now: Instant) {
        for flight in flights.indices where flights[flight].listener == listener {
            guard let job = flights[flight].job, replicas.contains(job.replica) else { continue }
            lose(flight, at: now)
        }
        guard services[listener].model.isOut else { return }
        for connection in connections.indices
        where connections[connection].isOpen && connections[connection].listener == listener
            && connections[connection].idleSince != .never
        {
            close(connection)
        }
        for flight in flights.indices
        where flights[flight].listener == listener && flights[flight].stage == .securing {
            callOffEvents(of: flight)
            end(flight, .tls_handshake, at: now)
        }
    }

    /// The replica that had a request is gone, and the client's connection is reset.
    private func lose(_ flight: Int, at now: Instant) {
        let listener = Int(flights[flight].listener)
        let wasCounted = flights[flight].stage == .silent || flights[flight].stage == .trickling
        callOffEvents(of: flight)
        flights[flight].job = nil
        flights[flight].seat = nil
        if flights[flight].isAbandoned { return isDone(flight) }
        if !wasCounted { services[listener].counts.lost += 1 }
        var outcome = FaultOutcome.reset
        if flights[flight].attempt.firstByte != .unset {
            outcome = flights[flight].outcome.cut(after: bytesHeard(of: flight, at: now), by: .reset)
        }
        answer(flight, outcome, at: now)
    }
}

extension Span {
    /// Saturates at 292 years.
    static func times(_ span: Span, _ count: Int) -> Span {
        let (product, overflow) = span.nanoseconds.multipliedReportingOverflow(by: Int64(count))
        return Span(nanoseconds: overflow ? .max : product)
    }
}
