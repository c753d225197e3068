import Core
import Recording
import Testing

@Suite("Values that steps take from responses")
struct ExtractionTests {
    @Test(
        "a later step has what an earlier one took",
        arguments: [
            ("x: $.id", "get: '/{{x}}'", "GET /17"),
            ("x: $.name", "get: /a, query: { q: '{{x}}' }", "GET /a?q=a%20%22b%22"),
            ("x: { header: Location }", "get: '{{x}}'", "GET /next?a=1"),
            ("x: { cookie: sid }", "get: '/{{x}}'", "GET /s3cr3t"),
            ("x: status", "get: '/{{x}}'", "GET /200"),
            ("x: { regex: '\"id\": ([0-9]+)', group: 1 }", "get: '/{{x}}'", "GET /17"),
            ("x: { json: '$.items[*]', pick: count }", "get: '/{{x}}'", "GET /3"),
            ("x: { json: '$.items[*]', pick: last }", "get: '/{{x}}'", "GET /3"),
            ("x: { json: $.absent, default: none }", "get: '/{{x}}'", "GET /none"),
            ("y: $.id, x: { header: X-Absent, default: 'a{{y}}' }", "get: '/{{x}}'", "GET /a17"),
            ("x: $.id", "method: '{{x}}', path: /", "17 /"),
        ])
    func extraction(extract: String, step: String, expected: String) throws {
        let target = ScriptedTarget.product()
        let run = try PlanRun.of(steps: "{ get: /first, extract: { \(extract) } }, { \(step) }", target: target)
        #expect(target.lines == ["GET /first", expected])
        #expect(run.ledger.succeeded == 2)
    }

    @Test("headers, cookies and bodies have the values, JSON keeps their types")
    func everyPart() throws {
        let target = ScriptedTarget.product()
        _ = try PlanRun.of(
            steps:
                """
                { get: /first, extract: { id: $.id, name: $.name } },
                { post: /second, headers: { X-Id: "{{id}}", X-Fixed: yes }, cookies: { c: "{{id}}", d: fixed },
                  json: { id: "{{id}}", name: "{{name}}", text: "<{{id}}>" } },
                { post: /third, form: { name: "{{name}}" } }
                """, target: target)
        #expect(target.log[1].header("X-Id") == "17")
        #expect(target.log[1].header("X-Fixed") == "yes")
        #expect(target.log[1].header("Cookie") == "c=17; d=fixed")
        #expect(target.log[1].text == #"{"id":17,"name":"a \"b\"","text":"<17>"}"#)
        #expect(target.log[2].text == "name=a%20%22b%22" || target.log[2].text == "name=a+%22b%22")
    }

    @Test("an extraction that finds nothing fails the call, and is counted like a check")
    func nothingFound() throws {
        let run = try PlanRun.of(
            steps:
                "{ get: /a, name: a, extract: { x: $.absent, y: { header: Location } } }, { get: /b }",
            load: "{ users: 1, count: 4 }", target: .product())
        #expect(run.failures == [.check_failed: 4])
        #expect(run.checks["a: extract x"]?.failed == 4)
        #expect(run.checks["a: extract y"]?.passed == 4)
        #expect(run.ledger.made == 4, "the flow ends with a failed call")
        #expect(run.steps["a"]?.response.count == 4, "it was sent, so it has a latency")
    }

    // MARK: What cannot be sent

