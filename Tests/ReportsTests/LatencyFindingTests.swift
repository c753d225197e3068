import Core
import Recording
import Testing

@testable import Analysis

@Suite("What makes calls slow is said when the figures bear it out")
struct LatencyFindingTests {
    // MARK: Who makes the tail

    /// So many samples, spread evenly over the milliseconds.
    private static func histogram(_ count: Int, _ milliseconds: ClosedRange<Int64>) -> LatencyHistogram {
        var histogram = LatencyHistogram()
        let width = milliseconds.upperBound - milliseconds.lowerBound + 1
        for sample in 0..<count {
            histogram.record(.milliseconds(milliseconds.lowerBound + Int64(sample) % width))
        }
        return histogram
    }

    struct TailCase: Sendable, CustomTestStringConvertible {
        var text: String
        var maker: String?
        var series: [(String, Int, ClosedRange<Int64>)]
        var testDescription: String { text }
    }

    @Test(
        "One of several makes the p99",
        arguments: [
            TailCase(
                text: "one of four is four times as slow", maker: "c",
                series: [("a", 3_000, 10...20), ("b", 3_000, 10...20), ("c", 3_000, 40...80), ("d", 3_000, 10...20)]),
            TailCase(
                text: "all are alike", maker: nil,
                series: [("a", 3_000, 10...20), ("b", 3_000, 10...20), ("c", 3_000, 10...21)]),
            TailCase(text: "there is but one", maker: nil, series: [("a", 9_000, 10...900)]),
            TailCase(
                text: "it has too few samples for a p99", maker: nil,
                series: [("a", 9_000, 10...20), ("b", 999, 100...200)]),
            TailCase(
                text: "the others have too few", maker: nil, series: [("a", 999, 10...20), ("b", 9_000, 100...200)]),
            TailCase(
                text: "it has nearly all of the load anyhow", maker: nil,
                series: [("a", 1_000, 10...20), ("b", 9_000, 100...200)]),
            TailCase(
                text: "it is not even twice as slow", maker: nil,
                series: [("a", 5_000, 10...20), ("b", 3_000, 20...39)]),
            TailCase(
                text: "two share the tail evenly with others in it", maker: nil,
                series: [("a", 9_000, 10...20), ("b", 3_000, 40...80), ("c", 3_000, 40...80), ("d", 3_000, 40...80)]),
            TailCase(
                text: "constant times have no tail", maker: nil, series: [("a", 3_000, 10...10), ("b", 3_000, 10...10)]),
        ])
    func tail(_ example: TailCase) {
        let maker = TailMaker(example.series.map { (name: $0.0, histogram: Self.histogram($0.1, $0.2)) })
        #expect(maker?.name == example.maker)
    }

