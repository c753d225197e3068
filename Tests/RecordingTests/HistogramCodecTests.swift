import Core
import Testing

@testable import Recording

@Suite struct HistogramCodecTests {
    /// A histogram with one 42 in it, as the Java library encodes it.
    static let one42 = "HISTFAAAAB542pNpmSzMwMDAxAABzFCaEUoz2X+AMIKZAEARAtM="

    @Test func `a histogram of the Java library is read`() throws {
        let histogram = try LatencyHistogram(base64: Self.one42)
        #expect(histogram.recordedValues.map(\.lowest.nanoseconds) == [42])
        #expect(histogram.recordedValues.map(\.count) == [1])
        #expect(histogram.layout.digits == 3)
    }

    @Test func `a histogram of the Java library is written back byte for byte`() throws {
        #expect(try LatencyHistogram(base64: Self.one42).base64 == Self.one42)
    }

    @Test func `the bytes are those of the format`() {
        let encoded = Samples.histogram([.nanoseconds(1), .nanoseconds(3), .nanoseconds(3)]).encoded
        #expect(encoded.prefix(4) == [0x1c, 0x84, 0x93, 0x14])
        #expect(encoded[4..<8] == [0, 0, 0, UInt8(encoded.count - 8)])
        #expect(encoded[8..<10] == [0x78, 0xda])

        var plain: [UInt8] = []
        HistogramEncoder.appendUncompressed(Samples.histogram([1, 3, 3, 9].map { .nanoseconds($0) }), to: &plain)
        #expect(plain.prefix(16) == [0x1c, 0x84, 0x93, 0x13, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 3])
        #expect(plain[16..<32] == [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0x03, 0x46, 0x30, 0xb8, 0xa0, 0x00])
        #expect(plain[32..<40] == [0x3f, 0xf0, 0, 0, 0, 0, 0, 0])
        // One zero, a 1 at 1, one zero, a 2 at 3, five zeros, a 1 at 9.
        #expect(plain[40...] == [0x00, 0x02, 0x00, 0x04, 0x09, 0x02])
    }

    @Test func `an empty histogram is one zero, and no counts at all are empty too`() throws {
        var plain: [UInt8] = []
        HistogramEncoder.appendUncompressed(LatencyHistogram(), to: &plain)
        #expect(plain[40...] == [0x00])
        #expect(try LatencyHistogram(encoded: LatencyHistogram().encoded) == LatencyHistogram())
        #expect(try LatencyHistogram(encoded: Encoded.v2(counts: [])) == LatencyHistogram())
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func `what is written is read back`(seed: UInt64) throws {
        let histogram = Samples.histogram(Int(seed * seed * 20) + 1, seed: seed)
        let decoded = try LatencyHistogram(encoded: histogram.encoded)
        #expect(decoded == histogram)
        #expect(decoded.mean == histogram.mean)
        #expect(decoded.max == histogram.max)
        #expect(decoded.min == histogram.min)
        #expect(decoded.value(atPercentile: 99) == histogram.value(atPercentile: 99))
        #expect(try LatencyHistogram(base64: histogram.base64) == histogram)
        #expect(decoded.encoded == histogram.encoded)
    }

    // The widest has six million counts, which takes seconds without optimisation and shows nothing more.
    @Test(arguments: HistogramLayoutTests.layouts.filter { $0.countsLength < 1_000_000 })
    func `every layout is read as what it is`(layout: HistogramLayout) throws {
        var histogram = LatencyHistogram(layout: layout)
        for value in [0, layout.lowest, layout.highest / 3, layout.highest] {
            histogram.record(.nanoseconds(Int64(value)))
        }
        let decoded = try LatencyHistogram(encoded: histogram.encoded)
        #expect(decoded == histogram)
        #expect(decoded.layout == layout)
    }

    @Test func `one encoder and one decoder serve many histograms`() throws {
        var encoder = HistogramEncoder()
        var decoder = HistogramDecoder()
        var sum = LatencyHistogram()
        var expected = LatencyHistogram()
        for seed in 0..<30 as Range<UInt64> {
            let histogram = Samples.histogram(Int(seed) * 7, seed: seed)
            var text: [UInt8] = []
            encoder.appendBase64(histogram, to: &text)
            try decoder.add(base64: text, to: &sum)
            #expect(try decoder.decode(base64: text) == histogram)
            expected.add(histogram)
        }
        #expect(sum == expected)
    }

    @Test(arguments: [2, 4, 8])
    func `the older encoding V1 is read, with words of every size`(wordSize: Int) throws {
        let counts: [Int64] = [0, 3, 0, 0, 0, 300]
        let histogram = try LatencyHistogram(encoded: Encoded.v1(counts: counts, wordSize: wordSize))
        #expect(histogram.recordedValues.map(\.lowest.nanoseconds) == [1, 5])
        #expect(histogram.recordedValues.map(\.count) == [3, 300])
    }

    @Test func `adding a histogram that does not fit adds nothing`() throws {
        var decoder = HistogramDecoder()
        var sum = Samples.histogram([.milliseconds(1)])
        let before = sum
        let coarse = try HistogramLayout(lowest: 1, highest: 1_000_000, digits: 2)
        var foreign = LatencyHistogram(layout: coarse)
        foreign.record(.nanoseconds(5))
        #expect(throws: HistogramError.layoutMismatch(expected: .standard, found: coarse)) {
            try decoder.add(base64: [UInt8](foreign.base64.utf8), to: &sum)
        }
        #expect(sum == before)
    }
}
