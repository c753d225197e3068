import Core

/// A stretch of time that comes once or again and again, in nanoseconds since the start of the load.
///
/// Beginnings count to the window, ends do not. Which of its turns an instant is in is found by division, so a window that
/// came a million times costs as much as one that came once.
struct TimeWindow: Hashable, Sendable {
    /// When it begins first; at least 0.
    let at: Int64
    /// How long it lasts; `.max`: for ever.
    let lasts: Int64
    /// From one beginning to the next, more than `lasts`; 0: it comes once.
    let every: Int64

    /// Where an instant stands.
    struct Position {
        /// The last edge at or before the instant; `.min` before the first.
        var begin: Int64
        /// The first edge after it; `.max`: there is none.
        var end: Int64
        /// Whether the instant is inside.
        var isInside: Bool
    }

    /// Values that make no sense are put right, as a description without flaws has none: a window that would come again
    /// before it is over never ends.
    init(at: Span, lasts: Span?, every: Span?) {
        self.at = max(0, at.nanoseconds)
        let length = max(0, lasts?.nanoseconds ?? .max)
        let period = every?.nanoseconds ?? 0
        (self.lasts, self.every) = period > 0 && period <= length ? (.max, 0) : (length, max(0, period))
    }

    func position(of time: Int64) -> Position {
        guard time >= at else { return Position(begin: .min, end: at, isInside: false) }
        let begin = every > 0 ? time - (time - at) % every : at
        let end = Self.sum(begin, lasts)
        if time < end { return Position(begin: begin, end: end, isInside: true) }
        return Position(begin: end, end: every > 0 ? Self.sum(begin, every) : .max, isInside: false)
    }

    func contains(_ time: Int64) -> Bool { position(of: time).isInside }

    /// Saturates at `.max`; both are not negative.
    static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }
}
