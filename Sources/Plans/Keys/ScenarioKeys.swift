import Core
import Flows

/// `scenarios:` weighted flows of steps, by name.
enum ScenarioKeys {
    struct Draft: Sendable {
        var weight = 1.0
        var think: TimeDistribution?
        var endsOnFailure = true
        var flow: [FlowItem]?
    }

    /// A scenario, and the names that its texts mention.
    struct Reading: Sendable {
        var scenario: Scenario
        var mentions: [Placed<String>]
    }

    /// Name to a map with weight and steps, or to the list of steps alone.
    static let form: Form<[Reading]> = Forms.map(
        key: "name", kind: .either([record.form { _, _ in () }.kind, .steps]), of: "scenarios"
    ) { entry, context in
        let name: String
        do throws(Complaint) {
            name = try NameText.scenario(entry.key)
        } catch {
            context.complain(error, at: entry.keyPlace)
            return nil
        }
        let first = context.mentions.count
        let firstSeries = context.series.count
        var scenario: Scenario?
        if case .list = entry.value.content {
            scenario = FlowKeys.steps.read(entry.value, &context).map { Scenario(name: name, flow: $0) }
        } else {
            let form = record.form { entries, _ in
                entries.draft.flow.map { flow in
                    var scenario = Scenario(name: name, weight: entries.draft.weight, flow: flow)
                    scenario.think = entries.draft.think
                    scenario.endsOnFailure = entries.draft.endsOnFailure
                    return scenario
                }
            }
            scenario = form.read(entry.value, &context)
        }
        guard var scenario else { return nil }
        guard StepNames.check(Array(context.series[firstSeries...]), &context) else { return nil }
        // Its users would never wait for anything.
        guard !scenario.steps.isEmpty else {
            context.complain(
                .missing, at: entry.keyPlace, "the scenario `\(name.printable)` makes no request",
                remedy: "add a step such as `get: /products`")
            return nil
        }
        scenario.flow = StepNames.settle(scenario.flow)
        return Reading(scenario: scenario, mentions: Array(context.mentions[first...]))
    }

    /// Steps that run once, outside the load.
    struct Aside: Sendable {
        var flow: [FlowItem] = []
        var mentions: [Placed<String>] = []
    }

    static let aside: Form<Aside> = Form(FlowKeys.steps.kind) { node, context in
        let first = context.mentions.count
        let firstSeries = context.series.count
        context.isAside = true
        defer { context.isAside = false }
        guard let flow = FlowKeys.steps.read(node, &context),
            StepNames.check(Array(context.series[firstSeries...]), &context)
        else { return nil }
        return Aside(flow: StepNames.settle(flow), mentions: Array(context.mentions[first...]))
    }

    /// What a plan without scenarios does.
    static let standard = Scenario(name: "main", steps: [Step(name: "GET /", path: "/")])

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
                think: 1s to 3s
                steps:
                  - get: /products
                  - get: /products/17
              buy:
                - post: /orders
                  json: { product: 17 }
            """,
        start: Draft(),
        keys: [
            .optional(
                "weight", .number("a weight"), into: \.weight, default: "1",
                doc: "Share of the arrivals, relative to the other scenarios.", example: "9"),
            .required(
                "steps", FlowKeys.described, into: \.flow, doc: "The steps, one after the other.",
                example: "[{ get: /products }]"),
            .optional(
                "think", TimeKeys.form, into: \.think, default: "0s",
                doc: "A pause after each request that has none of its own.", example: "1s to 3s"),
            .optional(
                "on-failure", .choice(["end": true, "continue": false]), into: \.endsOnFailure, default: "end",
                doc: "What a failed call does to the flow: the steps after it are left out, or made all the same.",
                example: "continue"),
        ])
}

/// The names of the steps and transactions of one scenario: each stands for one series, so no two are the same.
enum StepNames {
    /// Transactions must differ in their names, from each other and from steps: steps of one name are numbered, but a budget
    /// would not know which of a step and a transaction it is about.
    /// - Returns: false after a complaint.
    static func check(_ series: [Placed<ReadingContext.Series>], _ context: inout ReadingContext) -> Bool {
        var kinds: [String: Bool] = [:]
        for mark in series {
            let name = mark.value.name
            let former = kinds.updateValue(mark.value.isTransaction, forKey: name)
            guard let former, former || mark.value.isTransaction else { continue }
            let both = former && mark.value.isTransaction
            context.complain(
                .name, at: mark.place,
                both
                    ? "two transactions of one flow are called `\(name.printable)`"
                    : "a step and a transaction of one flow are called `\(name.printable)`",
                remedy: "give each a name of its own")
            return false
        }
        return true
    }

    /// Numbers steps that have the same name, `GET /`, `GET / (2)`.
    static func settle(_ flow: [FlowItem]) -> [FlowItem] {
        var seen = Set(flow.flatMap(\.transactions))
        return flow.map { settle($0, &seen) }
    }

    private static func settle(_ item: FlowItem, _ seen: inout Set<String>) -> FlowItem {
        func inner(_ items: [FlowItem], _ seen: inout Set<String>) -> [FlowItem] { items.map { settle($0, &seen) } }
        switch item {
        case .call(var step):
            let name = step.name
            var number = 2
            while !seen.insert(step.name).inserted {
                step.name = "\(name) (\(number))"
                number += 1
            }
            return .call(step)
        case .group(let items): return .group(inner(items, &seen))
        case .transaction(let name, let items): return .transaction(name: name, inner(items, &seen))
        case .parallel(let name, let items): return .parallel(name: name, inner(items, &seen))
        case .repetition(let times, let condition, let items):
            return .repetition(times, while: condition, inner(items, &seen))
        case .choice(let condition, let then, let otherwise):
            let first = inner(then, &seen)
            return .choice(condition, then: first, otherwise: inner(otherwise, &seen))
        case .think, .draw: return item
        }
    }
}
