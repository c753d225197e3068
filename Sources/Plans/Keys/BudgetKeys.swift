import Core

/// `budgets:` limits that a run must keep, one per item: a text, or a map from a scope to a text.
enum BudgetKeys {
    /// A budget with the place of its scope; whether the scope exists is known only when the scenarios are.
    typealias Draft = Placed<Budget>

    static let form: Form<[Draft]> = Forms.list(item, of: "budgets")

    private static let item = Form<Draft>(
        .either([.text("`STAT OP LIMIT`"), .map(key: "scope", .text("`STAT OP LIMIT`"))])
    ) { node, context in
        switch node.content {
        case .scalar(let text, _):
            return read(text, offset: 0, in: node, scope: node.place, &context)
        case .map(let entries) where entries.count == 1:
            // `- buy: p95 < 400ms` is a map to YAML, and one budget to a person.
            guard let limit = entries[0].value.text else {
                context.complain(
                    .budget, at: entries[0].value.place,
                    "a budget belongs here, and this is \(entries[0].value.noun)",
                    remedy: "write it like `p95 < 400ms`")
                return nil
            }
            let scope = "\(entries[0].key): "
            return read(
                scope + limit, offset: scope.unicodeScalars.count, in: entries[0].value, scope: entries[0].keyPlace,
                &context)
        case .map:
            context.complain(
                .budget, at: node.place, "a budget is one line, and this map has several keys",
                remedy: "begin each budget with `- `")
        case .list:
            context.complain(
                .budget, at: node.place, "a budget is one line, and this is a list",
                remedy: "write each budget on a line of its own after one `- `")
        }
        return nil
    }

    /// - Parameter offset: how many scalars of `text` stand before `node`.
    private static func read(
        _ text: String, offset: Int, in node: PlanNode, scope: Place, _ context: inout ReadingContext
    ) -> Draft? {
        do throws(BudgetText.Misread) {
            var budget = try BudgetText.parse(text, counters: Set(context.counters))
            if node.place.origin == .plan { budget.line = node.place.line }
            return Placed(value: budget, place: scope)
        } catch {
            let position = text.offset(of: error.part, from: error.start) ?? text.offset(of: error.part, from: 0) ?? 0
            let length = error.part.trimmed.unicodeScalars.count
            let place = position < offset ? scope : node.place(offset: position - offset, length: length)
            context.complain(error.complaint, at: place)
            return nil
        }
    }

    /// The budgets, once it is known which scopes the plan has.
    static func resolve(
        _ budgets: [Draft], among scenarios: [Scenario], _ context: inout ReadingContext
    ) -> [Budget] {
        let names = BudgetNames(scenarios, counters: context.counters)
        for budget in budgets {
            let complaint = BudgetRules.complaint(about: budget.value, among: names) { context.nearest(to: $0, in: $1) }
            if let complaint { context.complain(complaint, at: budget.place) }
        }
        return budgets.map(\.value)
    }
}

extension String {
    /// How many scalars stand before the first place, from `start` on, at which `part`, blanks at its ends left out, begins.
    fileprivate func offset(of part: String, from start: Int) -> Int? {
        let text = Array(unicodeScalars)
        let word = Array(part.trimmed.unicodeScalars)
        guard !word.isEmpty, start + word.count <= text.count else { return nil }
        return (start...(text.count - word.count)).first { Array(text[$0..<$0 + word.count]) == word }
    }
}
