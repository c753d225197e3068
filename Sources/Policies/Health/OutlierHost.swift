import Core

/// What an outlier detector knows of one endpoint.
struct OutlierHost: Sendable {
    /// Whether it is one of those that there are now.
    var isMember = false
    /// While members are set: whether it is still one.
    var stays = false
    /// Failures in a row.
    private(set) var streak = 0
    /// Of the interval under way.
    private(set) var attempts = 0
    private(set) var failed = 0
    /// How often it was ejected lately.
    private(set) var multiplier: Int64 = 0
    private(set) var isEjected = false
    /// When the ejection ends.
    private(set) var until = Instant.unset
    /// Whether it was ejected at some time in the interval under way.
    private var wasEjected = false

    /// Its success rate and share of failures in the interval, with at least one attempt.
    var successRate: Double { Double(attempts &- failed) / Double(attempts) }
    var failureShare: Double { Double(failed) / Double(attempts) }

    /// Whether it may be compared: it is not ejected and has enough attempts.
    func counts(_ volume: Int) -> Bool { !isEjected && attempts >= max(volume, 1) }

    mutating func count(failed isFailure: Bool) {
        attempts &+= 1
        if isFailure {
            failed &+= 1
            streak &+= 1
        } else {
            streak = 0
        }
    }

    /// Counts one more ejection and says how long it lasts: base × multiplier, up to `longest` or the base itself.
    mutating func lengthenEjection(base: Span, longest: Span) -> Span {
        let base = max(base.nanoseconds, 1)
        let longest = max(longest.nanoseconds, base)
        // Above the longest ejection a greater multiplier would only take longer to shrink.
        if !Self.reaches(longest, multiplier, base) { multiplier &+= 1 }
        return Span(nanoseconds: Self.reaches(longest, multiplier, base) ? longest : multiplier &* base)
    }

    mutating func eject(until end: Instant) {
        isEjected = true
        wasEjected = true
        until = end
        streak = 0
        attempts = 0
        failed = 0
    }

    /// Ends the ejection; what is counted from here on is new.
    mutating func restore() { isEjected = false }

    /// So many intervals are over; the multiplier shrinks by one for each in which it was not ejected.
    mutating func endInterval(_ intervals: Int64) {
        attempts = 0
        failed = 0
        if isEjected { return }
        multiplier &-= min(multiplier, intervals &- (wasEjected ? 1 : 0))
        wasEjected = false
    }

    /// Whether `multiplier` × `base` is `longest` or more.
    private static func reaches(_ longest: Int64, _ multiplier: Int64, _ base: Int64) -> Bool {
        let (product, overflow) = multiplier.multipliedReportingOverflow(by: base)
        return overflow || product >= longest
    }
}
