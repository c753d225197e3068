/// A staircase of rates: `from`, then one step towards `to` every `every` seconds, and `to` from then on.
///
///     rate          ╭────────── to
///               ╭───╯
///           ╭───╯ ↕ by
///      from ╯───╯
///           └───┴───┴──────────▶ t
///           0   every
///
///     level(j) = from ± j·by  for j < J,   to  for j ≥ J,    J = ⌈|to − from| / by⌉
///     T(j) = every · (from·j ± by·j·(j − 1)/2)                  arrivals before step j, for j ≤ J
///     Λ(t) = T(j) + level(j) · (t − j·every)                    j = min(⌊t / every⌋, J)
///     Λ⁻¹(y) = j·every + (y − T(j)) / level(j)                  the last j with T(j) ≤ y
///
/// with times in seconds, rates per second, y in arrivals. The last step may be smaller than `by`. Nothing is tabulated:
/// a staircase of a million steps costs what one of three costs.
struct StepCurve: Hashable, Sendable {
    /// The first rate, per second.
    let from: Double
    /// The last rate, per second.
    let to: Double
    /// Change of the rate at each step, per second; its sign points towards `to`.
    let by: Double
    /// The length of a step, in seconds; greater than 0.
    let every: Double
    /// J: the step from which on the rate is `to`.
    let last: Double

    /// - Precondition: `by` and `every` are greater than 0.
    init(from: Double, to: Double, by: Double, every: Double) {
        precondition(by > 0, "steps change the rate by more than 0/s each, not by \(by)/s")
        precondition(every > 0, "a step lasts longer than 0 s, not \(every) s")
        self.from = from
        self.to = to
        self.by = to < from ? -by : by
        self.every = every
        last = ((to - from).magnitude / by).rounded(.up)
    }

    /// r(t) for t ≥ 0.
    func rate(at t: Double) -> Double { level(step(at: t)) }

    /// Λ(t) for t ≥ 0.
    func cumulative(at t: Double) -> Double {
        let step = step(at: t)
        return before(step) + level(step) * (t - step * every)
    }

    /// Λ⁻¹(y) for y in 0..<Λ(∞).
    func time(of y: Double) -> Double {
        let step = step(holding: y)
        let rest = max(0, y - before(step))
        // No arrivals are left to place when the staircase has gone down to 0/s.
        return step * every + (rest > 0 ? rest / level(step) : 0)
    }

    private func step(at t: Double) -> Double { min((t / every).rounded(.down), last) }

    private func level(_ step: Double) -> Double { step >= last ? to : from + step * by }

    /// T(step).
    private func before(_ step: Double) -> Double { every * (from * step + by * (step * (step - 1) / 2)) }

    /// The last step that begins with at most `y` arrivals before it.
    private func step(holding y: Double) -> Double {
        if y >= before(last) { return last }
        // T is a parabola in j; its root is a guess that rounding may have put one step aside.
        let a = from - by / 2
        let root = max(0, a * a + 2 * by * (y / every)).squareRoot()
        let guess = a > 0 ? 2 * (y / every) / (a + root) : (root - a) / by
        var step = min(max(0, guess.rounded(.down)), last - 1)
        while step > 0, before(step) > y { step -= 1 }
        while step < last, before(step + 1) <= y { step += 1 }
        return step
    }
}
