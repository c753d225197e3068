/// Several claims judged together (Holm 1979): with this correction the chance that any of them is false by accident is at
/// most α, whatever ties them to each other.
package enum Holm {
    /// The p-values to hold against α, in the order given.
    package static func adjusted(_ values: [Double]) -> [Double] {
        var adjusted = values
        var greatest = 0.0
        // Of equal ones the first first: the same input has the same output.
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        for (rank, index) in order.enumerated() {
            greatest = max(greatest, min(1, values[index] * Double(values.count - rank)))
            adjusted[index] = greatest
        }
        return adjusted
    }
}
