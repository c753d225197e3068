/// One entry of the plan's `data:`: where the values of `{{product.id}}` or `{{colour}}` come from.
package struct DataSource: Sendable {
    package enum Kind: Sendable {
        case table(DataTable, order: RowOrder, atEnd: AtEnd)
        case generator(Generator)
    }

    package let name: String
    package let kind: Kind
    /// Whether a user keeps one draw all its life, and the number of the draw is the user's; otherwise it is the arrival's.
    package let perUser: Bool
    /// Which random numbers are its own: those of one source do not move when another changes.
    package let stream: UInt64

    /// - Parameters:
    ///   - name: what places call it; a valid `VariableName`.
    ///   - index: which of the plan's sources it is, from 0.
    package init(name: String, kind: Kind, perUser: Bool = false, index: Int) {
        self.name = name
        self.kind = kind
        self.perUser = perUser
        // The upper half is the purpose, "data" in ASCII; the lower half tells sources apart.
        stream = 0x6461_7461 << 32 | UInt64(UInt32(truncatingIfNeeded: index))
    }

    /// The names of the columns; `[""]` when the source gives single values.
    package var columns: [String] {
        switch kind {
        case .table(let table, _, _): table.columns
        case .generator: [""]
        }
    }

    /// What places call a column: `product.id`, or the source's name alone for single values.
    package func variable(of column: String) -> String { column.isEmpty ? name : "\(name).\(column)" }

    /// The number of draws until the data end; nil when they never do.
    package var drawLimit: Int? {
        if case .table(let table, let order, .stop) = kind, order != .random { table.rowCount } else { nil }
    }

    /// One line for a reader of the plan: `products.csv: 3 rows, shuffled, repeated`.
    package var text: String {
        var text: String
        switch kind {
        case .generator(let generator):
            text = generator.text
        case .table(let table, let order, let atEnd):
            let noun = table.columns == [""] ? "value" : "row"
            text = "\(table.label): \(table.rowCount) \(noun)\(table.rowCount == 1 ? "" : "s")"
            switch order {
            case .sequential: text += ", in order"
            case .shuffled: text += ", shuffled"
            case .random: text += ", at random"
            }
            if order != .random { text += atEnd == .repeat ? ", repeated" : ", once" }
        }
        return perUser ? text + ", one per user" : text
    }
}
