import Core
import Reports
import Testing

@Suite("The live view shows a run on a few lines")
struct LiveViewTests {
    private static var busy: LiveState {
        var state = LiveState(name: "checkout")
        state.phaseNumber = 2
        state.phaseCount = 4
        state.phaseText = "200/s to 2000/s for 2m"
        state.phase = .init(elapsed: 54, length: 120)
        state.run = .init(elapsed: 64, length: 320)
        state.offered = 1_010
        state.achieved = 1_004
        state.lastSecond = .init(p50: .microseconds(1_240), p99: .microseconds(12_400))
        state.soFar = .init(p50: .microseconds(1_130), p99: .microseconds(10_200))
        state.failures = [.reset: 8, .status_5xx: 40]
        state.dropped = 3
        state.inFlight = 12
        state.connections = 50
        state.sendLagP99 = .microseconds(73)
        state.busiestLoop = 0.42
        return state
    }

    @Test func aFrame() {
        #expect(
            LiveView(width: 80, colour: false).frame(Self.busy) == [
                "checkout · phase 2/4: 200/s to 2000/s for 2m",
                "phase  ━━━━━━━━━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 54 s of 2m",
                "run    ━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 64 s of 5m 20s",
                "rate   1,010/s offered, 1,004/s completed",
                "p50/99 1.24 ms / 12.4 ms last second, 1.13 ms / 10.2 ms so far",
                "failed 48, dropped 3: status_5xx 40, reset 8", "load   12 in flight, 50 connections",
                "gale   lag p99 73.0 µs, busiest loop 42 %",
            ])
    }

    @Test func whatTheClientTurnsAwayIsSaidWhenThereIsAny() {
        var state = Self.busy
        #expect(!LiveView(width: 200, colour: false).line(state).contains("rejected"))
        state.rejected = 12.5
        #expect(
            LiveView(width: 80, colour: false).frame(state)[3]
                == "rate   1,010/s offered, 1,004/s completed, 12.5/s rejected")
        #expect(LiveView(width: 200, colour: false).line(state).contains(" · 12.5/s rejected · "))
    }

    @Test func aNarrowFrame() {
        #expect(
            LiveView(width: 30, colour: false).frame(Self.busy) == [
                "checkout · phase 2/4: 200/s t…", "phase  ━━━━━╌╌╌╌╌╌╌ 54 s of 2m", "run    ━╌╌╌╌╌╌╌ 64 s of 5m 20s",
                "rate   1,010/s offered, 1,004…", "p50/99 1.24 ms / 12.4 ms last…", "failed 48, dropped 3: status_…",
                "load   12 in flight, 50 conne…", "gale   lag p99 73.0 µs, busie…",
            ])
    }

    @Test func aPhaseThatEndsByCount() {
        var state = LiveState(name: "count")
        state.phaseText = "10 users, 10000 calls"
        state.phase = .init(elapsed: 3, calls: .init(done: 2_500, of: 10_000))
        state.run = .init(elapsed: 3)
        let frame = LiveView(width: 60, colour: false).frame(state)
        #expect(frame[1] == "phase  ━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 2,500 of 10,000 calls")
        #expect(frame[2] == "run    3 s")
        #expect(frame[4] == "p50/99 – last second, – so far")
        #expect(frame[7] == "gale   lag –, busiest loop –")
    }

    @Test func whileItDrains() {
        var state = Self.busy
        state.isDraining = true
        #expect(LiveView(width: 80, colour: false).frame(state)[0] == "checkout · draining: waiting for the last calls")
        #expect(LiveView(width: 80, colour: false).line(state).contains("draining"))
    }

    @Test func oneLineForALog() {
        #expect(
            LiveView(width: 80, colour: false).line(Self.busy)
                == "64 s · phase 2/4 · 1,004/s of 1,010/s · p50 1.24 ms, p99 12.4 ms · 48 failed, 3 dropped · "
                + "12 in flight · lag p99 73.0 µs · loop 42 %")
    }

    @Test("Colour comes only when it is asked for")
    func colour() {
        let plain = LiveView(width: 80, colour: false).frame(Self.busy)
        let coloured = LiveView(width: 80, colour: true).frame(Self.busy)
        #expect(!plain.contains { $0.contains("\u{1B}") })
        #expect(coloured[5].hasPrefix("\u{1B}[31m"), "failures are red")
        #expect(coloured.map { PlainText.clean($0) } == plain, "and nothing but colour differs")
    }

    @Test(
        "A strained generator is shown as one",
        arguments: [
            (Span.microseconds(900), 0.5, "\u{1B}[2m"), (.milliseconds(2), 0.5, "\u{1B}[33m"),
            (.microseconds(50), 0.95, "\u{1B}[33m"),
        ])
    func strain(lag: Span, loop: Double, code: String) {
        var state = LiveState(name: "strain")
        state.sendLagP99 = lag
        state.busiestLoop = loop
        #expect(LiveView(width: 80, colour: true).frame(state)[7].hasPrefix(code))
    }

    @Test(
        "No line is ever wider than the terminal, and no frame taller than 8 lines", arguments: 0..<80 as Range<UInt64>)
    func width(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        func below(_ limit: UInt64) -> Int { Int(random.next() % limit) }
        var state = LiveState(name: String(repeating: "name\u{1B}[31m\n", count: below(20)))
        state.phaseText = String(repeating: "phase ", count: below(40))
        state.phase = .init(elapsed: Double(below(100_000)), length: below(2) == 0 ? nil : Double(below(10_000)))
        state.run = .init(
            elapsed: Double(below(100_000)), calls: below(2) == 0 ? nil : .init(done: below(99), of: below(50)))
        state.offered = Double(below(10_000_000))
        state.achieved = Double(below(10_000_000))
        if below(2) == 0 { state.lastSecond = .init(p50: .nanoseconds(Int64(below(1 << 40))), p99: .seconds(3_600)) }
        for kind in FailureKind.allCases where below(3) == 0 { state.failures[kind] = below(1_000_000) }
        state.inFlight = below(1_000_000)
        let width = 20 + below(200)
        let frame = LiveView(width: width, colour: false).frame(state)
        #expect(frame.count <= LiveView.mostLines)
        #expect(frame.allSatisfy { $0.count <= width && !$0.contains("\n") && !$0.contains("\u{1B}") })
    }
}
