/// Reads comma-separated values as RFC 4180 has them: lines end with LF or CRLF, a value in quotes may hold commas, quotes
/// (doubled) and line breaks. The first line names the columns.
///
/// All values are texts: the format has no types. Lines without any character are skipped; an empty value alone in its
/// row is `""`. A byte order mark is skipped.
package enum CSVReader {
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - label: what the table is called in messages.
    /// - Throws: what is wrong, with its line. The file must be UTF-8.
    package static func read(
        _ bytes: consuming [UInt8], label: String, limits: DataLimits = .standard
    ) throws(DataError) -> DataTable {
        try limits.check(bytes: bytes.count)
        try DataText.check(bytes)
        var columns: [String] = []
        var cells: [DataCell] = []
        var lines: [UInt32] = []
        try bytes.withUnsafeMutableBufferPointer { (buffer) throws(DataError) in
            var scanner = CSVScanner(buffer, start: DataText.markLength(buffer))
            columns = try header(&scanner)
            cells = try rows(&scanner, width: columns.count, limits: limits, lines: &lines)
        }
        return DataTable(label: label, columns: columns, bytes: bytes, cells: cells, lines: lines)
    }

    private static func header(_ scanner: inout CSVScanner) throws(DataError) -> [String] {
        guard scanner.startRow() else {
            throw DataError(
                "there is no line with the names of the columns", remedy: "begin with one, such as `id,price`")
        }
        var columns: [String] = []
        var known: Set<String> = []
        var isLast = false
        while !isLast {
            let cell: DataCell
            (cell, isLast) = try scanner.field()
            let name = scanner.text(cell)
            guard ColumnName.isValid(name) else { throw ColumnName.error(name, line: scanner.rowLine) }
            guard known.insert(name).inserted else {
                throw DataError("two columns are named `\(name)`", remedy: "rename one of them", line: scanner.rowLine)
            }
            columns.append(name)
        }
        return columns
    }

    private static func rows(
        _ scanner: inout CSVScanner, width: Int, limits: DataLimits, lines: inout [UInt32]
    ) throws(DataError) -> [DataCell] {
        var cells: [DataCell] = []
        while scanner.startRow() {
            try limits.check(cells: cells.count + width, line: scanner.rowLine)
            lines.append(UInt32(truncatingIfNeeded: scanner.rowLine))
            let first = cells.count
            var isLast = false
            while !isLast {
                let cell: DataCell
                (cell, isLast) = try scanner.field()
                // What is too much is counted for the message, not kept.
                guard cells.count - first < width else {
                    var count = width + 1
                    while !isLast {
                        (_, isLast) = try scanner.field()
                        count += 1
                    }
                    throw uneven(scanner, count, width, first: cells[first])
                }
                cells.append(cell)
            }
            guard cells.count - first == width else {
                throw uneven(scanner, cells.count - first, width, first: cells[first])
            }
        }
        guard !cells.isEmpty else {
            throw DataError("there is no row below the names of the columns", remedy: "add one row at least")
        }
        return cells
    }

    private static func uneven(_ scanner: CSVScanner, _ count: Int, _ width: Int, first: DataCell) -> DataError {
        DataError(
            "the row that begins with `\(DataText.excerpt(scanner.text(first)))` has \(count) value\(count == 1 ? "" : "s"), "
                + "and there \(width == 1 ? "is 1 column" : "are \(width) columns")",
            remedy:
                "give each row as many values as the first line has names; a comma inside a value needs quotes around it",
            line: scanner.rowLine)
    }
}
