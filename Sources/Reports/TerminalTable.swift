/// A table for a terminal.
enum TerminalTable {
    /// Columns as wide as their widest cell, two spaces between them.
    /// - Parameters:
    ///   - left: so many columns from the left are left-aligned, all others right-aligned.
    ///   - lastIsLeft: the last one is left-aligned, too.
    ///   - rows: as many cells in each as there are headings.
    static func lines(
        _ headings: [String], left: Int, lastIsLeft: Bool = false, _ rows: [[String]]
    ) -> [String] {
        let all = [headings] + rows
        let widths = headings.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { cells in
            var line = cells.indices.map { column in
                let isLeft = column < left || (lastIsLeft && column == cells.count - 1)
                return PlainText.pad(cells[column], to: widths[column], right: !isLeft)
            }.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }
}
