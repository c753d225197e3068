/// Reads the text of a regular expression.
struct PatternParser {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var groups = 0
    private var nesting = 0
    private var ignoresCase = false
    private var dotTakesNewline = false
    private var anchorsAtLines = false

    private static let nestingLimit = 64
    private static let repetitionLimit = 1_000

    static func parse(_ text: String) throws(FlowSyntaxError) -> (PatternNode, groups: Int) {
        var parser = PatternParser(scalars: Array(text.unicodeScalars))
        let node = try parser.choice()
        guard parser.index == parser.scalars.count else {
            throw parser.error("`)` closes nothing", "write `\\)` for the character itself", from: parser.index)
        }
        return (node, parser.groups)
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private mutating func choice() throws(FlowSyntaxError) -> PatternNode {
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(FlowSyntaxError) -> PatternNode {
        var parts: [PatternNode] = []
        while let next = peek, next != "|", next != ")" {
            let start = index
            var part = try atom()
            if let repetition = try repetition() {
                if case .anchor = part {
                    throw error(
                        "an anchor cannot be repeated", "put it into a group, or repeat what it stands at", from: start)
                }
                part = .repeated(part, repetition.least, repetition.most, isGreedy: !take("?"))
                if peek == "+" {
                    throw error("`+` behind a repetition is not supported", "leave the second sign out", from: index)
                }
                if let again = peek, "*?".unicodeScalars.contains(again) {
                    throw error("`\(again)` repeats a repetition", "put what is repeated into `(?: )`", from: index)
                }
            }
            parts.append(part)
        }
        return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
    }

    private mutating func repetition() throws(FlowSyntaxError) -> (least: Int, most: Int?)? {
        switch peek {
        case "*":
            index += 1
            return (0, nil)
        case "+":
            index += 1
            return (1, nil)
        case "?":
            index += 1
            return (0, 1)
        case "{" where beginsRepetition(index):
            let start = index
            index += 1
            let least = number()
            var most = least
            if take(",") { most = number() }
            guard take("}") else {
                throw error(
                    "`{` begins no repetition", "write one such as `{2,5}`, or `\\{` for the character", from: start)
            }
            let largest = max(least ?? 0, most ?? 0)
            guard largest <= Self.repetitionLimit, (least ?? 0) <= (most ?? .max) else {
                throw error(
                    "`\(text(start..<index))` is no repetition",
                    "write `{least,most}` with numbers up to \(Self.repetitionLimit)", from: start)
            }
            return (least ?? 0, most)
        default: return nil
        }
    }

    /// As in Perl, any other `{` is the character itself.
    private func beginsRepetition(_ index: Int) -> Bool {
        guard scalars[index] == "{", index + 1 < scalars.count else { return false }
        return ("0"..."9").contains(scalars[index + 1]) || scalars[index + 1] == ","
    }

    private mutating func atom() throws(FlowSyntaxError) -> PatternNode {
        let start = index
        let next = scalars[index]
        index += 1
        switch next {
        case "(": return try group(start)
        case "[": return .set(try bracketed(start))
        case ".": return .set(dotTakesNewline ? ScalarSet([ScalarSet.all]) : ScalarSet(0x0A).inverted)
        case "^": return .anchor(anchorsAtLines ? .lineStart : .textStart)
        case "$": return .anchor(anchorsAtLines ? .lineEnd : .textEnd)
        case "*", "+", "?":
            throw error("`\(next)` repeats nothing", "write `\\\(next)` for the character itself", from: start)
        case "{" where beginsRepetition(start):
            throw error("`{` repeats nothing", "write `\\{` for the character itself", from: start)
        case "\\":
            switch peek {
            case "b": return anchor(.wordEdge)
            case "B": return anchor(.noWordEdge)
            case "A": return anchor(.textStart)
            case "z", "Z": return anchor(.textEnd)
            default: return .set(folded(try escaped(start)))
            }
        default: return .set(folded(ScalarSet(next.value)))
        }
    }

    private mutating func anchor(_ anchor: PatternAnchor) -> PatternNode {
        index += 1
        return .anchor(anchor)
    }

    private func folded(_ set: ScalarSet) -> ScalarSet { ignoresCase ? set.withBothCases : set }

    // MARK: Groups

    /// What stands behind `(`, with the `)`.
    private mutating func group(_ start: Int) throws(FlowSyntaxError) -> PatternNode {
        guard nesting < Self.nestingLimit else {
            throw error("groups are nested too deeply", "nest \(Self.nestingLimit) at most", from: start)
        }
        nesting += 1
        defer { nesting -= 1 }
        let flags = (ignoresCase, dotTakesNewline, anchorsAtLines)
        var number: Int?
        if take("?") {
            if take("<") || takeName() {
                try name(start)
                groups += 1
                number = groups
            } else if try !self.flags(start) {
                // `(?i)` holds to the end of the group around it.
                return .empty
            }
        } else {
            groups += 1
            number = groups
        }
        let inner = try choice()
        guard take(")") else {
            throw error("`(` is not closed", "close it, or write `\\(` for the character", from: start)
        }
        (ignoresCase, dotTakesNewline, anchorsAtLines) = flags
        return number.map { .group($0, inner) } ?? inner
    }

    private mutating func takeName() -> Bool {
        guard peek == "P", index + 1 < scalars.count, scalars[index + 1] == "<" else { return false }
        index += 2
        return true
    }

    private mutating func name(_ start: Int) throws(FlowSyntaxError) {
        guard let first = peek, first != "=", first != "!" else {
            throw error(
                "looking behind is not supported", "match what stands there, and take a group of it", from: start)
        }
        let begin = index
        while let next = peek, next.isASCII, UInt8(ascii: next).isLetter || UInt8(ascii: next).isDigit || next == "_" {
            index += 1
        }
        guard index > begin, take(">") else {
            throw error("a group without a name", "write `(?<name>...)`", from: start)
        }
    }

    /// Letters up to `:` (true: a group follows) or `)`.
    private mutating func flags(_ start: Int) throws(FlowSyntaxError) -> Bool {
        var value = true
        while let next = peek {
            index += 1
            switch next {
            case "i": ignoresCase = value
            case "s": dotTakesNewline = value
            case "m": anchorsAtLines = value
            case "-" where value: value = false
            case ":": return true
            case ")" where index - start > 3: return false
            case "=", "!":
                throw error(
                    "looking ahead is not supported", "match what stands there, and take a group of it", from: start)
            default:
                throw error(
                    "`\(text(start..<index))` is not supported", "groups begin with `(`, `(?:`, `(?<name>` or `(?i)`",
                    from: start)
            }
        }
        throw error("`(` is not closed", "close it, or write `\\(` for the character", from: start)
    }

    // MARK: Characters

    /// What stands behind `[`, with the `]`.
    private mutating func bracketed(_ start: Int) throws(FlowSyntaxError) -> ScalarSet {
        let isInverted = take("^")
        var set = ScalarSet()
        var isFirst = true
        while let next = peek, next != "]" || isFirst {
            isFirst = false
            let begin = index
            let lower = try member()
            if peek == "-", index + 1 < scalars.count, scalars[index + 1] != "]" {
                index += 1
                let upper = try member()
                guard let from = lower.single, let to = upper.single, from <= to else {
                    throw error(
                        "`\(text(begin..<index))` is no range", "write the smaller character first", from: begin)
                }
                set.insert(from...to)
            } else {
                set.insert(lower)
            }
        }
        guard take("]") else {
            throw error("`[` is not closed", "close it, or write `\\[` for the character", from: start)
        }
        set = folded(set)
        return isInverted ? set.inverted : set
    }

    private mutating func member() throws(FlowSyntaxError) -> ScalarSet {
        let start = index
        guard let next = peek else { return ScalarSet() }
        index += 1
        if next == "[", let kind = peek, kind == ":" || kind == "=" || kind == "." {
            throw error(
                "`[\(kind)` is not supported", "write ranges such as `a-z`, or `\\[` for the character", from: start)
        }
        if next == "\\" {
            if take("b") { return ScalarSet(0x08) }
            return try escaped(start)
        }
        return ScalarSet(next.value)
    }

    /// What stands behind a backslash.
    private mutating func escaped(_ start: Int) throws(FlowSyntaxError) -> ScalarSet {
        guard let letter = peek else {
            throw error("`\\` at the end", "write `\\\\` for the character itself", from: start)
        }
        index += 1
        switch letter {
        case "d": return Self.digits
        case "D": return Self.digits.inverted
        case "w": return Self.word
        case "W": return Self.word.inverted
        case "s": return Self.blanks
        case "S": return Self.blanks.inverted
        case "n": return ScalarSet(0x0A)
        case "r": return ScalarSet(0x0D)
        case "t": return ScalarSet(0x09)
        case "f": return ScalarSet(0x0C)
        case "v": return ScalarSet(0x0B)
        case "0": return ScalarSet(0)
        case "x", "u":
            guard let code = hexadecimal(letter == "x" ? 2 : 4), let scalar = Unicode.Scalar(code) else {
                throw error("`\\\(letter)` is no character", "write `\\x41`, `\\u0041` or `\\u{1F600}`", from: start)
            }
            return ScalarSet(scalar.value)
        case "1"..."9":
            throw error("`\\\(letter)`: references back are not supported", "write out what stands there", from: start)
        default:
            guard letter.isASCII, !UInt8(ascii: letter).isLetter, !UInt8(ascii: letter).isDigit else {
                throw error(
                    "`\\\(letter)` is not supported", "write the characters themselves, such as `[a-z]`", from: start)
            }
            return ScalarSet(letter.value)
        }
    }

    private mutating func hexadecimal(_ digits: Int) -> UInt32? {
        let isOpen = take("{")
        var code: UInt32 = 0
        var count = 0
        while count < (isOpen ? 6 : digits), let next = peek, next.isASCII,
            let digit = UInt8(ascii: next).hexadecimalDigit
        {
            code = code << 4 | UInt32(digit)
            count += 1
            index += 1
        }
        guard count > 0, isOpen ? take("}") : count == digits else { return nil }
        return code
    }

    private static let digits = ScalarSet([0x30...0x39])
    private static let word = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    private static let blanks = ScalarSet([0x09...0x0D, 0x20...0x20])

    // MARK: The text

    private var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        index += 1
        return true
    }

    /// At most four digits are read, which is beyond any limit.
    private mutating func number() -> Int? {
        var result: Int?
        while let next = peek, next.isASCII, UInt8(ascii: next).isDigit, result ?? 0 <= Self.repetitionLimit {
            result = (result ?? 0) * 10 + Int(next.value - 48)
            index += 1
        }
        return result
    }

    private func text(_ range: Range<Int>) -> String {
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars[range])
        return text
    }

    private func error(_ message: String, _ remedy: String, from start: Int) -> FlowSyntaxError {
        FlowSyntaxError(
            message, remedy: remedy, offset: text(0..<start).utf8.count,
            length: text(start..<max(start, index)).utf8.count)
    }
}