    @Test("The figures are its own p99, that of the others merged, and its shares")
    func tailFigures() throws {
        let maker = try #require(
            TailMaker([
                ("a", Self.histogram(3_000, 10...19)), ("b", Self.histogram(3_000, 60...79)),
                ("c", Self.histogram(3_000, 10...19)),
            ]))
        #expect(maker.name == "b" && maker.tailShare == 1 && abs(maker.share - 1.0 / 3) < 1e-9)
        #expect(abs(maker.ratio - 79.0 / 19) < 0.02)
        var evidence = LatencyEvidence()
        evidence.endpoint = maker
        evidence.step = maker
        let found = Finding.all(of: .healthy, environment: .ordinary, evidence: evidence)
        #expect(found.map(\.kind) == [.slowEndpoint, .slowStep])
        #expect(
            found[0].text.hasPrefix(
                "p99 is made by b: its own is 4.2 times that of the others (79.0 ms against 19.0 ms)"))
        #expect(found[1].text.hasPrefix("p99 is made by step b: "))
        #expect(found[0].value == maker.ratio)
    }

    // MARK: Where slow calls wait

    struct PartCase: Sendable, CustomTestStringConvertible {
        var text: String
        var kind: Finding.Kind?
        var change: @Sendable (inout Measurement) -> Void
        var testDescription: String { text }
    }

    /// Twenty calls of 100 ms each, of which most is the wait for the first byte.
    private static func calls(
        count: Int = 20, response: Double = 100, wait: Double = 0, connect: Double = 0, transfer: Double = 1,
        hasAnswer: Bool = true
    ) -> [SlowCallSummary] {
        (0..<count).map { index in
            let service = response - wait
            var call = SlowCall(
                intended: .seconds(Int64(index)), step: 0, place: nil, status: hasAnswer ? 200 : 0,
                failure: hasAnswer ? nil : .total_timeout, attempts: 1, trace: TraceID(high: 1, low: 2),
                response: Span(seconds: response / 1e3), service: Span(seconds: service / 1e3),
                wait: Span(seconds: wait / 1e3), phases: ConnectPhases(), firstByte: nil, transfer: nil, bytesSent: 1,
                bytesReceived: 1)
            call.phases.connect = Span(seconds: connect / 1e3)
            if hasAnswer {
                call.firstByte = Span(seconds: (service - connect - transfer) / 1e3)
                call.transfer = Span(seconds: transfer / 1e3)
            }
            return SlowCallSummary(.init(call, of: .init(scenario: "s", step: "t")), address: nil)
        }
    }

    @Test(
        "The part that takes most of the slowest calls is named",
        arguments: [
            PartCase(text: "nearly all before the first byte", kind: .slowFirstByte) { $0.slowest = calls() },
            PartCase(text: "a call that timed out waited for its first byte", kind: .slowFirstByte) {
                $0.slowest = calls(hasAnswer: false)
            },
            PartCase(text: "most of it waiting to be sent", kind: .slowWaits) { $0.slowest = calls(wait: 60) },
            PartCase(text: "a little less than most", kind: nil) { $0.slowest = calls(wait: 59) },
            PartCase(text: "most of it opening connections", kind: .slowConnections) {
                $0.slowest = calls(connect: 60)
            },
            PartCase(text: "half of it opening connections", kind: nil) { $0.slowest = calls(connect: 50) },
            PartCase(text: "most of it arriving", kind: .slowTransfers) { $0.slowest = calls(transfer: 61) },
            PartCase(text: "three quarters before the first byte", kind: nil) { $0.slowest = calls(transfer: 25) },
            PartCase(text: "a handful of calls", kind: nil) { $0.slowest = calls(count: 9) },
            PartCase(text: "slowest calls that are quick", kind: nil) {
                $0.response = .of(.milliseconds(1))
                $0.slowest = calls(response: 9)
            },
            PartCase(text: "slowest calls that are like all others", kind: nil) {
                $0.response = .of(.milliseconds(30))
                $0.slowest = calls(wait: 90)
            },
            PartCase(text: "no calls", kind: nil) { $0.slowest = [] },
        ])
    func parts(_ example: PartCase) {
        var run = Measurement.healthy
        example.change(&run)
        let found = Finding.all(of: run, environment: .ordinary)
        #expect(found.map(\.kind) == (example.kind.map { [$0] } ?? []))
        #expect(found.allSatisfy { $0.text.contains("%") && $0.value != nil && $0.text.hasSuffix(".") })
    }

    // MARK: Errors

    private static func rows(_ failures: [Int]) -> [TimelineRow] {
        failures.enumerated().map { second, failed in
            var row = TimelineRow(time: Double(second), length: 1, phase: 0)
            row.ledger.failed = failed
            return row
        }
    }

    private static func failures(_ seconds: Int, _ at: [Int: Int], otherwise: Int = 0) -> [Int] {
        (0..<seconds).map { at[$0] ?? otherwise }
    }

    @Test(
        "Errors that come at once are a burst",
        arguments: [
            ("forty in one second of a minute", failures(60, [41: 40]), 41.0, 1.0),
            ("spread over three seconds", failures(60, [10: 15, 11: 15, 12: 15]), 10, 3),
            ("with a few others", failures(60, [10: 45, 11: 45, 40: 10]), 10, 2),
            ("with more others than one in ten", failures(60, [10: 45, 11: 44, 40: 11]), nil, nil),
            ("everywhere", failures(60, [:], otherwise: 1), nil, nil),
            ("too few", failures(60, [10: 19]), nil, nil),
            ("none", failures(60, [:]), nil, nil),
            ("in a run that is hardly longer", failures(9, [3: 100]), nil, nil),
            ("over a tenth of a short run", failures(30, [3: 20, 4: 20, 5: 20, 6: 20]), nil, nil),
            ("at the very end", failures(100, [98: 50, 99: 50]), 98, 2),
            ("of an empty run", [], nil, nil),
        ] as [(String, [Int], Double?, Double?)])
    func bursts(text: String, failures: [Int], start: Double?, seconds: Double?) {
        let burst = ErrorBurst(Self.rows(failures))
        #expect(burst?.start == start, "\(text)")
        #expect(burst?.seconds == seconds, "\(text)")
        guard let burst else { return }
        var evidence = LatencyEvidence()
        evidence.burst = burst
        let found = Finding.all(of: .healthy, environment: .ordinary, evidence: evidence)
        #expect(found.map(\.kind) == [.errorBurst] && found[0].value == burst.share)
    }

    struct PatternCase: Sendable, CustomTestStringConvertible {
        var text: String
        var sentence: String?
        /// Step, place, status, failure, count.
        var patterns: [(String, Int?, Int32, FailureKind, Int)]
        var steps = ["buy", "home"]
        var endpoints = 3
        var testDescription: String { text }
    }

    @Test(
        "What most failures have in common is said with as much as is true",
        arguments: [
            PatternCase(
                text: "one endpoint, one status, every step",
                sentence: "92 % of the 100 failures are 503 of 10.0.0.3:80, in seconds 12 to 40.",
                patterns: [
                    ("buy", 2, 503, .status_5xx, 46), ("home", 2, 503, .status_5xx, 46), ("buy", 0, 0, .reset, 8),
                ]),
            PatternCase(
                text: "one step, one kind, every endpoint",
                sentence: "90 % of the 100 failures are reset at shop/buy, in seconds 12 to 40.",
                patterns: [
                    ("buy", 0, 0, .reset, 30), ("buy", 1, 0, .reset, 30), ("buy", 2, 0, .reset, 30),
                    ("home", 0, 500, .status_5xx, 10),
                ]),
            PatternCase(
                text: "everything in common",
                sentence: "100 % of the 50 failures are 503 of 10.0.0.1:80 at shop/buy, in "
                    + "seconds 12 to 40.", patterns: [("buy", 0, 503, .status_5xx, 50)]),
            PatternCase(
                text: "the only step and the only endpoint are not worth a word",
                sentence: "100 % of the 50 failures are total_timeout, in seconds 12 to 40.",
                patterns: [("buy", 0, 0, .total_timeout, 50)], steps: ["buy"], endpoints: 1),
            PatternCase(
                text: "one endpoint that fails in many ways",
                sentence: "90 % of the 100 failures are of 10.0.0.2:80, in seconds 12 to 40.",
                patterns: [
                    ("buy", 1, 503, .status_5xx, 30), ("home", 1, 0, .reset, 30), ("home", 1, 0, .total_timeout, 30),
                    ("buy", 0, 500, .status_5xx, 10),
                ]),
            PatternCase(
                text: "nothing that four of five share", sentence: nil,
                patterns: [("buy", 0, 503, .status_5xx, 50), ("home", 1, 0, .reset, 50)]),
            PatternCase(text: "a handful", sentence: nil, patterns: [("buy", 0, 503, .status_5xx, 9)]),
            PatternCase(text: "none", sentence: nil, patterns: []),
        ])
    func dominant(_ example: PatternCase) {
        var run = Measurement.healthy
        run.steps = example.steps.map { StepSummary(scenario: "shop", step: $0) }
        run.endpoints = (0..<example.endpoints).map { EndpointSummary(place: $0, address: "10.0.0.\($0 + 1):80") }
        run.ledger.failed = example.patterns.reduce(0) { $0 + $1.4 }
        var errors = ErrorPatterns()
        for (index, pattern) in example.patterns.enumerated() {
            for count in 0..<pattern.4 {
                errors.note(
                    step: example.steps.firstIndex(of: pattern.0) ?? 0, place: pattern.1, status: pattern.2,
                    failure: pattern.3, at: .seconds(count == 0 ? 12 : 40), trace: TraceID(high: 1, low: UInt64(index)))
            }
        }
        run.patterns = errors.commonest.patterns.map { pattern in
            ErrorPatternSummary(
                .init(pattern, of: .init(scenario: "shop", step: example.steps[pattern.step])),
                address: pattern.place.map { "10.0.0.\($0 + 1):80" }, failed: run.ledger.failed, calls: 1_000)
        }
        let dominant = DominantError(run)
        #expect(dominant.map { $0.sentence(of: run.ledger.failed, what: $0.what) } == example.sentence)
    }
}

