import Core

/// A permutation of 0..<count that is computed, not kept (Luby and Rackoff 1988): the number's two halves are mixed in
/// turns, which can be undone and so hits no number twice; a result outside is mixed again until it falls inside (Black
/// and Rogaway 2002), after less than four times on average.
///
/// It varies the first pass's order for the passes behind it. That order is uniform and independent of the key, so that
/// each pass by itself is as uniform as the first, however plain this mixing is.
struct FeistelPermutation {
    private let count: UInt64
    private let half: UInt64
    private let mask: UInt64
    private let key: UInt64

    /// - Parameter count: 1 to 2^62.
    init(count: Int, key: UInt64) {
        self.count = UInt64(count)
        let bits = UInt64.bitWidth - (self.count - 1).leadingZeroBitCount
        half = UInt64(max(1, (bits + 1) / 2))
        mask = (1 << half) - 1
        self.key = key
    }

    /// - Precondition: 0 ≤ position < count.
    func image(of position: Int) -> Int {
        var number = UInt64(position)
        repeat {
            var left = number >> half
            var right = number & mask
            for round in UInt64(0)..<4 {
                (left, right) = (right, left ^ (SeededRandom.value(seed: key, stream: round, at: right) & mask))
            }
            number = left << half | right
        } while number >= count
        return Int(number)
    }
}
