import Core
import Policies
import Testing

@Suite("Recent latencies")
struct RecentLatenciesTests {
    @Test("know each response time to 3.2 %, from 4 µs to an hour", arguments: [50.0, 95, 100])
    func precision(percent: Double) {
        var took = 4_000.0
        while took < 3.6e12 {
            var latencies = LatencyCounts()
            latencies.add(Span(nanoseconds: Int64(took)))
            let known = Double(latencies.percentile(percent)?.nanoseconds ?? 0)
            #expect(isNear(known, took, within: 0.032), "\(took) ns is taken for \(known)")
            took *= 1.037
        }
    }

    @Test(
        "are of the nearest rank",
        arguments: [
            (0.0, 1), (1, 1), (50, 50), (50.5, 51), (95, 95), (99, 99), (99.5, 100), (100, 100), (-3, 1), (150, 100),
            (.nan, 1),
        ])
    func rank(percent: Double, expected: Int) {
        var latencies = LatencyCounts()
        for number in 1...100 { latencies.add(.milliseconds(Int64(number) * 1_000)) }
        let known = latencies.percentile(percent)?.seconds ?? 0
        #expect(isNear(known, Double(expected), within: 0.032))
    }

    @Test("take any span, and unknown ones for longer than all")
    func extremes() {
        var latencies = LatencyCounts()
        #expect(latencies.percentile(50) == nil)
        latencies.add(Span(nanoseconds: .min))
        latencies.add(.zero)
        #expect(latencies.percentile(100) == .nanoseconds(64))
        latencies.addUnended()
        #expect(latencies.percentile(100) == Span(nanoseconds: .max))
        #expect(latencies.percentile(60) == .nanoseconds(64))
        latencies.clear()
        latencies.add(Span(nanoseconds: .max))
        #expect(latencies.percentile(0) == Span(nanoseconds: .max))
        #expect(latencies.count == 1)
    }

    @Test("forget what has left the window")
    func window() {
        let latencies = Trial(RecentLatencies(window: .seconds(10)))
        #expect(latencies { $0.percentile(50, at: .running(0)) } == nil)
        for _ in 0..<100 { latencies.value.add(.milliseconds(10), at: .running(0)) }
        for _ in 0..<50 { latencies.value.add(.seconds(1), at: .running(6)) }
        #expect(isNear(latencies { $0.percentile(50, at: .running(7)) }?.milliseconds ?? 0, 10, within: 0.04))
        #expect(latencies { $0.count(at: .running(9.9)) } == 150)
        #expect(latencies { $0.count(at: .running(10)) } == 50)
        #expect(isNear(latencies { $0.percentile(50, at: .running(10)) }?.milliseconds ?? 0, 1_000, within: 0.04))
        #expect(latencies { $0.percentile(50, at: .running(30)) } == nil)
        #expect(latencies { $0.count(at: .running(30)) } == 0)
    }

    /// Against all values of the window, sorted. The kept percentile may be as old as an eighth of the values.
    @Test("are what sorting gives, up to the width of a bucket and a few ranks", arguments: 0..<10)
    func likeSorting(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var latencies = RecentLatencies(window: .seconds(5))
        var all: [(slice: Int64, took: Int64)] = []
        var now = Instant.running(0)
        for step in 0..<1_500 {
            now = now + Span.milliseconds(Int64(random.below(20)))
            let took = Int64(100_000 * PortableMath.exponential(6 * random.nextUnit()))
            let slice = now.nanoseconds / 1_000_000_000
            latencies.add(.nanoseconds(took), at: now)
            all.append((slice, took))
            // Asked for each time, so that kept answers are among those that are compared.
            let answer = latencies.percentile(90, at: now)
            guard step % 23 == 0 else { continue }
            let recent = all.filter { slice - $0.slice < 5 }.map(\.took).sorted()
            guard recent.count >= 40, let known = answer?.nanoseconds else { continue }
            let slack = recent.count / 8 + 8
            let rank = (9 * recent.count + 9) / 10 - 1
            let low = recent[max(rank - slack, 0)]
            let high = recent[min(rank + slack, recent.count - 1)]
            #expect(Double(known) >= 0.96 * Double(low) && Double(known) <= 1.04 * Double(high))
        }
    }
}
