/// Deadlines of what is under way, by its index, precise to a millisecond.
///
/// Nearly everything ends long before its deadline, so setting and clearing must cost nothing: the table keeps a
/// lower bound of all deadlines and looks through them only when that bound has passed. After a look the bound is
/// exact, so with a time-out of T there is about one look per T; and never more than one per millisecond.
package struct DeadlineTable: Sendable {
    private static let precision = Span.milliseconds(1)
    private var deadlines: [Instant] = []
    /// No deadline is earlier; `.never` when there is none.
    package private(set) var earliest = Instant.never

    package init() {}

    package mutating func set(_ index: Int, _ deadline: Instant) {
        while deadlines.count <= index { deadlines.append(.never) }
        deadlines[index] = deadline
        if deadline < earliest { earliest = deadline }
    }

    package mutating func clear(_ index: Int) {
        deadlines[index] = .never
    }

    /// Removes and returns the indices whose deadline is not later than `now`.
    package mutating func expire(at now: Instant) -> [Int] {
        var expired: [Int] = []
        var next = Instant.never
        for index in deadlines.indices {
            if deadlines[index] <= now {
                deadlines[index] = .never
                expired.append(index)
            } else if deadlines[index] < next {
                next = deadlines[index]
            }
        }
        earliest = next == .never ? .never : max(next, now + Self.precision)
        return expired
    }
}
