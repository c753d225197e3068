import Analysis
import Core
import Recording

/// A synthetic run of an hour and 20 steps: a wave of load, a target that is slow for a while, fails for a while, and is slow
/// again. The steps have their latencies in one line of the log each, so that it is quick to write.
enum HourRun {
    static func with(_ body: (Bundle) throws -> Void) throws {
        let folder = SyntheticRun.makeFolder()
        defer { SyntheticRun.remove(folder) }
        try write(to: folder)
        try body(try Bundle.open(folder))
    }

    static func write(to folder: String) throws {
        let steps = (0..<20).map { (scenario: $0 < 8 ? "browse" : "buy", step: "step-\($0)") }
        var writer = try IntervalLogWriter(creating: BundleFile.intervals.path(in: folder))
        try writer.writeHeader(startEpoch: 1_772_366_400, started: "2026-03-01T12:00:00.000Z")
        var random = SeededRandom(seed: 7)
        var timeline = TimelineRow.header + "\n"
        var total = Ledger()
        var response = LatencyHistogram()
        var lag = LatencyHistogram()
        var all = LatencyHistogram()
        lag.record(.microseconds(70))
        var failed = 0
        for second in 0..<3_600 {
            response.reset()
            // A wave in straight lines: integers only, so that it is the same everywhere.
            let wave = abs(second % 1_200 - 600)
            let rate = 30 + wave / 12
            let isSlow = (1_500..<1_800).contains(second)
            let fails = (2_400..<2_520).contains(second) ? rate / 5 : second % 40 == 0 ? 1 : 0
            for _ in 0..<rate {
                let unit = max(random.nextUnit(), 0.002)
                let milliseconds = (isSlow ? 40 : 8 + Double(wave) / 100) * (0.6 + 0.4 / unit)
                response.record(Span(nanoseconds: Int64(milliseconds * 1e6)))
            }
            var row = TimelineRow(time: Double(second), length: 1, phase: 0)
            row.ledger.scheduled = rate + (isSlow ? 3 : 0)
            row.ledger.droppedInFlight = isSlow ? 3 : 0
            (row.ledger.started, row.ledger.completed, row.ledger.made) = (rate, rate, rate)
            (row.ledger.failed, row.ledger.succeeded) = (fails, rate - fails)
            (row.ledger.firstTries, row.ledger.reached, row.ledger.connectionsReused) = (rate, rate, rate)
            row.inFlight = isSlow ? 40 : rate / 10
            row.connections = isSlow ? 48 : 16
            row.busiestLoop = Double(rate) / 400
            row.responseP50 = response.value(atPercentile: 50)
            row.responseP99 = response.value(atPercentile: 99)
            row.sendLagP99 = .microseconds(Int64(60 + second % 90))
            if fails > 0 {
                row.failures = [.status_5xx: (fails + 1) / 2, .attempt_timeout: fails / 2].filter { $0.value > 0 }
            }
            row.statuses = [200: rate - fails, 503: (fails + 1) / 2].filter { $0.value > 0 }
            failed += fails
            total.add(row.ledger)
            all.add(response)
            timeline += row.line + "\n"
            try writer.append(.response, start: .seconds(Int64(second)), length: .seconds(1), response)
        }
        try writer.append(.service, start: .seconds(3_599), length: .seconds(1), all)
        try writer.append(.sendLag, start: .seconds(3_599), length: .seconds(1), lag)
        var run = SyntheticRun()
        run.phases = [3_600]
        run.steps = steps
        run.budgets = [Kinds.p99, Kinds.errors, Kinds.rate]
        var record = run.record(total: total)
        for index in steps.indices {
            var part = LatencyHistogram()
            let (count, rest) = (total.made / 20, index == 0 ? total.made % 20 : 0)
            for call in 0..<(count + rest) where call % 50 == 0 {
                part.record(.microseconds(Int64(5_000 + index * 900 + call % 4_000 * 10)))
            }
            try writer.append(
                .stepResponse(scenario: steps[index].scenario, step: steps[index].step), start: .seconds(3_599),
                length: .seconds(1), part)
            record.steps[index].succeeded = count + rest - (index == 1 ? failed : 0)
            record.steps[index].failed = index == 1 ? failed : 0
            record.steps[index].statuses = index == 1 ? ["200": count - failed, "503": failed] : ["200": count + rest]
            record.steps[index].failures = index == 1 ? ["status_5xx": failed] : [:]
        }
        try AtomicFile.write(try record.encoded(), to: BundleFile.record.path(in: folder))
        try AtomicFile.write(timeline, to: BundleFile.timeline.path(in: folder))
    }
}
