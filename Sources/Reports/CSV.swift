/// Comma-separated values (RFC 4180, lines end in a single newline).
package enum CSV {
    /// A cell of text: quoted where the format asks for it, and with `'` before a first character that a spreadsheet
    /// would take for a formula (OWASP, "CSV Injection").
    package static func text(_ text: String) -> String {
        let cleaned = PlainText.clean(text)
        // Both are looked at: cleaning turns a tab at the start, which is one of the dangerous ones, into a space.
        let isFormula = [text, cleaned].contains { $0.unicodeScalars.first.map(isDangerous) ?? false }
        let cell = (isFormula ? "'" : "") + cleaned
        guard cell.contains(where: { $0 == "," || $0 == "\"" }) else { return cell }
        return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool { "=+-@\t\r".unicodeScalars.contains(scalar) }

    /// A line with its end.
    package static func line(_ cells: [String]) -> String { cells.joined(separator: ",") + "\n" }
}
