import Core
import Flows
import Testing

@testable import Plans

/// What a plan says of responses: values to take, checks, counters.
struct ResponseTests {
    @Test(
        arguments: [
            ("$.id", .json(try JSONPath("$.id"), .first)),
            ("status", .status),
            ("{ json: $..id, pick: last }", .json(try JSONPath("$..id"), .last)),
            ("{ json: $.id, pick: random }", .json(try JSONPath("$.id"), .random)),
            ("{ json: $.id, pick: count }", .json(try JSONPath("$.id"), .count)),
            ("{ regex: a+ }", .regex(try Pattern("a+"), group: 0)),
            ("{ regex: (a)(b) }", .regex(try Pattern("(a)(b)"), group: 1)),
            ("{ regex: (a)(b), group: 2 }", .regex(try Pattern("(a)(b)"), group: 2)),
            ("{ header: Location }", .header("Location")),
            ("{ cookie: session }", .cookie("session")),
        ] as [(String, Extraction.Source)])
    func aValueIsTakenFromItsSource(yaml: String, source: Extraction.Source) throws {
        let (step, plan) = try Journey.first("{ get: /, extract: { cart: \(yaml) } }")
        #expect(step.extractions.map(\.name) == ["cart"])
        #expect(step.extractions[0].extraction.source == source)
        #expect(step.extractions[0].extraction.slot == plan.variables.existing("cart"))
        #expect(step.extractions[0].extraction.standard == nil)
    }

    @Test(arguments: [
        ("none", "none", Value.Kind.text), ("17", "17", .number), ("\"17\"", "17", .text), ("true", "true", .boolean),
        ("\"\"", "", .text), ("010", "010", .text), ("\"a {{colour}}\"", "a {{colour:none}}", .text),
    ])
    func aDefaultIsTypedAsInJSON(yaml: String, text: String, kind: Value.Kind) throws {
        let (step, plan) = try Journey.first("{ get: /, extract: { cart: { json: $.id, default: \(yaml) } } }")
        let extraction = step.extractions[0].extraction
        #expect(Journey.text(extraction.standard, plan) == text)
        #expect(extraction.standardKind == kind)
    }

