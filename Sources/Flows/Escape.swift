/// How a value is written where a template has a place for it.
package enum Escape: Hashable, Sendable {
    /// As it is: bodies of text.
    case none
    /// In a path: what may not stand in a URL is percent-encoded, and so is `#`; `/`, `?`, `&`, `=` and `%` stay, so that
    /// a whole link is a value, too.
    case path
    /// One name or value of a query or of a form: everything but letters, digits and `-._~` is percent-encoded.
    case component
    /// The value of a header, or a method: as it is, without CR, LF and NUL.
    case header
    /// Within quotes of JSON.
    case jsonText
    /// A whole JSON value: a string in quotes, anything else as it stands.
    case json

    /// Appends the value.
    /// - Returns: false when the value may not stand there.
    func write(_ value: borrowing Value, into output: inout [UInt8]) -> Bool {
        switch self {
        case .none:
            output.append(contentsOf: value.bytes)
        case .header:
            guard !value.bytes.contains(where: { $0 == 0 || $0 == 10 || $0 == 13 }) else { return false }
            output.append(contentsOf: value.bytes)
        case .path:
            for byte in value.bytes {
                guard byte != 0, byte != 10, byte != 13 else { return false }
                if Self.stays(byte) { output.append(byte) } else { Self.percent(byte, into: &output) }
            }
        case .component:
            Self.component(value.bytes, into: &output)
        case .jsonText:
            Self.quote(value.bytes, into: &output)
        case .json:
            guard value.kind == .text else {
                output.append(contentsOf: value.bytes)
                return true
            }
            output.append(UInt8(ascii: "\""))
            Self.quote(value.bytes, into: &output)
            output.append(UInt8(ascii: "\""))
        }
        return true
    }

    /// Appends a text as one name or value of a query or form.
    package static func component(_ bytes: some Sequence<UInt8>, into output: inout [UInt8]) {
        for byte in bytes { if isUnreserved(byte) { output.append(byte) } else { percent(byte, into: &output) } }
    }

    /// RFC 3986, 2.3.
    static func isUnreserved(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~")
    }

    private static func stays(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "&"), UInt8(ascii: "="), UInt8(ascii: "%"),
            UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "'"),
            UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","),
            UInt8(ascii: ";"):
            true
        default: isUnreserved(byte)
        }
    }

    static func percent(_ byte: UInt8, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "%"))
        output.append(hex(byte >> 4))
        output.append(hex(byte & 15))
    }

    private static func hex(_ digit: UInt8) -> UInt8 { digit < 10 ? 48 + digit : 55 + digit }

    /// RFC 8259, 7: quotes, backslashes and control characters are escaped.
    package static func quote(_ bytes: [UInt8], into output: inout [UInt8]) {
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case 0x0A: output.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
            case 0x0D: output.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "r")])
            case 0x09: output.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
            case ..<0x20:
                output.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "u"), 48, 48])
                output.append(hex(byte >> 4))
                output.append(hex(byte & 15) | 0x20)
            default: output.append(byte)
            }
        }
    }
}

extension UInt8 {
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }
    var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }
    var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}

extension ArraySlice<UInt8> {
    /// Without blanks at its ends.
    var trimmed: ArraySlice<UInt8> {
        var slice = self
        while let first = slice.first, first.isBlank { slice.removeFirst() }
        while let last = slice.last, last.isBlank { slice.removeLast() }
        return slice
    }
}
