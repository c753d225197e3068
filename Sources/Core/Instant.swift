/// A moment on the run's one clock: nanoseconds of CLOCK_MONOTONIC, or of virtual time.
///
/// Instants of different clocks never meet: a run has exactly one, and wall time is only a label on reports.
package struct Instant: Comparable, Hashable, Sendable {
    /// Nanoseconds since the clock's own, arbitrary, start.
    package var nanoseconds: Int64

    @inlinable
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Later than every instant that a clock can show; a deadline that never comes.
    package static let never = Instant(nanoseconds: .max)

    /// "Not stamped": before every instant that a clock can show.
    package static let unset = Instant(nanoseconds: 0)

    @inlinable
    package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }
    // Those that the standard library would derive are looked up in a table at run time when another module calls them.
    @inlinable
    package static func <= (left: Instant, right: Instant) -> Bool { left.nanoseconds <= right.nanoseconds }
    @inlinable
    package static func > (left: Instant, right: Instant) -> Bool { left.nanoseconds > right.nanoseconds }
    @inlinable
    package static func >= (left: Instant, right: Instant) -> Bool { left.nanoseconds >= right.nanoseconds }

    /// The span from `right` to `left`; negative when `left` is the earlier one.
    @inlinable
    package static func - (left: Instant, right: Instant) -> Span {
        Span(nanoseconds: left.nanoseconds &- right.nanoseconds)
    }

    /// Saturates at `never`, so that "now + a very long time-out" is a deadline that never comes.
    @inlinable
    package static func + (left: Instant, right: Span) -> Instant {
        let (sum, overflow) = left.nanoseconds.addingReportingOverflow(right.nanoseconds)
        return overflow ? .never : Instant(nanoseconds: sum)
    }
}
