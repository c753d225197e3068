import Core
import Plans
import Policies
import Recording

/// One attempt's way: pick an endpoint, its breaker, its bulkhead, a connection, the transport.
extension Client {
    /// Where an attempt may go, and what it holds on the way.
    struct Way {
        /// How far it has come.
        enum Stage {
            case breaker, bulkhead, pool, end
        }

        var place: Int
        var stage = Stage.breaker
        var breaker: Int?
        var pass: Breaker.Pass?
        /// For the audit: what its breaker was doing then.
        var era: UInt32 = 0
        var isInBulkhead = false
        var isInPool = false
        /// Whether it has to open a connection.
        var opens = false
    }

    /// The beginning of an attempt: an endpoint, and how far it has come there.
    struct Start {
        var way: Way
        var entry: Entry
    }

    /// Picks an endpoint and goes on past its gates, as far as that needs no wait.
    /// - Returns: nil when there is nobody to pick.
    func start(_ call: CallUnderWay) -> Start? {
        guard let place = pick(for: call) else { return nil }
        // At once: a hedge beside this attempt is to go elsewhere.
        call.tried.append(place)
        var way = Way(place: place)
        let entry = enter(&way, call)
        return Start(way: way, entry: entry)
    }

    /// Makes one attempt.
    /// - Parameters:
    ///   - lane: for whoever may have to end it early.
    ///   - begun: its beginning, if that was made already, in this turn and before a cut.
    func attempt(
        _ call: CallUnderWay, _ kind: Recorder.AttemptKind, _ exchange: Exchange?, _ lane: Lane? = nil,
        from begun: Start? = nil
    ) async -> CallEnd {
        var begun = begun
        var refusals = 0
        var last = Rejection.no_endpoint
        while true {
            if isCut || lane?.isOver == true { return .cancelled(at: loop.sample()) }
            guard let start = begun ?? start(call) else { return CallEnd(last, at: loop.sample()) }
            begun = nil
            var (way, entry) = (start.way, start.entry)
            let place = way.place
            if case .waiting = entry {
                entry = await finish(entry, &way, call, lane)
                // Who has waited may have waited too long: for the run, or for its call.
                if case .open = entry, isCut || lane?.isOver == true {
                    leave(way)
                    return .cancelled(at: loop.sample())
                }
            }
            // It may have gone meanwhile: while somebody waited for it, or before another try at the same shard.
            if case .open = entry, !policies.endpoints[place].isMember {
                leave(way)
                if call.pinned != nil { return CallEnd(.no_endpoint, at: loop.sample()) }
                continue
            }
            guard case .closed(let refusal) = entry else {
                let sending = beginSending(call, kind, way, lane)
                let attempt = await transport.send(
                    requests[call.step], exchange, over: place, sending.handle, trace: traces.attempt(of: call.trace),
                    deadline: sending.deadline, deadlineKind: sending.deadlineKind)
                endSending(attempt, call, kind, &way, exchange, sending.handle, lane)
                return CallEnd(attempt, of: call, at: place)
            }
            leave(way)
            if refusal.attempt.cancelled { return refusal }
            // Turned away by this endpoint, another one may take it, unless waiting has used its time.
            last = refusal.rejection ?? last
            refusals += 1
            let isOfStep = last == .breaker_open && policies.guards == .steps
            let mayMoveOn = call.pinned == nil && !isOfStep
            guard mayMoveOn, last != .pool_timeout, last != .bulkhead_timeout, refusals < policies.members.count else {
                return refusal
            }
        }
    }

