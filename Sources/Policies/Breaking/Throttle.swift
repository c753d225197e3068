package import Core

/// Client-side throttling: a call is rejected at once with probability max(0, (requests − k × accepts) / (requests + 1)),
/// both counted over the window (Beyer and others 2016, "Site Reliability Engineering", chapter 21). A call that is rejected
/// here is a request too, so a target that accepts a of r calls per second sees k × a of them.
package struct Throttle: Sendable {
    private let k: Double
    /// Lane 0: requests; lane 1: accepts.
    private var window: SlidingTally

    package init(_ settings: ThrottleSettings) {
        k = settings.k >= 1 ? settings.k : 1
        window = SlidingTally(window: settings.window, slices: 24)
    }

    /// Counts a request and says whether it may go out.
    package mutating func admits(at now: Instant, using random: inout SeededRandom) -> Bool {
        let rejection = rejection(of: window.total(at: now))
        window.add([1, 0, 0, 0], at: now)
        // nextUnit() is never 0, so that a probability of 0 rejects nothing.
        return rejection <= 0 || random.nextUnit() > rejection
    }

    /// A request that went out was accepted: it has an answer, and that is no 429 and no 503.
    package mutating func accepted(at now: Instant) { window.add([0, 1, 0, 0], at: now) }

    /// Probability, 0 to 1, that a request at `now` would be rejected; for the report.
    package func rejection(at now: Instant) -> Double { rejection(of: window.seen(at: now)) }

    private func rejection(of counts: SlidingTally.Counts) -> Double {
        let requests = Double(counts[0])
        return max(0, (requests - k * Double(counts[1])) / (requests + 1))
    }
}
