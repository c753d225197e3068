/// Where one value of a table stands in its bytes, and of which kind it is.
struct DataCell: Hashable, Sendable {
    let start: UInt32
    /// The length in the lower 29 bits, the kind above.
    private let extent: UInt32

    /// - Precondition: 0 ≤ start, 0 ≤ length ≤ 2^29 − 1; `DataLimits` sees to it.
    init(_ kind: Value.Kind, start: Int, length: Int) {
        self.start = UInt32(truncatingIfNeeded: start)
        extent = UInt32(kind.rawValue) << 29 | UInt32(truncatingIfNeeded: length) & 0x1FFF_FFFF
    }

    static let missing = DataCell(.missing, start: 0, length: 0)

    var kind: Value.Kind { Value.Kind(rawValue: UInt8(extent >> 29)) ?? .missing }
    var length: Int { Int(extent & 0x1FFF_FFFF) }
    var range: Range<Int> { Int(start)..<(Int(start) + length) }
}

/// Rows of values with named columns: what a file or a list of the plan holds. It never changes, and all clients share it.
///
/// The bytes are the file's own; a cell is a range of them, so that a table of a million rows is a handful of allocations.
package final class DataTable: Sendable {
    /// What it is called in messages: the file as the plan names it, or `list`.
    package let label: String
    /// The names of the columns, in the order of the file; one column named `` (nothing) holds single values.
    package let columns: [String]
    /// At least 1.
    package let rowCount: Int

    private let bytes: [UInt8]
    /// Row by row.
    private let cells: [DataCell]

    /// Where each row begins in the file; empty when there is no file.
    private let lines: [UInt32]

    init(label: String, columns: [String], bytes: [UInt8], cells: [DataCell], lines: [UInt32] = []) {
        precondition(
            !columns.isEmpty && !cells.isEmpty && cells.count.isMultiple(of: columns.count),
            "\(cells.count) cells are no rows of \(columns.count) columns")
        self.label = label
        self.columns = columns
        self.bytes = bytes
        self.cells = cells
        self.lines = lines
        rowCount = cells.count / columns.count
    }

    /// The column of that name, from 0; nil when there is none.
    package func column(named name: String) -> Int? { columns.firstIndex(of: name) }

    /// The line of the file where a row begins, from 1, for messages; nil when there is no file.
    package func line(ofRow row: Int) -> Int? { lines.indices.contains(row) ? Int(lines[row]) : nil }

    /// Puts a cell into `value`, keeping the memory of the value.
    /// - Precondition: 0 ≤ row < rowCount, 0 ≤ column < columns.count.
    package func read(row: Int, column: Int, into value: inout Value) {
        let cell = cell(row, column)
        value.set(cell.kind) { $0.append(contentsOf: bytes[cell.range]) }
    }

    /// The bytes of one value, not copied.
    /// - Precondition: as above.
    package func bytes(row: Int, column: Int) -> ArraySlice<UInt8> { bytes[cell(row, column).range] }

    /// One value; a new one each time.
    package func value(row: Int, column: Int) -> Value {
        let cell = cell(row, column)
        return Value(kind: cell.kind, bytes: Array(bytes[cell.range]))
    }

    private func cell(_ row: Int, _ column: Int) -> DataCell {
        precondition(columns.indices.contains(column), "there is no column \(column)")
        return cells[row * columns.count + column]
    }
}
