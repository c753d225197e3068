/// A number as JSON writes it, read for comparison: identifiers of 64 bits compare exactly, all else as a double.
enum Number {
    case integer(Int64)
    /// No whole number, or one beyond 2^53.
    case real(Double)

    /// - Returns: nil when the bytes are not one JSON number from end to end.
    init?(_ bytes: [UInt8]) {
        let number: Number? = bytes.withUnsafeBufferPointer { buffer in
            let scanner = JSONScanner(buffer)
            guard scanner.kind(at: 0) == .number, scanner.end(at: 0) == buffer.count else { return nil }
            return Number(scanner, at: 0)
        }
        guard let number else { return nil }
        self = number
    }

    /// The number that begins at `start`; it must have been found valid.
    init(_ scanner: JSONScanner, at start: Int) {
        var index = start
        let isNegative = scanner[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        var significand: UInt64 = 0
        var digits = 0
        var exponent = 0
        var isFraction = false
        while true {
            let byte = scanner[index]
            if byte == UInt8(ascii: "."), !isFraction {
                isFraction = true
            } else if byte.isDigit {
                if digits < 19 {
                    significand = significand &* 10 &+ UInt64(byte &- 48)
                    if significand != 0 { digits += 1 }
                    if isFraction { exponent -= 1 }
                } else {
                    digits += 1
                    if !isFraction { exponent += 1 }
                }
            } else {
                break
            }
            index += 1
        }
        let hasExponent = scanner[index] | 0x20 == UInt8(ascii: "e")
        if !hasExponent, !isFraction, digits <= 19, significand <= UInt64(Int64.max) {
            self = .integer(isNegative ? -Int64(significand) : Int64(significand))
            return
        }
        if hasExponent {
            index += 1
            let isSmall = scanner[index] == UInt8(ascii: "-")
            if isSmall || scanner[index] == UInt8(ascii: "+") { index += 1 }
            var written = 0
            while scanner[index].isDigit {
                written = min(written &* 10 &+ Int(scanner[index] &- 48), 1_000_000)
                index += 1
            }
            exponent += isSmall ? -written : written
        }
        var value: Double
        if digits <= 19, significand < 1 << 53, exponent.magnitude < Self.powers.count {
            // Both factors are exact, so one operation rounds once (Clinger 1990, "How to read floating point numbers
            // accurately").
            let power = Self.powers[Int(exponent.magnitude)]
            value = exponent < 0 ? Double(significand) / power : Double(significand) * power
            if isNegative { value = -value }
        } else {
            value = Double(String(decoding: scanner.bytes[start..<index], as: UTF8.self)) ?? 0
        }
        if value.magnitude < 0x1p53, let whole = Int64(exactly: value) {
            self = .integer(whole)
        } else {
            self = .real(value)
        }
    }

    /// Negative, zero or positive as the left number is below, equal to or above the right one.
    static func order(_ left: Number, _ right: Number) -> Int {
        if case .integer(let left) = left, case .integer(let right) = right {
            return left < right ? -1 : left == right ? 0 : 1
        }
        return left.double < right.double ? -1 : left.double == right.double ? 0 : 1
    }

    var double: Double {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        }
    }

    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ]
}
