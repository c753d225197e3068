import Arrivals
import Core
import Flows
import Foundation
import Testing

@testable import Plans

struct OverridesTests {
    private func plan(_ load: String, _ rest: String = "") throws(PlanProblems) -> Plan {
        try PlanInputs.plan("load: \(load)\n\(rest)")
    }

    @Test func nothingChangesNothing() throws {
        let plan = try plan("[{ rate: 200/s, for: 10s }]")
        #expect(Overrides().isEmpty)
        #expect(try Overrides().apply(to: plan).load == plan.load)
    }

    @Test func rateAndLengthChangeTheOneMeasuredPhase() throws {
        let plan = try plan("[{ rate: 100/s, for: 5s, warm-up: true }, { rate: 200/s, for: 10s, arrivals: poisson }]")
        let overrides = try Overrides(target: nil, rate: "500/s", duration: "30s", users: nil)
        let changed = try overrides.apply(to: plan)
        #expect(changed.load.map(\.text) == ["100/s for 5s, warm-up", "500/s for 30s, Poisson"])
        #expect(overrides.texts == ["--rate 500/s", "--for 30s"])
        #expect(changed.hash == plan.hash)
    }

    @Test func theRateOfBurstsCanBeSet() throws {
        let changed = try Overrides(rate: Rate(perSecond: 50)).apply(to: plan("[{ rate: 200/s, burst: 10, for: 10s }]"))
        #expect(changed.load[0].text == "50/s in bursts of 10 for 10s")
    }

    @Test func usersChangeTheOneClosedPhase() throws {
        let changed = try Overrides(users: 7).apply(to: plan("[{ rate: 1/s, for: 1s }, { users: 2 to 3, for: 1s }]"))
        #expect(changed.load.map(\.text) == ["1/s for 1s", "7 users for 1s"])
    }

    @Test(
        arguments: [
            (
                "[{ rate: 1/s, for: 1s }, { rate: 2/s, for: 1s }]", Overrides(rate: Rate(perSecond: 5)),
                "--rate: it changes the one measured open phase, and the plan has 2: change the plan instead"
            ),
            (
                "[{ users: 1, for: 1s }]", Overrides(rate: Rate(perSecond: 5)),
                "--rate: it changes the one measured open phase, and the plan has none: change the plan instead"
            ),
            (
                "[{ rate: 1/s to 2/s, for: 1s }]", Overrides(rate: Rate(perSecond: 5)),
                "--rate: it sets a constant rate, and the phase is `1/s to 2/s for 1s`: change the plan instead"
            ),
            (
                "[{ rate: 1/s, for: 1s }]", Overrides(rate: Rate(perSecond: 0)),
                "--rate: at 0/s nothing is sent: write a rate above zero"
            ),
            (
                "[{ rate: 1/s, for: 1s }, { users: 1, for: 1s }]", Overrides(duration: .seconds(5)),
                "--for: it changes the one measured phase, and the plan has 2: change the plan instead"
            ),
            (
                "[{ users: 1, count: 10_000 }]", Overrides(duration: .seconds(5)),
                "--for: the phase ends after 10_000 calls, not after a time: change the plan instead"
            ),
            (
                "[{ rate: 1/s, spike: 2/s, at: 1s, lasts: 1s, for: 3s }]", Overrides(duration: .seconds(1)),
                "--for: the spike of the phase ends only after 2s: write at least that"
            ),
            (
                "[{ rate: 1/s, for: 1s }]", Overrides(duration: .zero),
                "--for: a phase of no length sends nothing: write a longer one"
            ),
            (
                "[{ users: 1, for: 1s }]", Overrides(users: 20_000),
                "--users: 20_000 users make more calls at once than `client` of the plan allows: raise `client.in-flight` in the plan"
            ),
            (
                "[{ rate: 1/s, for: 1s }]", Overrides(target: .lab(service: "shop")),
                "--target: the plan describes no lab: name a URL"
            ),
        ] as [(String, Overrides, String)])
    func whatCannotBeMeantIsRefused(load: String, overrides: Overrides, message: String) throws {
        let plan = try plan(load)
        let problem = #expect(throws: OptionProblem.self) { try overrides.apply(to: plan) }
        #expect(problem?.description == message)
    }

