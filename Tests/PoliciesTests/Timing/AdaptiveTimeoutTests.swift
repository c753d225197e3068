import Core
import Policies
import Testing

@Suite("An adaptive time-out")
struct AdaptiveTimeoutTests {
    /// The time-outs after each window of 100 attempts that take `took`, or hang when it is nil.
    static func timeouts(_ timeout: inout AdaptiveTimeout, windows: Range<Int>, took: Span?) -> [Double] {
        windows.map { window in
            for number in 0..<100 {
                let now = Instant.running(Double(window) * 10 + Double(number) / 10)
                let limit = timeout.timeout(at: now)
                let timedOut = took.map { $0 > limit } ?? true
                timeout.observed(timedOut ? limit : took ?? .zero, timedOut: timedOut, at: now)
            }
            return timeout.timeout(at: .running(Double(window) * 10 + 10)).seconds
        }
    }

    @Test("is the longest until it knows better, then twice P95 within its bounds")
    func warmUp() {
        let timeout = Trial(AdaptiveTimeout(AdaptiveTimeoutSettings()))
        #expect(timeout { $0.timeout(at: .running(0)) } == .seconds(30))
        #expect(timeout { Self.timeouts(&$0, windows: 0..<1, took: .milliseconds(10)) } == [1])
        let slower = timeout { Self.timeouts(&$0, windows: 1..<2, took: .milliseconds(800)) }
        #expect(isNear(slower[0], 1.6, within: 0.032))
    }

    @Test("doubles per window while all hangs: 1, 2, 4, 8, 16, 30 s")
    func growth() {
        let timeout = Trial(AdaptiveTimeout(AdaptiveTimeoutSettings()))
        #expect(timeout { Self.timeouts(&$0, windows: 0..<1, took: .milliseconds(10)) } == [1])
        #expect(timeout { Self.timeouts(&$0, windows: 1..<7, took: nil) } == [2, 4, 8, 16, 30, 30])
        // What is fast again brings it down at once.
        #expect(timeout { Self.timeouts(&$0, windows: 7..<8, took: .milliseconds(10)) } == [1])
    }

    @Test("finds the way to a response time that it cut off at first")
    func censored() {
        let timeout = Trial(AdaptiveTimeout(AdaptiveTimeoutSettings()))
        #expect(timeout { Self.timeouts(&$0, windows: 0..<1, took: .milliseconds(10)) } == [1])
        let found = timeout { Self.timeouts(&$0, windows: 1..<6, took: .seconds(3)) }
        #expect(found[..<2] == [2, 4])
        for seconds in found[2...] { #expect(isNear(seconds, 6, within: 0.032)) }
    }

    @Test(
        "stays as it is when a window has too few values",
        arguments: [(19, 30.0), (20, 1)])
    func minimum(samples: Int, expected: Double) {
        var timeout = AdaptiveTimeout(AdaptiveTimeoutSettings())
        for _ in 0..<samples { timeout.observed(.milliseconds(10), timedOut: false, at: .running(0)) }
        #expect(timeout.timeout(at: .running(9.999)).seconds == 30)
        #expect(timeout.timeout(at: .running(10)).seconds == expected)
        // Nor does a pause change anything.
        #expect(timeout.timeout(at: .running(10_000)).seconds == expected)
    }

    @Test("is not moved by time-outs that are fewer than the percentile looks at", arguments: [(4, 1.0), (6, 2)])
    func fewTimeouts(cut: Int, expected: Double) {
        let timeout = Trial(AdaptiveTimeout(AdaptiveTimeoutSettings()))
        #expect(timeout { Self.timeouts(&$0, windows: 0..<1, took: .milliseconds(10)) } == [1])
        for number in 0..<100 { timeout.value.observed(.milliseconds(10), timedOut: number < cut, at: .running(11)) }
        #expect(timeout { $0.timeout(at: .running(20)) }.seconds == expected)
    }

    @Test("never leaves its bounds and at most doubles from window to window", arguments: 0..<30)
    func property(seed: UInt64) {
        var settings = AdaptiveTimeoutSettings()
        settings.factor = [2, 0, -1, .infinity, .nan, 1e300][Int(seed % 6)]
        settings.percentile = [95, 50, 100, -5][Int(seed % 4)]
        var timeout = AdaptiveTimeout(settings)
        var random = SeededRandom(seed: seed)
        var last = timeout.timeout(at: .running(0))
        for step in 1..<1_000 {
            let now = Instant.running(Double(step) * 0.25)
            timeout.observed(Span(seconds: 40 * random.nextUnit()), timedOut: random.below(3) == 0, at: now)
            let next = timeout.timeout(at: now)
            #expect(next >= settings.least && next <= settings.most)
            #expect(next <= last + last)
            last = next
        }
    }
}
