import Core
import Flows
import Testing

@testable import Plans

/// `data:` and what a plan makes of it.
struct DataTests {
    /// The one source `x`, which a step reads through `place`.
    private static func source(_ yaml: String, place: String = "x") throws -> DataSource {
        let plan = try PlanInputs.plan(
            "data: { x: { \(yaml) } }\nscenarios: { main: [{ post: /, text: \"{{\(place)}}\" }] }")
        #expect(plan.data.map(\.name) == ["x"])
        return try #require(plan.data.first)
    }

    /// A source, a place that reads it, and the line in which a plan's outline describes it.
    @Test(arguments: [
        ("csv: products.csv", "x.price", "products.csv: 3 rows, in order, repeated"),
        ("csv: products.csv, order: shuffled", "x.id", "products.csv: 3 rows, shuffled, repeated"),
        ("csv: products.csv, order: random", "x.id", "products.csv: 3 rows, at random"),
        ("csv: products.csv, at-end: stop", "x.id", "products.csv: 3 rows, in order, once"),
        ("csv: products.csv, per: user", "x.id", "products.csv: 3 rows, in order, repeated, one per user"),
        ("json-lines: products.jsonl", "x.tags", "products.jsonl: 2 rows, in order, repeated"),
        ("list: [red, green]", "x", "list: 2 values, in order, repeated"),
        ("list: [{ a: 1, b: 2 }, { b: 3 }]", "x.b", "list: 2 rows, in order, repeated"),
        ("list: [red], order: shuffled, at-end: stop", "x", "list: 1 value, shuffled, once"),
        ("counter: 1", "x", "1, 2, 3, …"),
        ("counter: 0, step: -10", "x", "0, -10, -20, …"),
        ("counter: 1_000, per: user", "x", "1000, 1001, 1002, …, one per user"),
        ("integer: 1 to 10", "x", "integer 1 to 10"),
        ("integer: -5 to -5", "x", "integer -5 to -5"),
        ("choice: { small: 5, large: 0.5 }", "x", "one of 2 values, by weight"),
        ("uuid: random", "x", "random UUID"),
        ("timestamp: iso", "x", "time as in RFC 3339"),
        ("timestamp: seconds", "x", "time in seconds since 1970"),
        ("timestamp: milliseconds", "x", "time in milliseconds since 1970"),
        ("string: 16", "x", "16 random characters (alphanumeric)"),
        ("string: 4_096, of: hex", "x", "4096 random characters (hex)"),
        ("string: 1, of: letters", "x", "1 random characters (letters)"),
        ("string: 2, of: lowercase", "x", "2 random characters (lowercase)"),
        ("string: 2, of: digits", "x", "2 random characters (digits)"),
        ("zipf: 1 to 100_000", "x", "1 to 100000, Zipf with exponent 1"),
        ("zipf: 1 to 10, exponent: 1.1", "x", "1 to 10, Zipf with exponent 1.1"),
        ("normal: 50, deviation: 10", "x", "normal around 50, deviation 10"),
        ("normal: -0.5, deviation: 0.1, from: -3", "x", "normal around -0.5, deviation 0.1, -3 to 9007199254740992"),
        ("normal: 50, deviation: 10, from: 0, to: 100", "x", "normal around 50, deviation 10, 0 to 100"),
    ])
    func everyFormOfASourceIsRead(yaml: String, place: String, text: String) throws {
        #expect(try Self.source(yaml, place: place).text == text)
    }

