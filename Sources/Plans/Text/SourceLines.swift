/// The lines of a text as YAML counts them, so that a line number of the parser finds the right one.
struct SourceLines: Sendable {
    private let lines: [String]
    /// Scalars of each line: asked for once per value, and a plan can be a single line of a megabyte.
    private let lengths: [Int]

    init(_ text: String) {
        var lines: [String] = []
        var lengths: [Int] = []
        var line = String.UnicodeScalarView()
        var length = 0
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
                lengths.append(length)
                line = .init()
                length = 0
            default:
                line.append(scalar)
                length += 1
            }
        }
        lines.append(String(line))
        lengths.append(length)
        self.lines = lines
        self.lengths = lengths
    }

    /// Line `number`, counted from 1, without its break; nil beyond the end.
    subscript(number: Int) -> String? {
        lines.indices.contains(number - 1) ? lines[number - 1] : nil
    }

    /// How many scalars line `number` has; 0 beyond the end.
    func length(of number: Int) -> Int { lengths.indices.contains(number - 1) ? lengths[number - 1] : 0 }

    var count: Int { lines.count }
}
