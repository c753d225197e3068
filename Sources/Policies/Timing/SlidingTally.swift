package import Core

/// Up to four kinds of events, counted over the last `window`, in slices of equal length.
///
/// It looks back on the slice under way and the whole ones before it, so on between (slices − 1)/slices of the window and
/// all of it. Time that goes backwards counts as the slice under way. Counting is O(1) and allocates nothing.
package struct SlidingTally: Sendable {
    /// One count per kind of event; what each lane stands for is its owner's matter.
    package typealias Counts = SIMD4<Int>

    private var slices: [Counts]
    private var sum = Counts()
    private let width: Int64
    /// Number of the slice under way since the clock's start.
    private var slice: Int64 = 0

    /// - Parameters:
    ///   - window: what is looked back on; at least one nanosecond per slice.
    ///   - slices: 1 to 1,000; default 10.
    package init(window: Span, slices: Int = 10) {
        let count = min(max(slices, 1), 1_000)
        self.slices = Array(repeating: Counts(), count: count)
        width = max(window.nanoseconds / Int64(count), 1)
    }

    /// Counts `counts` at `now`.
    package mutating func add(_ counts: Counts, at now: Instant) {
        advance(to: now)
        slices[position(of: slice)] &+= counts
        sum &+= counts
    }

    /// What happened within the window before `now`, and drops what is older.
    package mutating func total(at now: Instant) -> Counts {
        advance(to: now)
        return sum
    }

    /// The same without dropping anything; O(slices).
    package func seen(at now: Instant) -> Counts {
        let current = max(number(of: now), slice)
        let gone = current &- slice
        if gone == 0 { return sum }
        if gone >= Int64(slices.count) { return Counts() }
        var left = sum
        for step in 1...gone { left &-= slices[position(of: slice &+ step)] }
        return left
    }

    /// Forgets everything.
    package mutating func clear() {
        for index in slices.indices { slices[index] = Counts() }
        sum = Counts()
    }

    private mutating func advance(to now: Instant) {
        let current = number(of: now)
        guard current > slice else { return }
        if current &- slice >= Int64(slices.count) {
            clear()
        } else {
            for number in (slice &+ 1)...current {
                let index = position(of: number)
                sum &-= slices[index]
                slices[index] = Counts()
            }
        }
        slice = current
    }

    private func number(of now: Instant) -> Int64 { max(now.nanoseconds, 0) / width }

    private func position(of number: Int64) -> Int { Int(number % Int64(slices.count)) }
}
