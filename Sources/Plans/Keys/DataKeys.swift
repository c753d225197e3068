import Core
import Flows

/// `data:` where the values of places come from, by name.
enum DataKeys {
    struct Draft: Sendable {
        var csv: DataTable?
        var jsonLines: DataTable?
        var list: DataTable?
        var counter: Int?
        var step = 1
        var integer: ClosedRange<Int>?
        var choice: Choice?
        var uuid: Bool?
        var timestamp: Generator.TimestampForm?
        var length: Int?
        var alphabet = RandomText.Alphabet.alphanumeric
        var zipf: ClosedRange<Int>?
        var exponent = 1.0
        var mean: Double?
        var deviation: Double?
        var from: Int?
        var to: Int?
        var order = RowOrder.sequential
        var atEnd = AtEnd.repeat
        var perUser = false
    }

    static let form: Form<[DataSource]> = Forms.map(
        key: "name", kind: record.form { _, _ in () }.kind, of: "data sources"
    ) { entry, context in
        guard VariableName.isValid(entry.key), !entry.key.contains("."), entry.key != "status" else {
            context.complain(
                .variable, at: entry.keyPlace,
                "`\(entry.key.printable)` is no name of a data source, which has letters, digits, `_` and `-`, begins with a "
                    + "letter and is not `status`",
                remedy: "write a name such as `product`")
            return nil
        }
        let index = context.placeOfSource[entry.key] ?? 0
        let form = record.form { entries, context in
            kind(entries, &context).map {
                DataSource(name: entry.key, kind: $0, perUser: entries.draft.perUser, index: index)
            }
        }
        return form.read(entry.value, &context)
    }

    /// The names under `data:`, in the order of the text.
    static func names(in node: PlanNode) -> [String] {
        guard case .map(let entries) = node.content, let data = entries.first(where: { $0.key == "data" }),
            case .map(let sources) = data.value.content
        else { return [] }
        return sources.map(\.key)
    }

    private static let record = Record<Draft>(
        "data", noun: "a data source",
        doc: """
            Sources of values, by name. A source has rows with columns, `{{product.id}}`, or single values, `{{colour}}`. It \
            is one of `csv`, `json-lines`, `list`, `counter`, `integer`, `choice`, `uuid`, `timestamp`, `string`, `zipf` and \
            `normal`; the other keys belong to one or some of these.

            A value is drawn when a user begins a scenario. It stays until the scenario ends, or until [`next`](#pause) draws \
            again. The same seed gives the same values to the same arrival, whatever the number of clients, and no row is taken \
            twice before all were taken, unless `order` is `random`.
            """,
        example: """
            data:
              product: { list: [{ id: 17, name: shoe }, { id: 18, name: sock }], order: shuffled }
              colour: { choice: { red: 3, green: 1 } }
              customer: { integer: 1 to 1_000_000, per: user }
            scenarios:
              browse:
                - get: /products/{{product.id}}?colour={{colour}}&customer={{customer}}
            """,
        start: Draft(),
        keys: [
            .optional(
                "csv", DataForms.table { bytes, label throws(DataError) in try CSVReader.read(bytes, label: label) },
                into: \.csv,
                doc:
                    "A file of comma-separated values in the plan's directory or below, at most 256 MiB; its first line names "
                    + "the columns. Values are texts.", example: "products.csv"),
            .optional(
                "json-lines",
                DataForms.table { bytes, label throws(DataError) in try JSONLinesReader.read(bytes, label: label) },
                into: \.jsonLines,
                doc: "A file with a JSON object per line; its members are the columns and keep their types.",
                example: "products.jsonl"),
            .optional(
                "list", DataForms.list, into: \.list,
                doc: "Values, or maps whose keys are the columns; values keep their types.",
                example: "[red, green]"),
            .optional(
                "counter", DataForms.integer("a start"), into: \.counter,
                doc: "Whole numbers that count up from here, also over several clients.", example: "1"),
            .optional(
                "step", DataForms.integer("a step"), into: \.step, default: "1",
                doc: "What is added to `counter` each time; may be negative.", example: "10"),
            .optional(
                "integer", DataForms.range, into: \.integer,
                doc: "A random whole number, each as likely as the others.",
                example: "1 to 10"),
            .optional(
                "choice", DataForms.choice, into: \.choice, doc: "One of several texts, with their weights.",
                example: "{ small: 5, large: 1 }"),
            .optional(
                "uuid", .choice(["random": true]), into: \.uuid, doc: "A UUID (version 4), made from the seed.",
                example: "random"),
            .optional(
                "timestamp", .choice(["iso": .iso, "seconds": .seconds, "milliseconds": .milliseconds]),
                into: \.timestamp, doc: "The time of the draw: as in RFC 3339, in UTC, or as a number since 1970.",
                example: "iso"),
            .optional(
                "string", .count(1...4_096, of: "characters"), into: \.length, doc: "A random text of that length.",
                example: "16"),
            .optional(
                "of",
                .choice([
                    "alphanumeric": .alphanumeric, "letters": .letters, "lowercase": .lowercase, "digits": .digits,
                    "hex": .hex,
                ]), into: \.alphabet, default: "alphanumeric", doc: "What `string` is made of.", example: "hex"),
            .optional(
                "zipf", DataForms.range, into: \.zipf,
                doc:
                    "A random whole number; the kth of the range is drawn in proportion to 1 / k^exponent, so that few are asked for "
                    + "most often.",
                example: "1 to 100_000"),
            .optional(
                "exponent", .number("an exponent"), into: \.exponent, default: "1",
                doc: "How uneven `zipf` is; 1 is common.", example: "1.1"),
            .optional(
                "normal", DataForms.signed("a mean"), into: \.mean, doc: "A random whole number around this mean.",
                example: "50"),
            .optional(
                "deviation", .number("a deviation"), into: \.deviation,
                doc: "The standard deviation of `normal`, which needs it.",
                example: "10"),
            .optional(
                "from", DataForms.integer("a bound"), into: \.from,
                doc: "The smallest number of `normal`; smaller ones are drawn again.", example: "0"),
            .optional(
                "to", DataForms.integer("a bound"), into: \.to,
                doc: "The largest number of `normal`; larger ones are drawn again.", example: "100"),
            .optional(
                "order", .choice(["sequential": .sequential, "shuffled": .shuffled, "random": .random]), into: \.order,
                default: "sequential",
                doc:
                    "How rows of `csv`, `json-lines` and `list` follow each other: as they stand, each once in a random order, or "
                    + "any row each time.",
                example: "shuffled"),
            .optional(
                "at-end", .choice(["repeat": .repeat, "stop": .stop]), into: \.atEnd, default: "repeat",
                doc: "After the last row: begin again, or end the load; not with `order: random`.", example: "stop"),
            .optional(
                "per", .choice(["arrival": false, "user": true]), into: \.perUser, default: "arrival",
                doc: "Who draws: every run through a scenario, or each user of a closed phase once for all its runs.",
                example: "user"),
        ])

