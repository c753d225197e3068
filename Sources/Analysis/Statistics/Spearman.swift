/// Spearman's rank correlation: the correlation of ranks, with the mean rank for equals (Kendall and Gibbons 1990, "Rank
/// Correlation Methods", section 3.8).
package enum Spearman {
    /// Of values in the order of time with their place; 0 for fewer than two, and for values that are all the same.
    package static func withTime(_ values: [Double]) -> Double {
        let count = values.count
        guard count > 1 else { return 0 }
        let ranks = ranks(of: values)
        let mean = Double(count - 1) / 2
        var (product, timeSquares, rankSquares) = (0.0, 0.0, 0.0)
        for (time, rank) in ranks.enumerated() {
            let (x, y) = (Double(time) - mean, rank - mean)
            product += x * y
            timeSquares += x * x
            rankSquares += y * y
        }
        guard rankSquares > 0 else { return 0 }
        return product / (timeSquares * rankSquares).squareRoot()
    }

    /// From 0 on.
    private static func ranks(of values: [Double]) -> [Double] {
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        var ranks = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for place in start..<end { ranks[order[place]] = Double(start + end - 1) / 2 }
            start = end
        }
        return ranks
    }
}