    @Test(
        "a request that lacks a value, or has a line break in a header, is not sent and has no latency",
        arguments: [
            ("get: '/{{x}}'", "x: { json: $.absent }", FailureKind.missing_value),
            ("get: /b, headers: { X: '{{x}}' }", "x: { json: $.absent }", .missing_value),
            ("post: /b, text: 'a {{x}}'", "x: { json: $.absent }", .missing_value),
            ("get: /b, cookies: { c: '{{x}}' }", "x: { json: $.absent }", .missing_value),
            ("get: /b, headers: { X: '{{x}}' }", "x: $.lines", .unsendable_value),
            ("get: /b, cookies: { c: '{{x}}' }", "x: $.lines", .unsendable_value),
            ("method: '{{x}}', path: /b", "x: $.lines", .unsendable_value),
            ("get: '/{{x}}'", "x: $.lines", .unsendable_value),
        ], ["end", "continue"])
    func unsendable(parts: (step: String, extract: String, kind: FailureKind), onFailure: String) throws {
        let target = ScriptedTarget.product()
        // The first step fails by its extraction and goes on; what follows it does as the scenario says.
        let run = try PlanRun.of(
            steps:
                "{ get: /a, name: a, extract: { \(parts.extract) } }, { \(parts.step), name: b }, { get: /c, name: c }",
            scenario: "on-failure: continue", load: "{ users: 1, count: 3 }", target: target)
        #expect(target.paths == ["/a", "/c", "/a", "/c", "/a", "/c"])
        #expect(run.steps["b"]?.failures == [parts.kind: 3])
        #expect(run.steps["b"]?.response.isEmpty == true)
        #expect(run.ledger.made == 9)
        #expect(run.ledger.firstTries == 6)
        #expect(run.ledger.completed == 3)

        let second = ScriptedTarget.product()
        let other = try PlanRun.of(
            steps:
                "{ get: /a, if: status == 200, extract: { \(parts.extract) } }, { \(parts.step), name: b }, { get: /c, name: c }",
            scenario: "on-failure: \(onFailure)", load: "{ users: 1, count: 3 }", target: second)
        #expect(second.paths == (onFailure == "end" ? [] : ["/c", "/c", "/c"]))
        #expect(other.failures == [.missing_value: 3])
        #expect(other.ledger.completed == 3)
        #expect(other.sendLag.isEmpty)
    }

    @Test("a value may hold line breaks where they can be written: in a body, a query, a form")
    func lineBreaks() throws {
        let target = ScriptedTarget.product()
        let run = try PlanRun.of(
            steps:
                """
                { get: /a, extract: { x: $.lines } }, { post: /b, text: "{{x}}" }, { get: /c, query: { q: "{{x}}" } },
                { post: /d, json: { x: "{{x}}" } }
                """, target: target)
        #expect(run.ledger.succeeded == 4)
        #expect(target.log[1].text == "a\r\nX-Evil: 1")
        #expect(target.paths[2] == "/c?q=a%0D%0AX-Evil%3A%201")
        #expect(target.log[3].text == #"{"x":"a\r\nX-Evil: 1"}"#)
    }

    @Test("an arrival's values are its own: nothing is left of the one before")
    func clearedBetweenArrivals() throws {
        for load in ["{ rate: 10/s, for: 500ms }", "{ users: 1, count: 5 }"] {
            let target = ScriptedTarget.answering { number, _ in
                Reply(after: .milliseconds(1), body: number == 0 ? #"{"id": 1}"# : "{}")
            }
            let run = try PlanRun.of(
                steps:
                    "{ get: /a, name: a, extract: { x: $.id } }, { get: '/{{x}}', name: b }",
                scenario: "on-failure: continue", load: load,
                target: target)
            #expect(run.steps["b"]?.counts.succeeded == 1)
            #expect(run.steps["b"]?.failures == [.missing_value: 4])
        }
    }

    @Test("response time counts from the intended start: a late call of an open phase shows how late it is")
    func sendLag() throws {
        let run = try PlanRun.of(
            steps:
                "{ get: /a, extract: { x: $.id } }, { get: '/{{x}}' }", load: "{ rate: 10/s, for: 1s }",
            target: .product())
        #expect(run.sendLag.count == 10, "only the first call of an arrival has a time that a schedule set")
        #expect(run.sendLag.max == .zero)
    }

    @Test("a value that an arrival did not take itself is missing, whoever took it before")
    func takenByAnother() throws {
        for load in ["{ rate: 10/s, for: 500ms }", "{ users: 1, count: 5 }"] {
            let target = ScriptedTarget.product()
            let run = try PlanRun.of(
                """
                data: { n: { counter: 0 } }
                load: [\(load)]
                scenarios:
                  main:
                    - { get: /a, if: n == 0, extract: { x: $.id } }
                    - { get: "/{{x}}", name: b }
                """, target: target)
            #expect(target.paths == ["/a", "/17"])
            #expect(run.steps["b"]?.failures == [.missing_value: 4])
        }
    }
}
