import Core
import Testing

@Suite struct TimeDistributionTests {
    static let times: [TimeDistribution] = [
        .constant(.milliseconds(3)), .uniform(from: .milliseconds(2), to: .milliseconds(6)),
        .exponential(mean: .milliseconds(5)), .lognormal(p50: .milliseconds(10), p99: .milliseconds(102)),
    ]

    /// So many samples, from shortest to longest.
    private func sorted(_ count: Int, of time: TimeDistribution, seed: UInt64 = 7) -> [Span] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in time.sample(using: &random) }.sorted()
    }

    @Test(arguments: times)
    func samplesAreNeverNegative(of time: TimeDistribution) throws {
        let shortest = try #require(sorted(50_000, of: time).first)
        #expect(shortest >= .zero)
    }

    @Test(arguments: times)
    func theSampleMeanIsTheMean(of time: TimeDistribution) {
        let samples = sorted(400_000, of: time)
        let mean = samples.reduce(0) { $0 + $1.seconds } / Double(samples.count)
        // The lognormal one has the widest spread, twice its mean: the standard error is 0.3 %.
        #expect(abs(mean / time.mean.seconds - 1) < 0.012)
    }

    @Test(arguments: times)
    func oneSeedGivesTheSameTimes(of time: TimeDistribution) {
        #expect(sorted(100, of: time, seed: 3) == sorted(100, of: time, seed: 3))
    }

    @Test func uniformTimesStayInTheirBoundsAndFillThem() {
        let samples = sorted(100_000, of: .uniform(from: .milliseconds(2), to: .milliseconds(6)))
        #expect(samples[0] >= .milliseconds(2))
        #expect(samples[99_999] <= .milliseconds(6))
        #expect(samples[0] < .microseconds(2_001))
        #expect(samples[99_999] > .microseconds(5_999))
    }

    @Test(arguments: [0.1, 0.5, 0.9, 0.99])
    func exponentialQuantilesAreThoseOfTheFormula(_ quantile: Double) {
        // F(t) = 1 - exp(-t / mean): the share of samples below the q-quantile's formula is q.
        let bounds = [0.1: 0.105_360_5, 0.5: 0.693_147_2, 0.9: 2.302_585_1, 0.99: 4.605_170_2]
        let bound = Span(seconds: bounds[quantile]! * 0.005)
        let below = sorted(200_000, of: .exponential(mean: .milliseconds(5))).count { $0 <= bound }
        #expect(abs(Double(below) / 200_000 - quantile) < 0.004)
    }

    @Test(arguments: [
        (Span.milliseconds(10), Span.milliseconds(102)), (.milliseconds(1), .milliseconds(2)),
        (.microseconds(50), .seconds(1)),
    ])
    func lognormalTimesHaveTheMedianAndTheP99TheyWereGivenBy(p50: Span, p99: Span) {
        let samples = sorted(200_000, of: .lognormal(p50: p50, p99: p99))
        let belowMedian = samples.count { $0 <= p50 }
        let belowP99 = samples.count { $0 <= p99 }
        #expect(abs(Double(belowMedian) / 200_000 - 0.5) < 0.004)
        #expect(abs(Double(belowP99) / 200_000 - 0.99) < 0.001)
    }

    @Test func aLognormalTimeWithoutSpreadIsConstant() {
        let samples = sorted(1_000, of: .lognormal(p50: .milliseconds(4), p99: .milliseconds(4)))
        #expect(samples[0] == .milliseconds(4))
        #expect(samples[999] == .milliseconds(4))
    }

    @Test func aLognormalMeanIsThatOfTheFormula() {
        // sigma 1: p99 = p50 * exp(2.3263478740408408), mean = p50 * exp(1/2).
        let time = TimeDistribution.lognormal(p50: .seconds(1), p99: Span(seconds: 10.240_473_3))
        #expect(abs(time.mean.seconds - 1.648_721_27) < 1e-6)
    }

    @Test(arguments: times)
    func everySampleTakesAsManyNumbersAsTheOneBefore(of time: TimeDistribution) {
        var random = CountingRandom()
        _ = time.sample(using: &random)
        let first = random.drawn
        for _ in 0..<100 { _ = time.sample(using: &random) }
        #expect(random.drawn == first * 101)
    }
}

/// Counts what is drawn from it.
private struct CountingRandom: RandomNumberGenerator {
    var drawn = 0
    private var random = SeededRandom(seed: 1)

    mutating func next() -> UInt64 {
        drawn += 1
        return random.next()
    }
}
