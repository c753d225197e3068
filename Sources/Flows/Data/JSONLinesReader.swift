/// Reads JSON Lines: one object per line. The members of the objects are the columns, the union of all lines in the order
/// of their first appearance; values keep their types, and a member that a line lacks is missing there.
///
/// Lines of blanks are skipped. A member whose name cannot stand in a place (`@id`) is read over, since nothing can use it.
package enum JSONLinesReader {
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - label: what the table is called in messages.
    /// - Throws: what is wrong, with its line. The file must be UTF-8.
    package static func read(
        _ bytes: consuming [UInt8], label: String, limits: DataLimits = .standard
    ) throws(DataError) -> DataTable {
        try limits.check(bytes: bytes.count)
        try DataText.check(bytes)
        var rows = JSONRows(limits: limits)
        try bytes.withUnsafeMutableBufferPointer { (buffer) throws(DataError) in
            var start = DataText.markLength(buffer)
            var line = 1
            while start < buffer.count {
                let end = buffer[start...].firstIndex(of: 0x0A) ?? buffer.count
                try rows.append(&buffer, start..<end, line: line)
                start = end + 1
                line += 1
            }
        }
        guard rows.count > 0 else {
            throw DataError(
                "there is no object in the file", remedy: "write one object per line, such as `{\"id\": 1}`")
        }
        guard !rows.columns.isEmpty else {
            throw DataError(
                "no object has a member whose name can be used",
                remedy: "names begin with a letter or `_`, and have letters, digits, `_` and `-`")
        }
        return DataTable(label: label, columns: rows.columns, bytes: bytes, cells: try rows.cells(), lines: rows.lines)
    }
}

/// The rows read so far. A row has as many cells as columns were known at its end.
private struct JSONRows {
    let limits: DataLimits
    private(set) var columns: [String] = []
    /// Of each row.
    private(set) var lines: [UInt32] = []
    var count: Int { lines.count }
    private var indices: [String: Int] = [:]
    private var ragged: [DataCell] = []
    /// From which row on, rows have which width; ascending.
    private var widths: [(row: Int, width: Int)] = []
    /// The column of the member before, to guess the next by: files mostly have one order of members.
    private var guess = 0

    init(limits: DataLimits) { self.limits = limits }

    /// Reads one line of the file.
    mutating func append(
        _ bytes: inout UnsafeMutableBufferPointer<UInt8>, _ range: Range<Int>, line: Int
    ) throws(DataError) {
        var scanner = JSONLineScanner(bytes, range, line: line)
        guard scanner.startObject() else {
            if scanner.isBlank { return }
            throw scanner.error("is no object", at: range.lowerBound)
        }
        let first = ragged.count
        guess = 0
        try limits.check(cells: first + columns.count, line: line)
        for _ in columns { ragged.append(.missing) }
        while let name = try scanner.member() {
            let column = try column(named: name, bytes)
            let cell = try scanner.value(isKept: column != nil)
            guard let column else { continue }
            if first + column == ragged.count {
                try limits.check(cells: ragged.count + 1, line: line)
                ragged.append(cell)
            } else if ragged[first + column].kind == .missing {
                ragged[first + column] = cell
            } else {
                throw DataError(
                    "the object has two members `\(columns[column])`", remedy: "name each member once", line: line)
            }
        }
        try scanner.endLine()
        if widths.last?.width != columns.count { widths.append((count, columns.count)) }
        lines.append(UInt32(truncatingIfNeeded: line))
    }

    /// The column of a member, a new one when needed; nil when no place can name it.
    private mutating func column(named name: DataCell, _ bytes: UnsafeMutableBufferPointer<UInt8>) throws(DataError)
        -> Int?
    {
        let characters = bytes[name.range]
        if guess < columns.count, columns[guess].utf8.elementsEqual(characters) {
            guess += 1
            return guess - 1
        }
        let text = String(decoding: characters, as: UTF8.self)
        if let index = indices[text] {
            guess = index + 1
            return index
        }
        guard ColumnName.isValid(text) else { return nil }
        indices[text] = columns.count
        columns.append(text)
        guess = columns.count
        return columns.count - 1
    }

    /// The cells of all rows, each as wide as the table.
    func cells() throws(DataError) -> [DataCell] {
        if widths.count == 1 { return ragged }
        let (total, overflow) = count.multipliedReportingOverflow(by: columns.count)
        try limits.check(cells: overflow ? .max : total, line: nil)
        var cells: [DataCell] = []
        cells.reserveCapacity(total)
        var start = 0
        for (position, run) in widths.enumerated() {
            let end = position + 1 < widths.count ? widths[position + 1].row : count
            for _ in run.row..<end {
                cells.append(contentsOf: ragged[start..<(start + run.width)])
                for _ in run.width..<columns.count { cells.append(.missing) }
                start += run.width
            }
        }
        return cells
    }
}