    /// The first row of a source, column by column.
    @Test(
        arguments: [
            (
                "csv: products.csv", "x.id",
                ["x.id": Value(text: "17"), "x.name": Value(text: "shoe"), "x.price": Value(text: "49.90")]
            ),
            (
                "json-lines: products.jsonl", "x.id",
                ["x.id": Value(17), "x.gift": Value(kind: .boolean, bytes: Array("false".utf8)), "x.tags": .missing]
            ),
            ("list: [17, 18]", "x", ["x": Value(17)]),
            ("list: [\"17\"]", "x", ["x": Value(text: "17")]),
            ("list: [true]", "x", ["x": Value(kind: .boolean, bytes: Array("true".utf8))]),
            ("list: [1.50]", "x", ["x": Value(kind: .number, bytes: Array("1.50".utf8))]),
            ("list: [010]", "x", ["x": Value(text: "010")]),
            ("list: [[1, a]]", "x", ["x": Value(kind: .json, bytes: Array(#"[1,"a"]"#.utf8))]),
            (
                "list: [{ a: { b: 1 }, c: no }]", "x.a",
                ["x.a": Value(kind: .json, bytes: Array(#"{"b":1}"#.utf8)), "x.c": Value(text: "no")]
            ),
        ] as [(String, String, [String: Value])])
    func aRowHasTypedValues(yaml: String, place: String, values: [String: Value]) throws {
        let source = try Self.source(yaml, place: place)
        guard case .table(let table, _, _) = source.kind else {
            Issue.record("the source is no table")
            return
        }
        for (name, value) in values {
            let column = try #require(source.columns.firstIndex { source.variable(of: $0) == name })
            #expect(table.value(row: 0, column: column) == value)
        }
    }

    /// Sources keep their order, and each has random numbers of its own.
    @Test func everySourceHasItsStream() throws {
        let plan = try PlanInputs.plan(
            """
            data: { b: { integer: 1 to 10 }, a: { integer: 1 to 10 } }
            scenarios: { main: [{ get: "/{{a}}/{{b}}" }] }
            """)
        #expect(plan.data.map(\.name) == ["b", "a"])
        #expect(plan.data[0].stream != plan.data[1].stream)
        #expect(plan.data.map(\.drawLimit) == [nil, nil])
        #expect(try Self.source("list: [a, b, c], at-end: stop").drawLimit == 3)
    }

    @Test(arguments: [
        ("list: [a, b], order: random, at-end: stop", PlanRule.conflict, "at-end: stop"),
        ("integer: 1 to 10, order: shuffled", .conflict, "order"),
        ("integer: 1 to 10, list: [a]", .conflict, "stand in one source"),
        ("order: shuffled", .missing, "where its values come from"),
        ("normal: 50", .missing, "deviation"),
        ("integer: 10 to 1", .range, "backwards"),
        ("integer: 1 to 1e3", .number, "1e3"),
        ("integer: 1 to 9_000_000_000_000_001", .number, "9 * 10^15"),
        ("counter: 1__0", .number, "1__0"),
        ("counter: _1", .number, "_1"),
        ("counter: +1", .number, "+1"),
        ("counter: 01", .number, "01"),
        ("normal: 0x1p3, deviation: 1", .number, "0x1p3"),
        ("normal: nan, deviation: 1", .number, "nan"),
        ("normal: 50, deviation: 1, from: 90", .data, "one in a thousand"),
        ("string: 4_097", .range, "4_096"),
        ("choice: {}", .empty, "empty"),
        ("choice: { a: -1 }", .range, "-1"),
        ("zipf: 1 to 10, exponent: 1_001", .data, "1001"),
        ("csv: /etc/hostname", .file, "outside"),
        ("csv: order.json", .data, "order.json"),
        ("json-lines: products.csv", .data, "line 1"),
        ("uuid: 4", .choice, "random"),
    ])
    func whatASourceCannotBeIsRefused(yaml: String, rule: PlanRule, part: String) throws {
        let text = PlanInputs.framed("data: { x: { \(yaml) } }\nscenarios: { main: [{ get: \"/{{x}}\" }] }")
        let problems = try #require(PlanInputs.problems(text)).problems
        #expect(problems.map(\.rule) == [rule])
        #expect(problems.first?.message.contains(part) == true, "\(problems.map(\.message))")
    }

    /// Where the value of a source is read.
    @Test(arguments: [
        "get: \"/{{x}}\"", "get: /, if: x == 1", "get: /, query: { a: \"{{x}}\" }", "get: /, cookies: { a: \"{{x}}\" }",
        "post: /, json: [\"{{x}}\"]", "post: /, multipart: { a: { text: \"{{x}}\" } }",
        "get: /, expect: { body: { json: { $.a: \"{{x}}\" } } }",
        "get: /, expect: { headers: { A: { lacks: \"{{x}}\" } } }",
        "get: /, count: { a: \"{{x}}\" }", "get: /, count: { a: { tags: { b: \"{{x}}\" } } }",
        "get: /, extract: { a: { json: $.a, default: \"{{x}}\" } }", "repeat: \"{{x}}\", steps: [{ get: / }]",
        "repeat: 2, while: not x, steps: [{ get: / }]", "if: x, steps: [{ get: / }]",
    ])
    func aSourceThatIsReadIsNoDoubt(item: String) {
        let text = PlanInputs.framed("data: { x: { integer: 1 to 10 } }\nscenarios: { main: [{ \(item) }] }")
        #expect(PlanInputs.problems(text) == nil)
    }

    @Test func aSourceThatNobodyReadsIsADoubt() throws {
        let text = PlanInputs.framed(
            """
            data:
              used: { list: [{ a: 1, b: 2 }] }
              colour: { list: [red] }
            scenarios: { main: [{ get: "/{{used.b}}" }] }
            """)
        let problems = try #require(PlanInputs.problems(text)).problems
        #expect(problems.map(\.severity) == [.warning])
        #expect(problems.map(\.rule) == [.unreached])
        #expect(problems[0].place == Place(line: 3, column: 3, length: 6))
    }

    @Test func aSourceOfSetupOrTeardownIsRead() {
        let text = PlanInputs.framed(
            """
            data: { a: { uuid: random }, b: { uuid: random } }
            setup: [{ get: "/{{a}}" }]
            teardown: [{ get: "/{{b}}" }]
            """)
        #expect(PlanInputs.problems(text) == nil)
    }

    /// Thousands of sources and counters are read in a time that grows with their number only.
    @Test func manyNamesAreNoTrouble() throws {
        let count = 1_500
        let sources = (0..<count).map { "  s\($0): { integer: 1 to 10 }" }.joined(separator: "\n")
        let places = (0..<count).map { "{{s\($0)}}" }.joined()
        let counters = (0..<count).map { "c\($0): 1" }.joined(separator: ", ")
        let plan = try PlanInputs.plan(
            "data:\n\(sources)\nscenarios: { main: [{ post: /, text: \"\(places)\", count: { \(counters) } }] }")
        #expect(plan.data.count == count)
        #expect(plan.counters.count == count)
        let steps = (0..<count).map { "{ get: \"/{{s\($0)}}\", extract: { e\($0): $.a } }" }.joined(separator: ", ")
        #expect(try PlanInputs.plan("data:\n\(sources)\nscenarios: { main: [\(steps)] }").variables.count == 2 * count)
    }
}
