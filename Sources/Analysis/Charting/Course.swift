package import Core
package import Recording

/// The course of a run in columns of a chart: what the timeline counted, and the response time, in each.
///
/// A column is some consecutive intervals. Counts are added, percentiles are those of all samples of the column, and of a level
/// (a rate, a gauge) its highest and lowest are kept: nothing is averaged that has no average.
package struct Course: Sendable {
    package struct Column: Sendable {
        /// Seconds since the start of the run; the length is above 0.
        package var start: Double
        package var seconds: Double
        package var ledger = Ledger()
        package var failures: [FailureKind: Int] = [:]
        /// Response time of the calls that ended in the column; nil when none did.
        package var response: Percentiles?
        /// Of the intervals of the column, arrivals per second.
        package var offered: ClosedRange<Double>
        package var completed: ClosedRange<Double>
        /// The most at the end of an interval.
        package var inFlight = 0
        package var connections = 0
        /// The worst interval; nil when none knows.
        package var sendLagP99Ms: Double?
        package var busiestLoop: Double?
        /// The least; nil without a retry budget, and without endpoints.
        package var retryBudgetLeft: Double?
        package var endpointsAvailable: Int?
        package var endpoints: Int?

        package var end: Double { start + seconds }
        package var rates: Rates { Rates(ledger, seconds: seconds) }
    }

    /// Response time of one column, in milliseconds.
    package struct Percentiles: Hashable, Sendable {
        package static let percents = [50.0, 90, 99]

        package var count: Int
        package var p50: Double
        package var p90: Double
        package var p99: Double
        package var maximum: Double
    }

    package let columns: [Column]
    /// Most columns of a chart: one for every few pixels.
    package static let mostColumns = 180

    /// - Parameter latencies: whose blocks are joined until they are few enough.
    package init(_ latencies: IntervalTotals, atMost limit: Int = mostColumns) {
        let cut = latencies.blocks
        let size = max(1, (cut.windowCount + limit - 1) / max(1, limit))
        var histogram = LatencyHistogram()
        columns = stride(from: 0, to: cut.windowCount, by: size).compactMap { first in
            let last = min(first + size, cut.windowCount)
            let rows = cut.rows[cut.bounds[first]..<cut.bounds[last]]
            guard var column = Self.column(rows) else { return nil }
            for block in latencies.byBlock[first..<last] { block.add(to: &histogram) }
            column.response = Self.percentiles(histogram)
            histogram.reset()
            return column
        }
    }

    private static func percentiles(_ histogram: LatencyHistogram) -> Percentiles? {
        guard !histogram.isEmpty else { return nil }
        let values = histogram.values(atPercentiles: Percentiles.percents).map(\.milliseconds)
        return Percentiles(
            count: histogram.count, p50: values[0], p90: values[1], p99: values[2],
            maximum: histogram.max.milliseconds)
    }

    private static func column(_ rows: ArraySlice<TimelineRow>) -> Column? {
        guard let first = rows.first else { return nil }
        let seconds = rows.reduce(0) { $0 + $1.length }
        guard seconds > 0 else { return nil }
        var column = Column(start: first.time, seconds: seconds, offered: 0...0, completed: 0...0)
        for row in rows {
            column.ledger.add(row.ledger)
            for (kind, count) in row.failures { column.failures[kind, default: 0] += count }
            column.inFlight = max(column.inFlight, row.inFlight)
            column.connections = max(column.connections, row.connections)
            column.sendLagP99Ms = most(column.sendLagP99Ms, row.sendLagP99?.milliseconds)
            column.busiestLoop = most(column.busiestLoop, row.busiestLoop)
            column.retryBudgetLeft = least(column.retryBudgetLeft, row.retryBudgetLeft)
            column.endpointsAvailable = least(column.endpointsAvailable, row.endpointsAvailable)
            column.endpoints = row.endpoints ?? column.endpoints
        }
        column.offered = range(rows, \.scheduled)
        column.completed = range(rows, \.completed)
        return column
    }

    /// Per second; the stub at the end of a drain says nothing of a rate, unless it is all there is.
    private static func range(_ rows: ArraySlice<TimelineRow>, _ count: KeyPath<Ledger, Int>) -> ClosedRange<Double> {
        let longest = rows.map(\.length).max() ?? 0
        let rates = rows.filter { $0.length >= longest / 2 && $0.length > 0 }
            .map { Double($0.ledger[keyPath: count]) / $0.length }
        guard let low = rates.min(), let high = rates.max() else { return 0...0 }
        return low...high
    }

    private static func most<Value: Comparable>(_ one: Value?, _ other: Value?) -> Value? {
        guard let one, let other else { return one ?? other }
        return max(one, other)
    }

    private static func least<Value: Comparable>(_ one: Value?, _ other: Value?) -> Value? {
        guard let one, let other else { return one ?? other }
        return min(one, other)
    }
}
