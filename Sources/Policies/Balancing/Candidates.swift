import Core

/// Whom a rule picks from: places in the order of the members, and their weights.
///
/// Its arrays keep their memory, so that to fill it again allocates nothing.
struct Candidates: Sendable {
    private(set) var places: [Int] = []
    /// Greater than 0.
    private(set) var weights: [Double] = []
    /// Sums of the weights up to and with each; made only where they differ.
    private var sums: [Double] = []
    /// Whether all weights are the same.
    private(set) var isUniform = true
    /// The largest weight.
    private(set) var heaviest = 0.0

    var count: Int { places.count }
    var isEmpty: Bool { places.isEmpty }
    /// The sum of the weights.
    var total: Double { isUniform ? Double(count) * (weights.first ?? 0) : sums[count - 1] }

    mutating func removeAll() {
        places.removeAll(keepingCapacity: true)
        weights.removeAll(keepingCapacity: true)
        sums.removeAll(keepingCapacity: true)
        isUniform = true
    }

    mutating func reserve(_ count: Int) {
        places.reserveCapacity(count)
        weights.reserveCapacity(count)
        sums.reserveCapacity(count)
    }

    /// Adds one; `seal` comes after the last.
    mutating func append(_ place: Int, weight: Double) {
        places.append(place)
        weights.append(weight)
        if weight != weights[0] { isUniform = false }
    }

    mutating func setWeight(_ weight: Double, at index: Int) { weights[index] = weight }

    /// Looks whether weights differ, and sums them up if they do.
    mutating func seal() {
        sums.removeAll(keepingCapacity: true)
        isUniform = weights.allSatisfy { $0 == weights[0] }
        heaviest = weights.max() ?? 0
        guard !isUniform else { return }
        var sum = 0.0
        for weight in weights {
            sum += weight
            sums.append(sum)
        }
    }

    /// The index of one drawn by weight.
    /// - Precondition: there is one.
    func draw(using random: inout SeededRandom) -> Int {
        isUniform ? Int(random.below(UInt64(count))) : index(of: sums[count - 1] * (1 - random.nextUnit()))
    }

    /// The index of one drawn by weight among those that are not in `drawn`, which is in ascending order.
    /// - Precondition: there is one.
    func draw(besides drawn: [Int], using random: inout SeededRandom) -> Int {
        if isUniform {
            // A number among those that are left, moved up past each one that is out.
            var index = Int(random.below(UInt64(count - drawn.count)))
            for other in drawn where index >= other { index += 1 }
            return index
        }
        // Drawn again until it is another one: the same shares, and nearly always at the first time. Where few have almost
        // all of the weight that might last.
        for _ in 0..<4 {
            let index = draw(using: &random)
            if !drawn.contains(index) { return index }
        }
        var rest = sums[count - 1]
        for other in drawn { rest -= weights[other] }
        var sum = rest * (1 - random.nextUnit())
        for other in drawn where sum >= sums[other] - weights[other] { sum += weights[other] }
        var index = index(of: sum)
        // Rounding can lead to the edge of one that is out.
        while drawn.contains(index) { index = index + 1 < count ? index + 1 : 0 }
        return index
    }

    /// The first index whose sum is above `sum`, which is at least 0; the last when there is none.
    ///
    /// Without a branch on what is found: nobody could foretell it. Numbers of at least 0 are ordered as their bits are.
    private func index(of sum: Double) -> Int {
        sums.withUnsafeBufferPointer { sums in
            let bits = Int64(bitPattern: sum.bitPattern)
            var low = 0
            var length = sums.count
            while length > 1 {
                let half = length / 2
                let other = Int64(bitPattern: sums[low &+ half &- 1].bitPattern)
                // All ones where the sum is not above: then what is sought lies in the upper half.
                let isUpper = Int(truncatingIfNeeded: (other &- bits &- 1) &>> 63)
                low &+= half & isUpper
                length &-= half
            }
            return low
        }
    }
}
