package import Core

/// When each arrival of a replay is due: at its recorded time, divided by the speed.
///
/// The times are whole nanoseconds since the start of the phase, in the order of n. A value over shared storage: copies,
/// cursors and shorter schedules of the same recording hold the same times, 8 bytes for each.
package struct ReplaySchedule: Hashable, Sendable {
    /// What the recording is called: the file, as the plan names it.
    package let source: String
    /// By what the recorded times were divided, as the plan says; `divided(by:)` leaves it.
    package let speed: Double
    /// How many arrivals there are: those of the recording that are not cut off.
    package let count: Int

    /// All times of the recording, whatever `count` is.
    private let nanoseconds: [Int64]

    /// A whole recording.
    /// - Parameters:
    ///   - times: nanoseconds since the start of the recording; at least 0, each at least as late as the one before.
    ///   - speed: above 0; 2 makes it twice as fast. Times are rounded to the nearest nanosecond.
    package init(_ times: [Int64], speed: Double = 1, source: String) {
        precondition(speed > 0 && speed.isFinite, "a speed is above 0, not \(speed)")
        precondition(
            times.first ?? 0 >= 0 && zip(times, times.dropFirst()).allSatisfy { $0 <= $1 },
            "the times of a recording ascend from 0")
        self.source = source
        self.speed = speed
        count = times.count
        // A double holds 104 days of nanoseconds exactly, and its division is correctly rounded.
        nanoseconds = speed == 1 ? times : times.map { Int64(exactly: (Double($0) / speed).rounded()) ?? .max }
    }

    private init(_ whole: ReplaySchedule, count: Int) {
        source = whole.source
        speed = whole.speed
        nanoseconds = whole.nanoseconds
        self.count = count
    }

    /// The same arrivals, each at its time divided by `factor`, to the nearest nanosecond; above 0 and finite.
    package func divided(by factor: Double) -> ReplaySchedule { ReplaySchedule(self, dividedBy: factor) }

    private init(_ whole: ReplaySchedule, dividedBy factor: Double) {
        precondition(factor > 0 && factor.isFinite, "times are divided by more than 0, not \(factor)")
        source = whole.source
        speed = whole.speed
        count = whole.count
        nanoseconds = whole.nanoseconds.map { Int64(exactly: (Double($0) / factor).rounded()) ?? .max }
    }

    /// The recording up to a time: an arrival at that very instant is the last one. O(log n).
    ///
    /// It begins with the whole recording, not with what an earlier cut left of it.
    package func cut(at end: Span) -> ReplaySchedule {
        ReplaySchedule(self, count: place(of: end.nanoseconds == .max ? .max : end.nanoseconds + 1))
    }

    /// The time of the last arrival; zero when there is none.
    package var end: Span { count > 0 ? Span(nanoseconds: nanoseconds[count - 1]) : .zero }

    /// The intended time of arrival `n` since the start of the phase; nil when there are not so many. O(1).
    /// - Precondition: `n` is at least 0.
    package func offset(of n: Int) -> Span? {
        precondition(n >= 0, "arrivals count from 0; there is none of number \(n)")
        return n < count ? Span(nanoseconds: nanoseconds[n]) : nil
    }

    /// How many arrivals fall into from ..< to. O(log n).
    package func count(from: Span, to: Span) -> Int {
        max(0, min(count, place(of: to.nanoseconds)) - min(count, place(of: from.nanoseconds)))
    }

    /// The arrivals of one stripe, in order. The stripes 0..<width together are the whole schedule, whatever the width.
    package func cursor(_ stripe: Stripe = .whole) -> ReplayCursor { ReplayCursor(self, stripe) }

    /// The number of the first arrival of the recording that is not before `time`.
    private func place(of time: Int64) -> Int {
        var (low, high) = (0, nanoseconds.count)
        while low < high {
            let middle = low + (high - low) / 2
            if nanoseconds[middle] < time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Walks through one stripe of a replay: arrival index, index + width, index + 2·width, … O(1) each.
package struct ReplayCursor: IteratorProtocol, Sequence, Sendable {
    private let schedule: ReplaySchedule
    private let width: Int
    private var n: Int

    init(_ schedule: ReplaySchedule, _ stripe: Stripe) {
        self.schedule = schedule
        width = stripe.width
        n = stripe.index
    }

    /// The next arrival of the stripe; nil, from then on always, when the phase has no more.
    package mutating func next() -> Arrival? {
        guard let offset = schedule.offset(of: n) else { return nil }
        defer { n += width }
        return Arrival(n: n, offset: offset)
    }
}
