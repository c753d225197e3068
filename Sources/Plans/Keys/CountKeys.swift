import Core
import Flows

/// `count:` what a successful call adds to business counters.
enum CountKeys {
    struct Draft: Sendable {
        var amount: CountRule.Amount?
        var tags: [HeaderTemplate] = []
    }

    static let form: Form<[CountRule]> = {
        let form = counters
        return Form(form.kind) { node, context in
            guard !context.isAside else {
                context.complain(
                    .conflict, at: node.place, "a counter is of the load alone, and these steps are made beside it",
                    remedy: "remove `count` here")
                return nil
            }
            return form.read(node, &context)
        }
    }()

    private static let counters: Form<[CountRule]> = Forms.map(
        key: "counter", kind: .either([amount.kind, record.form { _, _ in () }.kind]), of: "counters"
    ) { entry, context in
        guard let counter = context.placeOfCounter[entry.key], isName(entry.key) else {
            let isFigure = VariableName.isValid(entry.key) && !entry.key.contains(".")
            context.complain(
                .name, at: entry.keyPlace,
                isFigure
                    ? "`\(entry.key.printable)` is no name of a counter, because it is a word of budgets"
                    : "`\(entry.key.printable)` is no name of a counter, which has letters, digits, `_` and `-` and begins "
                        + "with a letter", remedy: "write a name such as `orders`")
            return nil
        }
        if case .map = entry.value.content {
            let form = record.form { entries, _ in
                CountRule(
                    counter: counter, amount: entries.draft.amount ?? .constant(1), tags: entries.draft.tags)
            }
            return form.read(entry.value, &context)
        }
        return amount.read(entry.value, &context).map { CountRule(counter: counter, amount: $0) }
    }

    /// Whether a counter may be called so: budgets must tell it from their own figures.
    static func isName(_ text: String) -> Bool {
        guard VariableName.isValid(text), !text.contains(".") else { return false }
        let isPercentile = text.first == "p" && text.dropFirst().first?.isNumber == true
        return !isPercentile
            && !(StatisticText.figures + ["warn", "abort", "for", BudgetWords.baseline]).contains(text)
    }

    /// The names under every `count:` of a plan's scenarios, in the order of the text.
    static func names(in node: PlanNode) -> [String] {
        var names: [String] = []
        var seen: Set<String> = []
        func look(_ steps: PlanNode) {
            guard case .list(let items) = steps.content else { return }
            for item in items {
                guard case .map(let entries) = item.content else { continue }
                for entry in entries {
                    if entry.key == "count", case .map(let counters) = entry.value.content {
                        names += counters.map(\.key).filter { seen.insert($0).inserted }
                    } else if ["steps", "else", "parallel"].contains(entry.key) {
                        look(entry.value)
                    }
                }
            }
        }
        guard case .map(let scenarios)? = node.entry("scenarios")?.value.content else { return names }
        for scenario in scenarios { look(scenario.value.entry("steps")?.value ?? scenario.value) }
        return names
    }

    private static let record = Record<Draft>(
        "count", noun: "a counter",
        doc: """
            What a successful call adds to a counter, and under which tags. Reports show the sums, and budgets can ask for \
            them: `orders >= 100`, `orders > 10/s`. At most 64 combinations of tags are told apart; what comes later is \
            counted under `other`. Calls of warm-up phases, of `setup` and of `teardown` count nothing.
            """,
        example: """
            scenarios:
              buy:
                - post: /orders
                  count: { orders: 1, revenue: $.total, paid: { add: $.total, tags: { kind: card } } }
            """,
        start: Draft(),
        keys: [
            .optional("add", amount, into: \.amount, default: "1", doc: "How much.", example: "$.total"),
            .optional(
                "tags", HeaderForms.pairs("tags", of: "tags", .none), into: \.tags, doc: "Names and values.",
                example: "{ kind: card }"),
        ])

    private static let amount = Form<CountRule.Amount>(.text("number, JSONPath or text with places")) {
        node, context in
        guard let text = Form<String>.text("number").read(node, &context) else { return nil }
        if text.first == "$" { return Form<JSONPath>.path.read(node, &context).map { .json($0) } }
        if text.contains("{{") { return context.template(.none, at: node).map { .template($0) } }
        guard let number = NumberText.decimal(text) else {
            context.complain(
                .number, at: node.place, "`\(text.printable)` is no number, no JSONPath and no text with a place",
                remedy: "write one of these, such as `1`, `$.total` or `{{total}}`")
            return nil
        }
        return .constant(number)
    }
}
