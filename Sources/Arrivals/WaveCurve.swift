import Core

/// A sine around a mean.
///
///     rate      ╭─╮             ╭─╮
///      mean ───╯───╰───╮───╭───╯───╰──  ↕ amplitude
///                       ╰─╯
///           └───────────────┴──────────▶ t
///           0            period
///
///     r(t) = mean + amplitude · sin(2πt / period)
///     Λ(t) = mean·t + amplitude · period/π · sin²(πt / period)
///
/// with t and period in seconds, rates per second, Λ in arrivals. Λ has no inverse in closed form. Whole periods are taken
/// off first (each has mean·period arrivals); in the one that is left, x = t / period solves
///
///     x + a/π · sin²(πx) = q          a = amplitude / mean in 0...1,  q = arrivals left / (mean·period) in 0..<1
///
/// by Newton's method inside a bracket, with bisection where Newton would leap: for a = 1 the derivative
/// 1 + a·sin(2πx) vanishes at x = ¾. (Press et al., "Numerical Recipes", 3rd ed., 9.4, `rtsafe`.)
struct WaveCurve: Hashable, Sendable {
    /// Per second.
    let mean: Double
    /// Per second; 0...mean.
    let amplitude: Double
    /// In seconds; greater than 0.
    let period: Double

    /// - Precondition: `amplitude ≤ mean`, `period > 0`.
    init(mean: Double, amplitude: Double, period: Double) {
        precondition(amplitude <= mean, "a wave of \(amplitude)/s around \(mean)/s would need rates below 0/s")
        precondition(period > 0, "a wave's period is longer than 0 s, not \(period) s")
        self.mean = mean
        self.amplitude = amplitude
        self.period = period
    }

    /// r(t) for t ≥ 0.
    func rate(at t: Double) -> Double {
        let x = phase(at: t)
        // sin(2πx) from the sine of half turns; the second half of a period is the first one upside down.
        let sine = x < 0.5 ? PortableMath.sine(halfTurns: 2 * x) : -PortableMath.sine(halfTurns: 2 * x - 1)
        return max(0, mean + amplitude * sine)
    }

    /// Λ(t) for t ≥ 0.
    func cumulative(at t: Double) -> Double {
        let sine = PortableMath.sine(halfTurns: phase(at: t))
        return mean * t + amplitude * period / Double.pi * (sine * sine)
    }

    /// Λ⁻¹(y) for y ≥ 0, to 0.1 ns where the rate is above 0 (at a rate of 0 no arrival has a sharper instant).
    func time(of y: Double) -> Double {
        let periods = y / (mean * period)
        let whole = periods.rounded(.down)
        return (whole + fraction(of: periods - whole)) * period
    }

    /// t in periods, without the whole ones: 0..<1.
    private func phase(at t: Double) -> Double {
        let x = t / period
        return x - x.rounded(.down)
    }

    /// The x of one period, 0...1, at which the share q of its arrivals has come.
    private func fraction(of q: Double) -> Double {
        let a = amplitude / mean
        // sin² lies in 0...1, so x lies in (q − a/π)...q.
        var low = max(0, q - a / Double.pi)
        var high = q
        let enough = max(1e-10 / period, 0x1p-53)
        var x = low + (high - low) / 2
        var moved = high - low
        while moved > enough {
            let sine = PortableMath.sine(halfTurns: x)
            let excess = x + a / Double.pi * (sine * sine) - q
            if excess > 0 { high = x } else { low = x }
            let cosine = (1 - sine * sine).squareRoot() * (x < 0.5 ? 1 : -1)
            let newton = x - excess / (1 + 2 * a * sine * cosine)
            // Newton's step must stay inside and be at most half the step before it, or else the bracket is halved:
            // never slower than bisection. (A quotient 0 / 0 is not a number, which no comparison lets through.)
            let trusted = newton >= low && newton <= high && (newton - x).magnitude * 2 <= moved
            let next = trusted ? newton : low + (high - low) / 2
            moved = trusted ? (newton - x).magnitude : (high - low) / 2
            x = next
        }
        return x
    }
}
