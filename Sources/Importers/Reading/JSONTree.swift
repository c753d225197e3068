/// JSON to nodes (RFC 8259): order, lines and digits are kept, and whatever the bytes are there is an answer.
struct JSONTree {
    static let maximumDepth = 256

    private let bytes: [UInt8]
    private var index: Int
    private var line = 1

    /// The one value in `bytes`, which may begin with a byte order mark.
    static func parse(_ bytes: [UInt8]) throws(ImportError) -> DocumentNode {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw ImportError(.file, "the file is UTF-16, and JSON is UTF-8", remedy: "save it as UTF-8")
        }
        var parser = JSONTree(bytes: bytes, index: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        parser.skipBlanks()
        guard parser.index < bytes.count else {
            throw ImportError(.file, "there is no value in it", remedy: "check that the file was saved whole")
        }
        let value = try parser.value(depth: 0)
        parser.skipBlanks()
        guard parser.index == bytes.count else { throw parser.failure("more follows after the value") }
        return value
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?` (RFC 8259, section 6).
    static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
        guard let first = text.first, first.isDigit || first == UInt8(ascii: "-") else { return false }
        var parser = JSONTree(bytes: Array(text), index: 0)
        return parser.number() && parser.index == text.count
    }

    private init(bytes: [UInt8], index: Int) {
        self.bytes = bytes
        self.index = index
    }

    private var byte: UInt8? { index < bytes.count ? bytes[index] : nil }

    private func failure(_ what: String) -> ImportError {
        ImportError(.line(line), "this is not JSON: \(what)", remedy: "check that the file was saved whole")
    }

    private mutating func skipBlanks() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x0A: line += 1
            case 0x20, 0x09, 0x0D: break
            default: return
            }
            index += 1
        }
    }

    private mutating func value(depth: Int) throws(ImportError) -> DocumentNode {
        guard depth <= Self.maximumDepth else {
            throw ImportError(
                .line(line), "lists and objects are nested more than \(Self.maximumDepth) deep",
                remedy: "remove what is nested so deep")
        }
        let start = line
        switch byte {
        case UInt8(ascii: "{")?: return DocumentNode(content: .map(try members(depth: depth)), line: start)
        case UInt8(ascii: "[")?: return DocumentNode(content: .list(try items(depth: depth)), line: start)
        case UInt8(ascii: "\"")?: return DocumentNode(content: .string(try string()), line: start)
        case UInt8(ascii: "t")? where take("true"): return DocumentNode(content: .boolean(true), line: start)
        case UInt8(ascii: "f")? where take("false"): return DocumentNode(content: .boolean(false), line: start)
        case UInt8(ascii: "n")? where take("null"): return DocumentNode(content: .null, line: start)
        case nil: throw failure("the text ends where a value should be")
        default:
            let from = index
            guard number() else { throw failure("a value was expected") }
            return DocumentNode(content: .number(String(decoding: bytes[from..<index], as: UTF8.self)), line: start)
        }
    }

    private mutating func take(_ word: StaticString) -> Bool {
        guard bytes[index...].starts(with: word) else { return false }
        index += word.utf8CodeUnitCount
        return true
    }

    private mutating func take(_ character: UInt8) -> Bool {
        guard byte == character else { return false }
        index += 1
        return true
    }

    private mutating func digits() -> Bool {
        let start = index
        while let byte, byte.isDigit { index += 1 }
        return index > start
    }

    private mutating func number() -> Bool {
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")), !digits() { return false }
        if take(UInt8(ascii: ".")), !digits() { return false }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            if !digits() { return false }
        }
        return true
    }

    private mutating func members(depth: Int) throws(ImportError) -> DocumentMembers {
        var members = DocumentMembers()
        index += 1
        skipBlanks()
        if take(UInt8(ascii: "}")) { return members }
        while true {
            skipBlanks()
            guard byte == UInt8(ascii: "\"") else { throw failure("the name of a member was expected") }
            let name = try string()
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw failure("`:` was expected") }
            skipBlanks()
            members.append(name, try value(depth: depth + 1))
            skipBlanks()
            if take(UInt8(ascii: "}")) { return members }
            guard take(UInt8(ascii: ",")) else { throw failure("`,` or `}` was expected") }
        }
    }

    private mutating func items(depth: Int) throws(ImportError) -> [DocumentNode] {
        var items: [DocumentNode] = []
        index += 1
        skipBlanks()
        if take(UInt8(ascii: "]")) { return items }
        while true {
            skipBlanks()
            items.append(try value(depth: depth + 1))
            skipBlanks()
            if take(UInt8(ascii: "]")) { return items }
            guard take(UInt8(ascii: ",")) else { throw failure("`,` or `]` was expected") }
        }
    }

    private mutating func string() throws(ImportError) -> String {
        index += 1
        var text: [UInt8] = []
        while let byte {
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: text, as: UTF8.self) else { throw failure("a text is not UTF-8") }
                return text
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0x0A: throw failure("a text is not closed on its line")
            default: text.append(byte)
            }
        }
        throw failure("a text is not closed")
    }

    private mutating func escape(into text: inout [UInt8]) throws(ImportError) {
        guard let byte else { throw failure("a text is not closed") }
        index += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "u"):
            guard let unit = unit() else { throw failure("`\\u` without four digits") }
            text += Array(String(scalar(of: unit)).utf8)
        default: throw failure("an escape that JSON does not have")
        }
    }

    private mutating func unit() -> UInt32? {
        guard index + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[index..<(index + 4)] {
            guard let digit = byte.hexValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        index += 4
        return value
    }

    /// The scalar of a unit, together with the second half that may follow; half a pair alone becomes U+FFFD.
    private mutating func scalar(of unit: UInt32) -> Unicode.Scalar {
        if (0xD800...0xDBFF).contains(unit), bytes[index...].starts(with: "\\u") {
            let before = index
            index += 2
            if let low = self.unit(), (0xDC00...0xDFFF).contains(low) {
                return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
            }
            index = before
        }
        return Unicode.Scalar(unit) ?? "\u{FFFD}"
    }
}

/// The names of the members of a JSON object, without reading the rest: enough to tell what a file is.
enum JSONMembers {
    /// - Parameter start: where `{` stands.
    static func names(of bytes: [UInt8], at start: Int) -> [String] {
        var names: [String] = []
        var depth = 0
        var index = start
        while index < bytes.count, names.count < 200 {
            switch bytes[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return names }
            case UInt8(ascii: "\""):
                var end = index + 1
                while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
                    end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
                }
                guard end < bytes.count else { return names }
                var next = end + 1
                while next < bytes.count, bytes[next].isBlankOrBreak { next += 1 }
                if depth == 1, next < bytes.count, bytes[next] == UInt8(ascii: ":") {
                    names.append(String(decoding: bytes[(index + 1)..<end].prefix(64), as: UTF8.self))
                }
                index = end
            default: break
            }
            index += 1
        }
        return names
    }
}
