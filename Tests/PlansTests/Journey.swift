import Core
import Flows
import Testing

@testable import Plans

/// Plans of a few steps, and what is in them.
enum Journey {
    /// Names that texts of these tests mention.
    static let names = """
        data:
          id: { integer: 1 to 10 }
          colour: { list: [red, green] }
          product: { list: [{ id: 17, name: shoe }] }

        """

    static func plan(_ yaml: String) throws -> Plan { try PlanInputs.plan(names + yaml) }

    static func flow(_ items: String) throws -> [FlowItem] {
        try plan("scenarios: { main: [\(items)] }").scenarios[0].flow
    }

    static func step(_ yaml: String) throws -> Step {
        try #require(try plan("scenarios: { main: [\(yaml)] }").scenarios[0].steps.first)
    }

    /// A template as the plan would write it, and how each place is written.
    static func text(_ template: Template?, _ plan: Plan) -> String? {
        guard let template else { return nil }
        return template.segments.map { segment in
            switch segment {
            case .literal(let bytes): String(decoding: bytes, as: UTF8.self)
            case .variable(let slot, let escape): "{{\(plan.variables.names[slot]):\(escape)}}"
            }
        }.joined()
    }

    static func first(_ yaml: String) throws -> (step: Step, plan: Plan) {
        let plan = try plan("scenarios: { main: [\(yaml)] }")
        return (try #require(plan.scenarios[0].steps.first), plan)
    }

    /// What a template becomes with these values.
    static func rendered(_ template: Template?, _ plan: Plan, _ values: [String: Value]) throws -> String {
        var variables = Variables(count: plan.variables.count)
        for (name, value) in values {
            let slot = try #require(plan.variables.existing(name))
            variables[slot] = value
        }
        var bytes: [UInt8] = []
        #expect(try #require(template).render(variables, into: &bytes) == nil)
        return String(decoding: bytes, as: UTF8.self)
    }
}
