import Core
import Flows
import Plans
import Policies
import Recording

/// One call: waiting for its time, writing it, sending it, noting what came of it.
extension Client {
    /// One call of a flow that needs no user's state.
    /// - Returns: nil when the run was stopped under it.
    func callPlainly(
        _ index: Int, phase: Int, intended: Instant, isFirst: Bool
    ) async -> (end: Instant, failed: Bool, sent: Bool)? {
        if isCut { return nil }
        let warmUp = program.warmUp[phase]
        let end =
            isPolitic
            ? await dispatch(index, nil, intended: intended, warmUp: warmUp, to: .any, trace: newTrace(of: index))
            : await send(index, nil, intended: intended, warmUp: warmUp)
        if let rejection = end.rejection {
            recorder.rejected(step: index, rejection, warmUp: warmUp)
            return (end.over, true, false)
        }
        let attempt = end.attempt
        if attempt.cancelled {
            recorder.cancelled(warmUp: warmUp)
            return nil
        }
        let step = program.steps[index]
        let failure = attempt.failure ?? step.expect.failure(of: attempt.status)
        if let place = step.response.statusCheck, attempt.failure == nil, !warmUp {
            if failure == nil {
                recorder.checkPassed(place)
            } else {
                recorder.checkFailed(place) { String(attempt.status) }
            }
        }
        recorder.call(
            step: index, intended: intended, end, failure: failure, warmUp: warmUp,
            lag: program.isOpen[phase] && isFirst ? end.lag : nil)
        return (end.over, failure != nil, true)
    }

    /// A call of a flow that needs a user's state.
    func call(_ index: Int, _ session: Session, _ passage: inout Passage) async {
        let step = program.steps[index]
        if let condition = step.condition, !condition.holds(session.variables, status: session.status) { return }
        guard await wait(until: passage.next) else {
            passage.ending = .stopped
            return
        }
        let intended = passage.next
        let isScheduled = session.isScheduled
        session.isScheduled = false
        if let fault = missingKey(of: step, session) { return unsent(step, index, fault, session, &passage) }

        let exchange = step.needsExchange || policies.sharder != nil ? readyExchange(for: step) : nil
        defer { if let exchange { idleExchanges.append(exchange) } }
        if let exchange, step.batch == nil,
            let fault = step.rendering?.write(
                session.variables, jar: session.jar, wallSeconds: wallTime(loop.now) / 1_000_000_000, into: exchange)
        {
            return unsent(step, index, fault, session, &passage)
        }
        let judged: Judged
        if policies.sharder != nil, step.key == nil, let exchange {
            guard let parts = step.batch.map({ partsForBatch($0, step, session) }) ?? partsForAll(exchange) else {
                return unsent(step, index, RenderFault(slot: step.batch ?? 0, reason: .forbidden), session, &passage)
            }
            judged = await callParts(parts, step, index, session, intended)
            idleExchanges += parts.map(\.exchange)
        } else {
            judged = await callOnce(step, index, exchange, session, intended)
        }
        finish(step, index, judged, exchange, session, intended, isScheduled, &passage)
    }

    /// An exchange to send a request of that step with.
    func readyExchange(for step: ProgramStep) -> Exchange {
        let exchange = idleExchanges.popLast() ?? Exchange()
        exchange.reset()
        exchange.keepsHeaders = step.response.keepsHeaders || step.readsHeaders
        exchange.bodyLimit = step.response.bodyLimit
        return exchange
    }

    /// Why the step's key has no value; nil when it has one, or needs none.
    private func missingKey(of step: ProgramStep, _ session: Session) -> RenderFault? {
        guard let key = step.key else { return nil }
        scratch.removeAll(keepingCapacity: true)
        return key.render(session.variables, into: &scratch)
    }

    /// Waits for the intended time of a call.
    /// - Returns: false when the run is stopped before.
    private func wait(until intended: Instant) async -> Bool {
        // Who goes to sleep after the run was cut off is not woken any more.
        if isCut { return false }
        // The end of the last call was stamped within this turn, after its clock was sampled: only a look at the clock of
        // this moment tells whether there is anything to wait for.
        if intended > loop.now, intended > loop.sample() {
            guard await loop.sleep(until: intended, in: thinkers) else { return false }
        }
        return !isCut
    }

    /// Sends the only attempt of a call that no policy has a say in.
    private func send(_ index: Int, _ exchange: Exchange?, intended: Instant, warmUp: Bool) async -> CallEnd {
        var deadline = intended + timeout(of: index)
        var kind = FailureKind.total_timeout
        if let limit = program.client.attemptTimeout {
            let attemptDeadline = loop.sample() + limit
            if attemptDeadline < deadline { (deadline, kind) = (attemptDeadline, .attempt_timeout) }
        }
        let trace = newTrace(of: index)
        let attempt = await transport.send(
            requests[index], exchange, over: 0, nil, trace: traces.attempt(of: trace), deadline: deadline,
            deadlineKind: kind)
        recorder.attempt(.first, attempt, warmUp: warmUp)
        return CallEnd(attempt, lag: attempt.sent - intended, trace: trace)
    }

