/// Walks through bytes that may be anything, and never beyond their end.
struct ReportBytes {
    typealias Part = UnsafeBufferPointer<UInt8>.SubSequence

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    /// Goes on behind these letters if they are what comes next.
    mutating func take(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - position >= count else { return false }
        for index in 0..<count where bytes[position &+ index] != text.utf8Start[index] { return false }
        position += count
        return true
    }

    /// Letters, digits, `_`, `-` and `.`.
    mutating func takeName() -> Part {
        let start = position
        while let byte = next, Self.isDigit(byte) || Self.isLetter(byte) || byte == 0x5F || byte == 0x2D || byte == 0x2E
        {
            position += 1
        }
        return bytes[start..<position]
    }

    /// What stands between quotes, escapes as they are; nil when there is no string.
    mutating func takeString() -> Part? {
        guard take("\"") else { return nil }
        let start = position
        while let byte = next {
            if byte == UInt8(ascii: "\"") {
                position += 1
                return bytes[start..<(position - 1)]
            }
            position = min(bytes.count, position + (byte == UInt8(ascii: "\\") ? 2 : 1))
        }
        return nil
    }

    /// Passes over a value of JSON. Of what stands in brackets only strings and the count of brackets are looked at.
    mutating func skipValue() -> Bool {
        var depth = 0
        repeat {
            skipBlanks()
            guard let byte = next else { return false }
            switch byte {
            case UInt8(ascii: "\""):
                if takeString() == nil { return false }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                // A value does not begin with its end.
                if depth == 0 { return false }
                depth -= 1
                position += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                if depth == 0 { return false }
                position += 1
            default:
                // A number, `true`, `false` or `null`; `+` stands in an exponent.
                let start = position
                while let byte = next, Self.isDigit(byte) || Self.isLetter(byte) || "+-.".utf8.contains(byte) {
                    position += 1
                }
                if position == start { return false }
            }
        } while depth > 0
        return true
    }

    /// A decimal number of at least 0, such as `0.3`, `12` or `1e-3`; nil when there is none, or it is not finite.
    mutating func number() -> Double? {
        var digits: UInt64 = 0
        var exponent = 0
        var (hasDigits, isFraction) = (false, false)
        while let byte = next {
            if Self.isDigit(byte) {
                hasDigits = true
                // 18 digits are more than a Double holds; the others only move the point.
                if digits < 100_000_000_000_000_000 {
                    digits = digits * 10 + UInt64(byte - 0x30)
                    if isFraction { exponent -= 1 }
                } else if !isFraction {
                    exponent += 1
                }
            } else if byte == 0x2E, hasDigits, !isFraction {
                isFraction = true
            } else {
                break
            }
            position += 1
        }
        guard hasDigits else { return nil }
        if let byte = next, byte | 0x20 == 0x65 {
            position += 1
            guard let power = signedExponent() else { return nil }
            exponent += power
        }
        let value = Self.scaled(Double(digits), by: exponent)
        return value.isFinite ? value : nil
    }

    private mutating func signedExponent() -> Int? {
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        var power = 0
        var hasDigits = false
        while let byte = next, Self.isDigit(byte) {
            hasDigits = true
            power = min(10_000, power * 10 + Int(byte - 0x30))
            position += 1
        }
        return hasDigits ? (isNegative ? -power : power) : nil
    }

    /// 10^0 to 10^22, each of them exact.
    private static let powers: InlineArray<23, Double> = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ]

    /// value · 10^exponent; exactly rounded while both are exact, that is for up to 15 digits and 22 places.
    private static func scaled(_ value: Double, by exponent: Int) -> Double {
        if value == 0 { return 0 }
        var result = value
        var rest = min(exponent.magnitude, 700)
        while rest > 0 {
            let power = powers[Int(min(22, rest))]
            if exponent < 0 { result /= power } else { result *= power }
            rest -= min(22, rest)
        }
        return result
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
}
