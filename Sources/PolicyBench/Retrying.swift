import Core
import Policies

extension PolicyBench {
    /// Budgets, delays and hedges.
    static func retrying() -> [Benchmark] {
        let budgets: [(String, RetrySettings.Budget)] = [
            ("ratio", .ratio(0.2, perSecond: 10)), ("tokens", .tokens(most: 100, ratio: 0.1)),
            ("share", .share(0.2, least: 3)),
        ]
        return budgets.map { name, budget in Benchmark("retry budget, \(name)") { retryBudget(budget) } }
            + RetrySettings.Jitter.allCases.map { jitter in
                Benchmark("retry, reason and delay, jitter \(jitter.rawValue)") { retryDelay(jitter) }
            } + [
                Benchmark("hedge delay, read") { hedgeDelay(observes: false) },
                Benchmark("hedge delay, read and observed") { hedgeDelay(observes: true) },
            ]
    }

    /// A call, its end, and a retry if it failed.
    private static func retryBudget(_ settings: RetrySettings.Budget) -> Benchmark.Loop {
        let inputs = Inputs(failing: 0.2)
        var (budget, ticks) = (RetryBudget(settings), Ticks())
        return { count in
            var sum = 0
            for _ in 0..<count {
                ticks.next()
                budget.called(at: ticks.now)
                guard inputs.failed(ticks.count) else {
                    budget.succeeded()
                    continue
                }
                budget.failed()
                guard budget.take(at: ticks.now, active: 50) else { continue }
                budget.gaveBack()
                sum &+= 1
            }
            return sum
        }
    }

    private static func retryDelay(_ jitter: RetrySettings.Jitter) -> Benchmark.Loop {
        var settings = RetrySettings()
        settings.backoff.jitter = jitter
        let policy = RetryPolicy(settings)
        let failures: [FailureKind?] = [.reset, .attempt_timeout, nil, .connect_refused, .status_5xx, .bad_response]
        let inputs = Inputs()
        var (random, next) = (SeededRandom(seed: 1), 0)
        return { count in
            var (sum, previous) = (0, Span.zero)
            for _ in 0..<count {
                next &+= 1
                // Of random latencies the nanoseconds are as good as a die.
                let dice = Int(truncatingIfNeeded: inputs.latency(next).nanoseconds)
                let reason = policy.reason(
                    failure: failures[dice % 6], status: dice & 1 == 0 ? 503 : 200, isIdempotent: true, wasSent: true)
                guard reason != nil else { continue }
                previous = policy.delay(
                    beforeRetry: 1 + dice & 3, previous: previous, retryAfter: nil, using: &random)
                sum &+= Int(truncatingIfNeeded: previous.nanoseconds)
            }
            return sum
        }
    }

    private static func hedgeDelay(observes: Bool) -> Benchmark.Loop {
        let inputs = Inputs()
        var (policy, ticks) = (HedgePolicy(HedgeSettings()), Ticks())
        for _ in 0..<10_000 {
            ticks.next()
            policy.observed(inputs.latency(ticks.count), at: ticks.now)
        }
        let end = ticks.now
        return { count in
            var sum = 0
            for _ in 0..<count {
                ticks.next()
                let now = observes ? ticks.now : end
                policy.called()
                if let delay = policy.delay(at: now), delay.nanoseconds & 7 == 0, policy.take() { sum &+= 1 }
                if observes { policy.observed(inputs.latency(ticks.count), at: now) }
            }
            return sum
        }
    }
}
