import Core

/// The peak EWMA of latencies (Finagle): an average that follows a slower answer at once, and faster ones with the time
/// constant τ.
///
/// A sample above what is read at that time takes its place; another counts with 1 − e^(−Δt/τ), and what was there with
/// e^(−Δt/τ). Without samples the average decays, so that an endpoint is tried again that was slow long ago. To read
/// changes nothing: Finagle's read counts as a sample of 0, and the average then depends on how often it was looked at.
struct PeakEWMA: Sendable {
    /// Nanoseconds, as of `stamp`.
    private var cost = 0.0
    private var stamp = Instant.unset
    /// Whether there was a sample.
    private(set) var isKnown = false

    /// Nanoseconds at that time; 0 before the first sample.
    func cost(at now: Instant, decay: Span) -> Double {
        isKnown ? cost * Self.remainder(now - stamp, decay) : 0
    }

    mutating func observe(_ latency: Span, at now: Instant, decay: Span) {
        let sample = Double(max(0, latency.nanoseconds))
        let share = Self.remainder(now - stamp, decay)
        let decayed = isKnown ? cost * share : 0
        cost = !isKnown || sample > decayed ? sample : sample * (1 - share) + decayed
        stamp = now
        isKnown = true
    }

    /// e^(−Δt/τ); without a τ nothing remains.
    private static func remainder(_ elapsed: Span, _ decay: Span) -> Double {
        if elapsed <= .zero { return 1 }
        if decay <= .zero { return 0 }
        let x = -Double(elapsed.nanoseconds) / Double(decay.nanoseconds)
        return x > -0x1p-5 ? nearOne(x) : PortableMath.exponential(x)
    }

    /// e^x for −1/32 < x ≤ 0, which is where most samples lie: eight terms of Taylor's series reach 2^-55, in short sums
    /// beside each other.
    private static func nearOne(_ x: Double) -> Double {
        let z = x * x
        let low = (1 + x) + z * (1.0 / 2 + x * (1.0 / 6))
        let high = (1.0 / 24 + x * (1.0 / 120)) + z * (1.0 / 720 + x * (1.0 / 5_040))
        return low + z * z * high
    }
}