    @Test func theTargetChangesToAURLOrAService() throws {
        let plan = try plan("[{ rate: 1/s, for: 1s }]", "lab: { services: { a: { time: 1ms } } }")
        func target(_ text: String) throws -> Target {
            try Overrides(target: text, rate: nil, duration: nil, users: nil).apply(to: plan).target
        }
        #expect(try target("http://127.0.0.1:8080/x/") == .url("http://127.0.0.1:8080/x"))
        #expect(try target("lab") == .lab(service: "a"))
        #expect(try target("lab/a") == .lab(service: "a"))
        #expect(throws: OptionProblem.self) { try target("lab/b") }
        #expect(throws: OptionProblem.self) { try target("shop") }
    }

    @Test func aTextWithoutUnitIsRefusedByItsOption() {
        let problem = #expect(throws: OptionProblem.self) {
            try Overrides(target: nil, rate: "500", duration: nil, users: nil)
        }
        #expect(
            problem?.description
                == "--rate: `500` has no unit, and a rate needs one (/s, /m or /h): write `500/s`, if that is what you mean"
        )
    }
}

struct CommandLinePlanTests {
    private func plan(_ url: String = "http://shop.example", _ change: (inout CommandLinePlan) -> Void = { _ in })
        throws
        -> Plan
    {
        var options = CommandLinePlan(url: url)
        change(&options)
        return try options.plan()
    }

    @Test func aURLAloneIsOneUserForTenSeconds() throws {
        let plan = try plan("http://shop.example:8080/products?page=2")
        #expect(plan.name == "shop.example:8080")
        #expect(plan.target == .url("http://shop.example:8080"))
        #expect(plan.load.map(\.text) == ["1 user for 10s"])
        #expect(plan.scenarios.map { $0.steps.map(\.name) } == [["GET /products"]])
        #expect(plan.scenarios[0].steps[0].path == "/products?page=2")
    }

    @Test(
        arguments: [
            (["rate": "500/s", "for": "30s"], ["500/s for 30s"]),
            (["rate": "500/s"], ["500/s for 10s"]),
            (["rate": "100/s to 1000/s", "for": "1m"], ["100/s to 1000/s for 1m"]),
            (["rate": "500/s", "ramp": "5s"], ["0/s to 500/s for 5s, warm-up", "500/s for 10s"]),
            (["rate": "100/s to 500/s", "ramp": "5s"], ["0/s to 100/s for 5s, warm-up", "100/s to 500/s for 10s"]),
            (["rate": "0/s to 500/s", "ramp": "5s"], ["0/s to 500/s for 10s"]),
            (["users": "50", "for": "30s"], ["50 users for 30s"]),
            (["users": "50", "count": "1_000"], ["50 users until 1_000 calls"]),
            (["count": "10"], ["1 user until 10 calls"]),
            (["users": "10 to 200", "for": "30s"], ["10 to 200 users for 30s"]),
            (["users": "50", "ramp": "5s"], ["1 to 50 users for 5s, warm-up", "50 users for 10s"]),
        ] as [([String: String], [String])])
    func optionsMakePhases(options: [String: String], phases: [String]) throws {
        #expect(try plan { Self.set(options, in: &$0) }.load.map(\.text) == phases)
    }

    @Test func poissonIsAnOption() throws {
        let plan = try plan {
            $0.rate = "5/s"
            $0.poisson = true
        }
        #expect(plan.load.map(\.text) == ["5/s for 10s, Poisson"])
    }

