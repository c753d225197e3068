import Core

/// How the weight of a new endpoint grows, as Envoy's does: weight · max(10 %, (max(t, 1 s) / window)^(1/aggression)).
struct SlowStart: Sendable {
    /// How long it takes.
    let window: Span
    /// 1 is linear; more is faster at first.
    let aggression: Double

    /// The least share of its weight that an endpoint begins with.
    static let least = 0.1

    /// The share of its weight that an endpoint has after it has been there for so long: 0.1 to 1.
    func factor(after elapsed: Span) -> Double {
        let t = max(elapsed, .seconds(1))
        guard t < window else { return 1 }
        let share = t.seconds / window.seconds
        let grown = aggression > 0 && aggression != 1 ? PortableMath.power(share, 1 / aggression) : share
        return min(1, max(Self.least, grown))
    }

    /// How long a factor may be used again: half a percent of the window, at least a millisecond.
    var step: Span { Span(nanoseconds: max(1_000_000, window.nanoseconds / 200)) }
}

extension PortableMath {
    /// x^y for a positive normal x.
    fileprivate static func power(_ x: Double, _ y: Double) -> Double { exponential(y * logarithm(x)) }
}
