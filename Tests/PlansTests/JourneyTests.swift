import Core
import Flows
import Testing

@testable import Plans

/// Flows of steps: their order, their names, and the names of their values.
struct JourneyTests {
    @Test(
        arguments: [
            ("3", .times(3...3)), ("1 to 5", .times(1...5)), ("1_000_000", .times(1_000_000...1_000_000)),
            ("\"{{id}}\"", .variable(slot: 0)),
        ] as [(String, FlowItem.Repetition)])
    func aRepetitionHasItsNumber(yaml: String, times: FlowItem.Repetition) throws {
        let flow = try Journey.flow("{ repeat: \(yaml), while: status == 202, steps: [{ get: / }] }")
        guard case .repetition(let found, let condition, let items) = flow[0] else {
            Issue.record("the item is no repetition")
            return
        }
        #expect(found == times)
        #expect(condition?.text == "status == 202")
        #expect(items.count == 1)
    }

    @Test(arguments: ["0", "1_000_001", "5 to 2", "1.5", "many", "-1", "\"{{id}}{{id}}\"", "\"1{{id}}\"", "[1]"])
    func aRepetitionHasBounds(yaml: String) throws {
        let text = PlanInputs.framed(
            Journey.names + "scenarios: { a: [{ repeat: \(yaml), steps: [{ get: / }] }] }")
        let problems = try #require(PlanInputs.problems(text)).problems
        #expect(problems.filter { $0.severity == .error }.count == 1)
    }

    @Test func aConditionHasTwoWays() throws {
        let flow = try Journey.flow(
            "{ get: /a, if: colour == 'red' }, { if: status == 200, steps: [{ get: /b }], else: [{ get: /c }] }")
        guard case .call(let step) = flow[0], case .choice(let condition, let then, let otherwise) = flow[1] else {
            Issue.record("the items are no request and no choice")
            return
        }
        #expect(step.condition?.text == "colour == 'red'")
        #expect(condition.text == "status == 200")
        #expect(then.flatMap(\.steps).map(\.name) == ["GET /b"])
        #expect(otherwise.flatMap(\.steps).map(\.name) == ["GET /c"])
    }

    @Test(arguments: [("product", [2]), ("[colour, id]", [1, 0])])
    func nextDrawsFromItsSources(yaml: String, sources: [Int]) throws {
        guard case .draw(let found) = try Journey.flow("{ next: \(yaml) }, { get: / }")[0] else {
            Issue.record("the item draws nothing")
            return
        }
        #expect(found == sources)
    }

    /// A flow, the names of its steps, and those of its transactions.
    @Test(arguments: [
        ("{ get: /a }, { get: /a?b=1 }, { name: c, post: /a }", "GET /a, GET /a (2), c", ""),
        ("{ name: a, get: / }, { name: a (2), get: / }, { name: a, get: / }", "a, a (2), a (3)", ""),
        ("{ group: g, steps: [{ get: /a }, { group: h, steps: [{ name: b, get: / }] }] }", "g/GET /a, g/h/b", ""),
        ("{ group: g, steps: [{ get: /a }] }, { group: g, steps: [{ get: /a }] }", "g/GET /a, g/GET /a (2)", ""),
        ("{ transaction: t, steps: [{ get: /a }] }", "t/GET /a", "t"),
        (
            "{ transaction: t, steps: [{ name: t, get: /a }, { transaction: u, steps: [{ get: /b }] }] }",
            "t/t, t/u/GET /b", "t, t/u"
        ),
        ("{ parallel: [{ get: /a }, { get: /b }], name: page }", "GET /a, GET /b", "page"),
        (
            "{ group: g, steps: [{ parallel: [{ get: /a }, { get: /a }], name: page }] }", "g/GET /a, g/GET /a (2)",
            "g/page"
        ),
        ("{ parallel: [{ get: /a }] }, { repeat: 2, steps: [{ get: /a }] }", "GET /a, GET /a (2)", ""),
        (
            "{ transaction: GET / (2), steps: [{ name: x, get: / }] }, { get: / }, { get: / }",
            "GET / (2)/x, GET /, GET / (3)", "GET / (2)"
        ),
        ("{ get: \"/products/{{product.id}}\" }", "GET /products/{{product.id}}", ""),
    ])
    func everyStepHasANameOfItsOwn(items: String, steps: String, transactions: String) throws {
        let scenario = try Journey.plan("scenarios: { main: [\(items)] }").scenarios[0]
        #expect(scenario.steps.map(\.name).joined(separator: ", ") == steps)
        #expect(scenario.transactions.joined(separator: ", ") == transactions)
    }

