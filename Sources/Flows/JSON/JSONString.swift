/// The bytes of a JSON string without its quotes and with its escapes decoded, one after the other.
///
/// The string must have been found valid. Half of a surrogate pair becomes U+FFFD, as it has no UTF-8.
struct JSONString: IteratorProtocol {
    private let scanner: JSONScanner
    private var index: Int
    /// Bytes of a decoded escape that are still to come, the next one lowest; 0 is none, since only an escape of one
    /// byte can be NUL, and that one is returned at once.
    private var pending: UInt32 = 0

    /// - Parameter quote: where the opening quote stands.
    init(_ scanner: JSONScanner, at quote: Int) {
        self.scanner = scanner
        index = quote + 1
    }

    mutating func next() -> UInt8? {
        if pending != 0 {
            defer { pending >>= 8 }
            return UInt8(truncatingIfNeeded: pending)
        }
        let byte = scanner[index]
        switch byte {
        case UInt8(ascii: "\""): return nil
        case UInt8(ascii: "\\"): return nextEscaped()
        case ..<0x20: return nil
        default:
            index += 1
            return byte
        }
    }

    private mutating func nextEscaped() -> UInt8? {
        let letter = scanner[index + 1]
        guard letter == UInt8(ascii: "u") else {
            index += 2
            switch letter {
            case UInt8(ascii: "b"): return 0x08
            case UInt8(ascii: "f"): return 0x0C
            case UInt8(ascii: "n"): return 0x0A
            case UInt8(ascii: "r"): return 0x0D
            case UInt8(ascii: "t"): return 0x09
            default: return letter
            }
        }
        guard var code = scanner.hexadecimal(at: index + 2) else { return nil }
        index += 6
        if code & 0xFC00 == 0xD800, scanner[index] == UInt8(ascii: "\\"), scanner[index + 1] == UInt8(ascii: "u"),
            let low = scanner.hexadecimal(at: index + 2), low & 0xFC00 == 0xDC00
        {
            code = 0x10000 + ((code & 0x3FF) << 10 | low & 0x3FF)
            index += 6
        }
        if code < 0x80 { return UInt8(code) }
        var packed: UInt32 = 0
        var shift: UInt32 = 0
        for byte in (Unicode.Scalar(code) ?? "\u{FFFD}").utf8 {
            packed |= UInt32(byte) << shift
            shift += 8
        }
        pending = packed >> 8
        return UInt8(truncatingIfNeeded: packed)
    }

    /// Whether the string is that text.
    static func equals(_ scanner: JSONScanner, at quote: Int, _ text: [UInt8]) -> Bool {
        var string = JSONString(scanner, at: quote)
        for byte in text where string.next() != byte { return false }
        return string.next() == nil
    }

    /// Negative, zero or positive as the left string sorts before, equals or sorts behind the right one, by bytes, which
    /// is by Unicode scalar values (RFC 9535, 2.3.5.2.2).
    static func order(_ left: JSONScanner, at leftQuote: Int, _ right: JSONScanner, at rightQuote: Int) -> Int {
        var leftString = JSONString(left, at: leftQuote)
        var rightString = JSONString(right, at: rightQuote)
        while true {
            switch (leftString.next(), rightString.next()) {
            case (nil, nil): return 0
            case (nil, _): return -1
            case (_, nil): return 1
            case (let left?, let right?): if left != right { return left < right ? -1 : 1 }
            }
        }
    }
}
