/// Signed integers in 1 to 9 bytes: HdrHistogram's "ZigZag LEB128-64b9B".
///
/// As in Protocol Buffers, the sign goes to the lowest bit and every byte carries seven bits, least significant first.
/// Unlike there, the ninth byte carries eight bits, so that 64 bits never need a tenth.
enum ZigZag {
    /// The most bytes that one integer takes.
    static let longest = 9

    static func append(_ value: Int64, to bytes: inout [UInt8]) {
        var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        for _ in 1..<longest {
            guard rest > 0x7f else { break }
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// The integer at `offset`, which moves behind it; nil when the bytes end in the middle of it.
    @inline(__always)
    static func read(_ bytes: UnsafeRawBufferPointer, at offset: inout Int) -> Int64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while offset < bytes.count {
            let byte = UInt64(bytes[offset])
            offset += 1
            if shift == 56 {
                value |= byte << 56
            } else {
                value |= (byte & 0x7f) << shift
                shift += 7
                if byte > 0x7f { continue }
            }
            return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
        }
        return nil
    }
}
