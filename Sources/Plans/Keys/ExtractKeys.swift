import Core
import Flows

/// `extract:` values to take from a response, by name.
enum ExtractKeys {
    struct Draft: Sendable {
        var json: JSONPath?
        var pick = Pick.first
        var regex: Pattern?
        var group: Int?
        var header: String?
        var cookie: String?
        var standard: Template?
    }

    static let form: Form<[NamedExtraction]> = Forms.map(
        key: "name", kind: .either([.text("JSONPath, or `status`"), record.form { _, _ in () }.kind]), of: "values"
    ) { entry, context in
        guard let slot = slot(named: entry, &context) else { return nil }
        let name = entry.key
        let extraction: Extraction?
        if case .map = entry.value.content {
            extraction = record.form { entries, context in finish(entries, slot: slot, &context) }
                .read(entry.value, &context)
        } else if entry.value.text == "status" {
            extraction = Extraction(slot: slot, source: .status)
        } else {
            extraction = Form<JSONPath>.path.read(entry.value, &context).map {
                Extraction(slot: slot, source: .json($0, .first))
            }
        }
        return extraction.map { NamedExtraction(name: name, extraction: $0) }
    }

    /// The slot of the value that the key of an entry names; nil after a complaint.
    static func slot(named entry: PlanNode.Entry, _ context: inout ReadingContext) -> Int? {
        guard VariableName.isValid(entry.key), !entry.key.contains("."), entry.key != "status" else {
            context.complain(
                .variable, at: entry.keyPlace,
                "`\(entry.key.printable)` is no name of a value, which has letters, digits, `_` and `-`, begins with a letter and "
                    + "is not `status`",
                remedy: "write a name such as `cart`")
            return nil
        }
        context.extracted.append(Placed(value: entry.key, place: entry.keyPlace))
        return context.variables.slot(of: entry.key)
    }

    /// A default is typed as JSON would type it.
    private static func kind(of node: PlanNode?) -> Value.Kind {
        guard let node, let text = node.text else { return .text }
        switch JSONText.render(node) {
        case "true", "false": return .boolean
        case let json where json == text && JSONText.isNumber(json): return .number
        default: return .text
        }
    }

    private static let record = Record<Draft>(
        "extract", noun: "an extraction",
        doc: """
            Where a value comes from: one of `json`, `regex`, `header` and `cookie`. In place of the map, a \
            [JSONPath](#jsonpath) alone is `json`, and `status` is the status of the response. From then on `{{name}}` is the \
            value, in the rest of the scenario; what `setup` extracts every user has.
            """,
        example: """
            scenarios:
              browse:
                - get: /products
                  extract:
                    first: $.items[0].id
                    any: { json: "$.items[*].id", pick: random }
                    csrf: { regex: 'name="csrf" value="([^"]+)"', default: none }
                    page: { header: X-Page }
            """,
        start: Draft(),
        keys: [
            .optional(
                "json", .path, into: \.json, doc: "A [JSONPath](#jsonpath) into the body.", example: "$.items[*].id"),
            .optional(
                "pick", .choice(["first": .first, "last": .last, "random": .random, "count": .count]), into: \.pick,
                default: "first", doc: "Which of the values that `json` finds; `count` is how many there are.",
                example: "random"),
            .optional(
                "regex", .pattern, into: \.regex,
                doc: "A [regular expression](#regular-expressions) that is searched in the body.",
                example: "\"id=([0-9]+)\""),
            .optional(
                "group", .count(0...99, as: "a group"), into: \.group, default: "1, or 0 without groups",
                doc: "Which group of `regex`, counted by its opening parenthesis; 0 is the whole match.", example: "1"),
            .optional(
                "header", Form(.text("name"), text: HTTPText.anyHeaderName), into: \.header,
                doc: "A header of the response.",
                example: "Location"),
            .optional(
                "cookie", .text("name"), into: \.cookie, doc: "A cookie that the response sets.", example: "session"),
            .optional(
                "default", .template("text", .none), into: \.standard,
                doc: "The value when nothing is found; without it the call fails then, as `check_failed`.",
                example: "none"),
        ])

    private static func finish(
        _ entries: Entries<Draft>, slot: Int, _ context: inout ReadingContext
    ) -> Extraction? {
        let sources = entries.present(["json", "regex", "header", "cookie"])
        guard sources.count == 1, let source = sources.first else {
            context.complain(
                sources.isEmpty ? .missing : .conflict,
                at: sources.isEmpty ? entries.node.place : entries[sources[1]] ?? entries.node.place,
                sources.isEmpty
                    ? "the map does not say where the value comes from"
                    : "`\(sources[0])` and `\(sources[1])` stand in one extraction, and a value comes from one place",
                remedy: sources.isEmpty ? "write `json`, `regex`, `header` or `cookie`" : "keep one of them")
            return nil
        }
        for (key, owner) in [("pick", "json"), ("group", "regex")] where source != owner {
            if let place = entries[key] {
                context.complain(
                    .conflict, at: place, "`\(key)` belongs to `\(owner)`, and this value comes from `\(source)`",
                    remedy: "remove it")
                return nil
            }
        }
        let draft = entries.draft
        let from: Extraction.Source
        switch source {
        case "json":
            guard let path = draft.json else { return nil }
            from = .json(path, draft.pick)
        case "regex":
            guard let pattern = draft.regex else { return nil }
            let group = draft.group ?? min(1, pattern.groupCount)
            guard group <= pattern.groupCount else {
                context.complain(
                    .range, at: entries.place(of: "group"),
                    "`\(group)` is no group of the regular expression, which has \(pattern.groupCount)",
                    remedy: "put parentheses around the part that is wanted, or write a smaller number")
                return nil
            }
            from = .regex(pattern, group: group)
        case "header": from = .header(draft.header ?? "")
        default: from = .cookie(draft.cookie ?? "")
        }
        return Extraction(
            slot: slot, source: from, standard: draft.standard, standardKind: kind(of: entries.values["default"]))
    }
}
