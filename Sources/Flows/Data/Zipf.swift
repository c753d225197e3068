import Core

/// Whole numbers of which the first is drawn most often and the kth with a probability proportional to 1 / k^exponent:
/// how often products, pages and keys are asked for.
///
/// Drawn by rejection-inversion (Hörmann and Derflinger 1996, "Rejection-inversion to generate variates from monotone
/// discrete distributions"): exact, for any exponent, in the same time for ten numbers as for a billion. In their words,
/// h(x) = x^-e is the hat, H its integral, and less than one draw in twenty is rejected.
package struct Zipf: Sendable {
    package let range: ClosedRange<Int>
    package let exponent: Double

    /// How many numbers there are.
    private let count: Double
    /// H(1½) − h(1) and H(count + ½): between them u is drawn.
    private let integralOfFirst: Double
    private let integralOfLast: Double
    /// Within this distance of its number, x needs no further test.
    private let shortcut: Double

    /// - Parameters:
    ///   - range: at most 2^52 numbers; the lower bound is drawn most often.
    ///   - exponent: greater than 0, at most 1000; about 1 for many real catalogues.
    /// - Throws: a range or an exponent beyond these.
    package init(_ range: ClosedRange<Int>, exponent: Double) throws(DataError) {
        let (span, overflow) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
        guard !overflow, span < 1 << 52 else {
            throw DataError(
                "`\(range.lowerBound) to \(range.upperBound)` has too many numbers", remedy: "a range has at most 2^52")
        }
        guard exponent > 0, exponent <= 1000 else {
            throw DataError(
                "the exponent `\(exponent.trimmed(6))` is out of range",
                remedy: "it is greater than 0 and at most 1000; 1 is common, `integer:` draws all numbers equally often"
            )
        }
        self.range = range
        self.exponent = exponent
        count = Double(span) + 1
        integralOfFirst = Self.integral(1.5, exponent) - 1
        integralOfLast = Self.integral(count + 0.5, exponent)
        shortcut = 2 - Self.inverse(Self.integral(2.5, exponent) - Self.hat(2, exponent), exponent)
    }

    func draw(_ random: inout SeededRandom) -> Int {
        // The chance of a thousand rejections in a row is below 10^-400.
        for _ in 0..<1000 {
            let u = integralOfLast + random.nextUnit() * (integralOfFirst - integralOfLast)
            let x = Self.inverse(u, exponent)
            let k = min(max((x + 0.5).rounded(.down), 1), count)
            if k - x <= shortcut || u >= Self.integral(k + 0.5, exponent) - Self.hat(k, exponent) {
                return range.lowerBound + (Int(k) - 1)
            }
        }
        return range.lowerBound
    }

    /// h(x) = x^-e.
    private static func hat(_ x: Double, _ exponent: Double) -> Double {
        PortableMath.exponential(-exponent * PortableMath.logarithm(x))
    }

    /// H(x) = (x^(1−e) − 1) / (1 − e), which is ln x for e = 1.
    private static func integral(_ x: Double, _ exponent: Double) -> Double {
        let logarithm = PortableMath.logarithm(x)
        return PortableMath.exponentialRatio((1 - exponent) * logarithm) * logarithm
    }

    /// The x with H(x) = y.
    private static func inverse(_ y: Double, _ exponent: Double) -> Double {
        // Rounding may lead a hair below the range of H.
        let t = max(y * (1 - exponent), -1 + 0x1p-53)
        return PortableMath.exponential(PortableMath.logarithmRatio(t) * y)
    }
}
