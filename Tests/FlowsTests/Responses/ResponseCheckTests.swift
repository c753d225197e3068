import Core
import Flows
import Testing

@Suite("Checks of responses")
struct ResponseCheckTests {
    private var table = VariableTable()
    private let exchange = Exchange()
    private var variables = Variables(count: 3)

    init() {
        exchange.responseHeaders = Array(
            "Content-Type: application/json; charset=utf-8\r\nVia: a\r\nVia: b\r\n\r\n".utf8)
        exchange.responseBody = Array(
            #"{"total": 17.0, "name": "caf\u00e9", "items": [{"id": 12}, 2], "o": {"a":1, "b": null}, "big": 9007199254740993}"#
                .utf8)
        exchange.responseSize = exchange.responseBody.count
        for name in ["n", "s", "absent"] { _ = table.slot(of: name) }
        variables[0] = Value(17)
        variables[1] = Value(text: "café")
    }

    private func holds(_ rule: ResponseCheck.Rule, latency: Span = .milliseconds(100)) -> Bool {
        var scratch: [UInt8] = Array("what was there before".utf8)
        return ResponseCheck(rule, text: "").holds(exchange, latency: latency, variables, scratch: &scratch)
    }

    private func template(_ text: String, _ escape: Escape = .none) throws -> Template {
        try Template(text, escape: escape) { name in table.existing(name) ?? 2 }
    }

