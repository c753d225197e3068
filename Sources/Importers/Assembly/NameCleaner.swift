/// Names as a plan allows them, made of whatever a file has.
enum NameCleaner {
    private static let maximum = 80

    static func plan(_ text: String) -> String {
        var name = clean(text, forbidden: "/")
        while name.hasPrefix(".") { name.removeFirst() }
        name = name.trimmedBlanks
        return name.isEmpty ? "imported" : name
    }

    static func scenario(_ text: String) -> String {
        let name = clean(text, forbidden: "/:")
        return name.isEmpty ? "main" : name
    }

    static func group(_ text: String) -> String {
        let name = clean(text, forbidden: "/:")
        return name.isEmpty ? "group" : name
    }

    /// Empty when nothing is left.
    static func step(_ text: String) -> String { clean(text, forbidden: "") }

    static func numbered(_ base: String, _ number: Int) -> String {
        let ending = " \(number)"
        return base.prefix(maximum - ending.count).trimmedBlanks + ending
    }

    /// A name of a variable without dots: `pet-id`.
    static func variable(_ text: String) -> String {
        var name = ""
        for byte in text.utf8.prefix(60) {
            let isKept = byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            name += isKept ? String(UnicodeScalar(byte)) : name.hasSuffix("-") ? "" : "-"
        }
        while name.hasSuffix("-") { name.removeLast() }
        while name.hasPrefix("-") { name.removeFirst() }
        guard let first = name.utf8.first else { return "value" }
        return first.isDigit ? "v" + name : name
    }

    /// One line, no control characters, nothing that the environment would be filled into, at most 80 characters.
    private static func clean(_ text: String, forbidden: String) -> String {
        var clean = String.UnicodeScalarView()
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars.prefix(1_000) {
            var written = scalar
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .privateUse,
                .unassigned:
                written = " "
            default:
                if forbidden.unicodeScalars.contains(scalar) { written = "-" }
                if scalar == "{", previous == "$" { written = "(" }
            }
            if written == " ", previous == " " { continue }
            clean.append(written)
            previous = written
        }
        let text = String(clean).trimmedBlanks
        return text.count <= maximum ? text : text.prefix(maximum - 1).trimmedBlanks + "…"
    }
}
