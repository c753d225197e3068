/// A constant rate with a rectangle in it; `peak` may also lie below `base`, down to a gap of 0/s.
///
///     rate        ╭────╮ peak
///                 │    │
///      base ━━━━━━╯    ╰━━━━━━━━
///           └─────┴────┴───────▶ t
///           0    at   at + lasts
///
///     r(t) = peak for at ≤ t < at + lasts, else base
///     Λ(t) = base · (t − w) + peak · w          w = the part of 0...t inside the spike
///     Λ⁻¹(y) = y / base                         for y < B = base·at
///              at + (y − B) / peak              for y − B < P = peak·lasts
///              at + lasts + (y − B − P) / base  else
///
/// with times in seconds, rates per second, y in arrivals. Across a stretch of 0/s the inverse is the end of it: the
/// arrival that would fall due in the gap comes when the rate does.
struct SpikeCurve: Hashable, Sendable {
    /// The rate outside the spike, per second.
    let base: Double
    /// The rate inside the spike, per second.
    let peak: Double
    /// When the spike begins, in seconds; at least 0.
    let at: Double
    /// How long it lasts, in seconds; at least 0.
    let lasts: Double

    /// r(t) for t ≥ 0.
    func rate(at t: Double) -> Double { t >= at && t < at + lasts ? peak : base }

    /// Λ(t) for t ≥ 0.
    func cumulative(at t: Double) -> Double {
        let inside = min(max(0, t - at), lasts)
        return base * (t - inside) + peak * inside
    }

    /// Λ⁻¹(y) for y in 0..<Λ(∞).
    func time(of y: Double) -> Double {
        let before = base * at
        let during = peak * lasts
        // The margin keeps an arrival that belongs to the edge of a gap from falling, by one bit, before the gap.
        let margin = 1 - Intensity.roundOff
        if y < before * margin { return y / base }
        if y < (before + during) * margin { return at + max(0, y - before) / peak }
        let rest = max(0, y - before - during)
        return at + lasts + (rest > 0 ? rest / base : 0)
    }
}