    /// Chooses the endpoint of an attempt.
    private func pick(for call: CallUnderWay) -> Int? {
        // A part of a call may begin when its shard has just gone.
        if let pinned = call.pinned { return policies.endpoints[pinned].isMember ? pinned : nil }
        // The only way there is needs no choice.
        if policies.members.count <= 1, policies.settings.balance.panic > 0 { return policies.members.first }
        let now = call.isFresh ? call.began : loop.sample()
        refreshTrialsIfDue(at: now)
        guard var pick = policies.pick(tried: call.tried, at: now) else { return nil }
        if pick.place == call.tried.last {
            // All have been tried: from the start, but not the same twice in a row.
            call.tried.removeFirst(call.tried.count - 1)
            pick = policies.pick(tried: call.tried, at: now) ?? pick
        }
        call.isPanicking = pick.isPanic
        return pick.place
    }

    /// Goes on past the breaker, the endpoint's bulkhead and the pool.
    private func enter(_ way: inout Way, _ call: CallUnderWay) -> Entry {
        if way.stage == .breaker {
            way.stage = .bulkhead
            if let refusal = passBreaker(&way, call) { return .closed(refusal) }
        }
        if way.stage == .bulkhead {
            way.stage = .pool
            if policies.hasEndpointBulkhead, let entry = enterBulkhead(&way) { return entry }
        }
        if way.stage == .pool {
            way.stage = .end
            if policies.hasPool, let entry = enterPool(&way) { return entry }
        }
        return .open
    }

    /// - Returns: nil when it may go on.
    private func passBreaker(_ way: inout Way, _ call: CallUnderWay) -> CallEnd? {
        guard let breaker = policies.breaker(step: call.step, place: way.place) else { return nil }
        way.breaker = breaker
        let now = call.isFresh ? call.began : loop.sample()
        let admission = policies.breakers[breaker].admit(at: now)
        noteTransitions(of: breaker, call, way.place)
        guard case .admitted(let pass) = admission else { return CallEnd(.breaker_open, at: now) }
        way.pass = pass
        way.era = policies.audit.breakerAdmitted(breaker, at: now)
        return nil
    }

    /// - Returns: nil when it may go on.
    private func enterBulkhead(_ way: inout Way) -> Entry? {
        switch policies.endpoints[way.place].bulkhead?.enter() {
        case nil: return nil
        case .admitted?:
            way.isInBulkhead = true
            return nil
        case .rejected?: return .closed(CallEnd(.bulkhead_full, at: loop.sample()))
        case .queued(let ticket)?:
            let patience = policies.settings.endpointBulkhead?.wait ?? .zero
            return .waiting(.endpoint(way.place), ticket, until: loop.sample() + patience, else: .bulkhead_timeout)
        }
    }

    /// - Returns: nil when it may go on.
    private func enterPool(_ way: inout Way) -> Entry? {
        let hasIdle = transport.idleConnections(of: way.place) > 0
        switch policies.gate?.enter(way.place, hasIdle: hasIdle) {
        case nil: return nil
        case .admitted?:
            (way.isInPool, way.opens) = (true, !hasIdle)
            return nil
        case .rejected?: return .closed(CallEnd(.pool_full, at: loop.sample()))
        case .queued(let ticket)?:
            let patience = policies.settings.pool?.wait ?? .zero
            return .waiting(.pool, ticket, until: loop.sample() + patience, else: .pool_timeout)
        }
    }

    /// Waits wherever the attempt has to on its way in.
    /// - Returns: open or closed.
    private func finish(_ entry: Entry, _ way: inout Way, _ call: CallUnderWay, _ lane: Lane?) async -> Entry {
        var entry = entry
        while case .waiting(let gate, let ticket, let limit, let rejection) = entry {
            let end = await wait(at: gate, ticket, until: limit, call, lane)
            if case .admitted(let opens) = end {
                if gate == .pool { (way.isInPool, way.opens) = (true, opens) } else { way.isInBulkhead = true }
            }
            let refusal = end.rejecting(rejection, call, at: loop.sample())
            entry = refusal.map { .closed($0) } ?? enter(&way, call)
        }
        return entry
    }

