import Core
import Plans
import Policies
import Recording

/// A call's way through the policies, outermost first: admission by throttle and bulkheads, the shard, retries with their
/// budget; each attempt then goes by `Client+Attempts`.
extension Client {
    /// Sends a call wherever the policies say, as often as they say.
    /// - Parameters:
    ///   - exchange: holds the response of the attempt that counts, afterwards.
    ///   - shard: where it must go. A part of a call that was admitted as a whole goes to a place.
    ///   - trace: of the call, for all of its attempts and parts.
    func dispatch(
        _ step: Int, _ exchange: Exchange?, intended: Instant, warmUp: Bool, to shard: Shard, trace: TraceID
    ) async -> CallEnd {
        let call = idleCalls.popLast() ?? CallUnderWay()
        call.begin(
            step, intended: intended, at: loop.sample(), deadline: intended + timeout(of: step), warmUp: warmUp,
            trace: trace)
        policies.active += 1
        var end: CallEnd?
        if case .place(let place) = shard {
            call.pinned = place
        } else {
            let entry = throttle(call) ?? enterBulkheads(call)
            if case .open = entry {} else { end = await finish(entry, of: call) }
            call.isAdmitted = end == nil
        }
        if end == nil, case .key(let key) = shard { end = choose(key, for: call) }
        if end == nil {
            policies.retryBudget.called(at: call.began)
            let begun = isCut || policies.hedges ? nil : start(call)
            if let begun, case .open = begun.entry {
                // What nearly every call comes to: no function lies between it and the transport.
                var way = begun.way
                let sending = beginSending(call, .first, way, nil)
                let attempt = await transport.send(
                    requests[step], exchange, over: way.place, sending.handle, trace: traces.attempt(of: trace),
                    deadline: sending.deadline, deadlineKind: sending.deadlineKind)
                endSending(attempt, call, .first, &way, exchange, sending.handle, nil)
                end = CallEnd(attempt, of: call, at: way.place)
            } else if policies.hedges {
                policies.hedge?.called()
                end = await race(call, .first, exchange)
            } else {
                end = await attempt(call, .first, exchange, nil, from: begun)
            }
            if policies.mostAttempts > 1, let first = end, let reason = reasonToRetry(first, call, after: 0) {
                end = await retry(call, exchange, after: first, because: reason)
            }
        }
        leaveBulkheads(call)
        policies.active -= 1
        if policies.throttle != nil, call.isAdmitted, let end, end.isAccepted {
            policies.throttle?.accepted(at: loop.now)
        }
        end?.attempts = call.sent
        // A hedge that is still on its way keeps its call.
        if !call.isShared { idleCalls.append(call) }
        return end!
    }

    /// How long a call of that step may take.
    func timeout(of step: Int) -> Span { program.steps[step].timeout ?? program.client.totalTimeout }

    /// Which shard a call is for.
    enum Shard {
        /// No shard.
        case any
        /// The one of this key.
        case key([UInt8])
        /// The one at this place.
        case place(Int)
    }

    // MARK: Admission

    /// How far somebody has come through gates. What can be known at once is known without a suspension: each of them
    /// costs as much as a decision.
    enum Entry {
        case open
        case closed(CallEnd)
        /// Whoever does not get in until then is turned away.
        case waiting(WaitingRoom.Gate, UInt64, until: Instant, else: Rejection)
    }

    /// - Returns: nil when the call was admitted; it then is in the bulkheads of its step.
    func admit(_ call: CallUnderWay) async -> CallEnd? {
        await finish(throttle(call) ?? enterBulkheads(call), of: call)
    }

    /// - Returns: nil when the throttle admits it.
    private func throttle(_ call: CallUnderWay) -> Entry? {
        policies.throttleAdmits(at: call.began) ? nil : .closed(CallEnd(.throttle, at: call.began))
    }

    /// Goes on through the bulkheads of the call's step.
    private func enterBulkheads(_ call: CallUnderWay) -> Entry {
        let bulkheads = program.steps[call.step].bulkheads
        while call.bulkheads < bulkheads.count {
            let bulkhead = bulkheads[call.bulkheads]
            switch policies.bulkheads[bulkhead].enter() {
            case .admitted:
                call.bulkheads += 1
                policies.audit.entered(bulkhead: bulkhead)
            case .rejected: return .closed(CallEnd(.bulkhead_full, at: loop.sample()))
            case .queued(let ticket):
                let limit = loop.sample() + policies.settings.bulkheads[bulkhead].wait
                return .waiting(.bulkhead(bulkhead), ticket, until: limit, else: .bulkhead_timeout)
            }
        }
        return .open
    }

