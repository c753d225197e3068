/// How a text is written so that every reader of YAML, 1.1 or 1.2, takes it for that text.
enum YAMLScalar {
    /// Without quotes where that is safe, in double quotes where it has places for values, in single ones else.
    ///
    /// - Parameter isFlow: in braces or brackets, where more characters mean something.
    static func written(_ text: String, isFlow: Bool) -> String {
        if isPlain(text, isFlow: isFlow) { return text }
        if text.unicodeScalars.allSatisfy(isPrintable) {
            if !text.contains("\"") && !text.contains("\\") { return "\"\(text)\"" }
            if !text.contains("'") { return "'\(text)'" }
        }
        return quoted(text)
    }

    /// The lines of a text that can stand after `|` or `|-`, with that mark; nil where it cannot or need not.
    static func block(_ text: String) -> (mark: String, lines: [Substring])? {
        guard text.contains("\n"), text.utf8.count <= 65_536 else { return nil }
        var body = Substring(text)
        let endsWithBreak = body.hasSuffix("\n")
        if endsWithBreak { body = body.dropLast() }
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, !first.isEmpty, let last = lines.last, !last.isEmpty else { return nil }
        for line in lines {
            guard line.unicodeScalars.allSatisfy({ isPrintable($0) }) else { return nil }
            guard line.last != " ", line.first != "\t" else { return nil }
        }
        return first.first == " " ? nil : (endsWithBreak ? "|" : "|-", lines)
    }

    private static func isPlain(_ text: String, isFlow: Bool) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 400, last != 0x20 else { return false }
        guard first.isLetter || first.isDigit || "/_.$^~(".utf8.contains(first), !meansMore(text) else { return false }
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case _ where byte.isLetter || byte.isDigit: break
            case UInt8(ascii: " "):
                // ` #` begins a comment.
                if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "#") { return false }
            case UInt8(ascii: ":"):
                if isFlow || index + 1 == bytes.count || bytes[index + 1] == 0x20 { return false }
            case UInt8(ascii: "?"), UInt8(ascii: ","), UInt8(ascii: "="):
                if isFlow, byte != UInt8(ascii: "=") { return false }
            default:
                guard "/_.-+;&*()%$@!~^|<>".utf8.contains(byte) else { return false }
            }
        }
        return true
    }

    /// What some reader takes for a number, a time, a truth or nothing.
    private static func meansMore(_ text: String) -> Bool {
        let lower = text.lowercased()
        if words.contains(lower) { return true }
        guard let first = lower.utf8.first, first.isDigit || first == UInt8(ascii: ".") else { return false }
        // Numbers in any base, with underscores, base 60, and dates: digits and their company alone.
        let onlyDigits = lower.utf8.allSatisfy { $0.isDigit || "._:+-".utf8.contains($0) }
        let afterExponent = lower.utf8.allSatisfy { $0.isDigit || "._e+-".utf8.contains($0) }
        let isBased = lower.hasPrefix("0x") || lower.hasPrefix("0o") || lower.hasPrefix("0b")
        let isTime = lower.utf8.count >= 10 && lower.utf8.allSatisfy { $0.isDigit || "-:.tz+ ".utf8.contains($0) }
        return onlyDigits || afterExponent || isBased || isTime || lower == ".inf" || lower == ".nan"
    }

    private static let words: Set<String> = [
        "null", "~", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<",
    ]

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20...0x7E).contains(scalar.value) }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .privateUse,
            .unassigned:
            return false
        default: return true
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = String.UnicodeScalarView()
        quoted.append("\"")
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted.append(contentsOf: "\\\"".unicodeScalars)
            case "\\": quoted.append(contentsOf: "\\\\".unicodeScalars)
            case "\n": quoted.append(contentsOf: "\\n".unicodeScalars)
            case "\r": quoted.append(contentsOf: "\\r".unicodeScalars)
            case "\t": quoted.append(contentsOf: "\\t".unicodeScalars)
            case _ where isPrintable(scalar): quoted.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                let width = scalar.value > 0xFFFF ? 8 : 4
                let zeros = String(repeating: "0", count: width - digits.count)
                quoted.append(contentsOf: "\\\(width == 8 ? "U" : "u")\(zeros)\(digits)".unicodeScalars)
            }
        }
        quoted.append("\"")
        return String(quoted)
    }
}
