import Core
import Policies
import Testing

@Suite("The delay before a retry")
struct BackoffTests {
    static func policy(_ jitter: RetrySettings.Jitter, base: Span = .seconds(1), cap: Span = .seconds(10))
        -> RetryPolicy
    {
        var settings = RetrySettings()
        settings.backoff.base = base
        settings.backoff.cap = cap
        settings.backoff.jitter = jitter
        return RetryPolicy(settings)
    }

    /// Least, greatest and mean of 20,000 draws, in seconds, and their standard deviation.
    static func draws(
        _ policy: RetryPolicy, retry: Int, previous: Span = .zero
    ) -> (least: Double, greatest: Double, mean: Double, deviation: Double) {
        var random = SeededRandom(seed: 11)
        let values = (0..<20_000).map { _ in
            policy.delay(beforeRetry: retry, previous: previous, retryAfter: nil, using: &random).seconds
        }
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        return (values.min() ?? 0, values.max() ?? 0, mean, variance.squareRoot())
    }

    /// Rows: jitter, number of the retry, the delay before the one before, and the bounds of a uniform delay, in seconds.
    @Test(
        "is uniform between the bounds of its kind",
        arguments: [
            (RetrySettings.Jitter.full, 1, 0.0, 0.0, 1.0), (.full, 2, 0, 0, 2), (.full, 4, 0, 0, 8),
            (.full, 5, 0, 0, 10), (.full, 1_000, 0, 0, 10), (.equal, 1, 0, 0.5, 1), (.equal, 3, 0, 2, 4),
            (.equal, 9, 0, 5, 10), (.added, 1, 0, 1, 1.1), (.added, 2, 0, 2, 2.1), (.added, 5, 0, 10, 10.1),
            (.proportional, 1, 0, 0.8, 1.2), (.proportional, 3, 0, 3.2, 4.8), (.proportional, 7, 0, 8, 12),
            (.decorrelated, 1, 0, 1, 3), (.decorrelated, 1, 1, 1, 3), (.decorrelated, 2, 3, 1, 9),
            (.none, 1, 0, 1, 1), (.none, 2, 0, 2, 2), (.none, 4, 0, 8, 8), (.none, 5, 0, 10, 10),
            (.none, 0, 0, 1, 1), (.none, -7, 0, 1, 1),
        ])
    func uniform(jitter: RetrySettings.Jitter, retry: Int, previous: Double, low: Double, high: Double) {
        let draws = Self.draws(Self.policy(jitter), retry: retry, previous: Span(seconds: previous))
        let width = high - low
        #expect(draws.least >= low - 1e-9 && draws.least <= low + width * 0.001)
        #expect(draws.greatest <= high + 1e-9 && draws.greatest >= high - width * 0.001)
        #expect(abs(draws.mean - (low + high) / 2) <= width * 0.01 + 1e-9)
        #expect(abs(draws.deviation - width / 12.0.squareRoot()) <= width * 0.01 + 1e-9)
    }

    @Test("is never longer than the cap when it is decorrelated")
    func decorrelatedCap() {
        let draws = Self.draws(Self.policy(.decorrelated), retry: 3, previous: .seconds(9))
        #expect(draws.greatest == 10)
        #expect(draws.least >= 1)
    }

    @Test("adds up over two retries with full jitter to 1.5 s in the mean, 0.645 s sd, 2.55 s at P95")
    func twoRetries() {
        let policy = Self.policy(.full)
        var random = SeededRandom(seed: 5)
        var sums = (0..<40_000).map { _ in
            [1, 2].reduce(0.0) { sum, retry in
                sum + policy.delay(beforeRetry: retry, previous: .zero, retryAfter: nil, using: &random).seconds
            }
        }
        sums.sort()
        let mean = sums.reduce(0, +) / 40_000
        let deviation = (sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40_000).squareRoot()
        #expect(isNear(mean, 1.5, within: 0.01))
        #expect(isNear(deviation, 0.645, within: 0.01))
        #expect(isNear(sums[38_000], 2.55, within: 0.01))
    }

    /// Rows: jitter, and the highest number of retries in 10 ms when 10,000 clients failed together: first and second retry.
    @Test(
        "spreads clients that failed together",
        arguments: [
            (RetrySettings.Jitter.none, 10_000, 10_000), (.added, 1_039, 970), (.proportional, 276, 152),
            (.equal, 229, 120), (.full, 129, 71), (.decorrelated, 70, 34),
        ])
    func peak(jitter: RetrySettings.Jitter, first: Int, second: Int) {
        let policy = Self.policy(jitter)
        var random = SeededRandom(seed: 2)
        var bins = [[Int: Int](), [Int: Int]()]
        for _ in 0..<10_000 {
            var at = 0.0
            var previous = Span.zero
            for retry in 1...2 {
                previous = policy.delay(beforeRetry: retry, previous: previous, retryAfter: nil, using: &random)
                at += previous.seconds
                bins[retry - 1][Int(at * 100), default: 0] += 1
            }
        }
        #expect(isNear(Double(bins[0].values.max() ?? 0), Double(first), within: 0.15))
        #expect(isNear(Double(bins[1].values.max() ?? 0), Double(second), within: 0.15))
    }

    @Test(
        "waits as long as Retry-After says, when that is longer and the plan wants it",
        arguments: [
            // asked for, heeded, waited
            (Span?.none, true, 1.0), (.seconds(5), true, 5), (.milliseconds(300), true, 1), (.seconds(5), false, 1),
            (.seconds(-5), true, 1),
        ])
    func retryAfter(asked: Span?, heeds: Bool, expected: Double) {
        var settings = RetrySettings()
        settings.backoff.base = .seconds(1)
        settings.backoff.cap = .seconds(1)
        settings.backoff.jitter = .none
        settings.retryAfter = heeds
        var random = SeededRandom(seed: 1)
        let delay = RetryPolicy(settings).delay(beforeRetry: 1, previous: .zero, retryAfter: asked, using: &random)
        #expect(delay.seconds == expected)
    }

    @Test("is not negative and does not trap, whatever the settings", arguments: RetrySettings.Jitter.allCases)
    func hostile(jitter: RetrySettings.Jitter) {
        let spans = [Span.zero, Span(nanoseconds: .min), Span(nanoseconds: .max), .seconds(1)]
        var random = SeededRandom(seed: 1)
        for base in spans {
            for cap in spans {
                for factor in [0, -2, 1e300, .nan, .infinity, 2] {
                    var settings = RetrySettings()
                    settings.backoff.base = base
                    settings.backoff.cap = cap
                    settings.backoff.factor = factor
                    settings.backoff.jitter = jitter
                    let policy = RetryPolicy(settings)
                    for retry in [Int.min, 0, 1, 2, 100, .max] {
                        let delay = policy.delay(
                            beforeRetry: retry, previous: base, retryAfter: nil, using: &random)
                        #expect(delay >= .zero)
                    }
                }
            }
        }
    }
}
