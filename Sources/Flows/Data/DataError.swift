/// What is wrong in a file of data, or in the description of a generator.
package struct DataError: Error, Hashable, Sendable {
    /// The line of the file, from 1; nil when the fault has no line.
    package let line: Int?
    /// One line, the offending text in backquotes.
    package let message: String
    package let remedy: String

    package init(_ message: String, remedy: String, line: Int? = nil) {
        self.line = line
        self.message = message
        self.remedy = remedy
    }
}

/// How large a table may be.
package struct DataLimits: Hashable, Sendable {
    /// Of the file, in bytes; at most 256 MiB, since a cell has 29 bits for its length.
    package let bytes: Int
    /// Rows times columns; a cell takes 8 bytes beside its text.
    package let cells: Int

    package init(bytes: Int, cells: Int) {
        self.bytes = min(bytes, 256 << 20)
        self.cells = cells
    }

    /// 256 MiB and 50 million cells.
    package static let standard = DataLimits(bytes: 256 << 20, cells: 50_000_000)

    func check(bytes count: Int) throws(DataError) {
        guard count <= bytes else {
            throw DataError(
                "the data have \(count) bytes, more than \(bytes)",
                remedy: "take a part of the rows; every row is kept in memory"
            )
        }
    }

    func check(cells count: Int, line: Int?) throws(DataError) {
        guard count <= cells else {
            throw DataError(
                "the data have more than \(cells) cells", remedy: "take a part of the rows, or leave out columns",
                line: line)
        }
    }
}
