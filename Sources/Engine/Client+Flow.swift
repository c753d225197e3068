import Core
import Flows
import Plans

/// The way through a scenario, item by item.
extension Client {
    /// Takes one arrival through its scenario, from its intended time.
    /// - Returns: when it is done with, the pause after the last call included.
    @discardableResult
    func go(_ n: Int, phase: Int, _ session: Session?, intended: Instant) async -> Instant {
        let flow = program.flow(of: n, phase: phase)
        var next = intended
        var whole = true
        var isEmpty = true
        if let steps = flow.plain {
            for step in steps {
                guard
                    let call = await callPlainly(step, phase: phase, intended: next, isFirst: step == steps.lowerBound)
                else {
                    whole = false
                    break
                }
                next = call.end
                if call.sent { isEmpty = false }
                if call.failed, flow.endsOnFailure { break }
            }
        } else if let session {
            var passage = Passage(from: intended)
            await walk(flow.items, session, &passage)
            next = passage.next
            whole = passage.ending != .stopped
            isEmpty = passage.calls == 0
        }
        // A user whose flow sends nothing would begin the next one in the same instant, for ever.
        if isEmpty { next = max(next, loop.sample() + Self.emptyFlow) }
        recorder.arrivalEnded(whole: whole, warmUp: program.warmUp[phase])
        inFlight -= 1
        return next
    }

    /// How long a flow takes at least that sends nothing.
    private static let emptyFlow = Span.milliseconds(1)

    /// Goes through the items in order, as far as it comes.
    func walk(_ items: [ProgramFlow.Item], _ session: Session, _ passage: inout Passage) async {
        for item in items {
            if passage.ending != nil { return }
            switch item {
            case .call(let step):
                await call(step, session, &passage)
            case .group(let items):
                await walk(items, session, &passage)
            case .transaction(let place, let items):
                await measure(place, session, &passage) { (passage: inout Passage) in
                    await self.walk(items, session, &passage)
                }
            case .parallel(let place, let items):
                await measure(place, session, &passage) { (passage: inout Passage) in
                    await self.walkAtOnce(items, session, &passage)
                }
            case .repetition(let times, let condition, let items):
                await walkAgain(items, times, while: condition, session, &passage)
            case .choice(let condition, let then, let otherwise):
                let holds = condition.holds(session.variables, status: session.status)
                await walk(holds ? then : otherwise, session, &passage)
            case .think(let time):
                passage.next = passage.next + time.sample(using: &session.random)
            case .draw(let sources):
                await drawAgain(sources, session, &passage)
            }
        }
    }

    /// Takes the next values of data sources; a flow for which there are none is cut off, as the load is.
    private func drawAgain(_ sources: [Int], _ session: Session, _ passage: inout Passage) async {
        // Only for the moment in which the clients agree on the rows of the next phase.
        while cursors.isClosed, !isCut { await loop.nextTurn() }
        for source in sources where !draw(source, into: session, again: true) {
            passage.ending = .stopped
            if !cursors.isAlone { endArrivals(after: loop.now) }
        }
    }

    /// Measures a group as one: from its intended start to the end of its last call, pauses within included.
    private func measure(
        _ place: Int?, _ session: Session, _ passage: inout Passage,
        _ body: (inout Passage) async -> Void
    ) async {
        let start = passage.next
        let (failedBefore, callsBefore, rejectedBefore) = (passage.failed, passage.calls, passage.rejected)
        passage.failed = false
        await body(&passage)
        // A group without a call is none; one whose only call could not be sent has failed, and has no latency.
        let isCall = passage.calls > callsBefore || passage.rejected > rejectedBefore || passage.failed
        if let place, passage.ending != .stopped, isCall {
            recorder.transaction(
                place, response: passage.calls > callsBefore ? passage.end - start : nil, failed: passage.failed,
                warmUp: session.warmUp)
        }
        passage.failed = passage.failed || failedBefore
    }

    /// Goes through all items at once; the slowest says when it goes on.
    private func walkAtOnce(_ items: [ProgramFlow.Item], _ session: Session, _ passage: inout Passage) async {
        let branches = Branches(from: passage, count: items.count)
        for (index, item) in items.enumerated() {
            let branch = Branch(item: item, session: session)
            Task(executorPreference: loop.taskExecutor) { await self.walk(branch, index, of: branches) }
        }
        await branches.finished()
        passage = branches.passage
    }

    private func walk(_ branch: Branch, _ index: Int, of branches: Branches) async {
        var passage = branches.start
        await walk([branch.item], branch.session, &passage)
        branches.end(passage)
    }

    /// Most rounds of a repetition that a variable counts.
    private static let mostRounds = 100_000

    private func walkAgain(
        _ items: [ProgramFlow.Item], _ times: FlowItem.Repetition, while condition: Condition?, _ session: Session,
        _ passage: inout Passage
    ) async {
        let most: Int =
            switch times {
            case .times(let range): range.lowerBound + Int(session.random.below(UInt64(range.count)))
            // The value may come from the target, which may say what it likes.
            case .variable(let slot): min(session.variables[slot].wholeNumber ?? 0, Self.mostRounds)
            }
        for round in 0..<max(0, most) {
            if round > 0, let condition, !condition.holds(session.variables, status: session.status) { return }
            rounds &+= 1
            if rounds & 255 == 0 {
                // Perhaps nothing is sent, and nothing waited for: others must have their turn all the same.
                await loop.nextTurn()
                if isCut { passage.ending = .stopped }
            }
            if passage.ending != nil { return }
            await walk(items, session, &passage)
        }
    }
}

/// What one branch of a parallel group takes along. Branches run on one loop, one at a time, hence `@unchecked`.
private struct Branch: @unchecked Sendable {
    let item: ProgramFlow.Item
    let session: Session
}

/// Where the branches of a parallel group meet again; they all run on their client's loop, hence `@unchecked`.
private final class Branches: @unchecked Sendable {
    let start: Passage
    private(set) var passage: Passage
    private var left: Int
    private var waiter: UnsafeContinuation<Void, Never>?

    init(from start: Passage, count: Int) {
        self.start = start
        passage = start
        left = count
    }

    func end(_ branch: Passage) {
        passage.end = max(passage.end, branch.end)
        passage.next = max(passage.next, branch.next)
        passage.failed = passage.failed || branch.failed
        passage.calls += branch.calls - start.calls
        passage.rejected += branch.rejected - start.rejected
        // A stop beats a failure: what was stopped did not come to its end.
        if branch.ending == .stopped || passage.ending == nil { passage.ending = branch.ending }
        left -= 1
        if left == 0 {
            waiter?.resume()
            waiter = nil
        }
    }

    func finished() async {
        if left > 0 { await withUnsafeContinuation { waiter = $0 } }
    }
}
