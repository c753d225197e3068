/// Reads the text of a path (RFC 9535, 2).
struct JSONPathParser {
    private let bytes: [UInt8]
    private var index = 0
    /// Filters and parentheses around `index`.
    private var nesting = 0

    private static let nestingLimit = 32
    /// Whole numbers that every JSON reader agrees on (RFC 7493, 2.2).
    private static let wholeLimit = 9_007_199_254_740_991

    static func parse(_ text: String) throws(FlowSyntaxError) -> [JSONPathSegment] {
        var parser = JSONPathParser(bytes: Array(text.utf8))
        guard parser.bytes.count <= JSONPath.lengthLimit else {
            throw FlowSyntaxError(
                "a path of \(parser.bytes.count) bytes", remedy: "a path has \(JSONPath.lengthLimit) bytes at most")
        }
        guard parser.peek == UInt8(ascii: "$") else {
            throw parser.error("`\(text)` does not begin with `$`", "write a path such as `$.items[0].id`")
        }
        parser.index = 1
        let segments = try parser.segments()
        guard parser.index == parser.bytes.count else { throw parser.unexpected("a segment such as `.name` or `[0]`") }
        return segments
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    // MARK: Segments and selectors

    private mutating func segments() throws(FlowSyntaxError) -> [JSONPathSegment] {
        var segments: [JSONPathSegment] = []
        while true {
            // Blanks stand between segments only.
            let before = index
            skipBlanks()
            if take(".") {
                let isDescendant = take(".")
                if isDescendant, take("[") {
                    segments.append(JSONPathSegment(isDescendant: true, selectors: try bracketed()))
                } else if take("*") {
                    segments.append(JSONPathSegment(isDescendant: isDescendant, selectors: [.wildcard]))
                } else {
                    segments.append(JSONPathSegment(isDescendant: isDescendant, selectors: [.name(try shorthand())]))
                }
            } else if take("[") {
                segments.append(JSONPathSegment(selectors: try bracketed()))
            } else {
                index = before
                return segments
            }
        }
    }

    /// What stands behind `[`, with the `]`.
    private mutating func bracketed() throws(FlowSyntaxError) -> [JSONPathSelector] {
        var selectors: [JSONPathSelector] = []
        repeat {
            skipBlanks()
            selectors.append(try selector())
            skipBlanks()
        } while take(",")
        guard take("]") else { throw unexpected("`,` or `]`") }
        return selectors
    }

    private mutating func selector() throws(FlowSyntaxError) -> JSONPathSelector {
        switch peek {
        case UInt8(ascii: "*"):
            index += 1
            return .wildcard
        case UInt8(ascii: "?"):
            index += 1
            return .filter(try disjunction())
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return .name(try string())
        case UInt8(ascii: ":"): return try slice(from: nil)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let whole = try wholeNumber()
            let behind = index
            skipBlanks()
            if peek == UInt8(ascii: ":") { return try slice(from: whole) }
            index = behind
            return .index(whole)
        default:
            throw unexpected("a name in quotes, a number, `*`, a slice such as `1:3`, or a filter such as `?@.a == 1`")
        }
    }

    /// Begins at the first `:`.
    private mutating func slice(from lower: Int?) throws(FlowSyntaxError) -> JSONPathSelector {
        var upper: Int?
        var step = 1
        index += 1
        skipBlanks()
        if beginsNumber { upper = try wholeNumber() }
        skipBlanks()
        if take(":") {
            skipBlanks()
            if beginsNumber {
                let start = index
                step = try wholeNumber()
                guard step >= 0 else {
                    throw error(
                        "`\(text(start..<index))`: a slice with a negative step is not supported",
                        "leave the step out, or write 1 or more", start..<index)
                }
            }
        }
        return .slice(lower, upper, step: step)
    }

    /// RFC 9535, 2.5.1.1, `member-name-shorthand`.
    private mutating func shorthand() throws(FlowSyntaxError) -> [UInt8] {
        let start = index
        while peek.isLetter || peek == UInt8(ascii: "_") || peek >= 0x80 || (peek.isDigit && index > start) {
            index += 1
        }
        guard index > start else { throw unexpected("a name, or `*`; other names stand in `['...']`") }
        guard peek != UInt8(ascii: "-") else {
            throw error("`-` cannot stand in a name behind a dot", "write `['name-with-dashes']`", index..<(index + 1))
        }
        return Array(bytes[start..<index])
    }

    // MARK: Filters

    private mutating func disjunction() throws(FlowSyntaxError) -> JSONPathFilter {
        guard nesting < Self.nestingLimit else {
            throw error("filters are nested too deeply", "nest \(Self.nestingLimit) at most", index..<index)
        }
        nesting += 1
        defer { nesting -= 1 }
        var parts = [try conjunction()]
        while takeOperator("||") { parts.append(try conjunction()) }
        return parts.count == 1 ? parts[0] : .or(parts)
    }

    private mutating func conjunction() throws(FlowSyntaxError) -> JSONPathFilter {
        var parts = [try basic()]
        while takeOperator("&&") { parts.append(try basic()) }
        return parts.count == 1 ? parts[0] : .and(parts)
    }

    private mutating func basic() throws(FlowSyntaxError) -> JSONPathFilter {
        skipBlanks()
        let isNegated = take("!")
        skipBlanks()
        if take("(") {
            let inner = try disjunction()
            skipBlanks()
            guard take(")") else { throw unexpected("`)`") }
            return isNegated ? .not(inner) : inner
        }
        let start = index
        let left = try operand()
        let end = index
        skipBlanks()
        guard let relation = Relation(in: bytes, at: index) else {
            guard case .query(let query) = left else {
                throw error(
                    "`\(text(start..<end))` by itself is no condition",
                    "compare it, as in `@.a == \(text(start..<end))`",
                    start..<end)
            }
            return isNegated ? .not(.exists(query)) : .exists(query)
        }
        guard !isNegated else {
            throw error(
                "`!` before a comparison", "put the comparison in parentheses, or turn it around", start..<index)
        }
        try requireSingular(left, start..<end)
        index += relation.rawValue.utf8.count
        skipBlanks()
        let rightStart = index
        let right = try operand()
        try requireSingular(right, rightStart..<index)
        return .compare(left, relation, right)
    }

    private func requireSingular(_ operand: JSONPathOperand, _ range: Range<Int>) throws(FlowSyntaxError) {
        guard case .query(let query) = operand, !query.segments.allSatisfy(\.isSingular) else { return }
        throw error(
            "`\(text(range))` can find more than one value and cannot be compared",
            "compare a path of names and numbers only, such as `@.price`", range)
    }

    private mutating func operand() throws(FlowSyntaxError) -> JSONPathOperand {
        switch peek {
        case UInt8(ascii: "@"), UInt8(ascii: "$"):
            let isRelative = peek == UInt8(ascii: "@")
            index += 1
            return .query(JSONPathQuery(isRelative: isRelative, segments: try segments()))
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            var literal = [UInt8(ascii: "\"")]
            Escape.quote(try string(), into: &literal)
            return .literal(literal + [UInt8(ascii: "\"")])
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let start = index
            guard let end = bytes.withUnsafeBufferPointer({ JSONScanner($0).end(at: start) }) else {
                throw unexpected("a number")
            }
            index = end
            return .literal(Array(bytes[start..<end]))
        default:
            let start = index
            while peek.isLetter || peek.isDigit || peek == UInt8(ascii: "_") { index += 1 }
            switch text(start..<index) {
            case "true", "false", "null": return .literal(Array(bytes[start..<index]))
            case "":
                throw unexpected("`@`, `$`, a text in quotes, a number, `true`, `false` or `null`")
            case let word:
                let isFunction = peek == UInt8(ascii: "(")
                throw error(
                    isFunction ? "`\(word)()`: functions are not supported" : "`\(word)` is no value",
                    isFunction
                        ? "compare values of the document, such as `@.price < 10`"
                        : "write `@.\(word)` for a member, or `'\(word)'` for a text", start..<index)
            }
        }
    }

    // MARK: Numbers and strings

    private var beginsNumber: Bool { peek.isDigit || peek == UInt8(ascii: "-") }

    private mutating func wholeNumber() throws(FlowSyntaxError) -> Int {
        let start = index
        if peek == UInt8(ascii: "-") { index += 1 }
        while peek.isDigit { index += 1 }
        let written = text(start..<index)
        guard let number = Int(written), String(number) == written, number.magnitude <= Self.wholeLimit else {
            throw error(
                "`\(written)` is no position", "write a whole number without leading zeros, -1 is the last element",
                start..<index)
        }
        return number
    }

    /// RFC 9535, 2.3.1.1.
    private mutating func string() throws(FlowSyntaxError) -> [UInt8] {
        let start = index
        let quote = peek
        index += 1
        var result: [UInt8] = []
        while index < bytes.count, peek != quote {
            let byte = peek
            index += 1
            switch byte {
            case UInt8(ascii: "\\"): try escaped(quote, into: &result)
            case ..<0x20:
                throw error("a control character in a text", "write it as `\\u00XX`", (index - 1)..<index)
            default: result.append(byte)
            }
        }
        guard index < bytes.count else {
            throw error("`\(text(start..<index))` is not closed", "close the quotes", start..<index)
        }
        index += 1
        return result
    }

    /// What stands behind a backslash.
    private mutating func escaped(_ quote: UInt8, into result: inout [UInt8]) throws(FlowSyntaxError) {
        let start = index - 1
        guard index < bytes.count else { throw unexpected("an escape") }
        let letter = peek
        index += 1
        switch letter {
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "\\"), UInt8(ascii: "/"), quote: result.append(letter)
        case UInt8(ascii: "u"):
            var code = hexadecimal()
            if let high = code, high & 0xFC00 == 0xD800, take("\\"), take("u") {
                code = hexadecimal().flatMap { low in
                    low & 0xFC00 == 0xDC00 ? 0x10000 + ((high & 0x3FF) << 10 | low & 0x3FF) : nil
                }
            }
            guard let code, let scalar = Unicode.Scalar(code) else { fallthrough }
            result.append(contentsOf: Array(String(Character(scalar)).utf8))
        default:
            throw error(
                "`\(text(start..<min(index, bytes.count)))` is no escape",
                "write one of `\\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX`, or the quote itself", start..<index)
        }
    }

    private mutating func hexadecimal() -> UInt32? {
        let start = index
        let code = bytes.withUnsafeBufferPointer { JSONScanner($0).hexadecimal(at: start) }
        if code != nil { index += 4 }
        return code
    }

    // MARK: The text

    /// NUL behind the end; it stands nowhere in a path.
    private var peek: UInt8 { index < bytes.count ? bytes[index] : 0 }

    private mutating func skipBlanks() {
        while peek.isBlank { index += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func takeOperator(_ text: String) -> Bool {
        skipBlanks()
        guard bytes.dropFirst(index).starts(with: text.utf8) else { return false }
        index += text.utf8.count
        return true
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private func error(_ message: String, _ remedy: String, _ range: Range<Int> = 0..<0) -> FlowSyntaxError {
        FlowSyntaxError(message, remedy: remedy, offset: range.lowerBound, length: range.count)
    }

    private func unexpected(_ wanted: String) -> FlowSyntaxError {
        guard index < bytes.count else { return error("the path ends too early", "write \(wanted)", index..<index) }
        let rest = text(index..<bytes.count).prefix(20)
        return error("`\(rest)` cannot stand here", "write \(wanted)", index..<(index + 1))
    }
}