@Suite("Latency that grows over a run is told from load that does")
struct LatencyTrendTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var grows: Bool
        var seconds = 60
        var isOpen = true
        /// Arrivals and users of a second, and its latency in milliseconds.
        var rate: @Sendable (Int) -> Int = { _ in 100 }
        var users: @Sendable (Int) -> Int = { _ in 10 }
        var latency: @Sendable (Int) -> Int
        var testDescription: String { text }
    }

    @Test(
        "A trend",
        arguments: [
            Case(text: "latency that doubles at a steady rate", grows: true) { 20 + $0 / 2 },
            Case(text: "a steady latency", grows: false) { _ in 20 },
            Case(text: "latency that falls", grows: false) { 80 - $0 },
            Case(text: "latency that grows by a quarter", grows: false) { 100 + $0 / 2 },
            Case(text: "latency that grows with the rate", grows: false, rate: { 100 + $0 }) { 20 + $0 },
            Case(text: "latency that jumps up and down", grows: false) { $0 % 2 == 0 ? 20 : 90 },
            Case(text: "a spike at the end", grows: false) { $0 > 55 ? 200 : 20 },
            Case(text: "a short run", grows: false, seconds: 29) { 20 + 2 * $0 },
            Case(text: "latency that grows for the same users", grows: true, isOpen: false) { 20 + $0 / 2 },
            Case(text: "latency that grows with the users", grows: false, isOpen: false, users: { 10 + $0 }) {
                20 + $0
            },
            Case(text: "more calls in flight in an open phase are no load", grows: true, users: { 10 + $0 }) {
                20 + $0
            },
        ])
    func trend(_ example: Case) throws {
        let folder = SyntheticRun.makeFolder()
        defer { SyntheticRun.remove(folder) }
        let path = BundleFile.intervals.path(in: folder)
        var writer = try IntervalLogWriter(creating: path)
        try writer.writeHeader(startEpoch: 0, started: "")
        var rows: [TimelineRow] = []
        for second in 0..<example.seconds {
            var histogram = LatencyHistogram()
            for _ in 0..<100 { histogram.record(.milliseconds(Int64(example.latency(second)))) }
            try writer.append(.response, start: .seconds(Int64(second)), length: .seconds(1), histogram)
            var row = TimelineRow(time: Double(second), length: 1, phase: 0)
            row.ledger.scheduled = example.rate(second)
            row.inFlight = example.users(second)
            row.responseP99 = histogram.value(atPercentile: 99)
            rows.append(row)
        }
        var totals = IntervalTotals(rows, windows: 20, phases: 1)
        var watches = BudgetWatches([], of: try Kinds.bundle("one-step").record, rows)
        _ = try totals.add(logAt: path, tolerant: false, watches: &watches)
        let trend = LatencyTrend(totals, phases: [example.isOpen])
        #expect((trend != nil) == example.grows)
        guard let trend else { return }
        #expect(trend.correlation > 0.9 && trend.last > trend.first && trend.seconds == example.seconds)
        var evidence = LatencyEvidence()
        evidence.trend = trend
        let found = Finding.all(of: .healthy, environment: .ordinary, evidence: evidence)
        #expect(found.map(\.kind) == [.latencyGrows] && found[0].value == trend.ratio)
    }
}