    // MARK: From draft to source

    private static let kinds = [
        "csv", "json-lines", "list", "counter", "integer", "choice", "uuid", "timestamp", "string", "zipf", "normal",
    ]

    /// Which keys belong to one kind only.
    private static let owners = [
        ("step", ["counter"]), ("of", ["string"]), ("exponent", ["zipf"]), ("deviation", ["normal"]),
        ("from", ["normal"]), ("to", ["normal"]), ("order", ["csv", "json-lines", "list"]),
        ("at-end", ["csv", "json-lines", "list"]),
    ]

    private static func kind(_ entries: Entries<Draft>, _ context: inout ReadingContext) -> DataSource.Kind? {
        let present = entries.present(kinds)
        guard present.count == 1, let kind = present.first else {
            context.complain(
                present.isEmpty ? .missing : .conflict,
                at: present.count > 1 ? entries[present[1]] ?? entries.node.place : entries.node.place,
                present.isEmpty
                    ? "the source does not say where its values come from"
                    : "`\(present[0])` and `\(present[1])` stand in one source, and values come from one place",
                remedy: present.isEmpty
                    ? "write one of " + kinds.map { "`\($0)`" }.joined(separator: ", ")
                    : "keep one of them, and make a source of its own of the other")
            return nil
        }
        for (key, owners) in owners where !owners.contains(kind) {
            if let place = entries[key] {
                context.complain(
                    .conflict, at: place,
                    "`\(key)` belongs to " + owners.map { "`\($0)`" }.joined(separator: ", ")
                        + ", and the source is `\(kind)`", remedy: "remove it")
                return nil
            }
        }
        if entries.draft.order == .random, entries.draft.atEnd == .stop, let place = entries["at-end"] {
            context.complain(
                .conflict, at: place, "rows in the order `random` have no end, and `at-end: stop` waits for it",
                remedy: "write `order: shuffled`, which takes each row once, or remove `at-end`")
            return nil
        }
        if entries.draft.perUser, entries.draft.atEnd == .stop, let place = entries["at-end"] {
            context.complain(
                .conflict, at: place, "users who keep their row never come to an end, and `at-end: stop` waits for it",
                remedy: "remove `at-end`; with fewer rows than users some share one")
            return nil
        }
        if kind == "normal", entries.draft.deviation == nil {
            context.complain(
                .missing, at: entries.place(of: kind), "`deviation` is missing, and `normal` needs it",
                remedy: "write it, such as `deviation: 10`")
            return nil
        }
        return DataForms.complaining(at: entries.values[kind] ?? entries.node, &context) { () throws(DataError) in
            try make(kind, entries.draft)
        } ?? nil
    }

    private static func make(_ kind: String, _ draft: Draft) throws(DataError) -> DataSource.Kind? {
        switch kind {
        case "counter": return .generator(.counter(start: draft.counter ?? 1, step: draft.step))
        case "integer": return draft.integer.map { .generator(.integer($0)) }
        case "choice": return draft.choice.map { .generator(.choice($0)) }
        case "uuid": return .generator(.uuid)
        case "timestamp": return draft.timestamp.map { .generator(.timestamp($0)) }
        case "string": return .generator(.string(try RandomText(length: draft.length ?? 1, of: draft.alphabet)))
        case "zipf":
            guard let range = draft.zipf else { return nil }
            return .generator(.zipf(try Zipf(range, exponent: draft.exponent)))
        case "normal":
            let widest = Normal.widest
            let (from, to) = (draft.from ?? widest.lowerBound, draft.to ?? widest.upperBound)
            guard from <= to else {
                throw DataError("`from` is \(from), more than `to` (\(to))", remedy: "swap them")
            }
            return .generator(
                .normal(try Normal(mean: draft.mean ?? 0, deviation: draft.deviation ?? 0, range: from...to)))
        default:
            let table = draft.csv ?? draft.jsonLines ?? draft.list
            return table.map { .table($0, order: draft.order, atEnd: draft.atEnd) }
        }
    }
}