    /// Sends a call that goes to one place, and judges its answer.
    private func callOnce(
        _ step: ProgramStep, _ index: Int, _ exchange: Exchange?, _ session: Session, _ intended: Instant
    ) async -> Judged {
        var end: CallEnd
        if isPolitic {
            var shard = Shard.any
            if policies.sharder != nil, let key = step.key {
                scratch.removeAll(keepingCapacity: true)
                // A key without a value was refused before.
                _ = key.render(session.variables, into: &scratch)
                shard = .key(scratch)
            }
            end = await dispatch(
                index, exchange, intended: intended, warmUp: session.warmUp, to: shard, trace: newTrace(of: index))
        } else {
            end = await send(index, exchange, intended: intended, warmUp: session.warmUp)
        }
        guard end.rejection == nil, !end.attempt.cancelled else { return Judged(end: end) }
        return Judged(
            end: end, failure: judge(step, end.attempt, exchange, session, response: end.over - intended))
    }

    /// A request that could not be written: the call fails without an attempt.
    private func unsent(
        _ step: ProgramStep, _ index: Int, _ fault: RenderFault, _ session: Session, _ passage: inout Passage
    ) {
        let kind: FailureKind = fault.reason == .missing ? .missing_value : .unsendable_value
        recorder.unsent(step: index, kind, at: loop.now, warmUp: session.warmUp)
        if cursors.isAlone {
            lastFailure = "\(kind.name): `{{\(program.variableNames[fault.slot])}}` in step `\(step.name)`"
        }
        session.status = 0
        passage.end = max(passage.end, loop.sample())
        passage.next = passage.end
        if let think = step.think { passage.next = passage.next + think.sample(using: &session.random) }
        fail(session, &passage)
    }

    private func fail(_ session: Session, _ passage: inout Passage) {
        passage.failed = true
        if session.endsOnFailure { passage.ending = .failure }
    }

    private func finish(
        _ step: ProgramStep, _ index: Int, _ judged: Judged, _ exchange: Exchange?, _ session: Session,
        _ intended: Instant, _ isScheduled: Bool, _ passage: inout Passage
    ) {
        let attempt = judged.end.attempt
        if judged.end.rejection == nil { passage.calls += 1 } else { passage.rejected += 1 }
        passage.end = judged.end.over
        passage.next = judged.end.over
        session.status = attempt.status
        if attempt.cancelled {
            recorder.cancelled(warmUp: session.warmUp)
            passage.ending = .stopped
            return
        }
        if let rejection = judged.end.rejection {
            recorder.rejected(step: index, rejection, warmUp: session.warmUp)
        } else {
            recorder.call(
                step: index, intended: intended, judged.end, failure: judged.failure, warmUp: session.warmUp,
                lag: isScheduled ? judged.end.lag : nil)
        }
        if let think = step.think { passage.next = passage.next + think.sample(using: &session.random) }
        guard let reason = judged.end.rejection?.name ?? judged.failure?.name else { return }
        if let fallback = step.fallback, let exchange, fallBack(to: fallback, index, exchange, session) { return }
        if cursors.isAlone { lastFailure = "\(reason) in step `\(step.name)`" }
        fail(session, &passage)
    }

    /// Answers a call by itself that nobody has answered well.
    /// - Returns: false when the step cannot take from it what it needs.
    private func fallBack(to fallback: Fallback, _ index: Int, _ exchange: Exchange, _ session: Session) -> Bool {
        exchange.forgetResponse()
        if let body = fallback.body, body.render(session.variables, into: &exchange.responseBody) != nil {
            return false
        }
        exchange.responseSize = exchange.responseBody.count
        for named in program.steps[index].response.extractions
        where !named.extraction.read(
            status: fallback.status, exchange, using: &session.random, into: &session.variables)
        {
            return false
        }
        gather(program.steps[index].gathers, from: [exchange], session)
        session.status = fallback.status
        recorder.fellBack(step: index, warmUp: session.warmUp)
        return true
    }
}

extension Expectation {
    /// Why an answer with that status is not what was expected; nil when it is.
    func failure(of status: Int32) -> FailureKind? {
        if accepts(status) { return nil }
        return (400...499).contains(status) ? .status_4xx : status >= 500 ? .status_5xx : .status_unexpected
    }
}
