package import Core
package import Recording

/// A bundle as it was read: the record, every second of the timeline, and the histograms of the whole run.
package struct Bundle: Sendable {
    /// The folder.
    package let path: String
    package let record: RunRecord
    package let budgets: [Budget]
    package let timeline: [TimelineRow]
    package let latencies: IntervalTotals
    package let events: EventSummary
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
    /// - Parameter path: the folder of the bundle, or its `run.json`.
    package static func open(_ path: String) throws(BundleError) -> Bundle {
        let folder = folder(of: path)
        guard SourceFile.exists(folder) else { throw .missing(path: path) }
        let record = try record(in: folder)
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
        var totals = IntervalTotals(TimelineCut(timeline.rows, atMost: windows), phases: record.phases.count)
        if SourceFile.exists(intervalsPath) {
            let isCutOff = try totals.add(logAt: intervalsPath, tolerant: isRunning)
            if isCutOff { gaps.append("The last line of intervals.hlog is cut off; it was left out.") }
        } else if !isRunning {
            throw .missingFile(path: intervalsPath)
        }

        return Bundle(
            path: folder, record: record, budgets: try budgets(of: record, in: folder), timeline: timeline.rows,
            latencies: totals, events: events.summary, resources: resources.resources, gaps: gaps)
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
                    warnsOnly: budget.warnsOnly, text: budget.text))
        }
        return budgets
    }
}

extension Statistic {
    /// The statistic of that name, as `description` writes it; nil when there is none.
    /// - Parameter counters: names that are counters, unless a statistic has them already.
    package init?(name: String, counters: Set<String> = []) {
        switch name {
        case "mean": self = .mean
        case "max": self = .maximum
        case "errors": self = .errors
        case "rate": self = .rate
        case "dropped": self = .dropped
        case "rejected": self = .rejected
        case "fallbacks": self = .fallbacks
        case "amplification": self = .amplification
        default:
            if name.hasPrefix("p"), let percent = Double(name.dropFirst()), percent > 0, percent <= 100 {
                self = .percentile(percent)
            } else if counters.contains(name) {
                self = .counter(name: name, perSecond: false)
            } else if name.hasSuffix("/s"), counters.contains(String(name.dropLast(2))) {
                self = .counter(name: String(name.dropLast(2)), perSecond: true)
            } else {
                return nil
            }
        }
    }
}
