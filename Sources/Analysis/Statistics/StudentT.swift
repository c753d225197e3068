import Glibc

/// Student's distribution (1908): of the mean of few values whose spread is known from the same values.
package struct StudentT: Hashable, Sendable {
    /// 1 or more.
    package let degrees: Int

    package init(degrees: Int) {
        precondition(degrees >= 1, "Student's distribution has at least one degree of freedom, not \(degrees)")
        self.degrees = degrees
    }

    /// The probability of a value above `t`.
    package func upperTail(_ t: Double) -> Double {
        guard t.isFinite else { return t > 0 ? 0 : t < 0 ? 1 : .nan }
        let nu = Double(degrees)
        let sum = nu + t * t
        // A square that is no number any more is far out.
        guard sum.isFinite else { return t > 0 ? 0 : 1 }
        let half = BetaFunction.regularised(nu / sum, complement: t * t / sum, nu / 2, 0.5) / 2
        return t > 0 ? half : 1 - half
    }

    /// The probability of a value of at most `t`.
    package func cumulative(_ t: Double) -> Double { upperTail(-t) }

    /// The value that is exceeded with probability 1 − `share`.
    /// - Parameter share: above 0 and below 1.
    package func quantile(_ share: Double) -> Double {
        precondition(share > 0 && share < 1, "a quantile is of a share between 0 and 1, not \(share)")
        if share < 0.5 { return -quantile(1 - share) }
        guard share > 0.5 else { return 0 }
        let tail = 1 - share
        var low = 0.0
        var high = 1.0
        while upperTail(high) > tail, high < 1e150 { (low, high) = (high, high * 2) }
        // Newton's steps, and halving where one would leave the bracket.
        var value = low + (high - low) / 2
        for _ in 0..<Self.mostSteps {
            let excess = upperTail(value) - tail
            if excess > 0 { low = value } else { high = value }
            var next = value + excess / density(value)
            if !(next > low && next < high) { next = low + (high - low) / 2 }
            defer { value = next }
            if (next - value).magnitude <= 1e-15 * next { break }
        }
        return value
    }

    /// Halving alone would need as many from 1e150 down.
    private static let mostSteps = 600

    private func density(_ t: Double) -> Double {
        let nu = Double(degrees)
        let scale = exp(LogGamma.value((nu + 1) / 2) - LogGamma.value(nu / 2)) / (nu * Double.pi).squareRoot()
        return scale * exp(-(nu + 1) / 2 * log1p(t * t / nu))
    }
}
