import Core

/// What happens at one resource, by second of the load and in all.
///
/// Means over time are exact: each level is integrated from change to change. A second is closed when the first thing after
/// it happens, or when somebody asks.
struct ResourceMeter {
    /// Seconds that are kept at most, 27 hours; later ones count in the totals alone.
    static let mostSeconds = 100_000

    /// A second, or the whole run.
    private struct Stretch {
        var counts = [Double](repeating: 0, count: ResourceMetric.allCases.count)
        /// Level times nanoseconds: whole for whole levels, so that their means are exact.
        var integrals = [Double](repeating: 0, count: ResourceMetric.allCases.count)
        var times = DelayHistogram()
        var length = Span.zero

        mutating func clear() {
            for index in counts.indices { (counts[index], integrals[index]) = (0, 0) }
            if times.count > 0 { times = DelayHistogram() }
            length = .zero
        }
    }

    private let columns: [ResourceMetric]
    /// The numbers of the metrics that are means over time.
    private let means: [Int]
    /// Of levels and of values at the end, as they are now.
    private var levels = [Double](repeating: 0, count: ResourceMetric.allCases.count)
    /// Counts that somebody else keeps, as they were last.
    private var taken = [Double](repeating: 0, count: ResourceMetric.allCases.count)
    private var second = Stretch()
    private var whole = Stretch()
    private var rows: [[Double]] = []
    /// The levels are integrated up to here; nil before anything happened.
    private var now: Instant?
    /// Of the second that is open; `.never` before the load.
    private var end = Instant.never

    /// - Parameter kind: as in `ResourceMetric.columns(of:)`.
    init(_ kind: String) {
        columns = ResourceMetric.columns(of: kind)
        means = columns.filter { if case .level = $0.style { true } else { false } }.map(\.rawValue)
    }

    /// The load begins: seconds and means count from here. What was counted before stays in the totals.
    mutating func begin(at origin: Instant) {
        advance(to: origin)
        second.clear()
        for index in whole.integrals.indices { whole.integrals[index] = 0 }
        whole.length = .zero
        rows = []
        end = origin + .seconds(1)
    }

    /// It happened so often.
    mutating func add(_ metric: ResourceMetric, _ amount: Double = 1, at instant: Instant) {
        advance(to: instant)
        second.counts[metric.rawValue] += amount
        whole.counts[metric.rawValue] += amount
    }

    /// A count that somebody else keeps is that much now.
    mutating func take(_ metric: ResourceMetric, _ count: Int, at instant: Instant) {
        let amount = Double(count) - taken[metric.rawValue]
        taken[metric.rawValue] = Double(count)
        if amount != 0 { add(metric, amount, at: instant) }
    }

    /// Something took so long, so many times.
    mutating func record(_ time: Span, count: Int = 1, at instant: Instant) {
        advance(to: instant)
        second.times.record(time, count: count)
        whole.times.record(time, count: count)
    }

    /// A level, or a value of which the last counts, is that from now on.
    mutating func set(_ metric: ResourceMetric, _ level: Double, at instant: Instant) {
        guard levels[metric.rawValue] != level else { return }
        advance(to: instant)
        levels[metric.rawValue] = level
    }

    /// So far in all.
    func total(_ metric: ResourceMetric) -> Double { value(of: metric, in: whole) }

    /// A value for each column: over the whole run, and by second, the last of which may be a part of one.
    func values(at instant: Instant) -> (seconds: [[Double]], totals: [Double]) {
        var copy = self
        copy.advance(to: instant)
        if copy.end < .never, copy.second.length > .zero { copy.closeSecond() }
        return (copy.rows, columns.map { copy.value(of: $0, in: copy.whole) })
    }

    private mutating func advance(to instant: Instant) {
        // Most things happen at the time of something else.
        if instant == now, instant < end { return }
        while end <= instant, rows.count < Self.mostSeconds {
            integrate(to: end)
            closeSecond()
            end = end + .seconds(1)
        }
        if rows.count >= Self.mostSeconds { end = .never }
        integrate(to: instant)
    }

    private mutating func integrate(to instant: Instant) {
        // What is set before anybody knows the time holds from the first time on.
        guard let before = now, before > .unset else {
            now = instant
            return
        }
        guard instant > before else { return }
        now = instant
        let elapsed = instant - before
        second.length = second.length + elapsed
        whole.length = whole.length + elapsed
        let weight = Double(elapsed.nanoseconds)
        for index in means where levels[index] > 0 {
            second.integrals[index] += levels[index] * weight
            whole.integrals[index] += levels[index] * weight
        }
    }

    private mutating func closeSecond() {
        if rows.count < Self.mostSeconds { rows.append(columns.map { value(of: $0, in: second) }) }
        second.clear()
    }

    private func value(of metric: ResourceMetric, in stretch: Stretch) -> Double {
        switch metric.style {
        case .count: return stretch.counts[metric.rawValue]
        case .level:
            return stretch.length > .zero ? stretch.integrals[metric.rawValue] / Double(stretch.length.nanoseconds) : 0
        case .last: return levels[metric.rawValue]
        case .quotient(let part, let whole):
            let divisor = stretch.counts[whole.rawValue]
            return divisor > 0 ? stretch.counts[part.rawValue] / divisor : 0
        case .meanTime: return stretch.times.mean.seconds
        case .p99Time: return stretch.times.quantile(0.99).seconds
        }
    }
}
