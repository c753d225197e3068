package import Recording

/// The histograms of a run: each series over the whole run, and the response time by window and by phase too.
package struct IntervalTotals: Sendable {
    /// By tag.
    package private(set) var bySeries: [String: LatencyHistogram] = [:]
    /// Response time, one for each window of the timeline.
    package private(set) var byWindow: [LatencyHistogram]
    /// Response time, one for each phase of the load, by the interval in which a call ended.
    package private(set) var byPhase: [LatencyHistogram]
    private let cut: TimelineCut

    package init(_ cut: TimelineCut, phases: Int) {
        self.cut = cut
        byWindow = Array(repeating: LatencyHistogram(), count: cut.windowCount)
        byPhase = Array(repeating: LatencyHistogram(), count: phases)
    }

    /// Adds every line of an interval log.
    /// - Parameters:
    ///   - path: of `intervals.hlog`; it is read line by line, so a log of any length takes the same memory.
    ///   - tolerant: pass over a half line at the end, which is otherwise damage.
    /// - Returns: whether a half line was passed over.
    package mutating func add(logAt path: String, tolerant: Bool) throws(BundleError) -> Bool {
        let response = SeriesName.response.tag
        do throws(IntervalLogError) {
            var reader = try IntervalLogReader(path: path)
            var lines = 0
            while let line = try reader.next() {
                lines = line.number
                let tag = line.tag ?? ""
                try reader.add(line, to: &bySeries[tag, default: LatencyHistogram()])
                guard tag == response else { continue }
                if let window = cut.window(at: line.start) { try reader.add(line, to: &byWindow[window]) }
                if let phase = cut.phase(at: line.start), byPhase.indices.contains(phase) {
                    try reader.add(line, to: &byPhase[phase])
                }
            }
            if reader.wasCutOff, !tolerant {
                throw IntervalLogError.line(path: path, number: lines + 1, text: "", rule: "the line is cut off")
            }
            return reader.wasCutOff
        } catch {
            throw Self.bundleError(error, path)
        }
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