    @Test(
        arguments: [
            (["rate": "500/s", "users": "5"], "--users: a phase is open or closed: give either --rate or --users"),
            (["rate": "500/s", "count": "5"], "--count: it belongs to --users, and an open phase lasts: give --for"),
            (
                ["users": "5", "count": "5", "for": "1s"],
                "--count: a phase ends by count or by time: give either --count or --for"
            ),
            (
                ["users": "5 to 6", "count": "5"],
                "--count: a ramp of users needs to know how long it lasts: give --for"
            ),
            (["rate": "0/s"], "--rate: at 0/s nothing is sent: write a rate above zero"),
            (["for": "0s"], "--for: a phase of no length sends nothing: write a longer one"),
            (
                ["for": "30"],
                "--for: `30` has no unit, and a duration needs one (ns, us, ms, s, m, h or d): write `30s`, if that is what you mean"
            ),
            (
                ["users": "20_000"],
                "--users: 20_000 users make more calls at once than one client does (10_000): write a plan and raise `client.in-flight`"
            ),
            (["method": "get"], "--method: `get` is not `GET`, because methods are case-sensitive: write `GET`"),
            (["method": "TRACE", "body": "x"], "--body: a TRACE request must not have a body: leave it out"),
            (
                ["body": "@missing"],
                "--body: the file `missing` cannot be read (No such file or directory): check the path; relative ones start at the plan's directory"
            ),
        ] as [([String: String], String)])
    func optionsThatCannotBeMeantAreRefused(options: [String: String], message: String) throws {
        let problem = #expect(throws: OptionProblem.self) { try plan { Self.set(options, in: &$0) } }
        #expect(problem?.description == message)
    }

    @Test func headersAreCheckedAndKept() throws {
        #expect(
            try plan { $0.headers = ["Accept: */*", "X-Time:10:30 "] }.scenarios[0].steps[0].headers
                == [HeaderTemplate(name: "Accept", value: "*/*"), HeaderTemplate(name: "X-Time", value: "10:30")])
        for wrong in ["Accept", "A B: c", "X: a\r\nY: b", "Content-Length: 1", ": x"] {
            #expect(throws: OptionProblem.self) { try plan { $0.headers = [wrong] } }
        }
        #expect(throws: OptionProblem.self) { try plan { $0.headers = ["A: 1", "a: 2"] } }
    }

    @Test(arguments: [
        ("hello", "text/plain; charset=utf-8"), ("{\"a\":1}", "application/json"), (" [1]", "application/json"),
        ("", "text/plain; charset=utf-8"),
    ])
    func aBodyMakesAPost(body: String, type: String) throws {
        let step = try plan { $0.body = body }.scenarios[0].steps[0]
        #expect(step.method == "POST")
        #expect(step.body == Template(literal: Array(body.utf8)))
        #expect(step.headers == [HeaderTemplate(name: "Content-Type", value: Template(literal: type))])
    }

    @Test func aBodyCanBeAFile() throws {
        let step = try plan {
            $0.body = "@order.json"
            $0.method = "PUT"
            $0.directory = PlanInputs.inputs.path()
        }.scenarios[0].steps[0]
        #expect(step.method == "PUT")
        #expect(step.body == Template(literal: Array("{\"product\":17}\n".utf8)))
    }

    @Test(arguments: ["shop", "ftp://a", "http://a b", "http://user:pw@a", "http://a/#x", "http://a/ä", ""])
    func aWrongURLIsRefused(url: String) {
        let problem = #expect(throws: OptionProblem.self) { try plan(url) }
        #expect(problem?.option == "URL")
    }

    private static func set(_ options: [String: String], in plan: inout CommandLinePlan) {
        plan.rate = options["rate"]
        plan.duration = options["for"]
        plan.users = options["users"]
        plan.count = options["count"]
        plan.ramp = options["ramp"]
        plan.method = options["method"]
        plan.body = options["body"]
    }
}
