extension StringProtocol {
    /// The text as it may stand in a message: on one line, without control characters, at most 60 characters. A plan's
    /// text goes to terminals and logs, where an escape sequence is an attack and a line break a lie.
    var printable: String { printable(upTo: 60) }

    /// A whole message by the same rules, whose texts have been cut already.
    var printableMessage: String { printable(upTo: 400) }

    func printable(upTo limit: Int) -> String {
        var printed = String.UnicodeScalarView()
        var count = 0
        for scalar in unicodeScalars {
            guard count < limit else {
                printed.append("…")
                break
            }
            switch scalar {
            case "\n": printed.append(contentsOf: "\\n".unicodeScalars)
            case "\r": printed.append(contentsOf: "\\r".unicodeScalars)
            case "\t": printed.append(contentsOf: "\\t".unicodeScalars)
            case "\0": printed.append(contentsOf: "\\0".unicodeScalars)
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator: printed.append("\u{FFFD}")
                default: printed.append(scalar)
                }
            }
            count += 1
        }
        return String(printed)
    }
}
