import Core

/// The reference of all keys, written from the declarations that the reader works with: it cannot be out of date.
package enum PlanReference {
    /// The declaration of the whole plan, the root of all records: what a schema is written from.
    package static var plan: RecordDeclaration { PlanKeys.record.declaration }

    /// `Docs/plan.md`.
    package static var markdown: String {
        let records = plan.family
        var text = introduction
        for (index, record) in records.enumerated() {
            text += "\n" + section(record, isRoot: index == 0)
        }
        return ([text] + ReferenceTexts.all + [planned(records)]).joined(separator: "\n")
    }

    // MARK: Sections

    private static func section(_ record: RecordDeclaration, isRoot: Bool) -> String {
        var text = "## \(isRoot ? "The plan" : "`\(record.name)`")\n\n\(record.doc)\n\n"
        text += "```yaml\n\(record.example)\n```\n\n"
        text += "| key | value | default | what it is | example |\n|---|---|---|---|---|\n"
        for key in record.keys where key.standing != .planned {
            let standard =
                switch key.standing {
                case .required: "**required**"
                case .optional(let standard): standard.map(code) ?? ""
                case .planned: ""
                }
            text += "| `\(key.name)` | \(cell(key.kind.phrase)) | \(standard) | \(cell(key.doc)) | "
            text += "`\(cell(key.example))` |\n"
        }
        return text
    }

    /// A default that is a value stands as code, one that is a description as words.
    private static func code(_ standard: String) -> String {
        standard.contains(" ") ? cell(standard) : "`\(standard)`"
    }

    private static func cell(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }

    private static func planned(_ records: [RecordDeclaration]) -> String {
        var text = """
            ## Not supported yet

            These keys have a meaning that is not built yet. A plan that uses one is refused with a message that says so.


            """
        for record in records {
            for key in record.keys where key.standing == .planned {
                text += "- `\(key.name)` in \(record.name == plan.name ? "the plan" : "`\(record.name)`"): \(key.doc)\n"
            }
        }
        return text
    }

    // MARK: The beginning

    private static var introduction: String {
        """
        # The plan

        This page is written from the declarations that the reader itself works with; `make goldens` writes it again. Every
        mistake in a plan is reported with its line and column, and all of them at once: `gale check PLAN`.

        A plan is one YAML document, UTF-8, at most 1 MiB. Anchors, aliases, tags and keys that are not text are refused,
        and so are unknown keys and keys that stand twice. Nothing in a plan is executed.

        First come the values and all keys, from the [plan](#the-plan) down: [load](#load), [scenarios](#scenarios) and their
        [steps](#step), [data](#data), the [client](#client) and its policies, [endpoints](#endpoints), the [lab](#lab). Then
        come the small languages in texts: [places for values](#places-for-values), [conditions](#conditions),
        [JSONPath](#jsonpath), [regular expressions](#regular-expressions), [budgets](#budgets); and how a plan is changed
        [from outside](#values-from-outside) and by [variants](#changes-of-a-plan).

        ## Values

        A quantity carries its unit; a bare number is an error. Numbers are decimal, with `_` between digits where that
        helps: `10_000`.

        | value | how it is written | range |
        |---|---|---|
        | duration | `250ms`, `1.5s`, `1m30s`; units \(Units.timeUnits.reversed().map(\.name).joined(separator: ", ")) | up to \(Units.text(Units.maximumDuration)) |
        | rate | `500/s`, `30/m`, `100/h` | up to \(Int(Units.maximumRate.perSecond).grouped)/s |
        | size | `64B`, `2kB` (2,000 bytes), `1MiB` (1,048,576 bytes); units \(Units.sizeUnits.map(\.name).joined(separator: ", ")) | depends on the key |
        | bandwidth | `10MB/s`, `512kB/s`; units of size, per second | 1B/s to \(Units.text(bytes: Units.maximumSize))/s |
        | share | `5%`, `0.1%` | 0% to 100% |
        | factor | `3x`, `1.5x` | 1x to 1_000_000x |
        | number | `9`, `0.5` | 0.000001 to 1_000_000 |
        | whole number | `17`, `-1` | ±9 * 10^15 |
        | comparison | `<`, `<=`, `>` or `>=` and a quantity: `< 500ms` | |
        | `true` or `false` | these words only | |
        | file | a path; relative ones start at the plan's directory | must exist |

        """
    }
}
