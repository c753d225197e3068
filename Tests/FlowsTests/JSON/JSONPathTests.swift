import Core
import Flows
import Testing

/// The examples of RFC 9535, by section. Documents stand without blanks, so what is found is what is written there.
@Suite("JSONPath, by the examples of RFC 9535")
struct JSONPathTests {
    struct Example: CustomStringConvertible, Sendable {
        let path: String
        let found: [String]
        var description: String { path }

        init(_ path: String, _ found: [String]) {
            self.path = path
            self.found = found
        }
    }

    private func check(_ example: Example, in document: String) throws {
        let result = try Found(example.path, in: document)
        #expect(result.value(.count).text == "\(example.found.count)")
        #expect(try result.json(.first) == example.found.first)
        #expect(try result.json(.last) == example.found.last)
        var drawn: Set<String> = []
        for seed in 0..<UInt64(20 * example.found.count) {
            drawn.insert(try #require(try result.json(.random, seed: seed)))
        }
        #expect(drawn == Set(example.found))
    }

    static let books = [
        #"{"category":"reference","author":"Nigel Rees","title":"Sayings of the Century","price":8.95}"#,
        #"{"category":"fiction","author":"Evelyn Waugh","title":"Sword of Honour","price":12.99}"#,
        #"{"category":"fiction","author":"Herman Melville","title":"Moby Dick","isbn":"0-553-21311-3","price":8.99}"#,
        #"{"category":"fiction","author":"J. R. R. Tolkien","title":"The Lord of the Rings","isbn":"0-395-19395-8","price":22.99}"#,
    ]
    static let bicycle = #"{"color":"red","price":399}"#
    static let bookList = "[" + books.joined(separator: ",") + "]"
    static let store = #"{"book":"# + bookList + #","bicycle":"# + bicycle + "}"
    static let authors = [#""Nigel Rees""#, #""Evelyn Waugh""#, #""Herman Melville""#, #""J. R. R. Tolkien""#]

    @Test(
        "1.5: the bookstore",
        arguments: [
            Example("$.store.book[*].author", authors),
            Example("$..author", authors),
            Example("$.store.*", [bookList, bicycle]),
            Example("$.store..price", ["8.95", "12.99", "8.99", "22.99", "399"]),
            Example("$..book[2]", [books[2]]),
            Example("$..book[2].author", [authors[2]]),
            Example("$..book[2].publisher", []),
            Example("$..book[-1]", [books[3]]),
            Example("$..book[0,1]", [books[0], books[1]]),
            Example("$..book[:2]", [books[0], books[1]]),
            Example("$..book[?@.isbn]", [books[2], books[3]]),
            Example("$..book[?@.price<10]", [books[0], books[2]]),
            Example("$['store']['book'][0]['title']", [#""Sayings of the Century""#]),
            Example("$", [#"{"store":"# + store + "}"]),
        ])
    func bookstore(example: Example) throws {
        try check(example, in: #"{"store":"# + Self.store + "}")
    }

    @Test("1.5: every value of the bookstore is found by $..*")
    func everything() throws {
        let found = try Found("$..*", in: #"{"store":"# + Self.store + "}")
        #expect(found.value(.count).text == "27")
        #expect(try found.json(.first) == Self.store)
        #expect(try found.json(.last) == "399")
    }

    @Test(
        "2.3.1: names",
        arguments: [
            Example("$.o['j j']", [#"{"k.k":3}"#]),
            Example("$.o['j j']['k.k']", ["3"]),
            Example("$.o[\"j j\"][\"k.k\"]", ["3"]),
            Example("$[\"'\"][\"@\"]", ["2"]),
            Example("$['\\'']['@']", ["2"]),
        ])
    func names(example: Example) throws {
        try check(example, in: #"{"o":{"j j":{"k.k":3}},"'":{"@":2}}"#)
    }

    @Test(
        "2.3.2: wildcards",
        arguments: [
            Example("$[*]", [#"{"j":1,"k":2}"#, "[5,3]"]),
            Example("$.o[*]", ["1", "2"]),
            Example("$.o[*,*]", ["1", "2", "1", "2"]),
            Example("$.a[*]", ["5", "3"]),
        ])
    func wildcards(example: Example) throws {
        try check(example, in: #"{"o":{"j":1,"k":2},"a":[5,3]}"#)
    }

    @Test(
        "2.3.3: positions",
        arguments: [
            Example("$[1]", [#""b""#]), Example("$[-2]", [#""a""#]), Example("$[2]", []), Example("$[-3]", []),
        ])
    func positions(example: Example) throws {
        try check(example, in: #"["a","b"]"#)
    }

    @Test(
        "2.3.4: slices",
        arguments: [
            Example("$[1:3]", [#""b""#, #""c""#]),
            Example("$[5:]", [#""f""#, #""g""#]),
            Example("$[1:5:2]", [#""b""#, #""d""#]),
            Example("$[:]", ["a", "b", "c", "d", "e", "f", "g"].map { "\"\($0)\"" }),
            Example("$[::3]", [#""a""#, #""d""#, #""g""#]),
            Example("$[-2:]", [#""f""#, #""g""#]),
            Example("$[:-5]", [#""a""#, #""b""#]),
            Example("$[-100:2]", [#""a""#, #""b""#]),
            Example("$[4:2]", []),
            Example("$[0:3:0]", []),
            Example("$[ 1 : 3 ]", [#""b""#, #""c""#]),
        ])
    func slices(example: Example) throws {
        try check(example, in: #"["a","b","c","d","e","f","g"]"#)
    }

    @Test(
        "2.3.5: comparisons",
        arguments: [
            ("$.absent1 == $.absent2", true), ("$.absent1 <= $.absent2", true), ("$.absent == 'g'", false),
            ("$.absent1 != $.absent2", false), ("$.absent != 'g'", true), ("1 <= 2", true), ("1 > 2", false),
            ("13 == '13'", false), ("'a' <= 'b'", true), ("'a' > 'b'", false), ("$.obj == $.arr", false),
            ("$.obj != $.arr", true), ("$.obj == $.obj", true), ("$.obj != $.obj", false), ("$.arr == $.arr", true),
            ("$.arr != $.arr", false), ("$.obj == 17", false), ("$.obj != 17", true), ("$.obj <= $.arr", false),
            ("$.obj < $.arr", false), ("$.obj <= $.obj", true), ("$.arr <= $.arr", true), ("1 <= $.arr", false),
            ("1 >= $.arr", false), ("1 > $.arr", false), ("1 < $.arr", false), ("true <= true", true),
            ("true > true", false), ("1 == 1.0", true), ("100 == 1e2", true), ("-0 == 0", true),
            ("'\\u00e9' == 'é'", true), ("null == null", true), ("null == false", false),
            ("9007199254740993 == 9007199254740992", false), ("9007199254740993 > 9007199254740992", true),
        ])
    func comparisons(filter: String, holds: Bool) throws {
        let found = try Found("$.one[?\(filter)]", in: #"{"obj":{"x":"y"},"arr":[2,3],"one":[0]}"#)
        #expect(found.value(.count).text == (holds ? "1" : "0"))
    }

    @Test(
        "2.3.5: filters",
        arguments: [
            Example("$.a[?@.b == 'kilo']", [#"{"b":"kilo"}"#]),
            Example("$.a[?(@.b == 'kilo')]", [#"{"b":"kilo"}"#]),
            Example("$.a[?@>3.5]", ["5", "4", "6"]),
            Example("$.a[?@.b]", [#"{"b":"j"}"#, #"{"b":"k"}"#, #"{"b":{}}"#, #"{"b":"kilo"}"#]),
            Example("$[?@.*]", [a, #"{"p":1,"q":2,"r":3,"s":5,"t":{"u":6}}"#]),
            Example("$[?@[?@.b]]", [a]),
            Example("$.o[?@<3,?@<3]", ["1", "2", "1", "2"]),
            Example("$.a[?@<2 || @.b == \"k\"]", ["1", #"{"b":"k"}"#]),
            Example("$.o[?@>1 && @<4]", ["2", "3"]),
            Example("$.o[?@.u || @.x]", [#"{"u":6}"#]),
            Example("$.a[?@.b == $.x]", ["3", "5", "1", "2", "4", "6"]),
            Example(
                "$.a[?@ == @]",
                ["3", "5", "1", "2", "4", "6", #"{"b":"j"}"#, #"{"b":"k"}"#, #"{"b":{}}"#, #"{"b":"kilo"}"#]),
            Example("$.o[?!(@>1)]", ["1", #"{"u":6}"#]),
            Example("$.a[?!@.b && @ >= 5]", ["5", "6"]),
        ])
    func filters(example: Example) throws {
        try check(
            example,
            in: #"{"a":"# + Self.a + #","o":{"p":1,"q":2,"r":3,"s":5,"t":{"u":6}},"e":"f"}"#)
    }
    static let a = #"[3,5,1,2,4,6,{"b":"j"},{"b":"k"},{"b":{}},{"b":"kilo"}]"#

    @Test(
        "2.5.1: children",
        arguments: [
            Example("$[0, 3]", [#""a""#, #""d""#]),
            Example("$[0:2, 5]", [#""a""#, #""b""#, #""f""#]),
            Example("$[0, 0]", [#""a""#, #""a""#]),
            Example("$ [ 0 ]", [#""a""#]),
        ])
    func children(example: Example) throws {
        try check(example, in: #"["a","b","c","d","e","f","g"]"#)
    }

    @Test(
        "2.5.2: values within",
        arguments: [
            Example("$..j", ["1", "4"]),
            Example("$..[0]", ["5", #"{"j":4}"#]),
            Example("$..o", [#"{"j":1,"k":2}"#]),
            Example("$.o..[*,*]", ["1", "2", "1", "2"]),
            Example("$.a..[0,1]", ["5", "3", #"{"j":4}"#, #"{"k":6}"#]),
            Example("$..['j','k']", ["1", "2", "4", "6"]),
        ])
    func descendants(example: Example) throws {
        try check(example, in: #"{"o":{"j":1,"k":2},"a":[5,3,[{"j":4},{"k":6}]]}"#)
    }

    @Test(
        "2.6: null is a value",
        arguments: [
            Example("$.a", ["null"]), Example("$.a[0]", []), Example("$.a.d", []), Example("$.b[0]", ["null"]),
            Example("$.b[*]", ["null"]), Example("$.b[?@]", ["null"]), Example("$.b[?@==null]", ["null"]),
            Example("$.c[?@.d==null]", []), Example("$.null", ["1"]),
        ])
    func null(example: Example) throws {
        try check(example, in: #"{"a":null,"b":[null],"c":[{}],"null":1}"#)
    }

    @Test(
        "what is no path says where, and what to write",
        arguments: [
            ("", 0), ("a.b", 0), ("$.", 2), ("$..", 3), ("$.a-b", 3), ("$[", 2), ("$[1", 3), ("$[01]", 2), ("$[-0]", 2),
            ("$['a", 2), ("$['\\x']", 3), ("$['\\ud800']", 3), ("$[1:2:-1]", 6), ("$[?@.a", 6),
            ("$[?length(@) > 1]", 3),
            ("$[?@.* == 1]", 3), ("$[?1 == @..a]", 8), ("$[?1]", 3), ("$[?!@.a == 1]", 4), ("$[?@.a = 1]", 7),
            ("$[?abc == 1]", 3), ("$a", 1), ("$.a b", 3), ("$[9007199254740992]", 2), ("$.1a", 2),
            ("$[" + String(repeating: "?@[", count: 40), 99),
        ])
    func broken(path: String, offset: Int) {
        let error = #expect(throws: FlowSyntaxError.self) { try JSONPath(path) }
        #expect(error?.offset == offset)
        #expect(error?.message.isEmpty == false)
        #expect(error?.remedy.isEmpty == false)
    }

    @Test("a path keeps its text, and paths that differ are different")
    func text() throws {
        #expect(try JSONPath("$['a']").text == "$['a']")
        #expect(try JSONPath("$.a") == JSONPath("$.a"))
        #expect(try JSONPath("$.a") != JSONPath("$.b"))
        #expect(throws: FlowSyntaxError.self) { try JSONPath("$." + String(repeating: "a", count: 4_095)) }
    }
}
