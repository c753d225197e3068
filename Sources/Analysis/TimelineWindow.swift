import Core
package import Recording

/// Some consecutive seconds of the run (without warm-up) as one row of a report.
package struct TimelineWindow: Hashable, Sendable, Encodable {
    /// Seconds after the start of the run.
    package var start: Double
    package var seconds: Double
    package var ledger = Ledger()
    /// Scheduled and completed arrivals, and calls, per second.
    package var rates = Rates()
    /// Of all calls that ended in the window, merged: percentiles are never averaged.
    package var response = LatencySummary.empty
    /// At the end of the window.
    package var inFlight = 0
    package var connections = 0
    /// The worst of the window's intervals; nil when none knows.
    package var worstSendLagP99Ms: Double?
    package var busiestLoop: Double?
    /// The least that was left of a retry budget, 0 to 1; nil without one.
    package var retryBudgetLeft: Double?
    /// The fewest endpoints available, and endpoints at the end of the window; nil for a plan without.
    package var endpointsAvailable: Int?
    package var endpoints: Int?

    package init(start: Double, seconds: Double) {
        self.start = start
        self.seconds = seconds
    }
}

/// Cuts the timeline into at most so many windows of equally many intervals, and says which window and which phase an
/// instant belongs to.
package struct TimelineCut: Sendable {
    /// Rows of the run, without warm-up, in order.
    package let rows: [TimelineRow]
    /// Where each window begins in `rows`; the last element is `rows.count`.
    package let bounds: [Int]
    /// Rows of a window; the last one may have fewer, and one more.
    private let size: Int

    /// - Parameter limit: most windows; at least 1.
    package init(_ timeline: [TimelineRow], atMost limit: Int) {
        precondition(limit > 0, "a timeline is cut into at least one window")
        rows = timeline.filter { $0.kind == .run }
        // The drain ends in a stub of a second, whose rates would mean nothing: it joins the window before it.
        let isStub = rows.count > 1 && rows[rows.count - 1].length < rows[rows.count - 2].length / 2
        let whole = isStub ? rows.count - 1 : rows.count
        size = max(1, (whole + limit - 1) / limit)
        bounds = Array(stride(from: 0, to: whole, by: size)) + [rows.count]
    }

    package var windowCount: Int { bounds.count - 1 }

    /// The window in which an interval of the log lies, or nil when there are no windows.
    package func window(at time: Double) -> Int? {
        row(at: time).map { min($0 / size, windowCount - 1) }
    }

    /// The phase that went on at that time, or nil when the timeline is empty.
    package func phase(at time: Double) -> Int? { row(at: time).map { rows[$0].phase } }

    /// The last row that does not begin after `time`; the first if all do. Both files have milliseconds, so half of one
    /// is slack enough.
    private func row(at time: Double) -> Int? {
        guard !rows.isEmpty else { return nil }
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].time <= time + 0.0005 { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }

    /// The windows with their sums.
    /// - Parameter latencies: response time of each window.
    package func windows(latencies: [LatencyHistogram]) -> [TimelineWindow] {
        (0..<windowCount).map { index in
            let part = rows[bounds[index]..<bounds[index + 1]]
            var window = TimelineWindow(start: part.first?.time ?? 0, seconds: part.reduce(0) { $0 + $1.length })
            for row in part {
                window.ledger.add(row.ledger)
                window.inFlight = row.inFlight
                window.connections = row.connections
                if let lag = row.sendLagP99?.milliseconds {
                    window.worstSendLagP99Ms = max(window.worstSendLagP99Ms ?? lag, lag)
                }
                if let left = row.retryBudgetLeft { window.retryBudgetLeft = min(window.retryBudgetLeft ?? left, left) }
                if let available = row.endpointsAvailable {
                    window.endpointsAvailable = min(window.endpointsAvailable ?? available, available)
                }
                window.endpoints = row.endpoints ?? window.endpoints
                if let share = row.busiestLoop { window.busiestLoop = max(window.busiestLoop ?? share, share) }
            }
            window.rates = Rates(window.ledger, seconds: window.seconds)
            if index < latencies.count { window.response = LatencySummary(latencies[index]) }
            return window
        }
    }
}
