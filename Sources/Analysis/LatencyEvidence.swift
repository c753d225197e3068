package import Core
package import Recording

/// What findings on latency rest on, beyond the figures of a report: read from the histograms and the timeline of a bundle.
package struct LatencyEvidence: Sendable {
    /// Which endpoint, and which step, makes the tail of the run; nil when none stands out.
    package var endpoint: TailMaker?
    package var step: TailMaker?
    package var trend: LatencyTrend?
    package var burst: ErrorBurst?

    package init() {}

    package init(_ bundle: Bundle, _ run: Measurement) {
        let series = bundle.latencies.bySeries
        endpoint = TailMaker(
            run.endpoints.compactMap { endpoint in
                series[SeriesName.endpoint(address: endpoint.address).tag].map { (endpoint.address, $0) }
            })
        // Steps that share a series would count twice.
        var seen: Set<String> = []
        step = TailMaker(
            run.steps.compactMap { step in
                let tag = SeriesName.stepResponse(scenario: step.scenario, step: step.step).tag
                return seen.insert(tag).inserted ? series[tag].map { (step.name, $0) } : nil
            })
        trend = LatencyTrend(bundle.latencies, phases: bundle.record.phases.map(\.open))
        burst = ErrorBurst(bundle.latencies.blocks.rows)
    }
}

/// The one of several series that makes the slowest 1 % of them all.
package struct TailMaker: Hashable, Sendable {
    package let name: String
    /// Its p99, and that of all others merged.
    package let own: Span
    package let others: Span
    /// Of all samples that are not below the p99 of all, and of all samples, 0 to 1.
    package let tailShare: Double
    package let share: Double

    package var ratio: Double { others > .zero ? own.seconds / others.seconds : 0 }

    /// It must have so much of the tail, so many times its share of all, and a p99 so many times that of the others; and
    /// both must have so many samples that their p99 means something.
    package static let leastTailShare = 0.5
    package static let leastRatio = 2.0
    package static let leastSamples = 1_000

    /// - Returns: nil when no series stands out.
    package init?(_ series: [(name: String, histogram: LatencyHistogram)]) {
        guard series.count > 1 else { return nil }
        var all = LatencyHistogram()
        for (_, histogram) in series where histogram.layout == all.layout { all.add(histogram) }
        // With those that cannot be told from the p99: it may be the largest value that there is.
        let p99 = all.layout.index(of: UInt64(max(0, all.value(atPercentile: 99).nanoseconds)))
        let bound = Span(nanoseconds: Int64(all.layout.lowestValue(at: p99)) - 1)
        let tails = series.map { $0.histogram.count(above: bound) }
        guard let most = tails.max(), most > 0, let place = tails.firstIndex(of: most) else { return nil }
        let maker = series[place]
        var rest = LatencyHistogram()
        for (index, part) in series.enumerated() where index != place && part.histogram.layout == rest.layout {
            rest.add(part.histogram)
        }
        name = maker.name
        own = maker.histogram.value(atPercentile: 99)
        others = rest.value(atPercentile: 99)
        tailShare = Figures.ratio(most, of: tails.reduce(0, +))
        share = Figures.ratio(maker.histogram.count, of: all.count)
        guard maker.histogram.count >= Self.leastSamples, rest.count >= Self.leastSamples,
            tailShare >= Self.leastTailShare, tailShare >= Self.leastRatio * share, ratio >= Self.leastRatio
        else { return nil }
    }
}

