@testable import Recording

/// Encoded histograms made by hand, sound ones and others: what no encoder of ours would write.
enum Encoded {
    /// V2, with the counts as given and any part of the header replaced.
    static func v2(
        counts: [Int64], payload: [UInt8]? = nil, payloadLength: Int32? = nil, offset: Int32 = 0, digits: Int32 = 3,
        lowest: Int64 = 1, highest: Int64 = 3_600_000_000_000, cookie: UInt32 = 0x1c84_9313, extra: [UInt8] = []
    ) -> [UInt8] {
        var encoded: [UInt8] = []
        for count in counts { ZigZag.append(count, to: &encoded) }
        let payload = payload ?? encoded
        let plain =
            bytes(cookie) + bytes(payloadLength ?? Int32(payload.count)) + bytes(offset) + bytes(digits) + bytes(lowest)
            + bytes(highest) + bytes((1.0).bitPattern) + payload + extra
        return wrapped(plain, cookie: 0x1c84_9314)
    }

    /// V1, whose counts are words of one size.
    static func v1(counts: [Int64], wordSize: Int) -> [UInt8] {
        let payload = counts.flatMap { bytes($0).suffix(wordSize) }
        let size = UInt32(wordSize) << 4
        let plain =
            bytes(0x1c84_9301 | size) + bytes(Int32(payload.count)) + bytes(Int32(0)) + bytes(Int32(3))
            + bytes(Int64(1))
            + bytes(Int64(3_600_000_000_000)) + bytes((1.0).bitPattern) + payload
        return wrapped(plain, cookie: 0x1c84_9302 | size)
    }

    /// The outer header and the compressed form of `plain`.
    static func wrapped(_ plain: [UInt8], cookie: UInt32) -> [UInt8] {
        var deflater = Deflater()
        var compressed: [UInt8] = []
        deflater.compress(plain, to: &compressed)
        return bytes(cookie) + bytes(Int32(compressed.count)) + compressed
    }

    static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
        Swift.withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) }
    }
}
