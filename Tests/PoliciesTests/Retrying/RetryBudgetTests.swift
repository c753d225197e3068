import Core
import Policies
import Testing

@Suite("A budget for retries")
struct RetryBudgetTests {
    /// Attempts per call of calls with up to three attempts, of which a share fails at random.
    static func amplification(
        _ budget: RetrySettings.Budget?, failing share: Double, perSecond: Double, seconds: Int = 100, warmUp: Int = 20
    ) -> Double {
        var budget = RetryBudget(budget)
        var random = SeededRandom(seed: 17)
        var calls = 0
        var attempts = 0
        for number in 0..<Int(perSecond * Double(seconds + warmUp)) {
            let now = Instant.running(Double(number) / perSecond)
            let counts = number >= Int(perSecond * Double(warmUp))
            budget.called(at: now)
            if counts { calls += 1 }
            for attempt in 1...3 {
                if counts { attempts += 1 }
                let fails = random.nextUnit() <= share
                if attempt > 1 { budget.gaveBack() }
                if !fails {
                    budget.succeeded()
                    break
                }
                budget.failed()
                if attempt == 3 || !budget.take(at: now, active: 1) { break }
            }
        }
        return Double(attempts) / Double(calls)
    }

    /// Rows: budget, share of failing attempts, calls per second, attempts per call.
    @Test(
        "bounds the attempts per call",
        arguments: [
            (RetrySettings.Budget?.none, 1.0, 200.0, 3.0), (nil, 0.5, 200, 1.75),
            // The SRE book: a tenth of the calls.
            (.ratio(0.1, perSecond: 0), 1, 200, 1.1), (.ratio(0.1, perSecond: 0), 0.5, 200, 1.1),
            (.ratio(0.1, perSecond: 0), 0.05, 200, 1.0525),
            // Finagle: a fifth, and ten per second.
            (.ratio(0.2, perSecond: 10), 1, 200, 1.25), (.ratio(0.2, perSecond: 10), 0.5, 200, 1.25),
            (.ratio(0.2, perSecond: 10), 0.3, 200, 1.25), (.ratio(0.2, perSecond: 10), 0.1, 200, 1.11),
            (.ratio(0.2, perSecond: 10), 1, 1_000, 1.21),
            // gRPC: off for good above r / (1 + r) = 9.09 % of failures.
            (.tokens(most: 10, ratio: 0.1), 0.05, 2_000, 1.052), (.tokens(most: 10, ratio: 0.1), 0.10, 2_000, 1.019),
            (.tokens(most: 10, ratio: 0.1), 0.15, 2_000, 1.000), (.tokens(most: 10, ratio: 0.1), 1, 2_000, 1.000),
        ])
    func bounds(budget: RetrySettings.Budget?, share: Double, perSecond: Double, expected: Double) {
        let amplification = Self.amplification(budget, failing: share, perSecond: perSecond)
        #expect(abs(amplification - expected) <= 0.008, "\(amplification)")
    }

