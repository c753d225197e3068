import Core
import Policies
import Testing

@Suite("A hedge")
struct HedgePolicyTests {
    /// What becomes of 200,000 calls, one per millisecond, whose attempts take what `draw` says; in seconds, sorted.
    static func play(
        _ settings: HedgeSettings, _ draw: (inout SeededRandom) -> Double
    ) -> (times: [Double], extra: Double) {
        var policy = HedgePolicy(settings)
        var random = SeededRandom(seed: 23)
        var times: [Double] = []
        var hedges = 0
        let calls = 200_000
        for number in -10_000..<calls {
            let now = Instant.running(Double(number) / 1_000)
            policy.called()
            var time = draw(&random)
            let first = time
            if let delay = policy.delay(at: now)?.seconds, time > delay, policy.take() {
                if number >= 0 { hedges += 1 }
                time = min(time, delay + draw(&random))
            }
            policy.observed(Span(seconds: first), at: now)
            if number >= 0 { times.append(time) }
        }
        return (times.sorted(), Double(hedges) / Double(calls))
    }

    /// ln T is normal with mean ln 10 ms and σ 1 (Box and Muller 1958).
    static func lognormal(_ random: inout SeededRandom) -> Double {
        let radius = (-2 * PortableMath.logarithm(random.nextUnit())).squareRoot()
        let turns = random.nextUnit()
        let sine = turns <= 0.5 ? PortableMath.sine(halfTurns: 2 * turns) : -PortableMath.sine(halfTurns: 2 * turns - 1)
        return 0.01 * PortableMath.exponential(radius * sine)
    }

    /// Rows: percentile that is waited for, further attempts per call, and P99 in ms.
    @Test(
        "after a percentile costs the share of calls beyond it, and takes the tail off",
        arguments: [(95.0, 0.05, 66.5), (50, 0.5, 41)])
    func lognormal(percentile: Double, extra: Double, p99: Double) {
        var settings = HedgeSettings()
        settings.delay = .percentile(percentile)
        settings.budget = 1
        let (times, hedges) = Self.play(settings, Self.lognormal)
        #expect(isNear(hedges, extra, within: 0.05), "\(hedges)")
        #expect(isNear(times[198_000] * 1_000, p99, within: 0.05), "\(times[198_000])")
    }

    @Test("takes P99.9 of a lognormal tail from 221 to 93 ms")
    func farTail() {
        var settings = HedgeSettings()
        settings.budget = 1
        let (times, _) = Self.play(settings, Self.lognormal)
        #expect(isNear(times[199_800] * 1_000, 93, within: 0.08), "\(times[199_800])")
        settings.budget = 0
        let (bare, hedges) = Self.play(settings, Self.lognormal)
        #expect(hedges == 0)
        #expect(isNear(bare[198_000] * 1_000, 102, within: 0.05), "\(bare[198_000])")
        #expect(isNear(bare[199_800] * 1_000, 221, within: 0.08), "\(bare[199_800])")
    }

    @Test("after 20 ms takes P99.9 from 1 s to 30 ms when a hundredth of the calls take a second")
    func bimodal() {
        var settings = HedgeSettings()
        settings.delay = .fixed(.milliseconds(20))
        let (times, hedges) = Self.play(settings) { $0.nextUnit() <= 0.01 ? 1 : 0.01 }
        #expect(isNear(hedges, 0.01, within: 0.05))
        #expect(isNear(times[199_800] * 1_000, 30, within: 0.001))
    }

    @Test("goes out no more often than its budget says, plus the first few", arguments: [0.05, 0.3, 0.001])
    func budget(share: Double) {
        var settings = HedgeSettings()
        settings.delay = .fixed(.milliseconds(1))
        settings.budget = share
        var policy = HedgePolicy(settings)
        var hedges = 0
        let calls = 20_000
        for _ in 0..<calls {
            policy.called()
            if policy.take() { hedges += 1 }
            #expect((0...1).contains(policy.left))
        }
        let most = share * Double(calls) + max(1, 100 * share)
        #expect(Double(hedges) <= most && Double(hedges) > most - 2)
    }

    @Test(
        "waits for what the plan says, a millisecond at least",
        arguments: [(Span.zero, 1.0), (.microseconds(999), 1), (.milliseconds(20), 20), (.seconds(-1), 1)])
    func fixed(delay: Span, expected: Double) {
        var settings = HedgeSettings()
        settings.delay = .fixed(delay)
        let policy = Trial(HedgePolicy(settings))
        #expect(policy { $0.delay(at: .running(0)) }?.milliseconds == expected)
    }

    @Test(
        "by percentile waits until enough response times are known",
        arguments: [(50.0, 20), (95, 20), (99, 100), (99.9, 1_000), (100, 1_000), (-5, 20)])
    func warmUp(percentile: Double, needed: Int) {
        var settings = HedgeSettings()
        settings.delay = .percentile(percentile)
        let policy = Trial(HedgePolicy(settings))
        for _ in 1..<needed {
            policy.value.observed(.milliseconds(40), at: .running(0))
            #expect(policy { $0.delay(at: .running(0)) } == nil)
        }
        policy.value.observed(.milliseconds(40), at: .running(0))
        #expect(isNear(policy { $0.delay(at: .running(0)) }?.milliseconds ?? 0, 40, within: 0.04))
        #expect(policy { $0.delay(at: .running(31)) } == nil)
    }

    @Test(
        "is for methods that may be sent twice",
        arguments: [(true, false, 1, true), (false, false, 1, false), (false, true, 1, true), (true, true, 0, false)])
    func methods(isIdempotent: Bool, allMethods: Bool, most: Int, expected: Bool) {
        var settings = HedgeSettings()
        settings.allMethods = allMethods
        settings.most = most
        #expect(HedgePolicy(settings).hedges(isIdempotent: isIdempotent) == expected)
    }
}
