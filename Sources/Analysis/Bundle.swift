package import Core
package import Recording

/// A bundle as it was read: the record, every second of the timeline, and the histograms of the whole run.
package struct Bundle: Sendable {
    /// The folder.
    package let path: String
    package let record: RunRecord
    /// What it is held against: the budgets of its plan, or others that were given.
    package let budgets: [Budget]
    package let timeline: [TimelineRow]
    package let latencies: IntervalTotals
    package let events: EventSummary
    /// What each of `budgets` saw, interval by interval; in their order.
    package let budgetSeconds: [BudgetSeconds]
    /// What was behind the lab's services; empty without a lab that has something there.
    package let resources: [ResourceRecord]
    /// What a kill left unfinished, in words; empty for a run that came to its end.
    package let gaps: [String]

    /// Most rows of a report's timeline.
    package static let windows = 20

    /// Reads a bundle.
    ///
    /// A run that was killed leaves `run.json` in the state `running` and perhaps half a line at the end of the other two
    /// files, which is passed over; in a run that came to its end the same is damage.
    /// - Parameters:
    ///   - path: the folder of the bundle, or its `run.json`.
    ///   - budgets: what to hold it against instead of the budgets of its plan.
    package static func open(_ path: String, budgets: [Budget]? = nil) throws(BundleError) -> Bundle {
        let record = try record(of: path)
        let folder = folder(of: path)
        let isRunning = record.state == .running
        var gaps: [String] = []

        let timelinePath = BundleFile.timeline.path(in: folder)
        let timelineBytes = try SourceFile.read(timelinePath)
        guard timelineBytes != nil || isRunning else { throw .missingFile(path: timelinePath) }
        let timeline = try TimelineFile(timelineBytes ?? [], path: timelinePath, tolerant: isRunning)
        if timeline.endsInHalfLine { gaps.append("The last line of timeline.csv is cut off; it was left out.") }

        let eventsPath = BundleFile.events.path(in: folder)
        let events = try EventFile(try SourceFile.read(eventsPath) ?? [], path: eventsPath, tolerant: isRunning)
        if events.endsInHalfLine { gaps.append("The last line of events.csv is cut off; it was left out.") }

        let resourcesPath = BundleFile.resources.path(in: folder)
        let resources = try ResourceFile(
            try SourceFile.read(resourcesPath) ?? [], of: record.resources ?? [], path: resourcesPath,
            tolerant: isRunning)

        let intervalsPath = BundleFile.intervals.path(in: folder)
        let planned = try Self.budgets(of: record, in: folder)
        var watches = BudgetWatches(budgets ?? planned, of: record, timeline.rows)
        var totals = IntervalTotals(timeline.rows, windows: windows, phases: record.phases.count)
        if SourceFile.exists(intervalsPath) {
            let isCutOff = try totals.add(
                logAt: intervalsPath, tolerant: isRunning, mostSeries: RecordRules.mostSeries(of: record),
                watches: &watches)
            if isCutOff { gaps.append("The last line of intervals.hlog is cut off; it was left out.") }
        } else if !isRunning {
            throw .missingFile(path: intervalsPath)
        }

        return Bundle(
            path: folder, record: record, budgets: budgets ?? planned, timeline: timeline.rows,
            latencies: totals, events: events.summary, budgetSeconds: watches.seconds,
            resources: resources.resources, gaps: gaps)
    }

    /// Reads the record of a bundle alone.
    package static func record(of path: String) throws(BundleError) -> RunRecord {
        let folder = folder(of: path)
        guard SourceFile.exists(folder) else { throw .missing(path: path) }
        return try record(in: folder)
    }

    private static func folder(of path: String) -> String {
        let name = "/" + BundleFile.record.rawValue
        if path == BundleFile.record.rawValue { return "." }
        return path.hasSuffix(name) ? String(path.dropLast(name.count)) : path
    }

    private static func record(in folder: String) throws(BundleError) -> RunRecord {
        let path = BundleFile.record.path(in: folder)
        guard let bytes = try SourceFile.read(path) else { throw .notABundle(path: folder) }
        do throws(RunRecordError) {
            let record = try RunRecord(decoding: bytes)
            guard let violation = RecordRules.violation(in: record) else { return record }
            throw RunRecordError.damaged(violation)
        } catch {
            if case .newerFormat(let format) = error {
                throw .newerFormat(path: path, format: format, newest: RunRecord.newestFormat)
            }
            throw .damagedRecord(path: path, what: error.description)
        }
    }

    private static func budgets(of record: RunRecord, in folder: String) throws(BundleError) -> [Budget] {
        var budgets: [Budget] = []
        let counters = Set(record.counters.map(\.name))
        for budget in record.budgets {
            guard let statistic = Statistic(name: budget.statistic, counters: counters),
                let comparison = Comparison(rawValue: budget.comparison)
            else {
                let text = "the budget '\(budget.text)' has a statistic or a comparison that does not exist"
                throw .damagedRecord(path: BundleFile.record.path(in: folder), what: text)
            }
            budgets.append(
                Budget(
                    scope: budget.scope, statistic: statistic, comparison: comparison, limit: budget.limit,
                    baseline: budget.baseline, window: budget.windowSeconds.map { Span(seconds: $0) },
                    warnsOnly: budget.warnsOnly, aborts: budget.aborts ?? false, text: budget.text, line: budget.line))
        }
        return budgets
    }
}
