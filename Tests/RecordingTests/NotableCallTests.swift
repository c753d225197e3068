import Core
import Recording
import Testing

@Suite("Notable calls in bounded memory")
struct NotableCallTests {
    private static func call(_ milliseconds: Int64, at second: Int64 = 0, step: Int = 0) -> SlowCall {
        SlowCall(
            intended: .seconds(second), step: step, place: nil, status: 200, failure: nil, attempts: 1,
            trace: TraceID(high: 1, low: UInt64(milliseconds)), response: .milliseconds(milliseconds),
            service: .milliseconds(milliseconds), wait: .zero, phases: ConnectPhases(), firstByte: nil, transfer: nil,
            bytesSent: 0, bytesReceived: 0)
    }

    @Test("the slowest are kept, whatever the order in which they come", arguments: 0..<20 as Range<UInt64>)
    func slowest(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let calls = (0..<200).map { Self.call(Int64(random.below(60)), at: $0) }
        let expected = calls.sorted { ($1.response, $0.intended) < ($0.response, $1.intended) }.prefix(20)
        var all = SlowestCalls()
        for call in calls where all.takes(call.response) { all.add(call) }
        #expect(all.calls == Array(expected))
        var merged = SlowestCalls()
        for part in 0..<4 {
            var own = SlowestCalls()
            for (index, call) in calls.enumerated() where index % 4 == part && own.takes(call.response) {
                own.add(call)
            }
            merged.add(own)
        }
        #expect(merged.calls == all.calls)
        #expect(!all.takes(all.calls[19].response))
    }

    private static func note(_ errors: inout ErrorPatterns, step: Int, at second: Int64, times: Int = 1) {
        for _ in 0..<times {
            errors.note(
                step: step, place: nil, status: 503, failure: .status_5xx, at: .seconds(second),
                trace: TraceID(high: 7, low: UInt64(second)))
        }
    }

    @Test("groups are merged by what they are of, and the first one's trace stands for them")
    func merged() throws {
        var (one, other) = (ErrorPatterns(), ErrorPatterns())
        Self.note(&one, step: 0, at: 5)
        Self.note(&one, step: 1, at: 6)
        Self.note(&other, step: 0, at: 2)
        Self.note(&other, step: 0, at: 9)
        one.add(other)
        let (patterns, rest) = one.commonest
        #expect(rest == 0)
        #expect(patterns.map(\.count) == [3, 1])
        #expect(patterns[0].first == .seconds(2) && patterns[0].last == .seconds(9))
        #expect(patterns[0].trace == TraceID(high: 7, low: 2))
        #expect(one.count == 4)
    }

    @Test("a client tells a hundred groups apart and counts the rest; of several clients the largest are kept")
    func bounded() {
        var one = ErrorPatterns()
        for step in 0..<150 { Self.note(&one, step: step, at: Int64(step)) }
        #expect(one.commonest.patterns.count == 100)
        #expect(one.commonest.rest == 50)
        var other = ErrorPatterns()
        for step in 1_000..<1_010 { Self.note(&other, step: step, at: 0, times: 3) }
        one.add(other)
        let (patterns, rest) = one.commonest
        #expect(patterns.prefix(10).map(\.step) == Array(1_000..<1_010))
        #expect(patterns.count == 100 && rest == 60)
        #expect(one.count == 180 && patterns.reduce(rest) { $0 + $1.count } == 180)
    }

    @Test("only the last interval has them, and empty intervals are as new")
    func intervals() {
        let table = SeriesTable(steps: [("a", "b")])
        let (interval, totals) = (Interval(table), Interval(table))
        interval.notable.slowest.add(Self.call(3))
        Self.note(&interval.notable.errors, step: 0, at: 1)
        totals.addCounts(of: interval)
        totals.addCounts(of: Interval(table))
        interval.reset()
        #expect(interval.notable.slowest.calls.isEmpty && interval.notable.errors.isEmpty)
        #expect(totals.notable.slowest.calls.count == 1 && totals.notable.errors.count == 1)
    }

    @Test("a record has them with the names of their steps, and is read again")
    func record() throws {
        var record = RunRecord(
            gale: "0", state: .finished, name: "n", target: "t", seed: 1, started: "", startedEpoch: 0,
            plan: .init(file: nil, hash: "", text: "", overrides: []), environment: nil, phases: [],
            steps: [.init(scenario: "shop", step: "buy")], budgets: [])
        record.setCalls(NotableCalls())
        #expect(record.slowest == nil && record.patterns == nil && record.patternsLost == nil)
        var calls = NotableCalls()
        var slow = Self.call(1_250, at: 12)
        (slow.place, slow.failure, slow.status, slow.attempts) = (3, .status_5xx, 503, 2)
        (slow.wait, slow.firstByte, slow.transfer) = (.milliseconds(50), .milliseconds(1_100), .milliseconds(100))
        slow.phases.connect = .microseconds(250)
        calls.slowest.add(slow)
        calls.slowest.add(Self.call(9, step: 5))
        Self.note(&calls.errors, step: 0, at: 12)
        record.setCalls(calls)
        let read = try RunRecord(decoding: try record.encoded())
        #expect(read.slowest?.count == 1, "a step that nobody knows has no name")
        let call = try #require(read.slowest?.first)
        #expect(call.scenario == "shop" && call.step == "buy" && call.place == 3 && call.attempts == 2)
        #expect(call.time == 12 && call.response == 1.25 && call.wait == 0.05 && call.connect == 0.00025)
        #expect(call.firstByte == 1.1 && call.transfer == 0.1 && call.failure == "status_5xx")
        #expect(call.traceId == "000000000000000100000000000004e2")
        let pattern = try #require(read.patterns?.first)
        #expect(pattern.count == 1 && pattern.first == 12 && pattern.status == 503 && pattern.place == nil)
    }
}
