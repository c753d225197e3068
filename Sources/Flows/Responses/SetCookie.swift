/// One `Set-Cookie` line, read as RFC 6265, 5.2 tells.
struct SetCookie {
    /// Ranges of the line.
    let name: Range<Int>
    let value: Range<Int>
    var path: Range<Int>?
    /// Seconds from now.
    var maximumAge: Int64?
    var expires: Range<Int>?
    var isSecure = false

    /// Nil when the line sets nothing: it has no `=`, or no name.
    init?(_ line: UnsafeBufferPointer<UInt8>) {
        let pair = 0..<line.first(UInt8(ascii: ";"), in: 0..<line.count)
        let equals = line.first(UInt8(ascii: "="), in: pair)
        guard equals < pair.upperBound else { return nil }
        name = line.trimmed(0..<equals)
        value = line.trimmed((equals + 1)..<pair.upperBound)
        guard !name.isEmpty else { return nil }
        var start = pair.upperBound
        while start < line.count {
            let part = (start + 1)..<line.first(UInt8(ascii: ";"), in: (start + 1)..<line.count)
            read(part, of: line)
            start = part.upperBound
        }
    }

    /// One attribute. Of several with the same name the last one counts; unknown ones, and `Domain`, do not.
    private mutating func read(_ part: Range<Int>, of line: UnsafeBufferPointer<UInt8>) {
        let equals = line.first(UInt8(ascii: "="), in: part)
        let word = line.trimmed(part.lowerBound..<equals)
        let value = line.trimmed(min(equals + 1, part.upperBound)..<part.upperBound)
        switch word.count {
        case 4 where line.spells("path", at: word.lowerBound):
            // Anything but an absolute path means the default (RFC 6265, 5.2.4).
            path = !value.isEmpty && line[value.lowerBound] == UInt8(ascii: "/") ? value : nil
        case 6 where line.spells("secure", at: word.lowerBound): isSecure = true
        case 7 where line.spells("max-age", at: word.lowerBound):
            if let age = line.wholeNumber(value) { maximumAge = age }
        case 7 where line.spells("expires", at: word.lowerBound): expires = value
        default: break
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether that word of small letters stands there, in letters of either case.
    func spells(_ word: StaticString, at start: Int) -> Bool {
        guard start >= 0, start + word.utf8CodeUnitCount <= count else { return false }
        for offset in 0..<word.utf8CodeUnitCount where self[start + offset].lowercased != word.utf8Start[offset] {
            return false
        }
        return true
    }

    /// Digits, perhaps with `-` before them; numbers beyond ±10^15 are that.
    func wholeNumber(_ range: Range<Int>) -> Int64? {
        let isNegative = !range.isEmpty && self[range.lowerBound] == UInt8(ascii: "-")
        let digits = (range.lowerBound + (isNegative ? 1 : 0))..<range.upperBound
        guard !digits.isEmpty else { return nil }
        var result: Int64 = 0
        for index in digits {
            guard self[index].isDigit else { return nil }
            result = Swift.min(result * 10 + Int64(self[index] - 48), 1_000_000_000_000_000)
        }
        return isNegative ? -result : result
    }
}
