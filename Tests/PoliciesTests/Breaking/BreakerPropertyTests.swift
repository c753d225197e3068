import Core
import Policies
import Testing

@Suite("Whatever happens to a breaker")
struct BreakerPropertyTests {
    static let settings: [BreakerSettings] = {
        var byCount = BreakerSettings()
        var rate = BreakerSettings.Rate()
        rate.window = .count(7)
        rate.minimum = 4
        rate.slowShare = 0.6
        rate.slow = .seconds(2)
        byCount.trip = .rate(rate)
        byCount.open = .seconds(5)
        byCount.successes = 2
        var byTime = byCount
        rate.window = .time(.seconds(3))
        byTime.trip = .rate(rate)
        byTime.successes = 1
        var inARow = BreakerSettings()
        inARow.trip = .consecutive(2)
        inARow.open = .seconds(3)
        var hostile = BreakerSettings()
        hostile.trip = .consecutive(-3)
        hostile.open = .seconds(-5)
        hostile.successes = .min
        return [inARow, byCount, byTime, hostile]
    }()

    @Test("it makes legal transitions only, keeps its permits, and says beforehand what it will do", arguments: 0..<40)
    func legal(seed: UInt64) {
        for (index, settings) in Self.settings.enumerated() {
            var random = SeededRandom(seed: seed, stream: UInt64(index))
            let breaker = Trial(Breaker(settings))
            var passes: [(pass: Breaker.Pass, isProbe: Bool)] = []
            var now = Instant.running(0)
            var state = Breaker.State.closed
            let permits = max(settings.successes, 1)
            for _ in 0..<400 {
                now = now + Span.milliseconds(Int64(random.below(1_200)))
                let before = breaker.state(at: now)
                var cancels = false
                var transitions: [Breaker.Transition] = []
                switch random.below(8) {
                case 0..<4:
                    let rejects = breaker.rejects(at: now)
                    let pass = breaker.pass(at: now)
                    #expect((pass == nil) == rejects)
                    if let pass { passes.append((pass, breaker.state(at: now) == .halfOpen)) }
                    while let transition = breaker.takeTransition() { transitions.append(transition) }
                case 4..<7 where !passes.isEmpty:
                    let (pass, _) = passes.remove(at: Int(random.below(UInt64(passes.count))))
                    let failed = random.below(2) == 0
                    let took = Span.milliseconds(Int64(random.below(4_000)))
                    if let transition = breaker.ended(pass, failed: failed, took: took, at: now) {
                        transitions.append(transition)
                    }
                default:
                    if let (pass, _) = passes.last, random.below(2) == 0 {
                        // Has no time: probes that were overdue are found again.
                        cancels = true
                        breaker.cancelled(pass)
                        passes.removeLast()
                    }
                }
                for transition in transitions {
                    #expect(transition.from == state)
                    #expect(transition.at <= now)
                    switch (transition.from, transition.to) {
                    case (.closed, .open), (.open, .halfOpen), (.halfOpen, .open), (.halfOpen, .closed): break
                    default: Issue.record("\(transition.from) to \(transition.to)")
                    }
                    state = transition.to
                }
                if transitions.isEmpty && !cancels { #expect(breaker.state(at: now) == before) }
                #expect((0...permits).contains(breaker.probes))
                #expect(breaker.takeTransition() == nil)
            }
        }
    }
}