    @Test(arguments: [
        ("headers: { ETag: a }", ["ETag equals a"]),
        (
            "headers: { ETag: { contains: a, lacks: [b, c], exists: true } }",
            ["ETag contains a", "ETag lacks b", "ETag lacks c", "ETag exists"]
        ),
        ("headers: { ETag: { exists: false }, X: { matches: a+ } }", ["ETag is absent", "X matches a+"]),
        ("body: { equals: \"{{colour}}\" }", ["body equals {{colour}}"]),
        (
            "body: { contains: [\"{{id}}\", b], lacks: c, matches: \"(d)\" }",
            ["body contains {{id}}", "body contains b", "body lacks c", "body matches (d)"]
        ),
        (
            "body: { json: { $.a: 17, \"$.b[0]\": { c: \"{{id}}\" } }, size: <= 10kB }",
            ["$.a is 17", #"$.b[0] is {"c":"{{id}}"}"#, "body size <= 10kB"]
        ),
        ("latency: < 500ms", ["latency < 500ms"]),
        ("status: 200", []),
    ])
    func everyCheckIsCalledByItsWords(expect: String, words: [String]) throws {
        let found = try Journey.step("{ get: /, expect: { \(expect) } }").expect.checks.map(\.text)
        #expect(found == words.map { $0.replacing("body size", with: "size") })
    }

    @Test func aCheckShowsNothingFromOutside() throws {
        let text = PlanInputs.framed(
            """
            scenarios:
              main:
                - get: /
                  expect:
                    headers: { X-A: "${env:T}" }
                    body: { contains: ["${env:T}"], json: { $.a: ["${env:T}"] } }
            """)
        let plan = try PlanReader.read(
            text: text, file: "plan.yaml", abilities: PlanInputs.new,
            surroundings: PlanSurroundings(environment: ["T": "hunter2"])
        ).plan
        let checks = plan.scenarios[0].steps[0].expect.checks
        #expect(
            checks.map(\.text) == ["X-A equals ${env:T}", "body contains ${env:T}", #"$.a is ["${env:T}"]"#])
        #expect(checks[0].rule == .header("X-A", .equals("hunter2")))
    }

    @Test func sizesAndTimesAreCompared() throws {
        let checks = try Journey.step("{ get: /, expect: { body: { size: \"> 1kB\" }, latency: <= 1.5s } }").expect
            .checks
        #expect(checks.map(\.rule) == [.size(.above, 1_000), .latency(.atMost, .milliseconds(1_500))])
    }

    @Test func aCounterAddsANumberAPathOrAText() throws {
        let plan = try Journey.plan(
            """
            scenarios:
              a: [{ get: /, count: { orders: 1, revenue: $.total, lost: -2.5 } }]
              b: [{ get: /, count: { revenue: "{{id}}", orders: { tags: { colour: "{{colour}}" } }, paid: { add: 3 } } }]
            budgets: [orders >= 100, revenue > 10/s]
            """)
        #expect(plan.counters == ["orders", "revenue", "lost", "paid"])
        let rules = plan.scenarios.flatMap(\.steps).flatMap(\.counts)
        #expect(rules.map(\.counter) == [0, 1, 2, 1, 0, 3])
        let amounts = rules.map { rule in
            switch rule.amount {
            case .constant(let number): "\(number)"
            case .json(let path): path.text
            case .template(let template): Journey.text(template, plan) ?? ""
            }
        }
        #expect(amounts == ["1.0", "$.total", "-2.5", "{{id:none}}", "1.0", "3.0"])
        #expect(rules[4].tags.map(\.name) == ["colour"])
        #expect(
            plan.budgets.map(\.statistic) == [
                .counter(name: "orders", perSecond: false), .counter(name: "revenue", perSecond: true),
            ])
    }

    /// A map that is called `count` and is none is not looked into.
    @Test func onlyCountsOfStepsAreCounters() throws {
        let plan = try Journey.plan(
            """
            scenarios:
              a:
                - post: /
                  json: { count: { no: 1 } }
                  expect: { headers: { count: { contains: a } } }
                - group: g
                  steps: [{ if: status == 200, steps: [{ get: / }], else: [{ get: /, count: { deep: 1 } }] }]
            """)
        #expect(plan.counters == ["deep"])
    }

    @Test(
        arguments: [
            ("1s", .constant(.seconds(1))), ("0s", .constant(.zero)),
            ("1s to 3s", .uniform(from: .seconds(1), to: .seconds(3))),
            ("{ mean: 2s }", .exponential(mean: .seconds(2))),
            ("{ p50: 1s, p99: 5s }", .lognormal(p50: .seconds(1), p99: .seconds(5))),
            ("{ from: 1s, to: 2s }", .uniform(from: .seconds(1), to: .seconds(2))),
        ] as [(String, TimeDistribution)])
    func aPauseIsATimeThatVaries(yaml: String, time: TimeDistribution) throws {
        #expect(try Journey.step("{ get: /, think: \(yaml) }").think == time)
        let plan = try Journey.plan("scenarios: { a: { think: \(yaml), steps: [{ get: / }, { think: \(yaml) }] } }")
        #expect(plan.scenarios[0].think == time)
        guard case .think(let pause) = plan.scenarios[0].flow[1] else {
            Issue.record("the second item is no pause")
            return
        }
        #expect(pause == time)
        #expect(plan.scenarios[0].steps[0].think == nil)
    }

    @Test func aFailureEndsAFlowUnlessItIsSaidOtherwise() throws {
        func ends(_ text: String) throws -> Bool {
            try Journey.plan("scenarios: { a: { \(text)steps: [{ get: / }] } }").scenarios[0].endsOnFailure
        }
        #expect(try ends(""))
        #expect(try ends("on-failure: end, "))
        #expect(try !ends("on-failure: continue, "))
    }
}
