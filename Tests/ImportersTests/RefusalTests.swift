import Importers
import Testing

@Suite("What cannot be imported is refused with place, reason and remedy")
struct RefusalTests {
    @Test(
        "Each wrong file and what is said of it",
        arguments: [
            (ImportKind.har, "", "the file: there is no value in it: check that the file was saved whole"),
            (.har, "{\"log\":", "line 1: this is not JSON: the text ends where a value should be: check"),
            (.har, "{\n\"log\": {\"entries\": [{]}}", "line 2: this is not JSON: the name of a member was expected"),
            (.har, "{}", "the file: it has no `log`, and a HAR file is an object with one"),
            (.har, "{\"log\":{}}", "line 1: `log` has no list `entries`"),
            (.har, "{\"log\":{\"entries\":[]}}", "line 1: `entries` is empty: nothing was recorded"),
            (.har, "{\"log\":{\"entries\":[17,null]}}", "entry 1: no entry has a request with an `http://`"),
            (
                .har, #"{"log":{"entries":[{"request":{"method":"CONNECT","url":"http://a.example/"}}]}}"#,
                "the file: it has no request that a plan can have (Requests whose method Gale cannot send"
            ),
            (.openapi, "openapi: 4.0.0", "line 1: `openapi: 4.0.0` is a version that is not known here"),
            (.openapi, "info: {}", "the file: it has neither `openapi` nor `swagger`"),
            (.openapi, "openapi: 3.0.0", "the file: it has no `paths`"),
            (.openapi, "openapi: 3.0.0\npaths: {}", "the file: it has no request that a plan can have"),
            (.openapi, "openapi: &a 3.0.0", "line 1: `&` begins an anchor here"),
            (.openapi, "openapi: 3.0.0\npaths: [", "line 3: this is not YAML"),
            (.postman, "{\"requests\":[]}", "the file: it is a collection of format 1"),
            (.postman, "{\"item\":[]}", "the file: it has no request that a plan can have"),
            (.postman, "[]", "the file: it has no list `item`"),
            (.curl, "wget http://a.example/", "the file: no command of curl in it has a URL"),
            (.curl, "\ncurl 'http://a.example/", "line 2: the quotes that open here are not closed"),
            (.curl, "curl http://a.example/ -H", "line 1: `-H` has no value"),
            (.log, "a\nb\n", "the file: no line is a GET or HEAD of an access log"),
            (.vegeta, "", "the file: it has no target"),
            (.vegeta, "GET http://\n", "line 1: `GET http://` is no target"),
            (.vegeta, "hello\n", "line 1: `hello` is neither a target nor a header or a body of one"),
            (.vegeta, "{\"method\":\"GET\"}", "line 1: the target has no `method` or no `url`"),
            (
                .vegeta, "{\"method\":\"GET\",\"url\":\"http://a.example\",\"body\":\"*\"}",
                "line 1: `body` is not Base64"
            ),
        ])
    func refusal(kind: ImportKind, text: String, message: String) {
        #expect(throws: ImportError.self) { try Imports.plan(kind, text) }
        do throws(ImportError) {
            _ = try Imports.plan(kind, text)
        } catch {
            #expect(error.description.hasPrefix(message), "\(error)")
        }
    }

    @Test("Nesting beyond the limit is refused and not followed", arguments: [ImportKind.har, .openapi, .postman])
    func nesting(kind: ImportKind) {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: ImportError.self) { try Imports.plan(kind, deep) }
        let objects = String(repeating: "{\"item\":", count: 100_000)
        #expect(throws: ImportError.self) { try Imports.plan(kind, objects) }
    }

    @Test("Text that is not UTF-8 is refused", arguments: [ImportKind.har, .openapi, .postman, .curl, .vegeta])
    func encoding(kind: ImportKind) {
        for bytes in [[0x22, 0xFF, 0x22], [0xFF, 0xFE, 0x7B, 0x00], [0x63, 0x75, 0x72, 0x6C, 0x20, 0xC3]] as [[UInt8]] {
            #expect(throws: ImportError.self) { try kind.read(bytes, options: ImportOptions()) }
        }
    }

    @Test("Circles of references end")
    func circles() throws {
        let text = """
            openapi: 3.0.0
            paths:
              /a: { $ref: "#/paths/~1a" }
              /b:
                post:
                  requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/A" } } } }
            components:
              schemas:
                A: { type: object, properties: { a: { $ref: "#/components/schemas/B" }, size: { type: integer } } }
                B: { type: object, properties: { b: { $ref: "#/components/schemas/A" }, c: { $ref: "#/components/schemas/B" } } }
            """
        let written = try Imports.written(.openapi, text)
        #expect(written.contains("json: { a: {}, size: 1 }"))
        #expect(written.contains("Paths in other files were left out: /a."))
    }

    @Test("Numbers beyond every type stay digits or are cut to a range")
    func numbers() throws {
        let text = """
            openapi: 3.0.0
            paths:
              /a/{item}:
                post:
                  parameters: [{ name: item, in: path, schema: { type: integer, minimum: -9e99, maximum: 1e30 } }]
                  requestBody: { content: { application/json: { example: { big: 1e999, long: 123456789012345678901234567890 } } } }
            """
        let written = try Imports.written(.openapi, text)
        #expect(written.contains("json: { big: 1e999, long: 123456789012345678901234567890 }"))
        #expect(written.contains("item: { integer: 1 to 100 }"))
    }
}
