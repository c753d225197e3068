import Core
import Glibc
import Recording

/// A run that never happened, with every file that a real one would have written: the same numbers every time.
struct SyntheticRun {
    var name = "checkout"
    var target = "https://shop.staging.example"
    var file: String? = "checkout.yaml"
    var seed: UInt64 = 42
    /// Seconds of warm-up and of each phase of the run.
    var warmUp = 0
    var phases = [20]
    var open = true
    /// Arrivals per second; each is one call of one step, in turn.
    var rate = 100
    var steps: [(scenario: String, step: String)] = [("browse", "home")]
    /// What is measured as one besides: each arrival is one of each transaction, as long as its call.
    var transactions: [(scenario: String, name: String)] = []
    /// Each call is checked once for each; every tenth call fails the one whose turn it is.
    var checks: [CheckName] = []
    var sample = "HTTP 200, text/html"
    /// Each call counts half of an amount for each, every other call with the tags.
    var counters: [CounterName] = []
    var tags: [(name: String, value: String)] = [("kind", "red")]
    /// What the client side does; nothing for a plan without policies and endpoints.
    var policies: SyntheticPolicies?
    /// Whether the record has the slowest calls and the patterns of the failed ones.
    var namesCalls = false
    /// Failed calls that are in none of the patterns.
    var patternsLost: Int?
    /// What was behind the services of the lab; nothing for a plan without any.
    var resources: [ResourceRecord] = []
    var variant: String?
    var timeScale: Double?
    var settings: [String] = []
    /// Milliseconds: median of the response time, which has a long tail.
    var median = 20.0
    var sendLag: Span = .microseconds(60)
    /// Every so many calls, one fails; 0 for never.
    var failEvery = 250
    var failure = FailureKind.status_5xx
    var droppedLatePerSecond = 0
    var droppedInFlightPerSecond = 0
    var resendsPerSecond = 0
    var busiest = 0.42
    var hiccups = 0
    var build = "release"
    var insecure = false
    var budgets: [RunRecord.BudgetRecord] = []
    var state = RunRecord.State.finished
    /// The text of the budget that stopped it.
    var abortedBy: String?
    /// How many requests fewer than were sent the lab counts; nil without a lab.
    var lostOnTheWay: Int?
    /// Added to what the record says was scheduled, so that the counts do not add up.
    var phantomArrivals = 0
    /// Bytes to cut off the end of the timeline and the log, as a kill does.
    var cutOff = 0

    /// A folder for one test, removed by `remove`.
    static func makeFolder() -> String {
        var template = Array("/tmp/gale-reports-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { fatalError("no folder for the test: errno \(errno)") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func remove(_ folder: String) {
        for file in BundleFile.allCases { unlink(file.path(in: folder)) }
        rmdir(folder)
    }

    /// Writes `run.json`, `timeline.csv` and `intervals.hlog`.
    func write(to folder: String) throws {
        var record = makeRecord()
        var writer = try IntervalLogWriter(creating: BundleFile.intervals.path(in: folder))
        try writer.writeHeader(startEpoch: record.startedEpoch, started: record.started)
        var timeline = TimelineRow.header + "\n"
        var total = Ledger()
        var warm = Ledger()
        var counts = [StepCounts](repeating: StepCounts(), count: steps.count)
        let table = self.table
        let outcomes = Interval(table)
        var random = SeededRandom(seed: seed)
        let length = warmUp + phases.reduce(0, +)
        for second in 0..<length {
            let isWarmUp = second < warmUp
            var interval = SyntheticSecond(run: self, second: second, isWarmUp: isWarmUp, phase: phase(at: second))
            interval.fill(&random)
            timeline += interval.row.line + "\n"
            for (series, histogram) in interval.series where !histogram.isEmpty {
                try writer.append(series, start: .seconds(Int64(second)), length: .seconds(1), histogram)
            }
            if isWarmUp {
                warm.add(interval.row.ledger)
            } else {
                total.add(interval.row.ledger)
                for index in counts.indices { counts[index].add(interval.counts[index]) }
                outcomes.addCounts(of: interval.outcomes)
            }
        }
        record.listOutcomes(of: table)
        policies?.list(in: &record)
        if !resources.isEmpty {
            record.resources = resources.map {
                var resource = $0
                resource.seconds = nil
                return resource
            }
            try AtomicFile.write(ResourceRows.text(resources), to: BundleFile.resources.path(in: folder))
        }
        if state != .running {
            record.finish(self, total, warm, counts)
            record.setOutcomes(outcomes, of: table)
            record.patternsLost = patternsLost
            record.setPolicies(outcomes, planHasPolicies: policies != nil)
        }
        let events = policies?.events ?? []
        if !events.isEmpty {
            let lines = [EventRow.header] + events.map(EventRow.line)
            try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: BundleFile.events.path(in: folder))
        }
        try AtomicFile.write(try record.encoded(), to: BundleFile.record.path(in: folder))
        try AtomicFile.write(timeline, to: BundleFile.timeline.path(in: folder))
        for file in [BundleFile.timeline, .intervals] + (events.isEmpty ? [] : [.events]) where cutOff > 0 {
            var status = stat()
            stat(file.path(in: folder), &status)
            truncate(file.path(in: folder), status.st_size - off_t(cutOff))
        }
    }

