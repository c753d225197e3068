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
            return Placed(value: try BudgetText.parse(text, counters: Set(context.counters)), place: scope)
        } catch {
            let position = text.offset(of: error.part) ?? 0
            let length = error.part.trimmed.unicodeScalars.count
            let place = position < offset ? scope : node.place(offset: position - offset, length: length)
            context.complain(error.complaint, at: place)
            return nil
        }
    }

    /// The budgets whose scopes are scenarios or steps of the plan.
    static func resolve(
        _ budgets: [Draft], among scenarios: [Scenario], _ context: inout ReadingContext
    ) -> [Budget] {
        let names = scenarios.flatMap { scenario in
            [scenario.name] + scenario.steps.map { "\(scenario.name)/\($0.name)" }
                + scenario.transactions.map { "\(scenario.name)/\($0)" }
        }
        let known = Set(names)
        for budget in budgets {
            guard let scope = budget.value.scope else { continue }
            guard known.contains(scope) else {
                let near = context.nearest(to: scope, in: names)
                context.complain(
                    .scope, at: budget.place, "`\(scope.printable)` is no scenario, step or transaction of this plan",
                    remedy: near.map { "did you mean `\($0)`?" }
                        ?? "known are " + names.prefix(8).map { "`\($0)`" }.joined(separator: ", "))
                continue
            }
            if case .counter(let name, _) = budget.value.statistic {
                context.complain(
                    .scope, at: budget.place, "`\(name)` is counted over the whole run and has no scope",
                    remedy: "write `\(name)` without `\(scope.printable):`")
                continue
            }
            // Arrivals are dropped before anybody has looked at what they would have been; attempts are counted as the
            // client makes them, whatever step they are of.
            guard budget.value.statistic != .dropped, budget.value.statistic != .amplification else {
                let figure = budget.value.statistic.description
                context.complain(
                    .scope, at: budget.place, "`\(figure)` is a figure of the whole run and has no scope",
                    remedy: "write `\(figure)` without `\(scope.printable):`")
                continue
            }
        }
        return budgets.map(\.value)
    }
}

extension String {
    /// How many scalars stand before the first place at which `part`, blanks at its ends left out, begins.
    fileprivate func offset(of part: String) -> Int? {
        let text = Array(unicodeScalars)
        let word = Array(part.trimmed.unicodeScalars)
        guard !word.isEmpty, word.count <= text.count else { return nil }
        return (0...(text.count - word.count)).first { Array(text[$0..<$0 + word.count]) == word }
    }
}
