import Core
import Flows
import Plans

/// What users know: their variables, and the values of data sources in them.
extension Client {
    func newSession() -> Session { Session(variables: program.variableCount) }

    /// A session for arrival `n` of an open phase, with its data; nil when its scenario needs none.
    func session(for flow: ProgramFlow, _ n: Int, phase: Int) -> Session? {
        if flow.plain != nil { return nil }
        let session = idleSessions.popLast() ?? newSession()
        if program.client.cookies { session.jar = CookieJar() }
        prepare(session, for: flow, n, phase: phase)
        return session
    }

    /// Makes a session ready for arrival `n`: what setup left, and the values of its data sources.
    func prepare(_ session: Session, for flow: ProgramFlow, _ n: Int, phase: Int) {
        session.random = program.random(of: n, phase: phase)
        session.phase = phase
        session.warmUp = program.warmUp[phase]
        session.isScheduled = program.isOpen[phase]
        equip(session, for: flow)
    }

    func equip(_ session: Session, for flow: ProgramFlow) {
        session.variables.clear()
        session.status = 0
        session.endsOnFailure = flow.endsOnFailure
        if program.client.cookies, session.jar == nil { session.jar = CookieJar() }
        for value in shared { session.variables[value.slot] = value.value }
        for source in flow.sources where !draw(source, into: session) { return }
    }

    /// Notes arrivals of other clients, which have their rows, too.
    func passArrivals(_ numbers: Range<Int>, phase: Int) {
        if program.data.isEmpty { return }
        for n in numbers { cursors.pass(program.flow(of: n, phase: phase).sources) }
    }

    /// Takes the next values of a source.
    /// - Parameter again: in the middle of a flow; what a user keeps all its life stays as it is.
    /// - Returns: false when it has come to its end.
    func draw(_ source: Int, into session: Session, again: Bool = false) -> Bool {
        if again, program.isPerUser[source] { return true }
        let drawn = program.data[source].draw(
            ordinal: row(of: source, for: session, again: again), wallNanoseconds: wallTime(loop.now),
            into: &session.variables)
        if !drawn { cursors.isExhausted = true }
        return drawn
    }

    private func row(of source: Int, for session: Session, again: Bool) -> Int {
        if let user = session.user {
            // A user that keeps its row has the one of its number.
            if program.isPerUser[source] { return user }
            if session.phase == phase { return cursors.row(of: source, user: user) }
        }
        return again ? cursors.next(of: source) : cursors.row(ofArrivalFrom: source)
    }

    /// Nanoseconds since 1970 at that instant.
    func wallTime(_ instant: Instant) -> Int64 {
        wallOffset + instant.nanoseconds
    }
}
