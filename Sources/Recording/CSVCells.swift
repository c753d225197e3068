/// Cells of comma-separated values (RFC 4180), one record to a line.
enum CSVCells {
    /// A cell of text: on one line, quoted where the format asks for it, and with `'` before a first character that a
    /// spreadsheet would take for a formula (OWASP, "CSV Injection"), or for that very sign.
    /// - Parameter longest: bytes of the text; what is more is cut.
    static func text(_ text: String, longest: Int) -> String {
        let line = OneLine.text(text, longest: longest)
        let cell = (line.unicodeScalars.first.map(isGuarded) ?? false ? "'" : "") + line
        guard cell.unicodeScalars.contains(where: { $0 == "," || $0 == "\"" }) else { return cell }
        // By scalars: a quote with a combining mark behind it is another character, and a quote all the same.
        return "\"" + cell.unicodeScalars.reduce(into: "") { $0 += $1 == "\"" ? "\"\"" : String(Character($1)) } + "\""
    }

    /// The text of a cell that was written by `text`.
    static func plain(_ cell: String) -> String {
        let scalars = cell.unicodeScalars
        guard scalars.first == "'", scalars.dropFirst().first.map(isGuarded) ?? false else { return cell }
        return String(scalars.dropFirst())
    }

    /// The four signs, in full width too, which a spreadsheet of an East Asian locale reads as the same.
    private static func isGuarded(_ scalar: Unicode.Scalar) -> Bool {
        "=+-@'\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(scalar)
    }

    /// The cells of a line without its end; nil when a quote is where none may be, or is never closed.
    static func cells(of line: ArraySlice<UInt8>) -> [String]? {
        let (comma, quote) = (UInt8(ascii: ","), UInt8(ascii: "\""))
        var cells: [String] = []
        var rest = line
        while true {
            var cell: [UInt8] = []
            if rest.first == quote {
                rest = rest.dropFirst()
                while true {
                    guard let end = rest.firstIndex(of: quote) else { return nil }
                    cell += rest[..<end]
                    rest = rest[(end + 1)...]
                    guard rest.first == quote else { break }
                    cell.append(quote)
                    rest = rest.dropFirst()
                }
                guard rest.isEmpty || rest.first == comma else { return nil }
            } else {
                let end = rest.firstIndex(of: comma) ?? rest.endIndex
                guard !rest[..<end].contains(quote) else { return nil }
                cell = Array(rest[..<end])
                rest = rest[end...]
            }
            cells.append(String(decoding: cell, as: UTF8.self))
            guard rest.first == comma else { return cells }
            rest = rest.dropFirst()
        }
    }
}
