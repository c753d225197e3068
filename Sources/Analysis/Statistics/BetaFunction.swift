import Glibc

/// The regularised incomplete beta function, on which Student's t and the binomial distribution stand.
enum BetaFunction {
    /// I_x(a, b), between 0 and 1 (DLMF 8.17); about ten correct digits for parameters up to a million.
    ///
    /// - Parameters:
    ///   - x: 0 to 1.
    ///   - complement: 1 − x, given by itself because near 1 the subtraction would lose what matters.
    ///   - a: above 0.
    ///   - b: above 0.
    static func regularised(_ x: Double, complement y: Double, _ a: Double, _ b: Double) -> Double {
        guard x > 0 else { return 0 }
        guard y > 0 else { return 1 }
        let front = exp(
            LogGamma.value(a + b) - LogGamma.value(a) - LogGamma.value(b) + a * log(x) + b * log(y))
        // The fraction converges fast on this side of the mean only; the other side is its mirror (DLMF 8.17.4).
        return x < (a + 1) / (a + b + 2)
            ? min(1, front * fraction(x, a, b) / a) : max(0, 1 - front * fraction(y, b, a) / b)
    }

    /// Most steps of the fraction: it needs about the square root of the greater parameter.
    private static let mostSteps = 100_000
    /// Stands for a zero in a denominator.
    private static let least = 1e-300

    /// The continued fraction DLMF 8.17.22, by the modified method of Lentz (1976).
    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        func apart(_ value: Double) -> Double { value.magnitude < least ? least : value }
        var c = 1.0
        var d = 1 / apart(1 - (a + b) * x / (a + 1))
        var value = d
        for step in 1...mostSteps {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / apart(1 + even * d)
            c = apart(1 + even / c)
            value *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / apart(1 + odd * d)
            c = apart(1 + odd / c)
            let factor = d * c
            value *= factor
            if (factor - 1).magnitude < 1e-16 { break }
        }
        return value
    }
}

/// The logarithm of the gamma function.
enum LogGamma {
    /// ln Γ(x) for x above 0: Stirling's series (DLMF 5.11.1) from 10 on, and below by Γ(x + 1) = x Γ(x).
    static func value(_ x: Double) -> Double {
        var x = x
        var product = 1.0
        while x < 10 {
            product *= x
            x += 1
        }
        let inverse = 1 / (x * x)
        let terms: [Double] = [
            1.0 / 12, -1.0 / 360, 1.0 / 1_260, -1.0 / 1_680, 1.0 / 1_188, -691.0 / 360_360, 1.0 / 156,
        ]
        let series = terms.reversed().reduce(0) { $0 * inverse + $1 } / x
        return (x - 0.5) * log(x) - x + 0.5 * log(2 * Double.pi) + series - log(product)
    }
}