@Suite("The calls that a report names")
struct NamedCallTests {
    @Test("A record names endpoints by place, a report by address; shares are of the run and of the step")
    func summaries() throws {
        let run = Measurement(try Kinds.bundle("policies"))
        #expect(run.slowest.count == SlowestCalls.most)
        #expect(run.slowest.map(\.response) == run.slowest.map(\.response).sorted(by: >))
        #expect(run.slowest.allSatisfy { $0.address?.contains(":8443") == true && $0.traceId?.utf8.count == 32 })
        #expect(run.patterns.reduce(run.patternsLost) { $0 + $1.count } == run.ledger.failed)
        #expect(abs(run.patterns.reduce(0) { $0 + $1.share } - 1) < 1e-9)
    }

    @Test("A killed run has none")
    func killed() throws {
        let run = Measurement(try Kinds.bundle("killed"))
        #expect(run.slowest.isEmpty && run.patterns.isEmpty)
    }

    @Test("The slowest of them is the longest response time of the run, to the resolution of histograms")
    func maximum() throws {
        for kind in ["many-steps", "broken", "policies"] {
            let run = Measurement(try Kinds.bundle(kind))
            let slowest = try #require(run.slowest.first).response
            #expect(slowest <= run.response.maximum)
            #expect(slowest.seconds > 0.998 * run.response.maximum.seconds)
        }
    }

    @Test(
        "What no call can be is refused with its place",
        arguments: [
            ("\"trace_id\" : \"", "\"trace_id\" : \"<b>", "trace_id is no trace"),
            ("\"wait\" : ", "\"wait\" : -1", "wait is -"),
            ("\"status\" : 200", "\"status\" : 20000", "status is 20000"),
            ("\"attempts\" : 1", "\"attempts\" : -1", "attempts is -1"), ("\"place\" : 1", "\"place\" : 5000", "place"),
        ])
    func impossible(sound: String, impossible: String, error expected: String) throws {
        let text = String(decoding: try Kinds.bundle("policies").record.encoded(), as: UTF8.self)
        let start = try #require(text.firstRange(of: "\"slowest\" : ["))
        let place = try #require(text[start.upperBound...].firstRange(of: sound))
        let changed = text[..<place.lowerBound] + impossible + text[place.upperBound...]
        let record = try RunRecord(decoding: Array(changed.utf8))
        #expect(RecordRules.violation(in: record)?.contains(expected) == true)
    }
}
