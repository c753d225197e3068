import Core
import Testing

@testable import Recording

@Suite struct LatencyHistogramTests {
    @Test func `an empty histogram has nothing to say and says zero`() {
        let empty = LatencyHistogram()
        #expect(empty.isEmpty)
        #expect(empty.count == 0)
        #expect(empty.min == .zero)
        #expect(empty.max == .zero)
        #expect(empty.mean == 0)
        #expect(empty.standardDeviation == 0)
        #expect(empty.value(atPercentile: 99) == .zero)
        #expect(empty.count(above: .zero) == 0)
        #expect(empty.recordedValues.map(\.count) == [])
    }

    @Test(arguments: [
        (recorded: Int64(0), kept: Int64(0), clamped: 0), (1, 1, 0), (-1, 0, 0), (.min, 0, 0), (2_047, 2_047, 0),
        (3_600_000_000_000, 3_600_000_000_000, 0), (3_600_000_000_001, 3_600_000_000_000, 1),
        (.max, 3_600_000_000_000, 1),
    ])
    func `a span out of range counts as the nearest one in range`(recorded: Int64, kept: Int64, clamped: Int) {
        let histogram = Samples.histogram([.nanoseconds(recorded)])
        #expect(histogram.count == 1)
        #expect(histogram.clamped == clamped)
        let value = histogram.recordedValues.first { _ in true }
        #expect(value.map { ($0.lowest.nanoseconds...$0.highest.nanoseconds).contains(kept) } == true)
        #expect(value?.count == 1)
    }

    @Test func `values are exact up to 2047 and known to three digits beyond`() {
        let histogram = Samples.histogram([2_047, 2_048, 1_000_000].map { .nanoseconds($0) })
        #expect(histogram.recordedValues.map(\.lowest.nanoseconds) == [2_047, 2_048, 999_936])
        #expect(histogram.recordedValues.map(\.highest.nanoseconds) == [2_047, 2_049, 1_000_447])
        #expect(histogram.min == .nanoseconds(2_047))
        #expect(histogram.max == .nanoseconds(1_000_447))
    }

    /// The distribution of HdrHistogram's own tests: 10,000 of 1 ms and one of 100 s.
    @Test func `mean, deviation and percentiles are those of the Java library`() {
        var histogram = LatencyHistogram()
        for _ in 0..<10_000 { histogram.record(.microseconds(1_000)) }
        histogram.record(.seconds(100))
        #expect(histogram.count == 10_001)
        #expect(abs(histogram.mean / 1e3 - (1_000.0 * 10_000 + 100_000_000) / 10_001) < 11)
        #expect(abs(histogram.standardDeviation / 1e3 - 999_900) < 999_900 * 0.001)
        #expect(histogram.value(atPercentile: 30) == .nanoseconds(1_000_447))
        #expect(histogram.value(atPercentile: 99.99) == .nanoseconds(1_000_447))
        #expect(histogram.value(atPercentile: 99.999) == histogram.max)
        #expect(histogram.value(atPercentile: 100) == histogram.max)
        #expect(histogram.max.nanoseconds == 100_059_316_223)
    }