    @Test(
        "a JSON value is compared by what it means",
        arguments: [
            ("$.total", Relation.equal, "17", true), ("$.total", .equal, "1.7e1", true),
            ("$.total", .equal, "{{n}}", true),
            ("$.total", .unequal, "17", false), ("$.total", .below, "18", true), ("$.total", .atLeast, "18", false),
            ("$.total", .equal, "\"17\"", false), ("$.name", .equal, "\"café\"", true),
            ("$.name", .equal, "{{s}}", true),
            ("$.name", .above, "\"caf\"", true), ("$.items[0].id", .equal, "12", true),
            ("$.items", .equal, #"[{"id":12},2]"#, true), ("$.items", .equal, #"[2,{"id":12}]"#, false),
            ("$.items", .equal, #"[{"id":12},2,3]"#, false), ("$.items", .equal, #"[{"id":12}]"#, false),
            ("$.o", .equal, #" {"b":null,"a":1.0} "#, true), ("$.o", .equal, #"{"a":1}"#, false),
            ("$.o", .equal, #"{"a":1,"b":null,"c":2}"#, false), ("$.o", .equal, #"{"a":1,"a":1}"#, false),
            ("$.o.b", .equal, "null", true), ("$.o.b", .equal, "false", false),
            ("$.big", .equal, "9007199254740992", false), ("$.big", .equal, "9007199254740993", true),
            ("$.nothing", .equal, "null", false), ("$.nothing", .unequal, "1", false),
            ("$.total", .equal, "{{absent}}", false),
            ("$.total", .equal, "17 18", false), ("$.total", .equal, "", false),
        ])
    func json(path: String, relation: Relation, expected: String, holds: Bool) throws {
        let rule = ResponseCheck.JSONRule.compare(relation, try template(expected, .json))
        #expect(self.holds(.json(try JSONPath(path), rule)) == holds)
    }

    @Test("a JSON value is there or not, and in what is no JSON it is neither")
    func existence() throws {
        #expect(holds(.json(try JSONPath("$.o.b"), .exists)))
        #expect(!holds(.json(try JSONPath("$.o.c"), .exists)))
        #expect(holds(.json(try JSONPath("$.o.c"), .absent)))
        #expect(!holds(.json(try JSONPath("$.o.b"), .absent)))
        exchange.responseBody = Array("<html>".utf8)
        #expect(!holds(.json(try JSONPath("$.o"), .absent)))
        #expect(!holds(.json(try JSONPath("$.o"), .exists)))
    }

    @Test("a body has a text, lacks it, or is it")
    func body() throws {
        exchange.responseBody = Array("all 17 are ok".utf8)
        exchange.responseSize = 13
        #expect(try holds(.body(.contains(template("{{n}} are")))))
        #expect(try !holds(.body(.contains(template("18")))))
        #expect(try holds(.body(.lacks(template("error")))))
        #expect(try !holds(.body(.lacks(template("ok")))))
        #expect(try !holds(.body(.lacks(template("{{absent}}")))))
        #expect(try holds(.body(.equals(template("all {{n}} are ok")))))
        #expect(try !holds(.body(.equals(template("all {{n}} are")))))
        #expect(try holds(.body(.matches(Pattern("[0-9]+ are ok$")))))
        #expect(try !holds(.body(.matches(Pattern("^are")))))
        #expect(holds(.body(.exists)) && !holds(.body(.absent)))
        exchange.responseSize = 14
        #expect(try !holds(.body(.equals(template("all {{n}} are ok")))))
        exchange.forgetResponse()
        #expect(!holds(.body(.exists)) && holds(.body(.absent)))
        #expect(try holds(.body(.contains(template("")))))
    }

    @Test("any line of a header's name will do, and all must lack what it lacks")
    func headers() throws {
        #expect(try holds(.header("content-type", .contains(template("json")))))
        #expect(try !holds(.header("Content-Type", .equals(template("application/json")))))
        #expect(try holds(.header("Content-Type", .matches(Pattern("charset=(utf|UTF)-8$")))))
        #expect(try holds(.header("Via", .equals(template("a")))) && holds(.header("Via", .equals(template("b")))))
        #expect(try !holds(.header("Via", .lacks(template("b")))) && holds(.header("Via", .lacks(template("c")))))
        #expect(holds(.header("Via", .exists)) && !holds(.header("Via", .absent)))
        #expect(!holds(.header("X", .exists)) && holds(.header("X", .absent)))
        #expect(try !holds(.header("X", .equals(template("")))) && holds(.header("X", .lacks(template("a")))))
    }

    @Test("size and latency have limits")
    func limits() {
        exchange.responseSize = 10_000
        #expect(holds(.size(.atMost, 10_000)) && !holds(.size(.below, 10_000)))
        #expect(holds(.latency(.below, .milliseconds(500)), latency: .milliseconds(499)))
        #expect(!holds(.latency(.below, .milliseconds(500)), latency: .milliseconds(500)))
    }

    @Test("a check reads as a report should say it")
    func text() throws {
        let rules: [(ResponseCheck.Rule, String)] = [
            (.body(.contains(try template("ok"))), "body contains ok"),
            (.body(.absent), "body is absent"),
            (.json(try JSONPath("$.total"), .compare(.equal, try template("17", .json))), "$.total == 17"),
            (.json(try JSONPath("$.total"), .compare(.above, try template("{{n}}", .json))), "$.total > {{n}}"),
            (.json(try JSONPath("$.a"), .exists), "$.a exists"),
            (.header("Via", .matches(try Pattern("a+"))), "header Via matches a+"),
            (.size(.below, 10_000), "size < 10000 B"),
            (.latency(.below, .milliseconds(500)), "latency < 500ms"),
            (.latency(.atMost, .seconds(120)), "latency <= 2m"),
            (.latency(.atMost, .milliseconds(1_500)), "latency <= 1500ms"),
            (.latency(.atMost, .zero), "latency <= 0ns"),
        ]
        for (rule, text) in rules { #expect(ResponseCheck.text(of: rule) { table.names[$0] } == text) }
    }

    @Test("a check says what it reads")
    func needs() throws {
        let json = ResponseCheck(.json(try JSONPath("$"), .compare(.equal, try template("{{n}}", .json))), text: "")
        #expect(json.needsBody && !json.needsHeaders && json.slots == [0])
        let header = ResponseCheck(.header("Via", .contains(try template("{{s}}"))), text: "")
        #expect(!header.needsBody && header.needsHeaders && header.slots == [1])
        let latency = ResponseCheck(.latency(.below, .zero), text: "")
        #expect(!latency.needsBody && !latency.needsHeaders && latency.slots.isEmpty)
    }
}
