import Core

/// Whole numbers around a mean, by the normal distribution; what falls outside the range is drawn again, so that no
/// number piles up at its ends.
package struct Normal: Sendable {
    package let mean: Double
    package let deviation: Double
    package let range: ClosedRange<Int>

    /// Of whole numbers that a Double holds exactly.
    package static let widest = -(1 << 53)...(1 << 53)

    /// - Parameters:
    ///   - mean: of the draws before they are rounded; within `widest`.
    ///   - deviation: the standard deviation, at least 0; within `widest`.
    ///   - range: what may come out; within `widest`. One in a thousand draws at least must fall into it.
    /// - Throws: values beyond these.
    package init(
        mean: Double, deviation: Double, range: ClosedRange<Int> = Normal.widest
    ) throws(DataError) {
        let limit = Double(Self.widest.upperBound)
        guard abs(mean) <= limit else {
            throw DataError("the mean `\(mean.trimmed(6))` is out of range", remedy: "it lies within ±2^53")
        }
        guard deviation >= 0, deviation <= limit else {
            throw DataError("the deviation `\(deviation.trimmed(6))` is out of range", remedy: "it lies in 0 to 2^53")
        }
        self.mean = mean
        self.deviation = deviation
        self.range = range.clamped(to: Self.widest)
        guard Self.widest.contains(range.lowerBound), Self.widest.contains(range.upperBound) else {
            throw DataError(
                "`\(range.lowerBound) to \(range.upperBound)` is too wide", remedy: "both ends lie within ±2^53")
        }
        guard share >= 0.001 else {
            throw DataError(
                "`\(range.lowerBound) to \(range.upperBound)` holds less than one in a thousand draws around "
                    + mean.trimmed(6),
                remedy: "let the range have the mean in it, or widen the deviation")
        }
    }

    func draw(_ random: inout SeededRandom) -> Int {
        // At the smallest share, the chance that all fail is below 10^-28.
        for _ in 0..<65_536 {
            let value = (mean + deviation * Self.standard(&random)).rounded()
            if value >= Double(range.lowerBound), value <= Double(range.upperBound) { return Int(value) }
        }
        return min(max(Int(mean.rounded()), range.lowerBound), range.upperBound)
    }

    /// A number of mean 0 and deviation 1, by the polar method (Marsaglia and Bray 1964). Its twin is thrown away: the
    /// next draw has random numbers of its own.
    private static func standard(_ random: inout SeededRandom) -> Double {
        while true {
            let x = 2 * random.nextUnit() - 1
            let y = 2 * random.nextUnit() - 1
            let square = x * x + y * y
            if square < 1, square > 0x1p-104 { return x * (-2 * PortableMath.logarithm(square) / square).squareRoot() }
        }
    }

    /// Which share of the draws falls into the range: the integral of the density, by Simpson's rule over the part of the
    /// range within 9 deviations.
    private var share: Double {
        guard deviation > 0 else { return range.contains(Int(mean.rounded())) ? 1 : 0 }
        let low = max(-9, (Double(range.lowerBound) - 0.5 - mean) / deviation)
        let high = min(9, (Double(range.upperBound) + 0.5 - mean) / deviation)
        guard low < high else { return 0 }
        let steps = 1000
        let width = (high - low) / Double(steps)
        var sum = 0.0
        for step in 0...steps {
            let x = low + Double(step) * width
            let weight = step == 0 || step == steps ? 1.0 : step.isMultiple(of: 2) ? 2 : 4
            sum += weight * PortableMath.exponential(-x * x / 2)
        }
        return sum * width / 3 / (2 * Double.pi).squareRoot()
    }
}
