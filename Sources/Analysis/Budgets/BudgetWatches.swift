package import Core
package import Recording

/// All budgets of a bundle, while its files are read.
package struct BudgetWatches: Sendable {
    private var watches: [BudgetWatch]
    /// The series of which some budget wants the lines.
    package let tags: Set<String>

    /// Of no budget.
    package init() {
        watches = []
        tags = []
    }

    /// Intervals of all budgets together, some 300 MB: fifty budgets of a day's run. A budget beyond is not known by second.
    package static let mostIntervals = 5_000_000
    /// Budgets whose worst stretch has its own percentile; those beyond have a verdict without a value.
    private static let mostWithHistograms = 20

    /// - Parameters:
    ///   - timeline: every row of `timeline.csv`.
    ///   - mostIntervals: a bundle may come from anywhere, so memory is bounded.
    package init(
        _ budgets: [Budget], of record: RunRecord, _ timeline: [TimelineRow], mostIntervals: Int = Self.mostIntervals
    ) {
        let names = ScopeNames(record)
        let measured = MeasuredTime(record)
        let rows = timeline.filter { $0.kind == .run }
        let most = mostIntervals / max(1, rows.count)
        var windowed = 0
        watches = budgets.map { budget in
            if budget.window != nil, budget.statistic.percent != nil { windowed += 1 }
            return BudgetWatch(
                budget, names: names, measured: measured, keepsHistograms: windowed <= Self.mostWithHistograms)
        }
        tags = Set(watches.prefix(most).flatMap(\.tags))
        for row in rows {
            let second = WatchedSecond(row)
            for index in watches.indices.prefix(most) { watches[index].add(row: second) }
        }
    }

    /// Shows a line of the log to those that want it.
    package mutating func add(_ histogram: LatencyHistogram, tag: String, start: Double) {
        for index in watches.indices { watches[index].add(histogram, tag: tag, start: start) }
    }

    /// What each of the budgets saw, in their order.
    package var seconds: [BudgetSeconds] { watches.map(\.seconds) }
}
