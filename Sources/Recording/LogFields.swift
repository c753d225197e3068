/// The fields of one line of an interval log, taken from left to right.
struct LogFields {
    /// What has not been taken yet.
    private(set) var rest: ArraySlice<UInt8>

    init(_ line: ArraySlice<UInt8>) {
        rest = line
    }

    /// The name in `Tag=name,`; nil when the line does not begin so.
    mutating func takeTag() -> String? {
        let prefix = "Tag=".utf8
        guard rest.starts(with: prefix), let comma = rest.firstIndex(of: UInt8(ascii: ",")) else { return nil }
        let name = rest[(rest.startIndex + prefix.count)..<comma]
        rest = rest[(comma + 1)...]
        return String(decoding: name, as: UTF8.self)
    }

    /// The number up to the next comma; nil when there is none.
    mutating func takeNumber() -> Double? {
        guard let comma = rest.firstIndex(of: UInt8(ascii: ",")), let value = Self.number(rest[..<comma]) else {
            return nil
        }
        rest = rest[(comma + 1)...]
        return value
    }

    /// The number that follows `prefix` at the start, up to the next blank; nil when the line does not begin so.
    func number(after prefix: String) -> Double? {
        guard rest.starts(with: prefix.utf8) else { return nil }
        let blank = UInt8(ascii: " ")
        let text = rest.dropFirst(prefix.utf8.count).drop { $0 == blank }
        return Self.number(text.prefix { $0 != blank && $0 != UInt8(ascii: "]") })
    }

    private static func isPartOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    /// A plain decimal number. `Double` alone would also take `nan`, `inf` and hexadecimal ones.
    private static func number(_ text: ArraySlice<UInt8>) -> Double? {
        guard text.count <= 40, text.allSatisfy(isPartOfNumber) else { return nil }
        return Double(String(decoding: text, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
    }
}
