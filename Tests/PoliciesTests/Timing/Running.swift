import Core

extension Instant {
    /// So many seconds into a run whose clock began long before it.
    static func running(_ seconds: Double) -> Instant {
        Instant(nanoseconds: 86_400_000_000_000) + Span(seconds: seconds)
    }
}

/// True when `value` lies within `tolerance` (a share) of `expected`.
func isNear(_ value: Double, _ expected: Double, within tolerance: Double) -> Bool {
    abs(value - expected) <= tolerance * abs(expected)
}