    /// Gives back what the attempt holds, whatever came of it.
    func leave(_ way: Way) {
        if let breaker = way.breaker, let pass = way.pass {
            policies.breakers[breaker].cancelled(pass)
            policies.audit.calledOff(breaker, era: way.era)
        }
        if way.isInBulkhead, let next = policies.endpoints[way.place].bulkhead?.leave() {
            policies.room.admit(WaitingRoom.Ticket(gate: .endpoint(way.place), number: next))
        }
        if way.isInPool {
            // It had leave to open a connection and never tried.
            if way.opens { policies.gate?.opened(way.place) }
            policies.gate?.leave(way.place, keeps: transport.idleConnections(of: way.place) > 0)
            admitToPool()
        }
    }

    /// Lets those go on for whom there is a connection now.
    private func admitToPool() {
        while let next = policies.gate?.next() {
            policies.room.admit(WaitingRoom.Ticket(gate: .pool, number: next.ticket), opens: next.opens)
        }
    }

    // MARK: Sending

    /// How an attempt is sent.
    struct Sending {
        var deadline: Instant
        var deadlineKind: FailureKind
        var handle: SendHandle?
    }

    func beginSending(
        _ call: CallUnderWay, _ kind: Recorder.AttemptKind, _ way: Way, _ lane: Lane?
    ) -> Sending {
        let place = way.place
        let now = loop.sample()
        var sending = Sending(deadline: call.deadline, deadlineKind: .total_timeout, handle: lane?.handle)
        if let limit = policies.adaptive?.timeout(at: now) ?? program.client.attemptTimeout,
            now + limit < call.deadline
        {
            (sending.deadline, sending.deadlineKind) = (now + limit, .attempt_timeout)
        }
        if way.opens { sending.handle = announcing(lane?.handle ?? SendHandle(), place) }
        if call.sent == 0 {
            // A hedge may go out before the first attempt, which still waits: then only what was before all policies.
            let late = kind == .hedge ? call.began - call.intended : now - call.intended - call.waited
            call.lag = max(.zero, late)
        }
        if kind == .retry { recorder.policies(warmUp: call.warmUp) { $0.retries[Int(call.reason.rawValue)] += 1 } }
        if call.isPanicking { recorder.policies(warmUp: call.warmUp) { $0.panics += 1 } }
        call.sent += 1
        lane?.wasSent = true
        policies.balancer.began(place, at: now)
        policies.endpoints[place].inFlight += 1
        policies.inFlight += 1
        policies.audit.sees(now)
        policies.audit.sent(inFlight: policies.endpoints[place].inFlight)
        return sending
    }

    /// Notes what came of the attempt, tells everybody, and gives back what it held.
    func endSending(
        _ attempt: Attempt, _ call: CallUnderWay, _ kind: Recorder.AttemptKind, _ way: inout Way, _ exchange: Exchange?,
        _ handle: SendHandle?, _ lane: Lane?
    ) {
        let place = way.place
        let failure = failure(of: attempt, call.step)
        policies.endpoints[place].inFlight -= 1
        policies.inFlight -= 1
        if way.opens, handle?.hasGoneOut == false { connectionStands(at: place) }
        way.opens = false
        if policies.hedges, kind != .hedge {
            learnWhenToHedge(from: attempt, failure, hasLost: lane?.isOver == true)
        }
        learn(from: attempt, failure, call, &way)
        if let exchange, let header = program.loadHeader { readLoad(from: exchange, header, of: place) }
        recorder.attempt(kind, attempt, warmUp: call.warmUp)
        note(attempt, failed: failure != nil, to: place, call)
        leave(way)
    }

    /// Has the transport say when the connection stands.
    private func announcing(_ handle: SendHandle, _ place: Int) -> SendHandle {
        handle.hasGoneOut = false
        handle.requestGoesOut = { [unowned handle] in
            handle.hasGoneOut = true
            self.assumeIsolated { $0.connectionStands(at: place) }
        }
        return handle
    }

    /// A connection is open, or will not be: one opening less.
    private func connectionStands(at place: Int) {
        policies.gate?.opened(place)
        admitToPool()
    }
}
