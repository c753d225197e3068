import Core
import Model
import Testing

@Suite struct DelayHistogramTests {
    @Test func anEmptyOneHasNoTimes() {
        let histogram = DelayHistogram()
        #expect(histogram.count == 0)
        #expect(histogram.mean == .zero)
        #expect(histogram.max == .zero)
        #expect(histogram.quantile(0.5) == .zero)
    }

    /// One time, whatever it is, is its own mean, maximum and quantile; with a longer one beside it, it is known to 1.6 %.
    @Test(arguments: [
        0, 1, 63, 64, 127, 128, 129, 255, 256, 1_000, 999_999, 1_000_000, 123_456_789, 3_600_000_000_000,
        Int64.max / 2, Int64.max - 1, Int64.max,
    ])
    func aTimeIsKnownToItsBucket(nanoseconds: Int64) {
        var histogram = DelayHistogram()
        histogram.record(Span(nanoseconds: nanoseconds))
        #expect(histogram.quantile(0.99) == Span(nanoseconds: nanoseconds))
        histogram.record(Span(nanoseconds: .max))
        let median = histogram.quantile(0.5).nanoseconds
        #expect(median >= nanoseconds)
        #expect(Double(median - nanoseconds) <= Double(nanoseconds) / 64)
    }

    @Test func aNegativeTimeCountsAsNone() {
        var histogram = DelayHistogram()
        histogram.record(.seconds(-1))
        histogram.record(.seconds(1), count: 0)
        #expect(histogram.count == 1)
        #expect(histogram.max == .zero)
    }

    @Test(arguments: 0..<20)
    func quantilesAreThoseOfTheSortedTimesToOneBucket(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var histogram = DelayHistogram()
        var times: [Span] = []
        let distribution = TimeDistribution.lognormal(p50: .milliseconds(20), p99: .seconds(5))
        for _ in 0..<500 {
            let span = distribution.sample(using: &random)
            let count = Int(random.below(3)) + 1
            histogram.record(span, count: count)
            times += Array(repeating: span, count: count)
        }
        times.sort()
        for share in [0.0, 0.01, 0.25, 0.5, 0.9, 0.99, 1.0] {
            let rank = max(1, Int((share * Double(times.count)).rounded(.up)))
            let exact = times[rank - 1].seconds
            let found = histogram.quantile(share).seconds
            #expect(found >= exact && found <= exact * 65 / 64)
        }
        #expect(histogram.max == times.last)
        let sum = times.reduce(0) { $0 + $1.seconds }
        #expect(abs(histogram.mean.seconds - sum / Double(times.count)) < 1e-8)
    }
}
