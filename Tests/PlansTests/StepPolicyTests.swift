import Core
import Flows
import Testing

@testable import Plans

/// Keys of steps for the client's policies.
struct StepPolicyTests {
    private static let sharded = "endpoints: [10.0.0.11:80, 10.0.0.12:80]\nclient: { shard: ring }\n"

    private func step(_ yaml: String) throws -> (step: Step, plan: Plan) {
        let plan = try PlanInputs.plan(
            Journey.names + Self.sharded
                + "scenarios: { main: [{ get: /users, key: \"{{id}}\", extract: { users: $.users } }, \(yaml)] }")
        return (try #require(plan.scenarios[0].steps.last), plan)
    }

    @Test func aKeyHasPlaces() throws {
        let (step, plan) = try step("{ get: /, key: \"user-{{id}}\" }")
        #expect(Journey.text(step.key, plan) == "user-{{id:none}}")
        #expect(step.batch == nil)
        #expect(step.gathers.isEmpty)
    }

    @Test func aStepHasItsOwnTimeoutAndRetry() throws {
        #expect(try step("{ get: /, timeout: 200ms }").step.timeout == .milliseconds(200))
        #expect(try step("{ get: /, retry: none }").step.retry == StepRetry.none)
        #expect(try step("{ get: /, retry: all }").step.retry == .allMethods)
        let plain = try step("{ get: / }").step
        #expect(plain.timeout == nil)
        #expect(plain.retry == nil)
        #expect(plain.fallback == nil)
    }

    @Test(
        arguments: [
            ("{}", 200, nil), ("{ status: 203, text: \"none of {{id}}\" }", 203, "none of {{id:none}}"),
            ("{ json: { items: [], id: \"{{id}}\" } }", 200, #"{"items":[],"id":{{id:json}}}"#),
            ("{ json: ~ }", 200, "null"),
        ] as [(String, Int32, String?)])
    func aFallbackIsAnAnswer(yaml: String, status: Int32, body: String?) throws {
        let (step, plan) = try step("{ get: /, fallback: \(yaml) }")
        let fallback = try #require(step.fallback)
        #expect(fallback.status == status)
        #expect(Journey.text(fallback.body, plan) == body)
    }

    @Test func aBatchIsTheSlotOfItsName() throws {
        let (step, plan) = try step("{ post: /names, batch: users, json: \"{{users}}\" }")
        #expect(step.batch == plan.variables.existing("users"))
        #expect(step.batch != nil)
        #expect(step.key == nil)
    }

    @Test func gatheredValuesAreKnownFromThenOn() throws {
        let (step, plan) = try step(
            "{ get: /a, gather: { total: { sum: $.n }, names: { concat: \"$.items[*].name\" }, low: { min: $.l } } }, "
                + "{ get: \"/{{total}}/{{names}}/{{low}}/{{high}}\", gather: { high: { max: $.h } } }")
        let first = plan.scenarios[0].steps[1]
        #expect(first.gathers.map { plan.variables.names[$0.slot] } == ["total", "names", "low"])
        #expect(first.gathers.map(\.rule) == [.sum, .concat, .min])
        #expect(first.gathers[0].path == (try JSONPath("$.n")))
        #expect(step.gathers.map(\.rule) == [.max])
    }

    @Test func aGatheredValueMayNotBeCalledLikeADataSource() throws {
        let problems = try #require(
            PlanInputs.problems(
                PlanInputs.framed(
                    Journey.names + Self.sharded
                        + "scenarios: { main: [{ get: \"/{{id}}\", gather: { colour: { sum: $.n } } }] }")))
        #expect(problems.description.contains("`colour` is extracted here, and is a data source as well"))
    }

    @Test func namesInKeysFallbacksAndBatchesMustComeFromSomewhere() throws {
        for yaml in ["key: \"{{nobody}}\"", "batch: nobody", "fallback: { text: \"{{nobody}}\" }"] {
            let problems = try #require(
                PlanInputs.problems(
                    PlanInputs.framed(Self.sharded + "scenarios: { main: [{ get: /, \(yaml) }] }")))
            #expect(problems.problems.map(\.rule) == [.variable], "\(yaml)")
            #expect(problems.problems[0].place.line == 3)
        }
    }
}
