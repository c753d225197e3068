package import Core

/// What one resource behind the lab's services saw: over the run, and in the course of it.
package struct ResourceSummary: Sendable, Encodable {
    package var name: String
    package var kind: String
    package var columns: [ResourceColumn]
    package var totals: [Double]
    /// Most rows of the course.
    package static let windows = 12
    /// Seconds of each row of `course`; 0 without any.
    package var windowSeconds: Int
    /// Windows of the same length in order, each with a value for every column; nil where there is nothing to say.
    package var course: [[Double?]]

    /// Where a column stands; nil when there is none of that name.
    func place(_ column: String) -> Int? { columns.firstIndex { $0.name == column } }

    /// The total of a column; nil when there is none of that name.
    package func total(_ column: String) -> Double? { place(column).map { totals[$0] } }

    /// The seconds in which it had nothing to spare; nil for none.
    package var saturation: Saturation?

    /// Seconds in which nearly all of its workers were busy and somebody waited.
    package struct Saturation: Hashable, Sendable, Encodable {
        /// How many, and the first of them since the load began.
        package var seconds: Int
        package var first: Int
        /// In the worst of them: how many waited in the mean, and the p99 of what ended, in seconds.
        package var waiting: Double
        package var p99: Double
    }

    /// Share of the workers above which a resource has none to spare.
    package static let saturated = 0.95

    package init(_ record: ResourceRecord) {
        name = record.name
        kind = record.kind
        columns = record.columns
        totals = record.totals
        saturation = Self.saturation(of: record)
        let seconds = record.seconds?.count ?? 0
        let length = (seconds + Self.windows - 1) / Self.windows
        windowSeconds = length
        course = stride(from: 0, to: seconds, by: max(1, length)).map { start in
            record.merged(start..<min(start + length, seconds)).map { $0.isNaN ? nil : $0 }
        }
    }

    private static func saturation(of record: ResourceRecord) -> Saturation? {
        func place(_ column: String) -> Int? { record.columns.firstIndex { $0.name == column } }
        guard let busy = place("busy"), let waiting = place("waiting"), let seconds = record.seconds else { return nil }
        let full = seconds.indices.filter { seconds[$0][busy] >= saturated && seconds[$0][waiting] >= 1 }
        guard let first = full.first else { return nil }
        let p99 = place("p99")
        return Saturation(
            seconds: full.count, first: first, waiting: full.map { seconds[$0][waiting] }.max() ?? 0,
            p99: p99.flatMap { place in full.map { seconds[$0][place] }.max() } ?? 0)
    }
}