    /// Two scenarios may have steps and transactions of the same names: budgets name both.
    @Test func namesAreOfTheirScenario() throws {
        let plan = try Journey.plan(
            """
            scenarios:
              a: [{ name: t, get: / }]
              b: [{ transaction: t, steps: [{ get: / }] }]
            budgets: ["a/t: p95 < 1s", "b/t: p95 < 1s", "b/t/GET /: p95 < 1s"]
            """)
        #expect(plan.budgets.map(\.scope) == ["a/t", "b/t", "b/t/GET /"])
    }

    // MARK: Names of values

    @Test func whatSetupExtractsIsKnownEverywhere() throws {
        let plan = try Journey.plan(
            """
            setup: [{ post: /login, extract: { token: $.token } }, { get: "/{{token}}" }]
            teardown: [{ delete: "/{{token}}", extract: { gone: status } }, { get: "/{{gone}}" }]
            scenarios:
              a: [{ get: "/{{token}}", extract: { cart: $.id } }, { get: "/{{cart}}" }]
              b: [{ get: /, headers: { A: "{{token}}" } }]
            """)
        #expect(plan.setup.flatMap(\.steps).map(\.name) == ["POST /login", "GET /{{token}}"])
        #expect(plan.teardown.flatMap(\.steps).map(\.name) == ["DELETE /{{token}}", "GET /{{gone}}"])
        #expect(Set(plan.variables.names) == ["token", "gone", "cart"])
    }

    /// A text that mentions a name, and where a message about it points.
    @Test(arguments: [
        ("scenarios: { a: [{ get: /, text: a {{b}} }] }", "b"),
        ("scenarios:\n  a:\n    - get: /{{product.id}}/{{product.ids}}", "product.ids"),
        ("scenarios:\n  a:\n    - get: /\n      if: colour == 'x' and colours", "colours"),
        ("scenarios:\n  a:\n    - get: /\n      extract: { x: { json: $.a, default: \"{{y}}\" } }", "\"{{y}}\""),
        ("scenarios:\n  a:\n    - get: /\n      expect: { body: { json: { $.a: \"{{y}}\" } } }", "\"{{y}}\""),
        ("scenarios:\n  a: [{ get: / }]\nsetup:\n  - get: /{{cart}}", "cart"),
        ("scenarios:\n  a: [{ get: /, extract: { cart: $.id } }]\n  b:\n    - get: /{{cart}}", "cart"),
        ("scenarios:\n  a:\n    - repeat: '{{n}}'\n      steps: [{ get: / }]", "'{{n}}'"),
    ])
    func aNameThatNothingGivesAValueIsRefused(yaml: String, marked: String) throws {
        let text = PlanInputs.framed(Journey.names + yaml.replacing("a {{b}} }", with: "'a {{b}}' }"))
        let problems = try #require(PlanInputs.problems(text)).problems.filter { $0.severity == .error }
        #expect(problems.map(\.rule) == [.variable])
        let place = try #require(problems.first?.place)
        let line = try #require(SourceLines(text)[place.line])
        let found = line.unicodeScalars.dropFirst(place.column - 1).prefix(place.length)
        let expected = marked == "b" ? "'a {{b}}'" : marked
        #expect(String(String.UnicodeScalarView(found)) == expected)
    }
}
