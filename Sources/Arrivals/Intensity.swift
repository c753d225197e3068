package import Core

/// The intended rate of an open phase and its integral: how many arrivals are due by when, and when the nth is due.
///
/// `r` is the rate in arrivals per second, `Λ(t) = ∫₀ᵗ r` the arrivals due in the first `t` seconds, and Λ⁻¹ its inverse.
/// Each curve states its formulas in closed form in a file of its own. All of them are pure functions in IEEE 754 basic
/// operations: the same bits on every machine.
///
/// Precision: a result carries the rounding of a few operations on a 53-bit number, about 3·10⁻¹⁶ of its size. For times
/// that is below half a nanosecond during the first 19 days of a phase, and errors never add up from one arrival to the
/// next, because each is computed from its own number.
package struct Intensity: Hashable, Sendable {
    /// How long the phase lasts; at least 0.
    package let duration: Span
    /// Λ(duration): the arrivals due in the whole phase; at least 0.
    package let total: Double

    private let form: Form
    private let seconds: Double

    private enum Form: Hashable, Sendable {
        case constant(Double)
        case line(LineCurve)
        case steps(StepCurve)
        case wave(WaveCurve)
        case spike(SpikeCurve)
    }

    /// Numbers closer than this share of their size are the same number to us: 16 units in the last place, more than
    /// the formulas lose. It decides whether an arrival falls on an edge or beside it: 4.4/s for 12.5 s are 55 arrivals,
    /// though the product is 55.00000000000001.
    static let roundOff = 0x1p-48

    /// The curve over a phase of that length. The arrivals of a burst share an instant, but are due at the same rate as
    /// those of a constant curve: for `bursts` this is the rate around which the bursts fall.
    ///
    /// - Precondition: `duration` and a spike's `at` and `lasts` are at least 0; `every`, `by` and `period` are greater
    ///   than 0; a wave's amplitude is at most its mean.
    package init(_ curve: RateCurve, over duration: Span) {
        precondition(duration >= .zero, "a phase lasts at least 0 s, not \(duration)")
        self.duration = duration
        seconds = duration.seconds
        form =
            switch curve {
            case .constant(let rate), .bursts(let rate, size: _):
                .constant(rate.perSecond)
            case .ramp(let from, let to):
                .line(LineCurve(from: from.perSecond, to: to.perSecond, duration: seconds))
            case .steps(let from, let to, let by, let every):
                .steps(
                    StepCurve(from: from.perSecond, to: to.perSecond, by: by.perSecond, every: every.seconds))
            case .wave(let mean, let amplitude, let period):
                .wave(
                    WaveCurve(mean: mean.perSecond, amplitude: amplitude.perSecond, period: period.seconds))
            case .spike(let base, let peak, let at, let lasts):
                .spike(
                    SpikeCurve(base: base.perSecond, peak: peak.perSecond, at: at.seconds, lasts: lasts.seconds))
            }
        total = Self.cumulative(form, at: seconds)
    }

    /// r(t), per second, at least 0. A `t` outside the phase reads as its nearer end.
    /// - Parameter t: seconds since the start of the phase.
    package func rate(at t: Double) -> Double {
        let t = min(max(0, t), seconds)
        return switch form {
        case .constant(let rate): rate
        case .line(let line): line.rate(at: t)
        case .steps(let steps): steps.rate(at: t)
        case .wave(let wave): wave.rate(at: t)
        case .spike(let spike): spike.rate(at: t)
        }
    }

    /// Λ(t), in arrivals: 0 before the phase, `total` from its end on, never falling in between.
    /// - Parameter t: seconds since the start of the phase.
    package func cumulative(at t: Double) -> Double {
        Self.cumulative(form, at: min(max(0, t), seconds))
    }

    /// Λ⁻¹(y): the seconds from the start of the phase until more than `y` arrivals are due; the phase's whole length
    /// if there are never more. Where the rate is 0 for a while, that is the moment at which it is 0 no longer.
    /// - Parameter y: arrivals; less than 0 reads as 0.
    @inline(__always)
    package func time(of y: Double) -> Double {
        let y = max(0, y)
        guard y < total else { return seconds }
        return switch form {
        case .constant(let rate): y / rate
        case .line(let line): line.time(of: y)
        case .steps(let steps): steps.time(of: y)
        case .wave(let wave): wave.time(of: y)
        case .spike(let spike): spike.time(of: y)
        }
    }

    /// The curve for a picture: `points` pairs of an offset and the rate there, evenly spaced from the start of the
    /// phase to its end, both included.
    /// - Precondition: `points` is at least 2.
    package func sampled(points: Int) -> [Sample] {
        precondition(points >= 2, "a line has at least 2 points, not \(points)")
        return (0..<points).map { point in
            let t = seconds * Double(point) / Double(points - 1)
            return Sample(offset: Span(seconds: t), rate: Rate(perSecond: rate(at: t)))
        }
    }

    /// A point of a rate curve.
    package struct Sample: Hashable, Sendable {
        /// Since the start of the phase.
        package let offset: Span
        package let rate: Rate
    }

    private static func cumulative(_ form: Form, at t: Double) -> Double {
        switch form {
        case .constant(let rate): rate * t
        case .line(let line): line.cumulative(at: t)
        case .steps(let steps): steps.cumulative(at: t)
        case .wave(let wave): wave.cumulative(at: t)
        case .spike(let spike): spike.cumulative(at: t)
        }
    }
}
