import Core
import Flows
import Plans
import Recording

/// One call: waiting for its time, writing it, sending it, noting what came of it.
extension Client {
    /// One call of a flow that needs no user's state.
    /// - Returns: nil when the run was stopped under it.
    func callPlainly(
        _ index: Int, phase: Int, intended: Instant, isFirst: Bool
    ) async -> (end: Instant, failed: Bool)? {
        if isCut { return nil }
        let attempt = await send(index, nil, intended: intended)
        if attempt.cancelled {
            recorder.cancelled(attempt, warmUp: program.warmUp[phase])
            return nil
        }
        let step = program.steps[index]
        let failure = attempt.failure ?? step.expect.failure(of: attempt.status)
        if let place = step.response.statusCheck, attempt.failure == nil, !program.warmUp[phase] {
            if failure == nil {
                recorder.checkPassed(place)
            } else {
                recorder.checkFailed(place) { String(attempt.status) }
            }
        }
        recorder.call(
            step: index, intended: intended, attempt, failure: failure, warmUp: program.warmUp[phase],
            isScheduled: program.isOpen[phase] && isFirst)
        return (attempt.end, failure != nil)
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

        guard step.needsExchange else {
            let attempt = await send(index, nil, intended: intended)
            finish(step, index, attempt, nil, session, intended, isScheduled, &passage)
            return
        }
        let exchange = idleExchanges.popLast() ?? Exchange()
        exchange.reset()
        exchange.keepsHeaders = step.response.keepsHeaders
        exchange.bodyLimit = step.response.bodyLimit
        if let fault = step.rendering?.write(
            session.variables, jar: session.jar, wallSeconds: wallTime(loop.now) / 1_000_000_000, into: exchange)
        {
            unsent(step, index, fault, session, &passage)
        } else {
            let attempt = await send(index, exchange, intended: intended)
            finish(step, index, attempt, exchange, session, intended, isScheduled, &passage)
        }
        idleExchanges.append(exchange)
    }

    /// Waits for the intended time of a call.
    /// - Returns: false when the run is stopped before.
    private func wait(until intended: Instant) async -> Bool {
        // The end of the last call was stamped within this turn, after its clock was sampled: only a look at the clock of
        // this moment tells whether there is anything to wait for.
        if intended > loop.now, intended > loop.sample() {
            guard await loop.sleep(until: intended, in: thinkers) else { return false }
        }
        return !isCut
    }

    /// Sends, bounded by the time-outs.
    func send(_ index: Int, _ exchange: Exchange?, intended: Instant) async -> Attempt {
        var deadline = intended + program.client.totalTimeout
        var kind = FailureKind.total_timeout
        if let limit = program.client.attemptTimeout {
            let attemptDeadline = loop.sample() + limit
            if attemptDeadline < deadline { (deadline, kind) = (attemptDeadline, .attempt_timeout) }
        }
        return await transport.send(requests[index], exchange, deadline: deadline, deadlineKind: kind)
    }

    /// A request that could not be written: the call fails without an attempt.
    private func unsent(
        _ step: ProgramStep, _ index: Int, _ fault: RenderFault, _ session: Session, _ passage: inout Passage
    ) {
        let kind: FailureKind = fault.reason == .missing ? .missing_value : .unsendable_value
        recorder.unsent(step: index, kind, warmUp: session.warmUp)
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
        _ step: ProgramStep, _ index: Int, _ attempt: Attempt, _ exchange: Exchange?, _ session: Session,
        _ intended: Instant, _ isScheduled: Bool, _ passage: inout Passage
    ) {
        passage.calls += 1
        passage.end = attempt.end
        passage.next = attempt.end
        session.status = attempt.status
        if attempt.cancelled {
            recorder.cancelled(attempt, warmUp: session.warmUp)
            passage.ending = .stopped
            return
        }
        let failure = judge(step, attempt, exchange, session, response: attempt.end - intended)
        recorder.call(
            step: index, intended: intended, attempt, failure: failure, warmUp: session.warmUp,
            isScheduled: isScheduled)
        if let think = step.think { passage.next = passage.next + think.sample(using: &session.random) }
        if let failure {
            if cursors.isAlone { lastFailure = "\(failure.name) in step `\(step.name)`" }
            fail(session, &passage)
        }
    }
}

extension Expectation {
    /// Why an answer with that status is not what was expected; nil when it is.
    func failure(of status: Int32) -> FailureKind? {
        if accepts(status) { return nil }
        return (400...499).contains(status) ? .status_4xx : status >= 500 ? .status_5xx : .status_unexpected
    }
}
