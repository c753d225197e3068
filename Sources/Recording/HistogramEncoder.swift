/// Writes histograms in HdrHistogram's encoding V2, compressed, as the Java library writes them.
///
///     1c849314 · length · zlib( 1c849313 · length · 0 · digits · lowest · highest · 1.0 · counts )
///
/// All big-endian; the counts run from index 0 to the largest recorded value, runs of zeros as their negated length.
package struct HistogramEncoder: ~Copyable, Sendable {
    private var deflater = Deflater()
    // Reused from line to line: at 20 series a second, the allocations would cost more than the encoding.
    private var plain: [UInt8] = []
    private var compressed: [UInt8] = []

    package init() {}

    /// Appends the histogram as base64, the form of an interval log.
    package mutating func appendBase64(_ histogram: LatencyHistogram, to text: inout [UInt8]) {
        // Taken out for the while, because `append` works on the whole encoder.
        var bytes = compressed
        compressed = []
        bytes.removeAll(keepingCapacity: true)
        append(histogram, to: &bytes)
        bytes.withUnsafeBytes { Base64.append($0, to: &text) }
        compressed = bytes
    }

    /// Appends the histogram as bytes.
    package mutating func append(_ histogram: LatencyHistogram, to bytes: inout [UInt8]) {
        plain.removeAll(keepingCapacity: true)
        Self.appendUncompressed(histogram, to: &plain)
        let start = bytes.count
        bytes.appendBigEndian(HistogramCookie.compressedV2)
        bytes.appendBigEndian(UInt32(0))
        deflater.compress(plain, to: &bytes)
        bytes.replaceBigEndian(UInt32(bytes.count - start - 8), at: start + 4)
    }

    /// The inner part, before compression.
    static func appendUncompressed(_ histogram: LatencyHistogram, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.appendBigEndian(HistogramCookie.plainV2)
        bytes.appendBigEndian(UInt32(0))
        bytes.appendBigEndian(UInt32(0))
        bytes.appendBigEndian(UInt32(histogram.layout.digits))
        bytes.appendBigEndian(histogram.layout.lowest)
        bytes.appendBigEndian(histogram.layout.highest)
        bytes.appendBigEndian((1.0).bitPattern)
        let payload = bytes.count
        // An empty histogram has one count, zero, as the Java library has it.
        if histogram.isEmpty { ZigZag.append(0, to: &bytes) }
        var next = 0
        var values = histogram.recordedValues
        while let (index, count) = values.nextCount() {
            let zeros = index - next
            if zeros > 0 { ZigZag.append(zeros == 1 ? 0 : -Int64(zeros), to: &bytes) }
            ZigZag.append(Int64(count), to: &bytes)
            next = index + 1
        }
        bytes.replaceBigEndian(UInt32(bytes.count - payload), at: start + 4)
    }
}

/// The four bytes by which an encoding is known. The high half of the last byte is the size of a word where counts are
/// words of one size (V1), and 1 in V2.
enum HistogramCookie {
    static let plainV1: UInt32 = 0x1c84_9301
    static let compressedV1: UInt32 = 0x1c84_9302
    static let plainV2: UInt32 = 0x1c84_9313
    static let compressedV2: UInt32 = 0x1c84_9314
    static let plainV0: UInt32 = 0x1c84_9308
    static let compressedV0: UInt32 = 0x1c84_9309

    /// The cookie without the size of a word.
    static func base(of cookie: UInt32) -> UInt32 { cookie & ~0xf0 }

    /// Bytes of a count in V1: the lowest bit of the half-byte is a flag.
    static func wordSize(of cookie: UInt32) -> Int { Int(cookie >> 4 & 0xe) }
}

extension [UInt8] {
    fileprivate mutating func appendBigEndian(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    fileprivate mutating func replaceBigEndian(_ value: UInt32, at offset: Int) {
        Swift.withUnsafeBytes(of: value.bigEndian) { replaceSubrange(offset..<offset + 4, with: $0) }
    }
}
