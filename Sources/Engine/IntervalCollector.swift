package import Core
package import Recording
import Synchronization

/// All clients' intervals of the same second, added up.
package struct CollectedInterval {
    /// Since the start of the run.
    package let start: Span
    package let length: Span
    package let counts: Interval
    /// Sums over all steps.
    package let response: LatencyHistogram
    package let service: LatencyHistogram
}

/// One client's interval on its way to the collector.
struct Delivery: Sendable {
    let number: Int
    let start: Span
    let length: Span
    let interval: Interval
}

/// Empty intervals to fill again, so that a long run allocates no more than a short one.
final class SpareIntervals: Sendable {
    private let table: SeriesTable
    private let spares = Mutex<[Interval]>([])

    init(_ table: SeriesTable) {
        self.table = table
    }

    func take() -> Interval { spares.withLock { $0.popLast() } ?? Interval(table) }

    func put(_ interval: Interval) {
        interval.reset()
        spares.withLock { $0.append(interval) }
    }
}

/// Adds up what the clients deliver, second by second, away from their loops, and hands it on.
struct IntervalCollector {
    let table: SeriesTable
    let clients: Int
    let spares: SpareIntervals
    private var waiting: [Int: [Delivery]] = [:]
    private(set) var totals: Interval

    init(table: SeriesTable, clients: Int, spares: SpareIntervals) {
        self.table = table
        self.clients = clients
        self.spares = spares
        totals = Interval(table)
    }

    mutating func add(_ delivery: Delivery, _ handOn: (CollectedInterval) -> Void) {
        waiting[delivery.number, default: []].append(delivery)
        if waiting[delivery.number]?.count == clients { merge(delivery.number, handOn) }
    }

    /// Hands on what is left at the end: the last second may lack a client that had ended before it began.
    mutating func finish(_ handOn: (CollectedInterval) -> Void) {
        for number in waiting.keys.sorted() { merge(number, handOn) }
    }

    private mutating func merge(_ number: Int, _ handOn: (CollectedInterval) -> Void) {
        guard let deliveries = waiting.removeValue(forKey: number), let first = deliveries.first else { return }
        let merged = first.interval
        for delivery in deliveries.dropFirst() { merged.add(delivery.interval) }
        merged.sortEvents()
        var response = LatencyHistogram()
        var service = LatencyHistogram()
        for step in 0..<table.stepCount {
            response.add(merged.histograms[table.response(of: step)])
            service.add(merged.histograms[table.service(of: step)])
        }
        handOn(
            CollectedInterval(
                start: first.start, length: deliveries.map(\.length).max() ?? first.length, counts: merged,
                response: response, service: service))
        addToTotals(merged)
        for delivery in deliveries { spares.put(delivery.interval) }
    }

    /// Counts only: histograms of the whole run come from the log.
    private func addToTotals(_ merged: Interval) {
        totals.addCounts(of: merged)
        totals.peakInFlight = max(totals.peakInFlight, merged.peakInFlight)
        totals.peakConnections = max(totals.peakConnections, merged.peakConnections)
        totals.longestTurn = max(totals.longestTurn, merged.longestTurn)
    }
}
