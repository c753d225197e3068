import Core
import Flows
import Testing

@testable import Plans

/// Requests and their bodies: what stands in a plan, and what a run is told.
struct StepTests {
    @Test(arguments: [
        ("{ get: /a }", "/a"),
        ("{ get: \"/a/{{id}}\" }", "/a/{{id:path}}"),
        ("{ get: \"{{colour}}\" }", "{{colour:path}}"),
        ("{ get: \"/a/{{'{{'}}\" }", "/a/{{"),
        ("{ get: /a, query: { page: 2 } }", "/a?page=2"),
        ("{ get: /a, query: { q: red shoes, \"a&b\": \"ä=1\" } }", "/a?q=red%20shoes&a%26b=%C3%A4%3D1"),
        ("{ get: \"/a?b=1\", query: { page: 2 } }", "/a?b=1&page=2"),
        ("{ get: \"/a?\", query: { page: 2 } }", "/a?page=2"),
        ("{ get: \"/a?b=1&\", query: { page: 2 } }", "/a?b=1&page=2"),
        ("{ get: /a, query: { q: \"a {{ colour }}/\" } }", "/a?q=a%20{{colour:component}}%2F"),
        ("{ get: /a, query: { q: \"\" } }", "/a?q="),
    ])
    func aPathHasItsQuery(yaml: String, path: String) throws {
        let (step, plan) = try Journey.first(yaml)
        #expect(Journey.text(step.path, plan) == path)
    }

    @Test func methodsHeadersAndCookiesHavePlaces() throws {
        let (step, plan) = try Journey.first(
            "{ method: \"P{{colour}}\", path: /a, headers: { X-A: \"b {{id}}\" }, cookies: { c: \"{{id}}\", d: e f } }")
        #expect(Journey.text(step.method, plan) == "P{{colour:header}}")
        #expect(step.headers.map(\.name) == ["X-A"])
        #expect(Journey.text(step.headers[0].value, plan) == "b {{id:header}}")
        #expect(step.cookies.map(\.name) == ["c", "d"])
        #expect(step.cookies.map { Journey.text($0.value, plan) } == ["{{id:header}}", "e f"])
        #expect(step.name == "P{{colour}} /a")
    }

    @Test(arguments: [
        ("text: \"a {{id}}\"", "a {{id:none}}", "text/plain; charset=utf-8"),
        (
            "json: { a: \"{{id}}\", b: [\"x{{colour}}\\\"\"] }", #"{"a":{{id:json}},"b":["x{{colour:jsonText}}\""]}"#,
            "application/json"
        ),
        ("json: \"{{id}}\"", "{{id:json}}", "application/json"),
        ("json: [1.50, no, ~, \"1\", true, -0]", #"[1.50,"no",null,"1",true,-0]"#, "application/json"),
        ("json: { \"id\": \"{{'{{'}}\" }", #"{"id":"{{"}"#, "application/json"),
        (
            "form: { user: a b, \"x&y\": \"{{colour}}=\" }", "user=a%20b&x%26y={{colour:component}}%3D",
            "application/x-www-form-urlencoded"
        ),
        ("file: order.json", #"{"product":17}"# + "\n", "application/octet-stream"),
    ])
    func aBodyHasItsPlacesAndItsType(body: String, text: String, type: String) throws {
        let (step, plan) = try Journey.first("{ post: /, \(body) }")
        #expect(Journey.text(step.body, plan) == text)
        #expect(step.headers == [HeaderTemplate(name: "Content-Type", value: Template(literal: type))])
    }

    /// The value and what JSON makes of it.
    @Test(arguments: [
        (Value(17), #"{"a":17,"b":"x17"}"#), (Value(text: "17"), #"{"a":"17","b":"x17"}"#),
        (Value(text: "\"\n"), #"{"a":"\"\n","b":"x\"\n"}"#),
        (Value(kind: .boolean, bytes: Array("true".utf8)), #"{"a":true,"b":"xtrue"}"#),
        (Value(kind: .null, bytes: Array("null".utf8)), #"{"a":null,"b":"xnull"}"#),
        (Value(kind: .json, bytes: Array("[1,{}]".utf8)), #"{"a":[1,{}],"b":"x[1,{}]"}"#),
    ])
    func aPlaceInJSONKeepsItsType(value: Value, body: String) throws {
        let (step, plan) = try Journey.first("{ post: /, json: { a: \"{{id}}\", b: \"x{{id}}\" } }")
        #expect(try Journey.rendered(step.body, plan, ["id": value]) == body)
    }

    @Test func aMultipartBodyIsWrittenToTheByte() throws {
        let (step, plan) = try Journey.first(
            """
            { post: /, multipart: {
              note: "a {{colour}}", plain: { text: b, type: text/csv, name: b.csv },
              upload: { file: order.json }, named: { file: order.json, type: application/json, name: first.json } } }
            """)
        let boundary = "gale-f1d7c83b9a604e52"
        let expected = """
            --\(boundary)
            Content-Disposition: form-data; name="note"

            a {{colour:none}}
            --\(boundary)
            Content-Disposition: form-data; name="plain"; filename="b.csv"
            Content-Type: text/csv

            b
            --\(boundary)
            Content-Disposition: form-data; name="upload"; filename="order.json"
            Content-Type: application/octet-stream

            {"product":17}|
            --\(boundary)
            Content-Disposition: form-data; name="named"; filename="first.json"
            Content-Type: application/json

            {"product":17}|
            --\(boundary)--

            """
        // Lines of the body end in CRLF; the file itself ends in LF.
        #expect(
            Journey.text(step.body, plan)
                == expected.replacing("\n", with: "\r\n").replacing("|\r\n", with: "\n\r\n"))
        #expect(
            step.headers == [
                HeaderTemplate(
                    name: "Content-Type", value: Template(literal: "multipart/form-data; boundary=\(boundary)"))
            ])
    }

    @Test func aBodyIsCompressedWhereThereIsOne() throws {
        #expect(try Journey.step("{ post: /, text: a, compress: gzip }").compresses)
        #expect(try !Journey.step("{ post: /, text: a, compress: none }").compresses)
        #expect(try !Journey.step("{ post: /, compress: gzip }").compresses)
    }
}