    @Test("of ten tokens stops after five failures, and again allows retries after 51 successes")
    func tokens() {
        let budget = Trial(RetryBudget(.tokens(most: 10, ratio: 0.1)))
        let now = Instant.running(0)
        for failure in 1...5 {
            budget.value.failed()
            #expect(budget { $0.take(at: now, active: 1) } == (failure < 5))
        }
        #expect(budget.value.left(at: now) == 0.5)
        for _ in 0..<10 { budget.value.failed() }
        #expect(budget.value.left(at: now) == 0)
        for success in 1...51 {
            #expect(budget { $0.take(at: now, active: 1) } == false)
            budget.value.succeeded()
            if success == 50 { #expect(budget.value.left(at: now) == 0.5) }
        }
        #expect(budget { $0.take(at: now, active: 1) })
    }

    @Test("by ratio gives what the calls of the last ten seconds are worth, and the reserve")
    func ratio() {
        let budget = Trial(RetryBudget(.ratio(0.2, perSecond: 0.5)))
        #expect(budget.value.left(at: .running(0)) == 1)
        for _ in 0..<50 { budget.value.called(at: .running(0)) }
        // 50 × 0.2 and 10 × 0.5.
        for _ in 0..<15 { #expect(budget { $0.take(at: .running(1), active: 1) }) }
        #expect(budget { $0.take(at: .running(1), active: 1) } == false)
        #expect(budget.value.left(at: .running(1)) == 0)
        // The calls are forgotten a second before the retries are; then the reserve is back.
        #expect(budget { $0.take(at: .running(10.5), active: 1) } == false)
        #expect(budget.value.left(at: .running(12)) == 1)
        for _ in 0..<5 { #expect(budget { $0.take(at: .running(12), active: 1) }) }
        #expect(budget { $0.take(at: .running(12), active: 1) } == false)
    }

    @Test(
        "by share bounds the retries under way",
        arguments: [
            // share, least, calls under way, retries at once
            (0.2, 3, 5, 3), (0.2, 3, 15, 3), (0.2, 3, 20, 4), (0.2, 3, 24, 4), (0.2, 3, 25, 5), (0.2, 0, 4, 0),
            (0, 0, 1_000, 0), (1, 3, -5, 3), (.infinity, 3, 1, 100), (.nan, 3, 100, 3),
        ])
    func share(share: Double, least: Int, active: Int, expected: Int) {
        let budget = Trial(RetryBudget(.share(share, least: least)))
        let taken = (0..<100).filter { _ in budget { $0.take(at: .running(0), active: active) } }.count
        #expect(taken == expected)
        #expect(budget.value.left(at: .running(0)) == (expected == 100 ? 1 : 0) || share == .infinity)
        if taken > 0, taken < 100 {
            budget.value.gaveBack()
            #expect(budget { $0.take(at: .running(0), active: active) })
            #expect(budget { $0.take(at: .running(0), active: active) } == false)
        }
    }

    @Test("stays within its bounds, whatever happens", arguments: 0..<30)
    func property(seed: UInt64) {
        let budgets: [RetrySettings.Budget?] = [
            nil, .ratio(0.2, perSecond: 1), .ratio(-1, perSecond: .nan), .tokens(most: 5, ratio: 0.3),
            .tokens(most: -1, ratio: .infinity), .share(0.3, least: 2), .share(.nan, least: -4),
        ]
        for (index, settings) in budgets.enumerated() {
            var budget = RetryBudget(settings)
            var random = SeededRandom(seed: seed, stream: UInt64(index))
            var now = Instant.running(0)
            var calls: [Instant] = []
            var retries: [Instant] = []
            var underWay = 0
            for _ in 0..<500 {
                now = now + Span.milliseconds(Int64(random.below(300)))
                switch random.below(5) {
                case 0:
                    budget.called(at: now)
                    calls.append(now)
                case 1: budget.succeeded()
                case 2: budget.failed()
                case 3:
                    let active = Int(random.below(20))
                    if budget.take(at: now, active: active) {
                        retries.append(now)
                        underWay += 1
                        if case .share(let share, let least) = settings {
                            #expect(underWay <= max(least, Int(share.isNaN ? 0 : share * Double(active))))
                        }
                    }
                default:
                    // More often than there are retries: the count does not fall below none.
                    budget.gaveBack()
                    underWay = max(underWay - 1, 0)
                }
                #expect((0...1).contains(budget.left(at: now)))
                #expect(budget.retriesUnderWay == underWay)
                if case .ratio(0.2, _) = settings {
                    let nine = now + .seconds(-9)
                    let ten = now + .seconds(-10)
                    let recent = calls.filter { $0 > ten }.count
                    #expect(Double(retries.filter { $0 > nine }.count) <= 0.2 * Double(recent) + 10 + 2)
                }
            }
        }
    }
}
