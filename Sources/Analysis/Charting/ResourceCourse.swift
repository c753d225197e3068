package import Core

/// What one column of a resource saw over the run: a few stretches of equally many seconds.
package struct ResourceCourse: Sendable {
    package var column: ResourceColumn
    /// Nil where there is nothing to say.
    package var values: [Double?]
    /// Seconds since the load began, where each value begins; one more than there are values.
    package var bounds: [Double]

    package static let mostValues = 120

    /// The courses of the columns in which something ever happened, in their order.
    package static func all(of record: ResourceRecord, atMost limit: Int = mostValues) -> [ResourceCourse] {
        let seconds = record.seconds?.count ?? 0
        guard seconds > 0, limit > 0 else { return [] }
        let size = (seconds + limit - 1) / limit
        let starts = Array(stride(from: 0, to: seconds, by: size))
        let rows = starts.map { record.merged($0..<min($0 + size, seconds)) }
        let bounds = starts.map { Double($0) } + [Double(seconds)]
        return record.columns.indices.compactMap { place in
            let values = rows.map { $0[place].isFinite ? $0[place] : nil }
            guard values.contains(where: { ($0 ?? 0) != 0 }) else { return nil }
            return ResourceCourse(column: record.columns[place], values: values, bounds: bounds)
        }
    }
}