    /// The record of a run that made these calls and came to its end; the steps have no counts yet.
    func record(total: Ledger) -> RunRecord {
        var record = makeRecord()
        record.listOutcomes(of: table)
        record.finish(self, total, Ledger(), steps.map { _ in StepCounts() })
        return record
    }

    var table: SeriesTable {
        SeriesTable(steps: steps, transactions: transactions, checks: checks, counters: counters)
    }

    private func phase(at second: Int) -> Int {
        var (index, end) = (0, warmUp)
        if warmUp > 0 {
            if second < end { return 0 }
            index = 1
        }
        for length in phases {
            end += length
            if second < end { return index }
            index += 1
        }
        return index - 1
    }

    private func makeRecord() -> RunRecord {
        var start = 0.0
        var records: [RunRecord.PhaseRecord] = []
        func add(_ seconds: Int, _ isWarmUp: Bool) {
            let text = (isWarmUp ? "warm-up, " : "") + (open ? "\(rate)/s for \(seconds)s" : "10 users for \(seconds)s")
            records.append(
                .init(text: text, open: open, warmUp: isWarmUp, start: start, end: start + Double(seconds)))
            start += Double(seconds)
        }
        if warmUp > 0 { add(warmUp, true) }
        for seconds in phases { add(seconds, false) }
        return RunRecord(
            gale: "0.1.0", state: state, name: name, target: target, seed: seed, started: "2026-03-01T12:00:00.000Z",
            startedEpoch: 1_772_366_400,
            plan: .init(
                file: file, hash: "9ae16a3b2f90404f", text: "name: checkout\n", overrides: [], variant: variant,
                settings: settings, timeScale: timeScale),
            environment: EnvironmentRecord(
                kernel: "Linux 6.1.0", cpu: "Example CPU", cores: 2, memoryBytes: 8_000_000_000,
                libcurl: "libcurl/7.88.1", tls: "OpenSSL/3.0.15", build: build, insecure: insecure,
                resolveSeconds: 0.004, addresses: ["192.0.2.10", "192.0.2.11"]),
            phases: records, steps: steps.map { .init(scenario: $0.scenario, step: $0.step) }, budgets: budgets)
    }
}

extension RunRecord {
    /// What the engine fills in at the end.
    fileprivate mutating func finish(_ run: SyntheticRun, _ total: Ledger, _ warm: Ledger, _ counts: [StepCounts]) {
        var ledger = total
        ledger.scheduled += run.phantomArrivals
        let measured = Double(run.phases.reduce(0, +))
        outcome = OutcomeRecord(
            measuredSeconds: measured, totalSeconds: measured + Double(run.warmUp), ledger: ledger, warmUp: warm,
            generator: GeneratorRecord(
                busiestOpen: run.open ? run.busiest : nil, busiestClosed: run.open ? nil : run.busiest,
                userSeconds: 0.5, systemSeconds: 0.25, peakResidentBytes: 42_000_000,
                longestHiccupSeconds: run.hiccups > 0 ? 0.018 : 0.0004, hiccups: run.hiccups,
                longestTurnSeconds: 0.0012, descriptorLimit: 1_024, peakConnections: 12, localPorts: 28_232,
                peakInFlight: 14, loops: 1, clients: 1),
            labRequests: run.lostOnTheWay.map { ledger.requestsOnTheWire + warm.requestsOnTheWire - $0 })
        outcome?.abortedBy = run.abortedBy
        for index in steps.indices {
            steps[index].succeeded = counts[index].succeeded
            steps[index].failed = counts[index].failed
            if counts[index].rejected > 0 { steps[index].rejected = counts[index].rejected }
            if counts[index].fallbacks > 0 { steps[index].fallbacks = counts[index].fallbacks }
            var failures: [String: Int] = [:]
            for entry in counts[index].failuresByKind { failures[entry.kind.name] = entry.count }
            var statuses: [String: Int] = [:]
            for entry in counts[index].countsByStatus { statuses[String(entry.status)] = entry.count }
            steps[index].failures = failures
            steps[index].statuses = statuses
        }
    }
}
