import Core
import Flows

/// The keys of a step that say something to the client's policies: where it goes, how long it may take, what is done
/// when it fails.
enum StepPolicyKeys {
    struct Draft: Sendable {
        var key: Template?
        var timeout: Span?
        var retry: StepRetry?
        var fallback: Fallback?
        var batch: Int?
        var gathers: [Gather] = []
    }

    static let keys: [Field<StepKeys.Draft>] = [
        .optional(
            "key", .template("text", .none), into: \.policies.key,
            doc: "What the step is sharded by, a text with places; needs [`client.shard`](#clientshard).",
            example: "\"{{user}}\""),
        .optional(
            "batch", variable, into: \.policies.batch,
            doc:
                "The name of a value that is a JSON list of keys: each shard is asked once, with the list of its own keys "
                + "as the value. An empty list, or what is no list, fails the call as `unsendable_value`. Needs "
                + "`client.shard`.", example: "users"),
        .optional(
            "gather", gathers, into: \.policies.gathers,
            doc: "Values from the answers of several shards, by name, each by a [rule](#gather).",
            example: "{ total: { sum: $.count } }"),
        .optional(
            "timeout", .positiveDuration, into: \.policies.timeout, default: "the client's `total`",
            doc: "Longest time for a call of this step, from its intended start.", example: "5s"),
        .optional(
            "retry", .choice(["none": .none, "all": .allMethods]), into: \.policies.retry,
            default: "as `client.retry` says",
            doc: "`none` never tries the step again; `all` does although its method may not be repeated safely.",
            example: "all"),
        .optional(
            "fallback", fallback, into: \.policies.fallback,
            doc: "The answer in place of one that failed or was rejected; such a call is counted as a fallback.",
            example: "{ status: 200, json: { items: [] } }"),
    ]

    // MARK: Values

    private static let variable = Form<Int>(.text("name")) { node, context in
        guard let name = Form<String>.text("name").read(node, &context) else { return nil }
        guard VariableName.isValid(name), name != "status" else {
            context.complain(
                .variable, at: node.place, "`\(name.printable)` is no name of a value",
                remedy: "write the name alone, without braces, such as `users`")
            return nil
        }
        context.mention(name, at: node.place)
        return context.variables.slot(of: name)
    }

    private struct GatherDraft: Sendable {
        var paths: [Gather.Rule: JSONPath] = [:]

        subscript(rule: Gather.Rule) -> JSONPath? {
            get { paths[rule] }
            set { paths[rule] = newValue }
        }
    }

    private static let gathers: Form<[Gather]> = {
        let kind = rule.form { _, _ in () }.kind
        return Forms.map(key: "name", kind: kind, of: "values") { entry, context in
            guard let slot = ExtractKeys.slot(named: entry, &context) else { return nil }
            return rule.form { entries, context in
                let found = entries.draft.paths
                guard found.count == 1, let (rule, path) = found.first else {
                    context.complain(
                        found.isEmpty ? .missing : .conflict, at: entries.node.place,
                        found.isEmpty
                            ? "the map does not say how the values of the shards become one"
                            : "the map has more than one rule, and the values of the shards become one",
                        remedy: "write one of `sum`, `concat`, `min` and `max`")
                    return nil
                }
                return Gather(slot: slot, rule: rule, path: path)
            }.read(entry.value, &context)
        }
    }()

    private static let rule = Record<GatherDraft>(
        "gather", noun: "a gathered value",
        doc: """
            One value from the answers of all shards that a step went to: one of these rules, with a [JSONPath](#jsonpath) \
            into each body. From then on `{{name}}` is the value, as if it had been extracted. A step that gathers has no \
            `key`; one without `gather` and without `key` only waits for all answers.
            """,
        example: """
            endpoints: [10.0.0.11:8443, 10.0.0.12:8443]
            client: { shard: ring }
            scenarios:
              search:
                - get: /search?q=shoes
                  gather:
                    total: { sum: $.count }
                    names: { concat: "$.items[*].name" }
                    cheapest: { min: $.lowest }
            """,
        start: GatherDraft(),
        keys: [
            .optional("sum", .path, into: \.[.sum], doc: "Numbers, added.", example: "$.count"),
            .optional(
                "concat", .path, into: \.[.concat], doc: "All values that are found, as one JSON list.",
                example: "\"$.items[*].name\""),
            .optional("min", .path, into: \.[.min], doc: "The smallest number.", example: "$.lowest"),
            .optional("max", .path, into: \.[.max], doc: "The largest number.", example: "$.highest"),
        ])

    private struct FallbackDraft: Sendable {
        var status: Int32 = 200
        var text: Template?
        var json: Template?
    }

    private static let fallback: Form<Fallback> = Record<FallbackDraft>(
        "fallback", noun: "`fallback`",
        doc: "The answer that stands for one that failed or was rejected: values are extracted from it, and the flow "
            + "goes on.",
        example: """
            scenarios:
              browse:
                - get: /recommendations
                  timeout: 200ms
                  fallback: { status: 200, json: { items: [] } }
            """,
        start: FallbackDraft(),
        keys: [
            .optional("status", LabKeys.status, into: \.status, default: "200", doc: "Its status.", example: "203"),
            .optional("text", .template("text", .none), into: \.text, doc: "Its body as it stands.", example: "none"),
            .optional(
                "json", Form(.any, JSONTemplate.read), into: \.json, takesNull: true, doc: "Its body as a value.",
                example: "{ items: [] }"),
        ]
    ).form { entries, context in
        if entries["text"] != nil, let place = entries["json"] {
            context.complain(
                .conflict, at: place, "`text` and `json` stand in one fallback, which has one body",
                remedy: "keep one of them")
            return nil
        }
        var fallback = Fallback()
        fallback.status = entries.draft.status
        fallback.body = entries.draft.text ?? entries.draft.json
        return fallback
    }

    // MARK: From draft to step

    /// - Returns: false after a complaint.
    static func finish(
        _ step: inout Step, _ entries: Entries<StepKeys.Draft>, _ context: inout ReadingContext
    ) -> Bool {
        let draft = entries.draft.policies
        for other in ["batch", "gather"] where entries["key"] != nil {
            guard let place = entries[other] else { continue }
            context.complain(
                .conflict, at: place,
                "`\(other)` and `key` stand in one step: with a `key` it goes to one shard, with `\(other)` to several",
                remedy: "keep one of them")
            return false
        }
        step.key = draft.key
        step.timeout = draft.timeout
        step.retry = draft.retry
        step.fallback = draft.fallback
        step.batch = draft.batch
        step.gathers = draft.gathers
        let words = ReadingContext.ShardedStep(
            key: entries["key"], batch: entries["batch"], gather: entries["gather"], extract: entries["extract"])
        if words.key != nil || words.batch != nil || words.gather != nil || words.extract != nil {
            context.sharded.append(words)
        }
        return true
    }
}
