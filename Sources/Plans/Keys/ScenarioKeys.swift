/// `scenarios:` weighted flows of steps, by name.
enum ScenarioKeys {
    struct Draft: Sendable {
        var weight = 1.0
        var steps: [Step]?
    }

    /// Name to a map with weight and steps, or to the list of steps alone.
    static let form: Form<[Scenario]> = Forms.map(
        key: "name", kind: .either([record.form { _, _ in () }.kind, .list(StepKeys.form.kind)]), of: "scenarios"
    ) { entry, context in
        let name: String
        do throws(Complaint) {
            name = try NameText.scenario(entry.key)
        } catch {
            context.complain(error, at: entry.keyPlace)
            return nil
        }
        if case .list = entry.value.content {
            return steps.read(entry.value, &context).map { Scenario(name: name, steps: $0) }
        }
        let form = record.form { entries, _ in
            entries.draft.steps.map { Scenario(name: name, weight: entries.draft.weight, steps: $0) }
        }
        return form.read(entry.value, &context)
    }

    /// What a plan without scenarios does.
    static let standard = [Scenario(name: "main", steps: [Step(name: "GET /", path: "/")])]

    private static let record = Record<Draft>(
        "scenarios", noun: "a scenario",
        doc: """
            Weighted flows of steps, by name; each arrival is one run through one of them. A scenario of weight 1 can \
            be written as the list of its steps alone. Without scenarios a plan requests `GET /`.
            """,
        example: """
            scenarios:
              browse:
                weight: 9
                steps:
                  - get: /products
              buy:
                - post: /orders
                  json: { product: 17 }
            """,
        start: Draft(),
        keys: [
            .optional(
                "weight", .number("a weight"), into: \.weight, default: "1",
                doc: "Share of the arrivals, relative to the other scenarios.", example: "9"),
            .required("steps", steps, into: \.steps, doc: "The steps; one for now.", example: "[{ get: /products }]"),
            .planned("think", doc: "How long to wait between steps."),
            .planned("data", doc: "Values for the templates of the steps."),
        ])

    private static let steps: Form<[Step]> = {
        let list = Forms.list(StepKeys.form, of: "steps")
        return Form(list.kind) { node, context in
            guard let steps = list.read(node, &context) else { return nil }
            if case .list(let nodes) = node.content, nodes.count > 1 {
                context.complain(
                    .unsupported, at: nodes[1].place, "a second step in a scenario is not supported yet",
                    remedy: "make a scenario of its own of it")
                return nil
            }
            return steps
        }
    }()
}
