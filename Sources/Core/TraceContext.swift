/// Which trace a call belongs to: all of its 128 bits are random, and never all zero. W3C Trace Context, level 2,
/// https://www.w3.org/TR/trace-context-2/, section 3.2.2.3.
package struct TraceID: Hashable, Sendable {
    package let high: UInt64
    package let low: UInt64

    /// Of a call that sends no trace of ours.
    package static let none = TraceID(high: 0, low: 0)

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads 32 lower-case hexadecimal digits; nil for anything else, and for nothing but zeros, which the standard forbids.
    package init?(_ text: String) {
        let digits = Array(text.utf8)
        let decimal = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard digits.count == 32,
            digits.allSatisfy({ decimal.contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }),
            let high = UInt64(text.prefix(16), radix: 16), let low = UInt64(text.suffix(16), radix: 16), high | low != 0
        else { return nil }
        self.init(high: high, low: low)
    }

    package var isNone: Bool { high | low == 0 }
}

extension TraceID: CustomStringConvertible {
    /// 32 lower-case hexadecimal digits.
    package var description: String {
        func digits(_ value: UInt64) -> String {
            let text = String(value, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        return digits(high) + digits(low)
    }
}

/// What the header `traceparent` says of one attempt. Three numbers and no text: one is made for every request.
package struct TraceContext: Hashable, Sendable {
    package let trace: TraceID
    /// The attempt; never 0.
    package let parent: UInt64
    /// Whether the target is asked to keep what it sees.
    package let isSampled: Bool

    package init(trace: TraceID, parent: UInt64, isSampled: Bool) {
        self.trace = trace
        self.parent = parent
        self.isSampled = isSampled
    }

    /// Bytes of the value.
    package static let length = 55

    /// Writes the value of the header, `length` bytes: version, trace id, parent id, flags. Of the flags 1 means sampled and 2
    /// that the trace id is random.
    package func write(to text: UnsafeMutableRawPointer) {
        func put(_ character: UInt8, at place: Int) {
            text.storeBytes(of: character, toByteOffset: place, as: UInt8.self)
        }
        func put(_ half: UInt64, of place: Int) {
            text.storeBytes(
                of: Self.digits(UInt32(truncatingIfNeeded: half)).littleEndian, toByteOffset: place, as: UInt64.self)
        }
        func put(_ value: UInt64, at place: Int) {
            put(value >> 32, of: place)
            put(value, of: place + 8)
        }
        let (zero, dash) = (UInt8(ascii: "0"), UInt8(ascii: "-"))
        put(zero, at: 0)
        put(zero, at: 1)
        put(dash, at: 2)
        put(trace.high, at: 3)
        put(trace.low, at: 19)
        put(dash, at: 35)
        put(parent, at: 36)
        put(dash, at: 52)
        put(zero, at: 53)
        put(isSampled ? UInt8(ascii: "3") : UInt8(ascii: "2"), at: 54)
    }

    /// The eight lower-case hexadecimal digits of a number as ASCII, the first in the lowest byte: all at once, without a
    /// loop, because 48 of them are written for every request.
    static func digits(_ value: UInt32) -> UInt64 {
        var digits = UInt64(value.byteSwapped)
        // A byte to every 16 bits, then half a byte to every 8.
        digits = (digits | digits << 16) & 0x0000_FFFF_0000_FFFF
        digits = (digits | digits << 8) & 0x00FF_00FF_00FF_00FF
        digits = (digits >> 4 & 0x000F_000F_000F_000F) | (digits << 8 & 0x0F00_0F00_0F00_0F00)
        // 6 more than 9 is 16: who overflows is a letter, and `a` stands 39 further than `0` + 10.
        let letters = (digits &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return digits &+ 0x3030_3030_3030_3030 &+ letters &* 39
    }
}

extension TraceContext: CustomStringConvertible {
    /// `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-02`
    package var description: String {
        String(unsafeUninitializedCapacity: Self.length) { buffer in
            write(to: UnsafeMutableRawPointer(buffer.baseAddress!))
            return Self.length
        }
    }
}

/// Whether attempts say which trace they belong to, and whether the target should keep it.
package enum TraceMode: Hashable, Sendable {
    /// No header.
    case off
    /// The header, and the target need not keep anything: the default.
    case unsampled
    /// The header, and the target is asked to keep every one.
    case sampled
}
