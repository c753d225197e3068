import Core
import Policies
import Recording

/// Hedges: further attempts beside a slow one, of which the first good answer counts.
extension Client {
    /// Makes an attempt, and hedges beside it when it is slow.
    func race(_ call: CallUnderWay, _ kind: Recorder.AttemptKind, _ exchange: Exchange?) async -> CallEnd {
        guard policies.hedge?.hedges(isIdempotent: program.steps[call.step].mayRepeat) == true, call.pinned == nil,
            let delay = policies.hedge?.delay(at: loop.now)
        else { return await attempt(call, kind, exchange) }
        let race = Race()
        call.isShared = true
        let hedge = Hedge(call: call, race: race, exchange: exchange, delay: delay)
        sideTasks += 1
        Task(executorPreference: loop.taskExecutor) { await self.hedge(hedge) }
        let lane = race.newLane()
        let first = await attempt(call, kind, exchange, lane)
        race.isFirstOver = true
        if race.winner == nil, isGood(first, call) {
            race.winner = first
            endOthers(than: lane, of: race)
            if let spare = race.exchange { idleExchanges.append(spare) }
            return first
        }
        // The first one failed, or lost: whoever is still on the way says what comes of the call.
        await race.finished()
        let (end, other) = race.result(first)
        if let other {
            exchange?.takeResponse(of: other)
            idleExchanges.append(other)
        }
        return end
    }

    /// What a hedge takes along. It stays on its client's loop, hence `@unchecked`.
    private struct Hedge: @unchecked Sendable {
        let call: CallUnderWay
        let race: Race
        let exchange: Exchange?
        let delay: Span
    }

    /// Sends hedges until one of the attempts is over, one after the other.
    private func hedge(_ hedge: Hedge) async {
        defer { sideTasks -= 1 }
        let (call, race) = (hedge.call, hedge.race)
        let most = policies.hedge?.most ?? 0
        for _ in 0..<most {
            let wake = loop.now + hedge.delay
            guard wake < call.deadline, !isCut, race.isOpen, await loop.sleep(until: wake, in: thinkers), !isCut,
                race.isOpen
            else { break }
            guard policies.hedge?.take() == true else {
                recorder.policies(warmUp: call.warmUp) { $0.hedgesDenied += 1 }
                break
            }
            race.running += 1
            sideTasks += 1
            Task(executorPreference: loop.taskExecutor) { await self.sendHedge(hedge) }
        }
    }

    private func sendHedge(_ hedge: Hedge) async {
        defer { sideTasks -= 1 }
        let (call, race) = (hedge.call, hedge.race)
        defer { race.checkEnd() }
        // The call may have ended since, and its exchange serve another one.
        guard race.isOpen else {
            race.running -= 1
            return
        }
        let lane = race.newLane()
        let exchange = hedge.exchange.map { original in
            let copy = idleExchanges.popLast() ?? Exchange()
            copy.takeRequest(of: original)
            return copy
        }
        let end = await attempt(call, .hedge, exchange, lane)
        race.running -= 1
        let wins = race.isOpen && isGood(end, call)
        if wins {
            race.winner = end
            race.exchange = exchange
            endOthers(than: lane, of: race)
        } else if let spare = race.lost(end, exchange) {
            idleExchanges.append(spare)
        }
        // What the run cut off was neither.
        guard lane.wasSent, !end.attempt.cancelled || lane.isOver else { return }
        recorder.policies(warmUp: call.warmUp) { if wins { $0.hedgesWon += 1 } else { $0.hedgesWasted += 1 } }
    }

    /// Ends the attempts that are not needed any more, under way or waiting.
    private func endOthers(than winner: Lane, of race: Race) {
        for lane in race.lanes where lane !== winner {
            lane.isOver = true
            transport.cancel(lane.handle)
            if let ticket = lane.ticket { dismiss(ticket) }
        }
    }

    private func isGood(_ end: CallEnd, _ call: CallUnderWay) -> Bool {
        end.rejection == nil && !end.attempt.cancelled && failure(of: end.attempt, call.step) == nil
    }
}

/// The attempts of one call that run beside each other; all on their client's loop, hence `@unchecked`.
private final class Race: @unchecked Sendable {
    private(set) var lanes: [Lane] = []
    var winner: CallEnd?
    /// Holds the response of the hedge that won, or of the one whose failure counts.
    var exchange: Exchange?
    /// Of the hedges that failed, the one that says most.
    private var failed: CallEnd?
    /// Hedges under way.
    var running = 0
    var isFirstOver = false
    private var waiter: UnsafeContinuation<Void, Never>?

    /// Whether a further attempt may still help: nobody has won, and the call is under way.
    var isOpen: Bool { winner == nil && (!isFirstOver || waiter != nil) }

    func newLane() -> Lane {
        let lane = Lane()
        lanes.append(lane)
        return lane
    }

    /// Takes a hedge that has not won.
    /// - Returns: an exchange that nobody needs any more.
    func lost(_ end: CallEnd, _ other: Exchange?) -> Exchange? {
        guard winner == nil, failed.map({ Self.says(end, more: $0) }) ?? true else { return other }
        defer { exchange = other }
        failed = end
        return exchange
    }

    /// What the attempts came to, when all are over or one has won, and where the response is that counts; nil when it is
    /// that of the first one.
    func result(_ first: CallEnd) -> (CallEnd, Exchange?) {
        if let winner { return (winner, exchange) }
        guard let failed, Self.says(failed, more: first) else { return (first, nil) }
        return (failed, exchange)
    }

    /// Without a good answer the last attempt counts; one that was cut off before one that failed, since nobody knows what
    /// would have come of it; one that was turned away last of all.
    private static func says(_ end: CallEnd, more other: CallEnd) -> Bool {
        func rank(_ end: CallEnd) -> Int { end.attempt.cancelled ? 2 : end.rejection == nil ? 1 : 0 }
        let (own, others) = (rank(end), rank(other))
        return own == others ? end.over >= other.over : own > others
    }

    /// Waits until no hedge is under way.
    func finished() async {
        if running > 0, winner == nil { await withUnsafeContinuation { waiter = $0 } }
    }

    func checkEnd() {
        guard winner != nil || running == 0 else { return }
        waiter?.resume()
        waiter = nil
    }
}
