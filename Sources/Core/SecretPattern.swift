/// One form of a secret, and how to find it.
enum SecretPattern: Sendable {
    /// The bytes themselves, each as it is, as an escape of JSON or as `%XX`.
    case escaped([UInt8])
    /// A stretch of base64, in the standard alphabet; `-` and `_` of the other one are found as well.
    case base64([UInt8])

    /// What a match can begin with.
    var firstBytes: Set<UInt8> {
        switch self {
        case .escaped(let value):
            var first: Set = [value[0], UInt8(ascii: "%"), UInt8(ascii: "\\")]
            if value[0] == UInt8(ascii: " ") { first.insert(UInt8(ascii: "+")) }
            return first
        case .base64(let value):
            return [value[0], Base64Form.urlSafe(value[0])]
        }
    }

    /// Where the longest match that begins at `start` ends; nil without one.
    func end(in text: [UInt8], from start: Int) -> Int? {
        switch self {
        case .escaped(let value): Self.escapedEnd(of: value, in: text, from: start)
        case .base64(let value): Self.base64End(of: value, in: text, from: start)
        }
    }

    private static func base64End(of value: [UInt8], in text: [UInt8], from start: Int) -> Int? {
        guard text.count - start >= value.count else { return nil }
        for (offset, byte) in value.enumerated() {
            let found = text[start + offset]
            guard found == byte || found == Base64Form.urlSafe(byte) else { return nil }
        }
        return start + value.count
    }

    /// All places at which the text can stand after `n` bytes of the secret are followed at once: `%25` is both the
    /// three bytes that it shows and the one that it means.
    private static func escapedEnd(of value: [UInt8], in text: [UInt8], from start: Int) -> Int? {
        // Most texts have no escape where a secret could begin: they are compared byte by byte.
        var reached = 0
        while reached < value.count, start + reached < text.count, !beginsEscape(text[start + reached]) {
            guard text[start + reached] == value[reached] else { return nil }
            reached += 1
        }
        if reached == value.count { return start + reached }
        // Places in the text with `reached`, `reached + 1`, ... bytes of the secret behind them.
        var places: [[Int]] = [[start + reached]]
        while reached < value.count {
            for place in places[0] {
                for (length, advance) in steps(of: value, at: reached, in: text, from: place) {
                    while places.count <= advance { places.append([]) }
                    if !places[advance].contains(place + length) { places[advance].append(place + length) }
                }
            }
            places.removeFirst()
            reached += 1
            if places.isEmpty || (places.count == 1 && places[0].isEmpty) { return nil }
        }
        return places[0].max()
    }

    private static func beginsEscape(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "+")
    }

    /// How the secret's next bytes can be written where the text goes on: lengths in the text, and in the secret.
    private static func steps(
        of value: [UInt8], at index: Int, in text: [UInt8], from place: Int
    ) -> [(length: Int, advance: Int)] {
        guard place < text.count else { return [] }
        var steps: [(length: Int, advance: Int)] = []
        let byte = text[place]
        if byte == value[index] { steps.append((1, 1)) }
        switch byte {
        case UInt8(ascii: "+"):
            if value[index] == UInt8(ascii: " ") { steps.append((1, 1)) }
        case UInt8(ascii: "%"):
            if number(in: text, at: place + 1, digits: 2) == UInt32(value[index]) { steps.append((3, 1)) }
        case UInt8(ascii: "\\"):
            guard place + 1 < text.count else { break }
            if text[place + 1] == UInt8(ascii: "u") {
                guard let (scalar, length) = unicodeEscape(in: text, at: place) else { break }
                let bytes = Array(String(scalar).utf8)
                if value[index...].starts(with: bytes) { steps.append((length, bytes.count)) }
            } else if jsonEscapes[text[place + 1]] == value[index] {
                steps.append((2, 1))
            }
        default: break
        }
        return steps
    }

    /// RFC 8259, section 7.
    private static let jsonEscapes: [UInt8: UInt8] = [
        UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
        UInt8(ascii: "/"): UInt8(ascii: "/"), UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10,
        UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9,
    ]

    /// `\uXXXX`, or two of them for a scalar beyond U+FFFF.
    private static func unicodeEscape(in text: [UInt8], at place: Int) -> (scalar: Unicode.Scalar, length: Int)? {
        guard let high = number(in: text, at: place + 2, digits: 4) else { return nil }
        if let scalar = Unicode.Scalar(high) { return (scalar, 6) }
        guard (0xD800..<0xDC00).contains(high), place + 7 < text.count, text[place + 6] == UInt8(ascii: "\\"),
            text[place + 7] == UInt8(ascii: "u"), let low = number(in: text, at: place + 8, digits: 4),
            (0xDC00..<0xE000).contains(low)
        else { return nil }
        return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)).map { ($0, 12) }
    }

    private static func number(in text: [UInt8], at place: Int, digits: Int) -> UInt32? {
        guard place + digits <= text.count else { return nil }
        var value: UInt32 = 0
        for byte in text[place..<place + digits] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return value
    }
}

/// The base64 of a text inside a longer one (RFC 4648).
enum Base64Form {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The letter that the alphabet for URLs has in place of `byte`.
    static func urlSafe(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "+"): UInt8(ascii: "-")
        case UInt8(ascii: "/"): UInt8(ascii: "_")
        default: byte
        }
    }

    /// What `value` looks like after 0, 1 and 2 bytes of something else: of each form the letters all six bits of which
    /// are the value's own.
    static func middles(of value: [UInt8]) -> [[UInt8]] {
        (0..<3).compactMap { before in
            let bytes = [UInt8](repeating: 0, count: before) + value
            let first = (8 * before + 5) / 6
            let end = 8 * bytes.count / 6
            guard end - first >= Secrets.minimumBytes else { return nil }
            return (first..<end).map { letter in
                var six = 0
                for bit in (6 * letter)..<(6 * letter + 6) {
                    six = six << 1 | Int(bytes[bit / 8] >> UInt8(7 - bit % 8) & 1)
                }
                return alphabet[six]
            }
        }
    }
}
