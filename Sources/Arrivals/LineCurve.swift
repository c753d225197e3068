/// A rate that follows one straight line: `constant` (slope 0) and `ramp`.
///
///     rate                      rate   to ╭─
///      r ┤━━━━━━━━━━━━━━━             ╭──╯
///        │                       ╭───╯
///        └──────────────▶ t      └──────────────▶ t
///         0             D     from              D
///
///     r(t) = from + s·t               s = (to − from) / D, per second²
///     Λ(t) = from·t + s·t²/2
///     Λ⁻¹(y) = 2y / (from + √(from² + 2·s·y))
///
/// with t and D in seconds, rates per second, y in arrivals. That form of the quadratic's root adds two positive
/// numbers: neither a ramp from 0 nor one to 0 loses digits to a difference.
struct LineCurve: Hashable, Sendable {
    /// The rate at the start, per second.
    let from: Double
    /// The rate at the end, per second.
    let to: Double
    /// How long the line is, in seconds; at least 0.
    let duration: Double
    /// Change of the rate, per second²; 0 for a constant rate.
    let slope: Double
    /// Arrivals over the whole line.
    let total: Double

    init(from: Double, to: Double, duration: Double) {
        self.from = from
        self.to = to
        self.duration = duration
        slope = duration > 0 ? (to - from) / duration : 0
        total = (from + to) / 2 * duration
    }

    /// r(t) for t in 0...duration.
    func rate(at t: Double) -> Double { from + slope * t }

    /// Λ(t) for t in 0...duration.
    func cumulative(at t: Double) -> Double { (from + slope * t / 2) * t }

    /// Λ⁻¹(y) for y in 0..<total.
    @inline(__always)
    func time(of y: Double) -> Double {
        if slope == 0 { return y / from }
        if y <= 0 { return 0 }
        // The square of the rate at the answer. Downhill it is counted from the end, where it is small.
        let square = slope > 0 ? from * from + 2 * slope * y : to * to - 2 * slope * (total - y)
        return 2 * y / (from + square.squareRoot())
    }
}
