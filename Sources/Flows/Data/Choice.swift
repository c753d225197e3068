import Core

/// One of several values, each with its weight.
package struct Choice: Sendable {
    package let values: [Value]
    /// Sums of the weights up to and including each value, as shares of the whole; the last is 1.
    private let bounds: [Double]

    /// - Parameter options: values and their weights, relative to each other: finite, at least 0, one of them greater.
    /// - Throws: no value, or weights beyond these.
    package init(_ options: [(value: Value, weight: Double)]) throws(DataError) {
        for (value, weight) in options where !(weight >= 0 && weight.isFinite) {
            throw DataError(
                "the weight `\(weight.trimmed(6))` of `\(DataText.excerpt(value.text))` is out of range",
                remedy: "a weight is 0 or greater")
        }
        let largest = options.map(\.weight).max() ?? 0
        guard largest > 0 else {
            throw DataError("there is nothing to choose from", remedy: "give one value at least, with a weight above 0")
        }
        var sum = 0.0
        // Scaled by the largest first, so that no sum of finite weights is infinite.
        let sums = options.map { option in
            sum += option.weight / largest
            return sum
        }
        values = options.map(\.value)
        bounds = sums.map { $0 / sum }
    }

    /// An index into the values: the first whose bound is at least a number in (0, 1], so that a weight of 0 is never chosen.
    func draw(_ random: inout SeededRandom) -> Int {
        let u = random.nextUnit()
        var low = 0
        var high = bounds.count - 1
        while low < high {
            let middle = (low + high) / 2
            if bounds[middle] < u { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
