/// The rank test of two unpaired samples (Mann and Whitney 1947), exact also with ties: for the few values of stored runs.
package struct MannWhitney: Hashable, Sendable {
    /// Pairs in which the value of the second sample is greater; ties count a half.
    package let u: Double
    /// Two-sided.
    package let p: Double

    /// Most values of both samples together; beyond them nobody needs an exact test.
    package static let mostValues = 60

    /// - Returns: nil for an empty sample, a value that is no number, and more than `mostValues`.
    package init?(_ first: [Double], _ second: [Double]) {
        let all = first + second
        guard !first.isEmpty, !second.isEmpty, all.count <= Self.mostValues, all.allSatisfy({ !$0.isNaN }) else {
            return nil
        }
        // Twice the rank, so that the middle rank of ties is a whole number: smaller ones twice, equal ones once, and one.
        let ranks = all.map { value in
            all.reduce(1) { $0 + ($1 < value ? 2 : $1 == value ? 1 : 0) }
        }
        let sum = ranks.suffix(second.count).reduce(0, +)
        let size = second.count
        u = Double(sum - size * (size + 1)) / 2
        // How many ways there are to choose `size` of the ranks, by their sum.
        let most = ranks.reduce(0, +)
        var ways = [[Double]](repeating: [Double](repeating: 0, count: most + 1), count: size + 1)
        ways[0][0] = 1
        for rank in ranks {
            for chosen in stride(from: size, to: 0, by: -1) {
                for total in stride(from: most, through: rank, by: -1) {
                    ways[chosen][total] += ways[chosen - 1][total - rank]
                }
            }
        }
        // The mean of the sum is size · (n + 1) in these units.
        let mean = size * (all.count + 1)
        let distance = (sum - mean).magnitude
        var (extreme, every) = (0.0, 0.0)
        for (total, count) in ways[size].enumerated() {
            every += count
            if (total - mean).magnitude >= distance { extreme += count }
        }
        p = extreme / every
    }
}
