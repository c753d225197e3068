package import Recording

/// The histograms of a run: each series over the whole run, and the response time by window and by phase too.
package struct IntervalTotals: Sendable {
    /// By tag.
    package private(set) var bySeries: [String: LatencyHistogram] = [:]
    /// Response time, one for each window of the timeline.
    package private(set) var byWindow: [LatencyHistogram]
    /// Response time, one for each phase of the load, by the interval in which a call ended.
    package private(set) var byPhase: [LatencyHistogram]
    /// Response time, one for each block of the run: for charts, and for how much a figure varies within the run.
    package private(set) var byBlock: [CompactHistogram]
    /// The blocks' bounds: at most `mostBlocks`, of equally many intervals.
    package let blocks: TimelineCut
    private let cut: TimelineCut

    /// A run of an hour has blocks of five seconds.
    package static let mostBlocks = 720
    /// Each series takes 264 KiB, and no plan has so many.
    package static let mostSeries = 10_000
    /// Samples of all series together: no sum further on can overflow.
    private static let mostSamples = 1e18

    /// - Parameters:
    ///   - timeline: every row of `timeline.csv`.
    ///   - windows: most windows.
    ///   - phases: how many phases the load has.
    package init(_ timeline: [TimelineRow], windows: Int, phases: Int) {
        cut = TimelineCut(timeline, atMost: windows)
        blocks = TimelineCut(timeline, atMost: Self.mostBlocks)
        byBlock = Array(repeating: CompactHistogram(), count: blocks.windowCount)
        byWindow = Array(repeating: LatencyHistogram(), count: cut.windowCount)
        byPhase = Array(repeating: LatencyHistogram(), count: phases)
    }

    /// Adds every line of an interval log.
    /// - Parameters:
    ///   - path: of `intervals.hlog`; it is read line by line, so a log of any length takes the same memory.
    ///   - tolerant: pass over a half line at the end, which is otherwise damage.
    ///   - mostSeries: more are damage.
    ///   - watches: are shown the lines of their series.
    /// - Returns: whether a half line was passed over.
    package mutating func add(
        logAt path: String, tolerant: Bool, mostSeries: Int = Self.mostSeries, watches: inout BudgetWatches
    ) throws(BundleError) -> Bool {
        try SourceFile.requirePlain(path)
        let response = SeriesName.response.tag
        do throws(IntervalLogError) {
            var reader = try IntervalLogReader(path: path)
            var lines = 0
            var second = LatencyHistogram()
            var block = Block()
            var samples = 0.0
            while let line = try reader.next() {
                lines = line.number
                let tag = line.tag ?? ""
                if bySeries[tag] == nil, bySeries.count >= mostSeries {
                    throw IntervalLogError.line(
                        path: path, number: line.number, text: String(tag.prefix(60)),
                        rule: "the run can have no more than \(mostSeries) series")
                }
                // What more than one looks at is decoded once to itself, then merged into what it belongs to.
                let isResponse = tag == response
                let isShared = isResponse || watches.tags.contains(tag)
                let known = isShared ? 0 : bySeries[tag]?.count ?? 0
                if isShared {
                    second.reset()
                    try reader.add(line, to: &second)
                    samples += Double(second.count)
                } else {
                    try reader.add(line, to: &bySeries[tag, default: LatencyHistogram()])
                    samples += Double((bySeries[tag]?.count ?? 0) - known)
                }
                guard samples <= Self.mostSamples else {
                    throw IntervalLogError.histogram(path: path, number: line.number, tag: tag, .tooManyCounts)
                }
                guard isShared else { continue }
                // A second has a few hundred values in a histogram of thousands of places.
                let compact = CompactHistogram(second)
                compact.add(to: &bySeries[tag, default: LatencyHistogram()])
                watches.add(second, tag: tag, start: line.start)
                guard isResponse else { continue }
                if let window = cut.window(at: line.start) { compact.add(to: &byWindow[window]) }
                if let phase = cut.phase(at: line.start), byPhase.indices.contains(phase) {
                    compact.add(to: &byPhase[phase])
                }
                guard let place = blocks.window(at: line.start) else { continue }
                if place != block.place { close(&block) }
                block.place = place
                compact.add(to: &block.histogram)
            }
            close(&block)
            if reader.wasCutOff, !tolerant {
                throw IntervalLogError.line(path: path, number: lines + 1, text: "", rule: "the line is cut off")
            }
            return reader.wasCutOff
        } catch {
            throw Self.bundleError(error, path)
        }
    }

    /// The block that is being read. Intervals come in the order of time, so each block is opened once, as a rule.
    private struct Block {
        var place = 0
        var histogram = LatencyHistogram()
    }

    private mutating func close(_ block: inout Block) {
        guard !block.histogram.isEmpty else { return }
        byBlock[block.place].add(CompactHistogram(block.histogram))
        block.histogram.reset()
    }

    private static func bundleError(_ error: IntervalLogError, _ path: String) -> BundleError {
        switch error {
        case .file(let failure): .unreadable(path: path, what: failure.description)
        case .line(_, let number, let text, let rule):
            .damagedLine(path: path, line: number, what: text.isEmpty ? rule : "'\(text)': \(rule)")
        case .histogram(_, let number, let tag, let error):
            .damagedLine(path: path, line: number, what: (tag.map { "series \($0): " } ?? "") + error.description)
        }
    }

    /// What a report says of a series; empty when nothing was recorded.
    package func summary(_ series: SeriesName) -> LatencySummary {
        bySeries[series.tag].map { LatencySummary($0) } ?? .empty
    }
}
