import Core
import Testing

@testable import Recording

/// Bytes that only pretend to be a histogram get an answer, whatever they are.
@Suite struct HostileHistogramTests {
    static let broken: [(name: String, bytes: [UInt8], error: HistogramError)] = [
        ("nothing", [], .truncated(part: "outer header", needed: 4, found: 0)),
        ("half a header", [0x1c, 0x84, 0x93, 0x14, 0], .truncated(part: "outer header", needed: 8, found: 5)),
        ("another format", [0x50, 0x4b, 3, 4, 0, 0, 0, 0], .unknownEncoding(cookie: 0x504b_0304)),
        ("V0", [0x1c, 0x84, 0x93, 0x09, 0, 0, 0, 0], .obsoleteEncoding(cookie: 0x1c84_9309)),
        ("V0 inside", Encoded.v2(counts: [1], cookie: 0x1c84_9308), .obsoleteEncoding(cookie: 0x1c84_9308)),
        ("a cookie of nobody inside", Encoded.v2(counts: [1], cookie: 7), .unknownEncoding(cookie: 7)),
        (
            "V1 with words of 14 bytes", Encoded.v2(counts: [1], cookie: 0x1c84_93e1),
            .unknownEncoding(cookie: 0x1c84_93e1)
        ),
        (
            "a length beyond the end", [0x1c, 0x84, 0x93, 0x14, 0, 0, 0, 9, 1, 2],
            .truncated(part: "compressed part", needed: 9, found: 2)
        ),
        (
            "a negative length", [0x1c, 0x84, 0x93, 0x14, 0xff, 0xff, 0xff, 0xff, 1, 2],
            .truncated(part: "compressed part", needed: 4_294_967_295, found: 2)
        ),
        (
            "more bytes than declared", Encoded.v2(counts: [1]) + [0],
            .wrongLength(
                part: "compressed part", declared: Encoded.v2(counts: [1]).count - 8,
                found: Encoded.v2(counts: [1]).count - 7)
        ),
        ("no zlib stream", [0x1c, 0x84, 0x93, 0x14, 0, 0, 0, 4, 1, 2, 3, 4], .corrupt(status: -3)),
        (
            "no inner header", Encoded.wrapped([1, 2, 3], cookie: 0x1c84_9314),
            .truncated(part: "inner header", needed: 40, found: 3)
        ),
        (
            "fewer counts than declared", Encoded.v2(counts: [1, 2], payloadLength: 3),
            .truncated(part: "counts", needed: 3, found: 2)
        ),
        ("more counts than declared", Encoded.v2(counts: [1, 2], extra: [0]), .unfinished),
        (
            "a negative length inside", Encoded.v2(counts: [1], payloadLength: -1),
            .wrongLength(part: "counts", declared: -1, found: 304_128)
        ),
        (
            "a length of gigabytes inside", Encoded.v2(counts: [1], payloadLength: .max),
            .wrongLength(part: "counts", declared: 2_147_483_647, found: 304_128)
        ),
        (
            "a million zeros in a row, compressed to nothing",
            Encoded.v2(counts: [], payload: [UInt8](repeating: 0, count: 1_000_000)),
            .wrongLength(part: "counts", declared: 1_000_000, found: 304_128)
        ),
        ("rotated counts", Encoded.v2(counts: [1], offset: 12), .rotated(offset: 12)),
        (
            "seven digits", Encoded.v2(counts: [1], digits: 7),
            .unsupportedLayout(lowest: 1, highest: 3_600_000_000_000, digits: 7)
        ),
        (
            "lowest zero", Encoded.v2(counts: [1], lowest: 0),
            .unsupportedLayout(lowest: 0, highest: 3_600_000_000_000, digits: 3)
        ),
        (
            "highest below lowest", Encoded.v2(counts: [1], lowest: 100, highest: 50),
            .unsupportedLayout(lowest: 100, highest: 50, digits: 3)
        ),
        (
            "a run of zeros past the end", Encoded.v2(counts: [-40_000, 1]),
            .indexOutOfRange(index: 40_000, length: 33_792)
        ),
        ("a run of 2^63 zeros", Encoded.v2(counts: [1, .min]), .indexOutOfRange(index: (1 << 63) + 1, length: 33_792)),
        ("a count past the end", Encoded.v2(counts: [-33_792, 1]), .indexOutOfRange(index: 33_792, length: 33_792)),
        ("a zero past the end", Encoded.v2(counts: [-33_792, 0]), .indexOutOfRange(index: 33_793, length: 33_792)),
        (
            "a count cut off", Encoded.v2(counts: [], payload: [2, 0x80]),
            .truncated(part: "last count", needed: 2, found: 1)
        ),
        ("more samples than 2^63", Encoded.v2(counts: [.max, 1]), .tooManyCounts),
        ("a negative count in V1", Encoded.v1(counts: [1, -1], wordSize: 8), .negativeCount(index: 1)),
    ]

