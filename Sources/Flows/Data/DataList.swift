extension DataTable {
    /// Single values, written in the plan: one column without a name.
    /// - Throws: no values, or too many.
    package convenience init(list values: [Value], limits: DataLimits = .standard) throws(DataError) {
        try self.init(columns: [""], rows: values.map { [$0] }, limits: limits)
    }

    /// Rows written in the plan. The columns are the names of all rows, in the order of their first appearance; what a row
    /// lacks is missing there.
    /// - Throws: no rows, a name that is none or stands twice in one row, or too many values.
    package convenience init(
        list rows: [[(name: String, value: Value)]], limits: DataLimits = .standard
    ) throws(DataError) {
        var columns: [String] = []
        var indices: [String: Int] = [:]
        var table: [[Value]] = []
        for row in rows {
            var cells = [Value](repeating: .missing, count: columns.count)
            var seen: Set<Int> = []
            for (name, value) in row {
                let index: Int
                if let known = indices[name] {
                    index = known
                } else {
                    guard ColumnName.isValid(name) else { throw ColumnName.error(name, line: nil) }
                    index = columns.count
                    indices[name] = index
                    columns.append(name)
                    cells.append(.missing)
                }
                guard seen.insert(index).inserted else {
                    throw DataError("`\(name)` stands twice in one row of the list", remedy: "name each column once")
                }
                cells[index] = value
            }
            table.append(cells)
        }
        guard !table.isEmpty, !columns.isEmpty else { throw Self.emptyList }
        try self.init(columns: columns, rows: table, limits: limits)
    }

    /// Rows may be shorter than `columns`.
    private convenience init(columns: [String], rows: [[Value]], limits: DataLimits) throws(DataError) {
        guard !rows.isEmpty else { throw Self.emptyList }
        let (cellCount, overflow) = rows.count.multipliedReportingOverflow(by: columns.count)
        try limits.check(cells: overflow ? .max : cellCount, line: nil)
        var bytes: [UInt8] = []
        var cells: [DataCell] = []
        cells.reserveCapacity(cellCount)
        for row in rows {
            for value in row {
                cells.append(DataCell(value.kind, start: bytes.count, length: value.bytes.count))
                bytes.append(contentsOf: value.bytes)
                try limits.check(bytes: bytes.count)
            }
            for _ in row.count..<columns.count { cells.append(.missing) }
        }
        self.init(label: "list", columns: columns, bytes: bytes, cells: cells)
    }

    private static var emptyList: DataError {
        DataError("the list is empty", remedy: "give it one value at least, such as `[red, green]`")
    }
}

/// Names of columns: what may stand behind the source's name in a place, `id` in `{{product.id}}`.
enum ColumnName {
    static func isValid(_ name: String) -> Bool { VariableName.isValid(name) }

    static func error(_ name: String, line: Int?) -> DataError {
        name.isEmpty
            ? DataError(
                "a column has no name", remedy: "name each column in the first line, such as `id,price`", line: line)
            : DataError(
                "`\(name)` is no name of a column",
                remedy:
                    "begin with a letter or `_`, go on with letters, digits, `_`, `-` and `.`, and part columns by commas",
                line: line)
    }
}
