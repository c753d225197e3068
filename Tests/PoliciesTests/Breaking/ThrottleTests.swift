import Core
import Policies
import Testing

@Suite("A throttle")
struct ThrottleTests {
    /// A target that accepts one call each 10 ms, and is offered one each millisecond for five minutes.
    static func seenPerSecond(k: Double) -> Double {
        var settings = ThrottleSettings()
        settings.k = k
        var throttle = Throttle(settings)
        var random = SeededRandom(seed: 7)
        var credit = 0.0
        var seen = 0
        for step in 0..<300_000 {
            let now = Instant.running(Double(step) / 1_000)
            credit = min(credit + 0.1, 10)
            guard throttle.admits(at: now, using: &random) else { continue }
            if step >= 150_000 { seen += 1 }
            if credit >= 1 {
                credit -= 1
                throttle.accepted(at: now)
            }
        }
        return Double(seen) / 150
    }

    @Test(
        "lets a target that accepts 100 of 1,000 calls per second see k times 100 of them",
        arguments: [(2.0, 201.0), (1.5, 152), (1.1, 110)])
    func steadyState(k: Double, expected: Double) {
        let seen = Self.seenPerSecond(k: k)
        #expect(isNear(seen, expected, within: 0.05), "\(seen) per second")
    }

    @Test("rejects nothing while half of the calls are accepted")
    func healthy() {
        let throttle = Trial(Throttle(ThrottleSettings()))
        let random = Trial(SeededRandom(seed: 1))
        for step in 0..<10_000 {
            let now = Instant.running(Double(step) / 100)
            #expect(throttle { $0.admits(at: now, using: &random.value) })
            if step.isMultiple(of: 2) { throttle.value.accepted(at: now) }
            #expect(throttle.value.rejection(at: now) <= 1.0 / 10)
        }
    }

    @Test("forgets what lies two minutes back")
    func forgets() {
        var throttle = Throttle(ThrottleSettings())
        var random = SeededRandom(seed: 1)
        for _ in 0..<99 { _ = throttle.admits(at: .running(0), using: &random) }
        #expect(throttle.rejection(at: .running(0)) == 0.99)
        #expect(throttle.rejection(at: .running(114)) == 0.99)
        #expect(throttle.rejection(at: .running(121)) == 0)
        let admits = throttle.admits(at: .running(121), using: &random)
        #expect(admits)
    }

    @Test("never rejects with a probability below 0 or of 1", arguments: 0..<20)
    func bounds(seed: UInt64) {
        var settings = ThrottleSettings()
        settings.k = [Double.nan, 0, 1, 3][Int(seed % 4)]
        settings.window = .milliseconds(Int64(seed) * 10 - 20)
        var throttle = Throttle(settings)
        var random = SeededRandom(seed: seed)
        var now = Instant.running(0)
        for _ in 0..<2_000 {
            now = now + Span.microseconds(Int64(random.below(5_000)) - 500)
            if random.below(3) == 0 { throttle.accepted(at: now) } else { _ = throttle.admits(at: now, using: &random) }
            let rejection = throttle.rejection(at: now)
            #expect(rejection >= 0 && rejection < 1)
        }
    }
}