    @Test(arguments: broken.indices)
    func `what is broken is named`(row: Int) {
        let (name, bytes, error) = Self.broken[row]
        #expect(throws: error, "\(name)") { try LatencyHistogram(encoded: bytes) }
    }

    @Test func `every message says something that the others do not`() {
        let messages = Self.broken.map(\.error.description)
        #expect(Set(messages).count == Set(Self.broken.map(\.error)).count)
        #expect(messages.allSatisfy { $0.count > 20 })
    }

    @Test func `the largest count there is does no harm`() throws {
        let histogram = try LatencyHistogram(encoded: Encoded.v2(counts: [-33_791, .max]))
        #expect(histogram.count == .max)
        #expect(histogram.value(atPercentile: 50) == histogram.max)
        #expect(histogram.mean > 4e12)
        #expect(histogram.count(above: .zero) == .max)
        #expect(!PercentileDistribution(of: histogram).text.isEmpty)
        #expect(try LatencyHistogram(encoded: histogram.encoded) == histogram)
    }

    @Test func `every place at which a histogram can be cut off is noticed`() {
        let encoded = Samples.histogram(300, seed: 2).encoded
        for length in 0..<encoded.count {
            #expect(throws: HistogramError.self) { try LatencyHistogram(encoded: [UInt8](encoded.prefix(length))) }
        }
    }

    /// Damage to the compressed bytes: the checksum finds it, or zlib does.
    @Test func `thousands of damaged histograms are refused or read, and never trap`() {
        let encoded = Samples.histogram(200, seed: 9).encoded
        var decoder = HistogramDecoder()
        var random = SeededRandom(seed: 1)
        var refused = 0
        for _ in 0..<3_000 {
            let bytes = Self.damaged(encoded, using: &random)
            do throws(HistogramError) { _ = try decoder.decode(bytes) } catch { refused += 1 }
        }
        #expect(refused > 2_900)
    }

    /// Damage below the checksum: what is read is a histogram that can be used.
    @Test func `thousands of damaged headers and counts are refused or read, and never trap`() throws {
        var plain: [UInt8] = []
        let samples = Samples.latencies(40, seed: 10).filter { $0 < .milliseconds(1) }
        HistogramEncoder.appendUncompressed(Samples.histogram(samples), to: &plain)
        var decoder = HistogramDecoder()
        var random = SeededRandom(seed: 2)
        var read = 0
        for _ in 0..<2_000 {
            let bytes = Encoded.wrapped(Self.damaged(plain, using: &random), cookie: 0x1c84_9314)
            var sum = LatencyHistogram()
            do throws(HistogramError) {
                try decoder.add(base64: Self.base64(bytes), to: &sum)
                read += 1
                #expect(sum.count == sum.recordedValues.reduce(0) { $0 + $1.count })
                #expect(sum.value(atPercentile: 99.9) <= sum.max)
            } catch {
                #expect(sum.isEmpty)
            }
        }
        #expect(read > 100)
    }

    private static func damaged(_ bytes: [UInt8], using random: inout SeededRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 3 where bytes.count > 1: bytes.remove(at: place)
            default: bytes[place] = 0xff
            }
        }
        return bytes
    }

    private static func base64(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        bytes.withUnsafeBytes { Base64.append($0, to: &text) }
        return text
    }
}
