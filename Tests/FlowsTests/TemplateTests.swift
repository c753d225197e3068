import Flows
import Testing

@Suite("Templates")
struct TemplateTests {
    private func render(
        _ text: String, _ escape: Escape, _ values: [String: Value]
    ) throws -> (text: String, fault: RenderFault.Reason?) {
        var table = VariableTable()
        let template = try Template(text, escape: escape) { table.slot(of: $0) }
        var variables = Variables(count: table.count)
        for (name, value) in values { if let slot = table.existing(name) { variables[slot] = value } }
        var output: [UInt8] = []
        let fault = template.render(variables, into: &output)
        return (String(decoding: output, as: UTF8.self), fault?.reason)
    }

    @Test(
        "a value is written as its place needs it",
        arguments: [
            ("/p/{{id}}", Escape.path, "a b#ü/?x=1", "/p/a%20b%23%C3%BC/?x=1"),
            ("q={{ id }}", .component, "a b&c=d/é", "q=a%20b%26c%3Dd%2F%C3%A9"),
            ("\"{{id}}\"", .jsonText, "a\"\\\n\u{1}", "\"a\\\"\\\\\\n\\u0001\""),
            ("{{id}}", .json, "a\"", "\"a\\\"\""),
            ("Bearer {{id}}", .header, "x y", "Bearer x y"),
            ("{{id}}{{id}}", .none, "ab", "abab"),
            ("{{'{{id}}'}} is {{id}}", .none, "ab", "{{id}} is ab"),
            ("no place", .none, "ab", "no place"),
        ])
    func escapes(text: String, escape: Escape, value: String, expected: String) throws {
        let result = try render(text, escape, ["id": Value(text: value)])
        #expect(result.text == expected)
        #expect(result.fault == nil)
    }

    @Test("a JSON value that is one place keeps its type")
    func typed() throws {
        #expect(try render("{{n}}", .json, ["n": Value(17)]).text == "17")
        #expect(try render("{{n}}", .json, ["n": Value(kind: .null, bytes: Array("null".utf8))]).text == "null")
    }

    @Test("CR, LF and NUL never get into a header or a URL", arguments: ["\r", "\n", "\0", "a\r\nX: y"])
    func breaks(value: String) throws {
        for escape in [Escape.header, .path] {
            #expect(try render("x{{v}}", escape, ["v": Value(text: value)]).fault == .forbidden)
        }
        #expect(try render("x{{v}}", .component, ["v": Value(text: value)]).fault == nil)
    }

    @Test("a place without a value is a fault")
    func missing() throws {
        #expect(try render("x{{v}}", .none, [:]).fault == .missing)
    }

    @Test(
        "what is no place says where",
        arguments: [("a{{b", 1), ("{{}}", 0), ("xy{{a b}}", 2), ("{{1a}}", 0), ("{{a..b}}", 0)])
    func broken(text: String, offset: Int) {
        let error = #expect(throws: FlowSyntaxError.self) { try Template(text, escape: .none) { _ in 0 } }
        #expect(error?.offset == offset)
    }
}
