import Importers
import Testing

@Suite("Command lines of curl")
struct CurlTests {
    @Test(
        "Each command and a line of its plan",
        arguments: [
            ("curl a.example", "target: http://a.example"),
            ("curl http://A.Example:80/x", "target: http://a.example"),
            ("curl -XDELETE http://a.example/x", "- delete: /x"),
            ("curl -X PURGE http://a.example/x", "- method: PURGE"),
            ("curl -sSLd a=1 http://a.example/x", "form: { a: 1 }"),
            ("curl http://a.example/x -d a=1 -d b=2", "form: { a: 1, b: 2 }"),
            ("curl http://a.example/x -d a=1 -d a=2", "text: a=1&a=2"),
            ("curl http://a.example/x -d '{\"a\": 1}' -H 'Content-Type: application/json'", "json: { a: 1 }"),
            ("curl http://a.example/x --data-raw @a", "text: \"@a\""),
            ("curl http://a.example/x --data-binary @a.bin -H 'Content-Type: image/png'", "file: a.bin"),
            ("curl http://a.example/x -d @../../etc/passwd", "file: passwd"),
            ("curl http://a.example/x --data-urlencode 'a=1 & 2'", "form: { a: 1 & 2 }"),
            ("curl -G http://a.example/x?z=1 -d a=1", "query: { z: 1, a: 1 }"),
            ("curl -I http://a.example/x", "- head: /x"),
            ("curl http://a.example/x -H 'X-A: 1' -H 'x-a: 2'", "headers: { X-A: \"1, 2\" }"),
            ("curl http://a.example/x -H 'Host: b' -H 'Accept:'", "- get: /x"),
            (
                "curl -A 'a b' -e http://r.example/ http://a.example/",
                "headers: { User-Agent: a b, Referer: \"http://r.example/\" }"
            ),
            ("curl http://ann:s3cr3t@a.example/", "headers: { Authorization: \"${env:AUTHORIZATION}\" }"),
            ("curl -H \"X-Id: $ID\" http://a.example/", "headers: { X-Id: \"${env:ID}\" }"),
            ("curl http://a.example/$ID/x?y=$Y", "- get: \"/${env:ID}/x?y=${env:Y}\""),
            (
                "curl http://a.example/ -d \"{\\\"id\\\": \\\"$ID\\\"}\" -H 'Content-Type: application/json'",
                "json: { id: \"${env:ID}\" }"
            ),
            ("curl http://a.example/1 --next -X PUT http://a.example/2", "- put: /2"),
            ("curl http://a.example/ 'http://a.example/{a}'", "- get: \"/{a}\""),
            (
                "curl http://a.example/ --unheard-of x",
                "# - Options of curl that are not known here were left out: --unheard-of."
            ),
            ("curl $'http://a.example/\\u00e9'", "- get: /%C3%A9"),
            ("curl http://a.example/#top", "- get: /"),
        ])
    func command(text: String, line: String) throws {
        let written = try Imports.written(.curl, text)
        let lines = written.split(separator: "\n").map { $0.drop { $0 == " " } }
        #expect(lines.contains { $0 == line }, "\(written)")
        #expect(!written.contains("s3cr3t"))
    }
}