/// Latency that grows over a run whose load does not.
package struct LatencyTrend: Hashable, Sendable {
    /// Spearman's rank correlation of the p99 of each second with time, -1 to 1.
    package let correlation: Double
    /// p99 of the first third of the seconds, and of the last.
    package let first: Span
    package let last: Span
    package let seconds: Int

    package var ratio: Double { first > .zero ? last.seconds / first.seconds : 0 }

    /// Seconds of a run are alike their neighbours, so a correlation is easily had by chance: this much of it, over so many
    /// seconds, with so large a change. What grows by less than `leastGrowth` of the load does not count as growing.
    package static let leastCorrelation = 0.7
    package static let leastRatio = 1.5
    package static let leastSeconds = 30
    package static let leastGrowth = 1.1

    /// - Parameter phases: by phase: whether it is open.
    /// - Returns: nil when latency does not grow, or grows with the load.
    package init?(_ latencies: IntervalTotals, phases: [Bool]) {
        let blocks = latencies.blocks
        // The drain has answers and no arrivals.
        let rows = blocks.rows.filter { $0.responseP99 != nil && $0.ledger.scheduled > 0 && $0.length > 0.5 }
        guard rows.count >= Self.leastSeconds else { return nil }
        let third = rows.count / 3
        let (head, tail) = (rows.prefix(third), rows.suffix(third))
        guard let headEnd = head.last?.time, let tailStart = tail.first?.time else { return nil }
        func mean(_ rows: ArraySlice<TimelineRow>, _ value: (TimelineRow) -> Double) -> Double {
            rows.reduce(0) { $0 + value($1) } / Double(rows.count)
        }
        let rate = { (row: TimelineRow) in Double(row.ledger.scheduled) / row.length }
        guard mean(tail, rate) <= Self.leastGrowth * mean(head, rate) else { return nil }
        // More users make more load, also when each gets to do less.
        let isClosed = { (row: TimelineRow) in phases.indices.contains(row.phase) && !phases[row.phase] }
        if rows.contains(where: isClosed) {
            let users = { (row: TimelineRow) in Double(row.inFlight) }
            guard mean(tail, users) <= Self.leastGrowth * mean(head, users) else { return nil }
        }
        var (early, late) = (CompactHistogram(), CompactHistogram())
        for place in 0..<blocks.windowCount where blocks.bounds[place] < blocks.rows.count {
            let start = blocks.rows[blocks.bounds[place]].time
            if start <= headEnd { early.add(latencies.byBlock[place]) }
            if start >= tailStart { late.add(latencies.byBlock[place]) }
        }
        guard !early.isEmpty, !late.isEmpty else { return nil }
        correlation = Spearman.withTime(rows.map { $0.responseP99?.seconds ?? 0 })
        first = early.values(atPercentiles: [99])[0]
        last = late.values(atPercentiles: [99])[0]
        seconds = rows.count
        guard correlation >= Self.leastCorrelation, ratio >= Self.leastRatio else { return nil }
    }
}

/// Failures that all came within a few seconds of a long run.
package struct ErrorBurst: Hashable, Sendable {
    package let failed: Int
    /// Of all failed calls, 0 to 1.
    package let share: Double
    /// When it began, since the start of the run, and how long it was.
    package let start: Double
    package let seconds: Double

    /// So many failures, so much of them within so many seconds at most, in a run of so many times that.
    package static let leastFailed = 20
    package static let leastShare = 0.9
    package static let mostSeconds = 10
    package static let leastRun = 10

    /// - Parameter rows: of the run, without warm-up.
    /// - Returns: nil when failures are few, or spread out.
    package init?(_ rows: [TimelineRow]) {
        let failures = rows.map(\.ledger.failed)
        let all = failures.reduce(0, +)
        guard all >= Self.leastFailed else { return nil }
        let longest = min(Self.mostSeconds, rows.count / Self.leastRun)
        for length in stride(from: 1, through: longest, by: 1) {
            var sum = failures.prefix(length).reduce(0, +)
            var (most, place) = (sum, 0)
            for index in length..<failures.count {
                sum += failures[index] - failures[index - length]
                if sum > most { (most, place) = (sum, index - length + 1) }
            }
            guard Figures.ratio(most, of: all) >= Self.leastShare else { continue }
            failed = all
            share = Figures.ratio(most, of: all)
            start = rows[place].time
            seconds = rows[place..<place + length].reduce(0) { $0 + $1.length }
            return
        }
        return nil
    }
}
