import Core

/// Which row belongs to draw n: a pure function of n, the seed and the stream. So clients that share a table need not
/// speak to each other: each row is used once per pass by whoever owns the number.
package struct RowPicker: Sendable {
    private let rows: Int
    private let order: RowOrder
    private let atEnd: AtEnd
    private let seed: UInt64
    private let stream: UInt64
    /// The order of the first pass, when the rows are shuffled; shared by all copies.
    private let permutation: [Int32]

    /// - Parameters:
    ///   - rows: how many there are, 1 to 2^31 − 1.
    ///   - order: which comes when.
    ///   - atEnd: what follows the last.
    ///   - seed: the run's seed.
    ///   - stream: the data source's stream of random numbers.
    package init(rows: Int, order: RowOrder, atEnd: AtEnd, seed: UInt64, stream: UInt64) {
        precondition((1...Int(Int32.max)).contains(rows), "a table has 1 to \(Int32.max) rows, not \(rows)")
        self.rows = rows
        self.order = order
        self.atEnd = atEnd
        self.seed = seed
        self.stream = stream
        permutation = order == .shuffled ? Self.shuffle(rows, seed: seed, stream: stream) : []
    }

    /// The row for draw `ordinal`, at least 0; nil when all rows were used and there is no second pass.
    package func row(at ordinal: Int) -> Int? {
        let n = max(0, ordinal)
        if order == .random {
            let bits = SeededRandom.value(seed: seed, stream: stream, at: UInt64(n))
            // The high half of bits · rows / 2^64: no row is likelier than another by more than 2^-33.
            return Int(bits.multipliedFullWidth(by: UInt64(rows)).high)
        }
        let (pass, position) = n.quotientAndRemainder(dividingBy: rows)
        if pass > 0, atEnd == .stop { return nil }
        guard order == .shuffled else { return position }
        if pass == 0 { return Int(permutation[position]) }
        let key = SeededRandom.value(seed: seed, stream: stream, at: UInt64(pass))
        return Int(permutation[FeistelPermutation(count: rows, key: key).image(of: position)])
    }

    /// Fisher and Yates 1938, in Durstenfeld's form (1964, algorithm 235): all orders equally likely.
    private static func shuffle(_ count: Int, seed: UInt64, stream: UInt64) -> [Int32] {
        var random = SeededRandom(seed: SeededRandom.value(seed: seed, stream: stream, at: 0))
        var order = Array(0..<Int32(truncatingIfNeeded: count))
        for last in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(last, Int(random.below(UInt64(last) + 1)))
        }
        return order
    }
}