    @Test(arguments: [
        (1_000, 99.9, 998), (1_000, 99.0, 989), (10, 50.0, 4), (10, 50.1, 5), (3, 33.0, 0), (7, 100.0, 6), (7, 0.0, 0),
        (7, -5.0, 0), (7, 250.0, 6), (1, 0.001, 0), (100, Double.nan, 99),
    ])
    func `of n samples the percentile is the one at place`(count: Int, percentile: Double, place: Int) {
        let samples = (0..<count).map { Span.nanoseconds(Int64($0)) }
        #expect(Samples.histogram(samples).value(atPercentile: percentile).nanoseconds == Int64(place))
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `percentiles are those of the sorted samples, rounded up to the resolution`(seed: UInt64) {
        let samples = Samples.latencies(997, seed: seed).sorted()
        let histogram = Samples.histogram(samples)
        let percentiles = [99.0, 0.1, 50, 100, 75, 99.9, 12.5]
        let expected = percentiles.map { percentile -> Span in
            let rank = max(1, Int((percentile / 100 * Double(samples.count)).rounded(.up)))
            let layout = HistogramLayout.standard
            let index = layout.index(of: UInt64(samples[rank - 1].nanoseconds))
            return .nanoseconds(Int64(layout.highestValue(at: index)))
        }
        #expect(histogram.values(atPercentiles: percentiles) == expected)
        #expect(percentiles.map(histogram.value(atPercentile:)) == expected)
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `counts above a value are those of the samples that can be told from it`(seed: UInt64) {
        let samples = Samples.latencies(500, seed: seed)
        let histogram = Samples.histogram(samples)
        for limit in samples.prefix(50) + [.zero, .nanoseconds(-1), LatencyHistogram.highest, .nanoseconds(.max)] {
            let layout = HistogramLayout.standard
            let highest =
                limit < .zero ? -1 : Int64(layout.highestValue(at: layout.index(of: UInt64(limit.nanoseconds))))
            #expect(histogram.count(above: limit) == samples.count { $0.nanoseconds > highest })
        }
    }

    // MARK: Merging

    @Test(arguments: 0..<6 as Range<UInt64>)
    func `merging is commutative and associative, and the empty histogram is its identity`(seed: UInt64) {
        let a = Samples.histogram(300, seed: seed)
        let b = Samples.histogram(200, seed: seed + 100)
        let c = Samples.histogram(1, seed: seed + 200)
        #expect(a + b == b + a)
        #expect((a + b) + c == a + (b + c))
        #expect(a + LatencyHistogram() == a)
        #expect(LatencyHistogram() + a == a)
        #expect(a + b != a)
    }

    @Test func `a merged histogram is the histogram of all samples`() {
        let samples = Samples.latencies(1_000, seed: 3)
        let parts = Samples.histogram(Array(samples[..<400])) + Samples.histogram(Array(samples[400...]))
        let whole = Samples.histogram(samples)
        #expect(parts == whole)
        #expect(parts.mean == whole.mean)
        #expect(parts.max == whole.max)
        #expect(parts.min == whole.min)
    }

    @Test func `what was clamped is added up too`() {
        var a = Samples.histogram([.seconds(4_000)])
        a.add(Samples.histogram([.seconds(5_000), .seconds(1)]))
        #expect(a.clamped == 2)
        #expect(a.count == 3)
    }

    @Test func `histograms are values: a copy keeps what it has`() {
        var original = Samples.histogram(10, seed: 1)
        let copy = original
        original.record(.seconds(1))
        #expect(copy.count == 10)
        #expect(original.count == 11)
    }

    @Test func `a reset histogram is as good as new`() {
        var histogram = Samples.histogram(100, seed: 5)
        histogram.record(.seconds(9_999))
        histogram.reset()
        #expect(histogram == LatencyHistogram())
        #expect(histogram.clamped == 0)
        histogram.record(.milliseconds(3))
        #expect(histogram == Samples.histogram([.milliseconds(3)]))
    }

    @Test func `a histogram of another layout is added only where its values map to the same counts`() throws {
        let wide = try HistogramLayout(lowest: 1, highest: .max, digits: 3)
        var foreign = LatencyHistogram(layout: wide)
        foreign.record(.milliseconds(5))
        var own = Samples.histogram([.milliseconds(1)])
        try own.add(foreign: foreign)
        #expect(own == Samples.histogram([.milliseconds(1), .milliseconds(5)]))

        foreign.record(.seconds(100_000))
        #expect(throws: HistogramError.layoutMismatch(expected: .standard, found: wide)) {
            try own.add(foreign: foreign)
        }
        let coarse = try HistogramLayout(lowest: 1, highest: 3_600_000_000_000, digits: 2)
        #expect(throws: HistogramError.layoutMismatch(expected: .standard, found: coarse)) {
            try own.add(foreign: LatencyHistogram(layout: coarse))
        }
        #expect(own.count == 2)
    }

    @Test func `more samples than a number can count are refused`() throws {
        var half = LatencyHistogram()
        half.add(1 << 62, at: 5)
        var other = half
        #expect(throws: HistogramError.tooManyCounts) { try other.add(foreign: half) }
        #expect(other == half)
        #expect(half.value(atPercentile: 99.9) == .nanoseconds(5))
        #expect(half.mean == 5)
    }
}

private func + (left: LatencyHistogram, right: LatencyHistogram) -> LatencyHistogram {
    var sum = left
    sum.add(right)
    return sum
}
