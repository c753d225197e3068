/// Markdown from text that may hold anything.
package enum Markdown {
    /// The text as itself in a paragraph or a cell of a table: no markup, no HTML, no new cell, nobody notified.
    ///
    /// Only what would have a meaning is escaped, so that a report reads well as it is: `p99 < 250ms` stays, `<b>` does not.
    /// It goes by scalars, as the readers of Markdown do: with a combining mark behind it `|` is another character to
    /// Swift, and still ends a cell.
    package static func text(_ text: some StringProtocol) -> String {
        let scalars = Array(PlainText.clean(text).unicodeScalars)
        // One dollar is a price, or the root of a JSONPath; between two of them GitHub sees a formula.
        let hasFormula = scalars.count { $0 == "$" } > 1
        var escaped = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            let previous = index > 0 ? scalars[index - 1] : " "
            let next = index + 1 < scalars.count ? scalars[index + 1] : " "
            var written = String(Character(scalar))
            switch scalar {
            case "\\", "`", "*", "[", "]", "|", "~": written = "\\\(scalar)"
            case "_": if !isWord(previous) || !isWord(next) { written = "\\_" }
            case "$": if hasFormula { written = "\\$" }
            case "<": if next != " ", next != "=", !isNumber(next) { written = "&lt;" }
            case ">": if index == 0 || previous != " " || (next != " " && next != "=") { written = "&gt;" }
            case "&": if isLetter(next) || next == "#" { written = "&amp;" }
            // A line that begins with one of these is a heading or a list.
            case "-", "+": if index == 0 { written = "\\\(scalar)" }
            case "#": written = (index == 0 ? "\\#" : "#") + (isNumber(next) ? nothing : "")
            case ".", ")": if next == " ", index > 0, scalars[..<index].allSatisfy(isDigit) { written = "\\\(scalar)" }
            case "@": if isWord(next), !isWord(previous) { written = "@" + nothing }
            default: break
            }
            escaped.append(contentsOf: written.unicodeScalars)
        }
        return String(escaped)
    }

    /// A space of no width. GitHub and GitLab look for `@name` and `#12` in what is shown, so that no escape helps; a
    /// mention notifies people, and a reference leaves its trace at an issue that has nothing to do with it.
    private static let nothing = "&#8203;"

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isAlphabetic }
    private static func isNumber(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.numericType != nil }
    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
    private static func isWord(_ scalar: Unicode.Scalar) -> Bool { isLetter(scalar) || isNumber(scalar) }

    /// The text as code, to be copied from: between more backticks than stand together in it (CommonMark 0.31, 6.1).
    /// - Parameter inTable: a `|` would end the cell even there.
    package static func code(_ text: some StringProtocol, inTable: Bool = false) -> String {
        let clean = PlainText.clean(text)
        guard !clean.isEmpty else { return "" }
        var (longest, run) = (0, 0)
        for scalar in clean.unicodeScalars {
            run = scalar == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: longest + 1)
        let ends = [clean.unicodeScalars.first, clean.unicodeScalars.last]
        // A reader takes one space off each end when both have one.
        let space = ends.contains("`") || ends == [" ", " "] ? " " : ""
        let inside =
            inTable
            ? clean.unicodeScalars.reduce(into: "") { $0 += $1 == "|" ? "\\|" : String(Character($1)) } : clean
        return fence + space + inside + space + fence
    }

    /// A picture that stands beside the text, and an empty line; nothing without a text that says what it shows.
    static func picture(_ file: String, _ description: String?) -> [String] {
        description.map { ["![\(text($0))](\(file))", ""] } ?? []
    }

    /// A table whose columns are aligned in the text as well. An empty table is no lines at all.
    /// - Parameters:
    ///   - columns: headings; those that begin with `>` are right-aligned, without the `>`.
    ///   - rows: cells that are Markdown already; as many in each row as there are columns.
    package static func table(_ columns: [String], _ rows: [[String]]) -> [String] {
        guard !rows.isEmpty else { return [] }
        let isRight = columns.map { $0.hasPrefix(">") }
        let headings = columns.map { $0.hasPrefix(">") ? String($0.dropFirst()) : $0 }
        let widths = headings.indices.map { column in
            max(3, headings[column].count, rows.map { $0[column].count }.max() ?? 0)
        }
        func line(_ cells: [String]) -> String {
            let padded = cells.indices.map { PlainText.pad(cells[$0], to: widths[$0], right: isRight[$0]) }
            return "| " + padded.joined(separator: " | ") + " |"
        }
        let rule = widths.indices.map { column in
            let dashes = String(repeating: "-", count: widths[column] - (isRight[column] ? 1 : 0))
            return isRight[column] ? dashes + ":" : dashes
        }
        return [line(headings), line(rule)] + rows.map(line)
    }
}
