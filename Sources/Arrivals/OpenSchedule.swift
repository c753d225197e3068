package import Core

/// One intended start of a scenario.
package struct Arrival: Hashable, Sendable {
    /// Its number within the phase, from 0.
    package let n: Int
    /// Its intended time, since the start of the phase.
    package let offset: Span

    @inlinable
    package init(n: Int, offset: Span) {
        self.n = n
        self.offset = offset
    }
}

/// When each arrival of an open phase is due: a pure function of its number and the seed.
///
/// With Λ the integral of the intended rate (`Intensity`), arrival n is due at
///
///     regular    Λ⁻¹(n)                                   n = 0 at the start of the phase
///     poisson    Λ⁻¹(S_n),   S_n = Σ_{k=0…n} −ln u_k      u_k = number k of the seed's stream, uniform in (0, 1]
///
/// while that is before the end of the phase. S_n are the points of a Poisson process of rate 1; stretching its time axis
/// by Λ⁻¹ gives a Poisson process of intensity r(t) (Çınlar 1975, "Introduction to Stochastic Processes", 4.7; also Lewis
/// and Shedler 1979, "Simulation of nonhomogeneous Poisson processes by thinning", section 1).
///
/// `bursts` put arrival n where arrival b = size·⌊n / size⌋ would be: at Λ⁻¹(b), or at Λ⁻¹(size·S_⌊n/size⌋), so that the
/// instants of the bursts are Poisson, and each is still followed by `size` arrivals.
///
/// Offsets are whole nanoseconds, rounded to nearest, never at or beyond the end of the phase and in the order of n.
/// Nothing is added up from one regular arrival to the next, so there is no drift: arrival 10⁹ at 999,999/s is due at
/// 1,000.001000001 s, to the nanosecond (see `Intensity` for how far that reaches).
package struct OpenSchedule: Hashable, Sendable {
    /// The rate around which the arrivals fall.
    package let intensity: Intensity
    package let process: ArrivalProcess
    /// Arrivals that share an instant; 1 unless the curve is `bursts`.
    package let size: Int

    /// Regular arrivals in the phase, in closed form.
    let regularCount: Int
    let seed: UInt64
    let stream: UInt64

    /// - Parameters:
    ///   - duration: how long the phase lasts; at least 0.
    ///   - seed: the run's seed; regular arrivals do not depend on it.
    ///   - phase: which phase of the plan, from 0: each draws from a stream of its own.
    /// - Precondition: those of `Intensity`; a burst's size is at least 1.
    package init(
        _ curve: RateCurve, _ process: ArrivalProcess, for duration: Span, seed: UInt64, phase: Int = 0
    ) {
        intensity = Intensity(curve, over: duration)
        self.process = process
        if case .bursts(_, let size) = curve {
            precondition(size >= 1, "a burst has at least 1 arrival, not \(size)")
            self.size = size
        } else {
            size = 1
        }
        self.seed = seed
        stream = ArrivalStream.gaps(phase: phase)
        // Burst k is in the phase when k·size < Λ(end); one that only rounding puts before the end is at the end.
        let bursts = (intensity.total / Double(size) * (1 - Intensity.roundOff)).rounded(.up)
        let (count, overflow) = (Int(exactly: bursts) ?? .max).multipliedReportingOverflow(by: size)
        regularCount = overflow ? .max : count
    }

    /// How many arrivals to expect: Λ(duration). O(1). A regular schedule has that many, rounded up to whole bursts; a
    /// Poisson schedule has that many on average.
    package var expectedCount: Double { intensity.total }

    /// How many arrivals there are, exactly. O(1) if regular; O(count) if Poisson, since they must be drawn to be counted:
    /// about 10 ns each.
    package var count: Int {
        switch process {
        case .regular:
            return regularCount
        case .poisson:
            var points = PoissonPoints(seed: seed, stream: stream)
            while points.draw() * Double(size) < intensity.total {}
            return (points.drawn - 1) * size
        }
    }

    /// The intended time of arrival `n` since the start of the phase; nil when the phase ends first. O(1) if regular, O(n)
    /// if Poisson: to go through a schedule in order, use a cursor, which gives the same offsets to the bit.
    /// - Precondition: `n` is at least 0.
    package func offset(of n: Int) -> Span? {
        precondition(n >= 0, "arrivals count from 0; there is none of number \(n)")
        switch process {
        case .regular:
            return n < regularCount ? offset(at: Double(n - n % size)) : nil
        case .poisson:
            var points = PoissonPoints(seed: seed, stream: stream)
            var due: Double
            repeat {
                due = points.draw() * Double(size)
                guard due < intensity.total else { return nil }
            } while points.drawn <= n / size
            return offset(at: due)
        }
    }

    /// The arrivals of one stripe, in order. The stripes 0..<width together are the whole schedule, whatever the width.
    package func cursor(_ stripe: Stripe = .whole) -> ArrivalCursor { ArrivalCursor(self, stripe) }

    /// The instant at which Λ exceeds `due`, in whole nanoseconds inside the phase.
    @inline(__always)
    func offset(at due: Double) -> Span {
        // Less than half a nanosecond before the end rounds to the end, where the next phase has begun.
        min(Span(seconds: intensity.time(of: due)), Span(nanoseconds: intensity.duration.nanoseconds - 1))
    }
}

/// The points S_0 < S_1 < … of a Poisson process of rate 1, one after the other.
///
/// A running sum, yet a function of the seed and k alone: whoever asks, the terms are added in the same order, k = 0 first.
/// The rounding of a sum of 10⁹ gaps stays below 10⁻² of one gap, and it is the same rounding for everyone.
struct PoissonPoints: Sendable {
    private var random: SeededRandom
    /// S of the last point drawn; 0 before the first.
    private(set) var last = 0.0
    /// How many points have been drawn.
    private(set) var drawn = 0

    init(seed: UInt64, stream: UInt64) {
        random = SeededRandom(seed: seed, stream: stream)
    }

    /// The next point.
    @inline(__always)
    mutating func draw() -> Double {
        last -= PortableMath.logarithm(random.nextUnit())
        drawn += 1
        return last
    }
}
