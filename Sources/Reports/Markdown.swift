/// Markdown from text that may hold anything.
package enum Markdown {
    /// The text as itself in a paragraph or a cell of a table: no markup, no HTML, no new cell.
    ///
    /// Only what would have a meaning is escaped, so that a report reads well as it is: `p99 < 250ms` stays, `<b>` does not.
    package static func text(_ text: some StringProtocol) -> String {
        let characters = Array(PlainText.clean(text))
        var escaped = ""
        for (index, character) in characters.enumerated() {
            let previous = index > 0 ? characters[index - 1] : " "
            let next = index + 1 < characters.count ? characters[index + 1] : " "
            switch character {
            case "\\", "`", "*", "[", "]", "|", "~": escaped += "\\\(character)"
            case "_": escaped += isWord(previous) && isWord(next) ? "_" : "\\_"
            case "<": escaped += next == " " || next == "=" || next.isNumber ? "<" : "&lt;"
            case ">": escaped += previous == " " && (next == " " || next == "=") ? ">" : "&gt;"
            case "&": escaped += next.isLetter || next == "#" ? "&amp;" : "&"
            // A line that begins with one of these is a heading or a list.
            case "#", "-", "+": escaped += index == 0 ? "\\\(character)" : String(character)
            default: escaped.append(character)
            }
        }
        return escaped
    }

    private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }

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
