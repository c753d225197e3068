/// Percent-encoding (RFC 3986, 2.1).
enum PercentCoding {
    /// The text behind `%XX`, with `+` as a blank where forms do that; nil for a stray `%`, and for bytes that are no UTF-8.
    static func decode(_ text: some StringProtocol, plusIsBlank: Bool = false) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.next()?.hexValue, let low = rest.next()?.hexValue else { return nil }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsBlank: bytes.append(0x20)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// What may stand in a request as it is (visible ASCII, no `#`), everything else as `%XX`.
    static func visible(_ text: some StringProtocol) -> String { visible(bytes: text.utf8) }

    static func visible(bytes: some Sequence<UInt8>) -> String {
        encode(bytes) { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }
    }

    /// Everything but the unreserved characters as `%XX`.
    static func strict(_ text: some StringProtocol) -> String {
        encode(text.utf8) { $0.isLetter || $0.isDigit || "-._~".utf8.contains($0) }
    }

    private static func encode(_ bytes: some Sequence<UInt8>, where isKept: (UInt8) -> Bool) -> String {
        var encoded: [UInt8] = []
        for byte in bytes {
            if isKept(byte) {
                encoded.append(byte)
            } else {
                let digits = Array("0123456789ABCDEF".utf8)
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
