/// Comma-separated values (RFC 4180, lines end in a single newline).
package enum CSV {
    /// A cell of text: quoted where the format asks for it, and with `'` before a first character that a spreadsheet
    /// would take for a formula (OWASP, "CSV Injection"). By scalars: a quote with a combining mark behind it is a quote.
    package static func text(_ text: String) -> String {
        let cleaned = PlainText.clean(text)
        // Both are looked at: cleaning turns a tab at the start, which is one of the dangerous ones, into a space.
        let isFormula = [text, cleaned].contains { $0.unicodeScalars.first.map(isDangerous) ?? false }
        let cell = (isFormula ? "'" : "") + cleaned
        guard cell.unicodeScalars.contains(where: { $0 == "," || $0 == "\"" }) else { return cell }
        return "\"" + cell.unicodeScalars.reduce(into: "") { $0 += $1 == "\"" ? "\"\"" : String(Character($1)) } + "\""
    }

    /// The four signs, in full width too, which a spreadsheet of an East Asian locale reads as the same; tab and line ends.
    private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        "=+-@\t\r\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(scalar)
    }

    /// A line with its end.
    package static func line(_ cells: [String]) -> String { cells.joined(separator: ",") + "\n" }
}
