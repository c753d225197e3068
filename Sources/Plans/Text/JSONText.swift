/// A YAML value as JSON text, compact, keys in the order of the plan.
///
/// Plain scalars follow JSON and not YAML 1.1: `true`, `false`, `null` and the numbers of RFC 8259 are what they are
/// there, everything else is a string (`no`, `010`, `1:30`, `.5`). Text in quotes is always a string. A number goes out
/// digit by digit as the plan wrote it, so nothing is lost to binary floating point.
enum JSONText {
    static func render(_ node: PlanNode) -> String {
        var text = ""
        append(node, to: &text)
        return text
    }

    /// A string of JSON, in quotes.
    static func string(_ string: String) -> String {
        var text = ""
        append(string: string, to: &text)
        return text
    }

    private static func append(_ node: PlanNode, to text: inout String) {
        switch node.content {
        case .scalar(let scalar, .plain):
            if node.isEmpty {
                text += "null"
            } else if scalar == "true" || scalar == "false" || isNumber(scalar) {
                text += scalar
            } else {
                append(string: scalar, to: &text)
            }
        case .scalar(let scalar, _):
            append(string: scalar, to: &text)
        case .list(let items):
            text += "["
            for (index, item) in items.enumerated() {
                if index > 0 { text += "," }
                append(item, to: &text)
            }
            text += "]"
        case .map(let entries):
            text += "{"
            for (index, entry) in entries.enumerated() {
                if index > 0 { text += "," }
                append(string: entry.key, to: &text)
                text += ":"
                append(entry.value, to: &text)
            }
            text += "}"
        }
    }

    private static func append(string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?` (RFC 8259, section 6).
    static func isNumber(_ text: String) -> Bool {
        var bytes = text.utf8[...]
        func digits() -> Int {
            let run = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            bytes = bytes[run.endIndex...]
            return run.count
        }
        func take(_ characters: String) -> Bool {
            guard let first = bytes.first, characters.utf8.contains(first) else { return false }
            bytes.removeFirst()
            return true
        }
        _ = take("-")
        if !take("0"), digits() == 0 { return false }
        if take("."), digits() == 0 { return false }
        if take("eE") {
            _ = take("+-")
            if digits() == 0 { return false }
        }
        return bytes.isEmpty
    }
}
