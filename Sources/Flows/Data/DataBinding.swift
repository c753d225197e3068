/// A data source at work: it draws into the variables that the plan uses.
///
/// A value, shared by all clients: a draw changes nothing in it.
package struct DataBinding: Sendable {
    package let source: DataSource
    private let seed: UInt64
    /// Where the values go; columns that nobody uses are not read.
    private let targets: [(column: Int, slot: Int)]
    private let content: Content

    private enum Content: Sendable {
        case table(DataTable, RowPicker)
        case generator(Generator)
    }

    /// - Parameters:
    ///   - targets: indices of `source.columns`, and the slots of the variables they go to.
    ///   - seed: the run's seed.
    package init(_ source: DataSource, targets: [(column: Int, slot: Int)], seed: UInt64) {
        precondition(
            targets.allSatisfy { source.columns.indices.contains($0.column) },
            "a target names a column that is not there")
        self.source = source
        self.targets = targets
        self.seed = seed
        switch source.kind {
        case .table(let table, let order, let atEnd):
            let picker = RowPicker(
                rows: table.rowCount, order: order, atEnd: atEnd, seed: seed, stream: source.stream)
            content = .table(table, picker)
        case .generator(let generator):
            content = .generator(generator)
        }
    }

    /// Binds the columns that have a slot in `table`, that is, those which some template or condition names.
    package init(_ source: DataSource, table: VariableTable, seed: UInt64) {
        var targets: [(column: Int, slot: Int)] = []
        for (column, name) in source.columns.enumerated() {
            if let slot = table.existing(source.variable(of: name)) { targets.append((column, slot)) }
        }
        self.init(source, targets: targets, seed: seed)
    }

    /// The slots it writes to.
    package var slots: [Int] { targets.map(\.slot) }

    /// Whether anything of the source is used.
    package var isUsed: Bool { !targets.isEmpty }

    /// Puts the values of one draw into their slots. The same number always gives the same values.
    /// - Parameters:
    ///   - ordinal: the number of the arrival, or of the user if the source is `perUser`; at least 0.
    ///   - wallNanoseconds: the time now, in nanoseconds since 1970, for timestamps.
    /// - Returns: false when the data have ended; the variables are as they were then.
    package func draw(ordinal: Int, wallNanoseconds: Int64, into variables: inout Variables) -> Bool {
        switch content {
        case .table(let table, let picker):
            guard let row = picker.row(at: ordinal) else { return false }
            for (column, slot) in targets { table.read(row: row, column: column, into: &variables[slot]) }
        case .generator(let generator):
            for (_, slot) in targets {
                generator.write(
                    ordinal: ordinal, seed: seed, stream: source.stream, wallNanoseconds: wallNanoseconds,
                    into: &variables[slot])
            }
        }
        return true
    }
}
