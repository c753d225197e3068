package import Core

/// When each user of a closed phase joins and leaves: a pure function of its number.
///
///     users
///       b ┤          ╭──   from a to b: the line, rounded to the nearest whole number
///         │      ╭───╯
///         │  ╭───╯         user v joins where the line reaches v + ½,
///       a ┤──╯             and leaves there when it falls
///         └──────────▶ t
///         0          D
///
/// At ½, not at v or v + 1, the users present differ from the line by at most half a user, their time in the phase adds up
/// to the area under the line, and a ramp down is the mirror image of a ramp up.
///
/// Users that are there from the start all join at 0, and begin with a burst of as many calls. That is what every closed
/// tool does and what a constant number of users means; a ramp spreads the joins, and a warm-up phase takes the burst
/// out of the results.
package struct UserSchedule: Hashable, Sendable {
    /// How many users the phase has in all; they are numbered from 0.
    package let users: Int

    private let from: Int
    private let to: Int
    private let duration: Double

    /// - Parameters:
    ///   - curve: how many users, at least 0.
    ///   - end: when the phase ends.
    /// - Precondition: a ramp ends after a span: a line over a count of calls has no length.
    package init(_ curve: UserCurve, until end: ClosedEnd) {
        switch curve {
        case .constant(let count):
            (from, to) = (count, count)
        case .ramp(let first, let last):
            (from, to) = (first, last)
        }
        precondition(from >= 0 && to >= 0, "a phase has at least 0 users, not \(min(from, to))")
        switch end {
        case .after(let span):
            precondition(span >= .zero, "a phase lasts at least 0 s, not \(span)")
            duration = span.seconds
        case .count:
            precondition(from == to, "a ramp of users needs a duration: a phase that ends by a count of calls has none")
            duration = 0
        }
        users = max(from, to)
    }

    /// When user `v` joins, since the start of the phase.
    /// - Precondition: `v` is in 0..<users.
    package func join(of v: Int) -> Span {
        check(v)
        return v < from ? .zero : Span(seconds: crossing(of: v))
    }

    /// When user `v` leaves: it ends the call it is in and begins no other; nil when it stays to the end of the phase.
    /// - Precondition: `v` is in 0..<users.
    package func leave(of v: Int) -> Span? {
        check(v)
        return v < to ? nil : Span(seconds: crossing(of: v))
    }

    /// How many users are present at `offset` since the start of the phase; at its end and beyond, as many as at the end.
    package func present(at offset: Span) -> Int {
        guard duration > 0 else { return to }
        let share = min(max(0, offset.seconds / duration), 1)
        let line = Double(from) + (Double(to) - Double(from)) * share
        // At the very instant of a crossing a joining user is present and a leaving one is not.
        return Int((from <= to ? line + 0.5 : line - 0.5).rounded(from <= to ? .down : .up))
    }

    /// The users that live on one client: user v belongs to client v mod clients.
    package func users(of client: Stripe) -> StrideTo<Int> { client.numbers(below: users) }

    /// How many of `count` calls, all users together, fall to one client: call m is user (m mod users)'s, and so goes where that
    /// user lives. The shares of all clients sum to `count`, and a client without users has none.
    /// - Parameter count: at least 0.
    /// - Precondition: there is at least one user, unless `count` is 0.
    package func share(of count: Int, for client: Stripe) -> Int {
        if count == 0 { return 0 }
        precondition(users > 0, "\(count) calls need at least one user")
        let (each, rest) = count.quotientAndRemainder(dividingBy: users)
        return each * client.count(of: users) + client.count(of: rest)
    }

    /// Where the line passes v + ½, in seconds.
    private func crossing(of v: Int) -> Double {
        duration * ((Double(v) + 0.5 - Double(from)) / (Double(to) - Double(from)))
    }

    private func check(_ v: Int) {
        precondition((0..<users).contains(v), "there is no user \(v) among \(users); they count from 0")
    }
}
