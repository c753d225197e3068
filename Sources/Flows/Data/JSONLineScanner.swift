/// Walks over one line of JSON Lines by the rules of RFC 8259, strictly: a file of data is the user's own, so that what
/// is wrong in it is better said than guessed. Strings are decoded in place: no escape is shorter than what it means.
struct JSONLineScanner {
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private let start: Int
    private let end: Int
    private let line: Int
    private var index: Int
    private var isFirstMember = true

    /// How deep arrays and objects may nest.
    static let depthLimit = 128

    init(_ bytes: UnsafeMutableBufferPointer<UInt8>, _ range: Range<Int>, line: Int) {
        self.bytes = bytes
        start = range.lowerBound
        end = range.upperBound
        index = range.lowerBound
        self.line = line
    }

    /// Steps over `{`.
    mutating func startObject() -> Bool {
        skipBlanks()
        return skip("{")
    }

    /// Whether only blanks were left.
    var isBlank: Bool { index == end }

    /// The name of the next member, decoded; nil after the last.
    mutating func member() throws(DataError) -> DataCell? {
        skipBlanks()
        if skip("}") { return nil }
        if !isFirstMember {
            guard skip(",") else { throw error("needs `,` or `}`", at: index) }
            skipBlanks()
        }
        isFirstMember = false
        let name = try string(isDecoded: true)
        skipBlanks()
        guard skip(":") else { throw error("needs `:` after a name", at: index) }
        return name
    }

    /// The value of the member. A string is decoded when it `isKept`; anything else stays as it is written.
    mutating func value(isKept: Bool) throws(DataError) -> DataCell {
        skipBlanks()
        if peek == UInt8(ascii: "\"") { return try string(isDecoded: isKept) }
        return try skipValue(depth: 1)
    }

    /// Nothing may follow the object.
    mutating func endLine() throws(DataError) {
        skipBlanks()
        guard index == end else { throw error("goes on after its object", at: index) }
    }

    // MARK: Values

    private mutating func skipValue(depth: Int) throws(DataError) -> DataCell {
        let first = index
        switch peek {
        case UInt8(ascii: "\""):
            return try string(isDecoded: false)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard depth < Self.depthLimit else {
                throw error("nests deeper than \(Self.depthLimit) arrays and objects", at: index)
            }
            try skipItems(depth: depth)
            return cell(.json, from: first)
        case UInt8(ascii: "t"):
            try word("true")
            return cell(.boolean, from: first)
        case UInt8(ascii: "f"):
            try word("false")
            return cell(.boolean, from: first)
        case UInt8(ascii: "n"):
            try word("null")
            return cell(.null, from: first)
        default:
            try number()
            return cell(.number, from: first)
        }
    }

    private mutating func skipItems(depth: Int) throws(DataError) {
        let isObject = peek == UInt8(ascii: "{")
        let close: Unicode.Scalar = isObject ? "}" : "]"
        index += 1
        skipBlanks()
        if skip(close) { return }
        while true {
            if isObject {
                skipBlanks()
                _ = try string(isDecoded: false)
                skipBlanks()
                guard skip(":") else { throw error("needs `:` after a name", at: index) }
            }
            skipBlanks()
            _ = try skipValue(depth: depth + 1)
            skipBlanks()
            if skip(close) { return }
            guard skip(",") else { throw error("needs `,` or `\(close)`", at: index) }
        }
    }

    private mutating func word(_ word: StaticString) throws(DataError) {
        let first = index
        for offset in 0..<word.utf8CodeUnitCount {
            guard peek == word.utf8Start[offset] else { throw error("needs a value", at: first) }
            index += 1
        }
    }

    /// RFC 8259, 6: `-`, digits without a leading zero, a fraction, an exponent.
    private mutating func number() throws(DataError) {
        let first = index
        _ = skip("-")
        if !skip("0") {
            guard skipDigits() else { throw error("needs a value", at: first) }
        }
        if skip(".") {
            guard skipDigits() else { throw error("has a number without digits after its point", at: first) }
        }
        if skip("e") || skip("E") {
            if !skip("+") { _ = skip("-") }
            guard skipDigits() else { throw error("has a number without digits in its exponent", at: first) }
        }
        if let next = peek, next.isDigit || next.isLetter { throw error("needs a value", at: first) }
    }

    private mutating func skipDigits() -> Bool {
        let first = index
        while let byte = peek, byte.isDigit { index += 1 }
        return index > first
    }

    // MARK: Strings

    private mutating func string(isDecoded: Bool) throws(DataError) -> DataCell {
        let open = index
        guard skip("\"") else { throw error("needs a name in quotes", at: index) }
        let first = index
        var write = first
        while index < end {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return DataCell(.text, start: first, length: (isDecoded ? write : index - 1) - first)
            case UInt8(ascii: "\\"):
                let scalar = try escape()
                guard isDecoded else { continue }
                for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                    bytes[write] = unit
                    write += 1
                }
            case ..<0x20:
                throw error("has a control character in a string", at: open)
            default:
                if isDecoded, write != index { bytes[write] = byte }
                write += 1
                index += 1
            }
        }
        throw error("has a string that is not closed", at: open)
    }

    /// One escape; a lone half of a surrogate pair becomes U+FFFD.
    private mutating func escape() throws(DataError) -> Unicode.Scalar {
        let first = index
        index += 1
        guard let letter = peek else { throw error("has a string that is not closed", at: first) }
        index += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            guard let unit = hex(at: index) else { throw error("has an escape that is none", at: first) }
            index += 4
            // A high surrogate and the low one behind it are one character.
            if (0xD800...0xDBFF).contains(unit), index + 1 < end, bytes[index] == UInt8(ascii: "\\"),
                bytes[index + 1] == UInt8(ascii: "u"), let low = hex(at: index + 2), (0xDC00...0xDFFF).contains(low)
            {
                index += 6
                return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
            }
            return Unicode.Scalar(unit) ?? "\u{FFFD}"
        default: throw error("has an escape that is none", at: first)
        }
    }

    private func hex(at position: Int) -> UInt32? {
        guard position + 4 <= end else { return nil }
        var value: UInt32 = 0
        for byte in bytes[position..<(position + 4)] {
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(byte - 0x37)
            case 0x61...0x66: value = value << 4 | UInt32(byte - 0x57)
            default: return nil
            }
        }
        return value
    }

    // MARK: Bytes

    private var peek: UInt8? { index < end ? bytes[index] : nil }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard index < end, bytes[index] == UInt8(truncatingIfNeeded: character.value) else { return false }
        index += 1
        return true
    }

    private mutating func skipBlanks() {
        while index < end, bytes[index].isBlank { index += 1 }
    }

    private func cell(_ kind: Value.Kind, from first: Int) -> DataCell {
        DataCell(kind, start: first, length: index - first)
    }

    func error(_ rule: String, at position: Int) -> DataError {
        let text = String(decoding: bytes[min(position, end)..<end], as: UTF8.self)
        return DataError(
            text.isEmpty ? "the line ends too early: it \(rule)" : "the line \(rule), at `\(DataText.excerpt(text))`",
            remedy: "write one JSON object per line, such as `{\"id\": 1, \"name\": \"a\"}`", line: line)
    }
}
