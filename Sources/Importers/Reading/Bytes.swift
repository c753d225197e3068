extension UInt8 {
    var isBlankOrBreak: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
    var isBlank: Bool { self == 0x20 || self == 0x09 }
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) }

    /// The value of a hexadecimal digit; nil for any other byte.
    var hexValue: UInt8? {
        switch self {
        case 0x30...0x39: self &- 0x30
        case 0x41...0x46: self &- 0x41 &+ 10
        case 0x61...0x66: self &- 0x61 &+ 10
        default: nil
        }
    }
}

extension ArraySlice<UInt8> {
    /// Without blanks and line breaks at either end.
    var trimmedBlanks: ArraySlice<UInt8> {
        guard let first = firstIndex(where: { !$0.isBlankOrBreak }), let last = lastIndex(where: { !$0.isBlankOrBreak })
        else { return self[startIndex..<startIndex] }
        return self[first...last]
    }

    func starts(with text: StaticString) -> Bool {
        text.withUTF8Buffer { starts(with: $0) }
    }

    /// The number that these digits write; nil for anything else, or more than nine of them.
    var smallNumber: Int? {
        guard (1...9).contains(count), allSatisfy(\.isDigit) else { return nil }
        return reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}

extension StringProtocol {
    /// Without blanks and line breaks at either end.
    var trimmedBlanks: String {
        let view = unicodeScalars
        func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.value == 0x20 || (0x09...0x0D).contains(scalar.value) }
        guard let first = view.firstIndex(where: { !isBlank($0) }), let last = view.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(String.UnicodeScalarView(view[first...last]))
    }
}

/// Words of HTTP (RFC 9110, 5.6.2).
enum HTTPWords {
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0.isLetter || $0.isDigit || "!#$%&'*+-.^_`|~".utf8.contains($0) }
    }

    /// A method as it is mostly written: a token in capitals.
    static func isMethod(_ text: String) -> Bool {
        isToken(text) && text.utf8.count <= 32 && !text.utf8.contains { (0x61...0x7A).contains($0) }
    }

    /// The methods for which a plan has a key.
    static let keyed: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
}
