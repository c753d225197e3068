/// Reads the text of a condition.
struct ConditionParser {
    private let bytes: [UInt8]
    private var index = 0
    private var nesting = 0
    private var slots: [Int] = []

    static func parse(
        _ text: String, slot: (String) -> Int
    ) throws(FlowSyntaxError) -> (ConditionNode, slots: [Int]) {
        var parser = ConditionParser(bytes: Array(text.utf8))
        guard parser.bytes.count <= Condition.lengthLimit else {
            throw FlowSyntaxError(
                "a condition of \(parser.bytes.count) bytes",
                remedy: "a condition has \(Condition.lengthLimit) bytes at most")
        }
        let node = try parser.disjunction(slot)
        parser.skipBlanks()
        guard parser.index == parser.bytes.count else {
            throw parser.unexpected("`and`, `or`, a comparison, or nothing more")
        }
        return (node, parser.slots)
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func disjunction(_ slot: (String) -> Int) throws(FlowSyntaxError) -> ConditionNode {
        var parts = [try conjunction(slot)]
        while takeWord("or") { parts.append(try conjunction(slot)) }
        return parts.count == 1 ? parts[0] : .or(parts)
    }

    private mutating func conjunction(_ slot: (String) -> Int) throws(FlowSyntaxError) -> ConditionNode {
        var parts = [try negation(slot)]
        while takeWord("and") { parts.append(try negation(slot)) }
        return parts.count == 1 ? parts[0] : .and(parts)
    }

    private mutating func negation(_ slot: (String) -> Int) throws(FlowSyntaxError) -> ConditionNode {
        skipBlanks()
        guard nesting < Condition.nestingLimit else {
            throw error("a condition is nested too deeply", "nest \(Condition.nestingLimit) at most", index..<index)
        }
        nesting += 1
        defer { nesting -= 1 }
        if takeWord("not") { return .not(try negation(slot)) }
        guard peek == UInt8(ascii: "(") else { return try comparison(slot) }
        index += 1
        let inner = try disjunction(slot)
        skipBlanks()
        guard peek == UInt8(ascii: ")") else { throw unexpected("`)`") }
        index += 1
        return inner
    }

    private mutating func comparison(_ slot: (String) -> Int) throws(FlowSyntaxError) -> ConditionNode {
        let left = try operand(slot)
        skipBlanks()
        if let relation = Relation(in: bytes, at: index) {
            index += relation.rawValue.utf8.count
            return .compare(left, relation, try operand(slot))
        }
        if takeWord("contains") { return .contains(left, try operand(slot)) }
        if takeWord("matches") {
            skipBlanks()
            guard isQuote(peek) else { throw unexpected("a regular expression in quotes") }
            let start = index
            let text = String(decoding: try quoted(), as: UTF8.self)
            do {
                return .matches(left, try Pattern(text))
            } catch {
                throw FlowSyntaxError(
                    error.message, remedy: error.remedy, offset: start, length: index - start)
            }
        }
        if peek == UInt8(ascii: "=") { throw error("`=` compares nothing", "write `==`", index..<(index + 1)) }
        return .holds(left)
    }

    private mutating func operand(_ slot: (String) -> Int) throws(FlowSyntaxError) -> ConditionOperand {
        skipBlanks()
        let start = index
        if isQuote(peek) { return .literal(Value(kind: .text, bytes: try quoted())) }
        if peek == UInt8(ascii: "-") || peek.isDigit {
            guard let end = bytes.withUnsafeBufferPointer({ JSONScanner($0).end(at: start) }),
                end == bytes.count || !isPartOfName(bytes[end])
            else {
                while isPartOfName(peek) { index += 1 }
                throw error(
                    "`\(text(start..<index))` is no number", "write a number such as `-12.5`, or a text in quotes",
                    start..<index)
            }
            index = end
            return .literal(Value(kind: .number, bytes: Array(bytes[start..<end])))
        }
        while isPartOfName(peek) { index += 1 }
        let word = text(start..<index)
        switch word {
        case "": throw unexpected("a name, a number, or a text in quotes")
        case "true", "false": return .literal(Value(kind: .boolean, bytes: Array(word.utf8)))
        case "null": return .literal(Value(kind: .null, bytes: Array(word.utf8)))
        case "status": return .status
        case "and", "or", "not", "contains", "matches":
            throw error("`\(word)` stands where a value belongs", "write a name before and after it", start..<index)
        default:
            guard VariableName.isValid(word) else {
                throw error("`\(word)` is no name", "write a name such as `product.id`", start..<index)
            }
            let slot = slot(word)
            if !slots.contains(slot) { slots.append(slot) }
            return .variable(slot: slot)
        }
    }

    /// A text in quotes; two quotes within it stand for one.
    private mutating func quoted() throws(FlowSyntaxError) -> [UInt8] {
        let start = index
        let quote = peek
        var result: [UInt8] = []
        index += 1
        while index < bytes.count {
            if bytes[index] == quote {
                index += 1
                if peek != quote || index == bytes.count { return result }
            }
            result.append(bytes[index])
            index += 1
        }
        throw error("`\(text(start..<index))` is not closed", "close the quotes", start..<index)
    }

    // MARK: The text

    /// NUL behind the end; it stands nowhere in a condition but in quotes.
    private var peek: UInt8 { index < bytes.count ? bytes[index] : 0 }

    private func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") }

    private func isPartOfName(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".")
    }

    private mutating func skipBlanks() {
        while peek.isBlank { index += 1 }
    }

    private mutating func takeWord(_ word: String) -> Bool {
        skipBlanks()
        let end = index + word.utf8.count
        guard bytes.dropFirst(index).starts(with: word.utf8), end == bytes.count || !isPartOfName(bytes[end]) else {
            return false
        }
        index = end
        return true
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private func error(_ message: String, _ remedy: String, _ range: Range<Int>) -> FlowSyntaxError {
        FlowSyntaxError(message, remedy: remedy, offset: range.lowerBound, length: range.count)
    }

    private func unexpected(_ wanted: String) -> FlowSyntaxError {
        guard index < bytes.count else {
            return error("the condition ends too early", "write \(wanted)", index..<index)
        }
        let rest = text(index..<bytes.count).prefix(20)
        return error("`\(rest)` cannot stand here", "write \(wanted)", index..<(index + 1))
    }
}