    /// Waits wherever the call has to on its way in.
    /// - Returns: nil when it is in.
    private func finish(_ entry: Entry, of call: CallUnderWay) async -> CallEnd? {
        var entry = entry
        while true {
            switch entry {
            case .open: return nil
            case .closed(let end):
                leaveBulkheads(call)
                return end
            case .waiting(let gate, let ticket, let limit, let rejection):
                let end = await wait(at: gate, ticket, until: limit, call)
                if case .admitted = end {
                    policies.audit.entered(bulkhead: program.steps[call.step].bulkheads[call.bulkheads])
                    call.bulkheads += 1
                }
                let refusal = end.rejecting(rejection, call, at: loop.sample())
                entry = refusal.map { .closed($0) } ?? enterBulkheads(call)
            }
        }
    }

    /// Tells the throttle of a call that the target has accepted: all of its parts have an answer, and none is 429 or 503.
    func noteAcceptance(_ ends: [CallEnd]) {
        if policies.throttle != nil, ends.allSatisfy(\.isAccepted) { policies.throttle?.accepted(at: loop.now) }
    }

    func leaveBulkheads(_ call: CallUnderWay) {
        for bulkhead in program.steps[call.step].bulkheads.prefix(call.bulkheads) {
            policies.audit.left(bulkhead: bulkhead)
            if let next = policies.bulkheads[bulkhead].leave() {
                policies.room.admit(WaitingRoom.Ticket(gate: .bulkhead(bulkhead), number: next))
            }
        }
        call.bulkheads = 0
    }

    // MARK: Shards

    /// Sets where the call of that key must go.
    /// - Returns: nil when there is somewhere.
    private func choose(_ key: [UInt8], for call: CallUnderWay) -> CallEnd? {
        let now = loop.sample()
        refreshTrialsIfDue(at: now)
        guard let owner = policies.sharder?.owner(of: key) else { return CallEnd(.no_endpoint, at: now) }
        if policies.settings.shard?.mayMoveOn == true {
            call.pinned = policies.sharder?.place(for: key) { policies.takesMore($0, at: now) }
        } else {
            call.pinned = policies.isHealthy(owner) ? owner : nil
        }
        policies.keyed[owner] += 1
        recorder.policies(warmUp: call.warmUp) {
            $0.keyed += 1
            if call.pinned != nil, call.pinned != owner { $0.spilled += 1 }
        }
        if !call.warmUp { recorder.endpoint(owner) { $0.keyed += 1 } }
        return call.pinned == nil ? CallEnd(.no_endpoint, at: now) : nil
    }

    // MARK: Retries

    /// Makes further attempts until one succeeds, or there shall be no more.
    private func retry(
        _ call: CallUnderWay, _ exchange: Exchange?, after first: CallEnd, because reason: RetryReason
    ) async -> CallEnd {
        var end = first
        var next: RetryReason? = reason
        var retries = 0
        var delay = Span.zero
        while let reason = next {
            if isCut { return .cancelled(at: loop.sample()) }
            delay = policies.delay(beforeRetry: retries + 1, previous: delay, after: end.attempt)
            let now = loop.sample()
            guard now + delay < call.deadline else { break }
            guard policies.retryBudget.take(at: now, active: policies.active) else {
                recorder.policies(warmUp: call.warmUp) { $0.retriesDenied += 1 }
                break
            }
            defer { policies.retryBudget.gaveBack() }
            if delay > .zero {
                let slept = await loop.sleep(until: now + delay, in: thinkers)
                if !slept || isCut { return .cancelled(at: loop.sample()) }
            }
            let sent = call.sent
            call.reason = reason
            let latest = await race(call, .retry, exchange)
            guard call.sent > sent else {
                // Nothing was sent: what the last attempt came to stands, and is known only now.
                if latest.rejection == nil { return latest }
                end.over = latest.over
                break
            }
            retries += 1
            end = latest
            next = reasonToRetry(end, call, after: retries)
        }
        if retries > 0, !end.attempt.cancelled {
            let failed = end.rejection != nil || failure(of: end.attempt, call.step) != nil
            recorder.policies(warmUp: call.warmUp) { if failed { $0.exhausted += 1 } else { $0.rescued += 1 } }
        }
        return end
    }

    /// Why another attempt may be made; nil when none may, or none is needed.
    private func reasonToRetry(_ end: CallEnd, _ call: CallUnderWay, after retries: Int) -> RetryReason? {
        guard retries + 1 < policies.mostAttempts, end.rejection == nil, !end.attempt.cancelled,
            let failure = failure(of: end.attempt, call.step)
        else { return nil }
        let step = program.steps[call.step]
        guard step.retries else { return nil }
        return policies.retry?.reason(
            failure: failure, status: end.attempt.status, isIdempotent: step.mayRepeat,
            wasSent: end.attempt.reachedServer)
    }

    /// Why an attempt failed; nil when it did not.
    func failure(of attempt: Attempt, _ step: Int) -> FailureKind? {
        attempt.failure ?? program.steps[step].expect.failure(of: attempt.status)
    }
}

extension ShardSettings {
    /// Whether a key may be served by another shard than its own: where shards hold parts of the data, none has them.
    var mayMoveOn: Bool {
        switch rule {
        case .range, .modulo: false
        case .ring, .maglev, .rendezvous: true
        }
    }
}
