import Core

/// Failures and slow calls among the last calls of a closed breaker, by count or by time.
struct BreakerWindow: Sendable {
    /// Lanes: calls, failures, slow calls.
    typealias Counts = SlidingTally.Counts

    /// One of the two.
    private var last: LastCalls?
    private var recent: SlidingTally?
    private let minimum: Int
    private let rate: BreakerSettings.Rate

    init(_ rate: BreakerSettings.Rate) {
        self.rate = rate
        switch rate.window {
        case .count(let calls):
            let size = min(max(calls, 1), 100_000)
            last = LastCalls(size: size)
            // A window that never holds so many calls would never trip.
            minimum = min(max(rate.minimum, 1), size)
        case .time(let window):
            recent = SlidingTally(window: window, slices: 10)
            minimum = max(rate.minimum, 1)
        }
    }

    func isSlow(_ took: Span) -> Bool { rate.slowShare != nil && took > rate.slow }

    /// Counts a call; true when the breaker is to open.
    mutating func trips(failed: Bool, slow: Bool, at now: Instant) -> Bool {
        let call: Counts = [1, failed ? 1 : 0, slow ? 1 : 0, 0]
        last?.add(call)
        recent?.add(call, at: now)
        let counts = last?.sum ?? recent?.total(at: now) ?? Counts()
        guard counts[0] >= minimum else { return false }
        return Self.reaches(rate.failures, counts[1], of: counts[0])
            || Self.reaches(rate.slowShare, counts[2], of: counts[0])
    }

    mutating func clear() {
        last?.clear()
        recent?.clear()
    }

    /// The quotient, not the product: 7 / 100 is the number that `0.07` is, 0.07 × 100 is more than 7.
    private static func reaches(_ share: Double?, _ part: Int, of whole: Int) -> Bool {
        guard let share, part > 0 else { return false }
        return Double(part) / Double(whole) >= share
    }
}

/// The outcomes of the last so many calls.
private struct LastCalls: Sendable {
    private var outcomes: [UInt8]
    private var next = 0
    var sum = BreakerWindow.Counts()

    init(size: Int) { outcomes = Array(repeating: 0, count: size) }

    mutating func add(_ call: BreakerWindow.Counts) {
        sum &+= call &- Self.counts(of: outcomes[next])
        outcomes[next] = UInt8(truncatingIfNeeded: call[0] | call[1] << 1 | call[2] << 2)
        next = next &+ 1 < outcomes.count ? next &+ 1 : 0
    }

    mutating func clear() {
        for index in outcomes.indices { outcomes[index] = 0 }
        next = 0
        sum = BreakerWindow.Counts()
    }

    private static func counts(of bits: UInt8) -> BreakerWindow.Counts {
        let bits = Int(bits)
        return [bits & 1, bits >> 1 & 1, bits >> 2 & 1, 0]
    }
}
