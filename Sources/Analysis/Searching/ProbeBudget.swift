package import Core
import Recording

/// What one run of a search says of one budget.
package struct ProbeBudget: Hashable, Sendable {
    /// As the plan wrote it.
    package var text: String
    /// The share of samples that may be beyond the limit; nil for a budget that is no such share, or has too few batches with
    /// samples to say how much the share varies: it is then judged by its value alone.
    package var allowed: Double?
    /// Whether the samples are response times.
    package var isLatency = false
    package var batches: [ShareBatch]
    /// The verdict by the value alone.
    package var point: Verdict
    /// The value as a person reads it; nil without data.
    package var value: String?

    package init(text: String, allowed: Double?, batches: [ShareBatch], point: Verdict, value: String?) {
        self.text = text
        self.allowed = allowed
        self.batches = batches
        self.point = point
        self.value = value
    }

    init(_ result: BudgetResult, seen: BudgetSeconds?, _ clock: BatchClock) {
        var batches: [ShareBatch] = []
        // Nothing allowed is no share to come close to, and a limit for every stretch of the run is not one for the run's share.
        let allowed = seen?.allowed.flatMap { $0 > 0 && result.budget.window == nil ? $0 : nil }
        if let seen, allowed != nil { batches = clock.batches(of: seen.intervals) }
        let hasSpread = batches.count { $0.samples > 0 } > 1
        self.init(
            text: result.budget.text, allowed: hasSpread ? allowed : nil, batches: hasSpread ? batches : [],
            point: result.verdict, value: result.valueText)
        if case .percentile = result.budget.statistic { isLatency = true }
    }

    /// Whether a search judges the budget. One that only warns it does not; nor a lower bound (`rate > 500/s`), which the search
    /// itself would break by going down; nor one against a baseline, which a search does not have.
    package static func isJudged(_ budget: Budget) -> Bool {
        !budget.warnsOnly && budget.comparison.isUpperBound && budget.baseline == nil
    }

    /// Which budgets are not judged, and why, in sentences for the report.
    package static func notes(_ budgets: [Budget]) -> [String] {
        budgets.filter { !$0.warnsOnly && !isJudged($0) }.map {
            $0.baseline == nil
                ? "\($0.text) was not judged: the search itself sets the rate, so a lower bound says nothing of the target."
                : "\($0.text) was not judged: a search has no baseline."
        }
    }
}

/// Puts the seconds of a run into batches of equal length.
struct BatchClock {
    let start: Double
    let batch: Double
    /// Whole batches of measured time, at least 1; what is left over belongs to the last one.
    let count: Int

    /// More batches than that say nothing more.
    private static let most = 100_000

    init(start: Double, seconds: Double, batch: Double) {
        self.start = start
        self.batch = batch > 0 ? batch : 1
        let whole = (seconds / self.batch + 1e-6).rounded(.down)
        count = whole.isFinite ? max(1, Int(min(whole, Double(Self.most)))) : 1
    }

    /// Calls that ended in the drain are in the last batch: they are the slow ones, and must not vanish.
    func batches(of intervals: [BudgetSeconds.Interval]) -> [ShareBatch] {
        var batches = [ShareBatch](repeating: ShareBatch(samples: 0, beyond: 0), count: count)
        for interval in intervals where interval.samples > 0 {
            let index = place(of: interval.start)
            batches[index].samples = batches[index].samples.addingClamped(interval.samples)
            batches[index].beyond = batches[index].beyond.addingClamped(interval.beyond)
        }
        return batches
    }

    /// Response times by batch.
    func latencies(of totals: IntervalTotals) -> [CompactHistogram] {
        var batches = [CompactHistogram](repeating: CompactHistogram(), count: count)
        let rows = totals.blocks.rows
        for (block, histogram) in totals.byBlock.enumerated() where !histogram.isEmpty {
            let row = totals.blocks.bounds[block]
            if rows.indices.contains(row) { batches[place(of: rows[row].time)].add(histogram) }
        }
        return batches
    }

    private func place(of time: Double) -> Int {
        let place = ((time - start) / batch + 1e-6).rounded(.down)
        return place.isFinite ? Int(min(max(place, 0), Double(count - 1))) : count - 1
    }
}
