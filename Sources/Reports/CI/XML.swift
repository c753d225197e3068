import Core

/// XML 1.0 from text that may hold anything.
enum XML {
    /// The text on one line, for an attribute or between tags.
    /// - Parameter most: bytes of the text before it is escaped; what is more is cut.
    static func text(_ text: some StringProtocol, most: Int = 1_000) -> String {
        escaped(PlainText.limit(PlainText.clean(text), toBytes: most))
    }

    /// Lines between tags, each cleaned by itself.
    static func lines(_ lines: [String], most: Int = 1_000) -> String {
        lines.map { text($0, most: most) }.joined(separator: "\n")
    }

    private static func escaped(_ text: String) -> String {
        var written = ""
        for scalar in text.unicodeScalars where isLegal(scalar) {
            switch scalar {
            case "&": written += "&amp;"
            case "<": written += "&lt;"
            // Not only for `]]>`: some readers of test reports are made of regular expressions.
            case ">": written += "&gt;"
            case "\"": written += "&quot;"
            case "'": written += "&apos;"
            default: written.unicodeScalars.append(scalar)
            }
        }
        return written
    }

    /// What a document may hold at all, escaped or not (XML 1.0, section 2.2); a Swift string has no surrogates.
    private static func isLegal(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }

    /// `<name key="value" …` without its end; values are escaped.
    static func tag(_ name: String, _ attributes: [(name: String, value: String?)]) -> String {
        attributes.reduce("<\(name)") { tag, attribute in
            attribute.value.map { "\(tag) \(attribute.name)=\"\(text($0))\"" } ?? tag
        }
    }

    /// Seconds as `12.345`, 0 to 1e9; 0 for what is no number.
    static func seconds(_ value: Double) -> String {
        (value.isFinite ? min(max(0, value), 1e9) : 0).fixed(3)
    }
}
