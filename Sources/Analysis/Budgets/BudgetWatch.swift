package import Core
package import Recording

/// Looks at a run through one budget, interval by interval: the same for a run that goes on and for one that is read from a
/// bundle.
///
/// A run that goes on hands over each second once. A bundle hands over the rows of its timeline first and then the lines of
/// its log, each of which finds its interval by time.
package struct BudgetWatch: Sendable {
    package let budget: Budget
    /// The series whose lines it wants; empty for a budget that is made of counts.
    package let tags: [String]
    package private(set) var intervals: [BudgetSeconds.Interval] = []
    /// Everything since the start of measured time.
    private(set) var total = BudgetSum()
    private var histograms: [CompactHistogram] = []
    private let scope: BudgetScope
    private let measured: MeasuredTime
    /// Seconds of which the intervals are kept; nil for all.
    private let kept: Double?
    private let keepsHistograms: Bool

    /// - Parameters:
    ///   - names: the steps and transactions of the run.
    ///   - kept: how much of the past is needed, in seconds; nil for all of it.
    ///   - keepsHistograms: false for a budget of which the worst stretch needs no percentile of its own.
    package init(
        _ budget: Budget, names: ScopeNames, measured: MeasuredTime, kept: Double? = nil, keepsHistograms: Bool = true
    ) {
        self.budget = budget
        self.measured = measured
        self.kept = kept
        scope = BudgetScope(budget.scope, in: names)
        switch budget.statistic {
        case .percentile, .mean, .maximum: tags = scope.tags
        case .sendLag: tags = scope.isRun ? [SeriesName.sendLag.tag] : []
        default: tags = []
        }
        self.keepsHistograms =
            keepsHistograms && budget.window != nil && budget.statistic.percent != nil && kept == nil
    }

    // MARK: A run that goes on

    /// Adds a second with everything that was counted and recorded in it. Seconds come in the order of time.
    package mutating func add(_ second: WatchedSecond) {
        guard open(second) else { return }
        for tag in tags {
            if let histogram = second.histograms[tag] { add(histogram, to: intervals.count - 1) }
        }
        trim()
    }

    /// Opens an interval with the counts of a second.
    /// - Returns: false when the second is not measured.
    private mutating func open(_ second: WatchedSecond) -> Bool {
        guard measured.holds(start: second.start, length: second.length) else { return false }
        var interval = BudgetSeconds.Interval(
            start: second.start, length: second.length, samples: 0, beyond: 0,
            isWithinLoad: measured.isWithinLoad(start: second.start, length: second.length))
        if tags.isEmpty { count(second, into: &interval) }
        intervals.append(interval)
        if keepsHistograms { histograms.append(CompactHistogram()) }
        total.add(interval)
        return true
    }

    private mutating func trim() {
        guard let kept, let end = intervals.last?.end else { return }
        // One more than is needed: an interval may be a little short.
        let first = intervals.firstIndex { $0.end > end - kept - $0.length } ?? 0
        if first > 0 { intervals.removeFirst(first) }
    }

    // MARK: A bundle

    /// Adds a row of the timeline that is of the run proper; rows come in the order of time.
    mutating func add(row: WatchedSecond) { _ = open(row) }

    /// Adds a line of the log, after all rows: to the last interval that does not begin after it.
    /// - Parameter start: seconds since the start of the run.
    package mutating func add(_ histogram: LatencyHistogram, tag: String, start: Double) {
        guard tags.contains(tag), !histogram.isEmpty, !intervals.isEmpty else { return }
        var (low, high) = (0, intervals.count)
        while low < high {
            let middle = (low + high) / 2
            // Both files have milliseconds, so half of one is slack enough.
            if intervals[middle].start <= start + 0.0005 { low = middle + 1 } else { high = middle }
        }
        add(histogram, to: max(0, low - 1))
    }

    /// What was seen. Of a scope whose figure is not known by second, nothing.
    package var seconds: BudgetSeconds {
        let isKnown = scope.isRun || budget.statistic.hasSecondsByScope
        return BudgetSeconds(
            allowed: isKnown ? budget.allowedShare : nil, intervals: isKnown ? intervals : [],
            histograms: isKnown ? histograms : [])
    }

    // MARK: Counting

    private mutating func add(_ histogram: LatencyHistogram, to place: Int) {
        guard !histogram.isEmpty else { return }
        var part = BudgetSeconds.Interval(start: 0, length: 0, samples: histogram.count, beyond: 0)
        // In the buckets in which a percentile is found, so that the two never disagree.
        for recorded in histogram.recordedValues
        where !budget.comparison.holds(Double(recorded.highest.nanoseconds), budget.limit) {
            part.beyond += recorded.count
        }
        if budget.statistic == .mean { part.sum = histogram.mean * Double(histogram.count) }
        if budget.statistic == .maximum { part.most = Double(histogram.max.nanoseconds) }
        intervals[place].add(part)
        total.add(part)
        if keepsHistograms, histogram.layout == .standard { histograms[place].add(CompactHistogram(histogram)) }
    }

    private func count(_ second: WatchedSecond, into interval: inout BudgetSeconds.Interval) {
        let counts = calls(in: second)
        if let (part, whole) = counts.share(of: budget.statistic) {
            (interval.samples, interval.beyond) = (whole, part)
            return
        }
        switch budget.statistic {
        case .rate:
            // Of a scope, its calls: arrivals are of no step.
            interval.samples = scope.isRun ? counts.ledger.completed : counts.answered
        case .goodput: interval.samples = counts.ledger.succeeded
        case .requests: interval.samples = counts.answered
        case .amplification:
            interval.samples = max(0, counts.ledger.made &- counts.ledger.rejected)
            interval.sum = Double(counts.ledger.attempts)
            return
        case .counter(let name, _):
            interval.samples = counts.answered
            interval.sum = second.counters.reduce(0) {
                $1.key.name == name ? CounterTable.sum($0, $1.value) : $0
            }
            return
        default: return
        }
        interval.sum = Double(interval.samples)
    }

    private func calls(in second: WatchedSecond) -> CallCounts {
        guard !scope.isRun else { return CallCounts(second) }
        var counts = CallCounts()
        for step in scope.steps where second.steps.indices.contains(step) { counts.add(second.steps[step]) }
        for place in scope.transactions where second.transactions.indices.contains(place) {
            counts.add(second.transactions[place])
        }
        return counts
    }
}

extension BudgetSeconds.Interval {
    /// Adds another part of the same interval.
    mutating func add(_ part: BudgetSeconds.Interval) {
        samples = saturatingSum(samples, part.samples)
        beyond = saturatingSum(beyond, part.beyond)
        sum += part.sum
        most = max(most, part.most)
    }
}

/// Sums of counts from a file: one that nobody could have counted stays at the largest number.
func saturatingSum(_ left: Int, _ right: Int) -> Int {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
}
