/// The lines of a text as YAML counts them, so that a line number of the parser finds the right one.
struct SourceLines: Sendable {
    private let lines: [String]

    init(_ text: String) {
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        var afterReturn = false
        for scalar in text.unicodeScalars {
            // CR LF is one break; the LF after a CR has already been counted.
            if scalar == "\n", afterReturn {
                afterReturn = false
                continue
            }
            afterReturn = scalar == "\r"
            switch scalar {
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
                lines.append(String(line))
                line = .init()
            default:
                line.append(scalar)
            }
        }
        lines.append(String(line))
        self.lines = lines
    }

    /// Line `number`, counted from 1, without its break; nil beyond the end.
    subscript(number: Int) -> String? {
        lines.indices.contains(number - 1) ? lines[number - 1] : nil
    }

    var count: Int { lines.count }
}
