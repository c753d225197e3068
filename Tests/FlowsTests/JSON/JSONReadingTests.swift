import Core
import Testing

@testable import Flows

@Suite("Reading values from JSON")
struct JSONReadingTests {
    @Test(
        "a value keeps its kind, and a string loses its escapes",
        arguments: [
            (#"{"a":"x\"\\\/\b\f\n\r\t\u0041"}"#, Value.Kind.text, "x\"\\/\u{8}\u{c}\n\r\tA"),
            (#"{"a":"\u00e9\u20ac\ud83d\ude00\u0000."}"#, .text, "é€😀\0."),
            (#"{"a":"\ud83d-\ude00\ud83d\u0041"}"#, .text, "\u{FFFD}-\u{FFFD}\u{FFFD}A"),
            (#"{"a":"é😀"}"#, .text, "é😀"),
            (#"{"a":""}"#, .text, ""),
            (#"{ "a" : -12.50e+3 }"#, .number, "-12.50e+3"),
            (#"{"a":0}"#, .number, "0"),
            (#"{"a":true}"#, .boolean, "true"),
            (#"{"a":false}"#, .boolean, "false"),
            (#"{"a":null}"#, .null, "null"),
            (#"{"a":{"b": [1, 2]}}"#, .json, #"{"b": [1, 2]}"#),
            (#"{"a":[ ]}"#, .json, "[ ]"),
            (#"{"\u0061":1}"#, .number, "1"),
            (#"{"b":{"a":9},"a":1,"a":2}"#, .number, "1"),
            (#"{"a":1} and more"#, .number, "1"),
            (#"{"a":1, nonsense"#, .number, "1"),
        ])
    func kinds(body: String, kind: Value.Kind, text: String) throws {
        let value = try Found("$.a", in: body).value(.first)
        #expect(value.kind == kind)
        #expect(value.text == text)
    }

    @Test(
        "what is no JSON up to the value, or in it, has no value",
        arguments: [
            "", " ", "hello", "{", #"{"a"#, #"{"a""#, #"{"a":"#, #"{"a":}"#, #"{"a":tru}"#, #"{"a":+1}"#, #"{"a":.5}"#,
            #"{"a":-}"#, #"{"a":1.}"#, #"{"a":1e}"#, #"{"a":"x}"#, #"{"a":"\x"}"#, #"{"a":"\u12g4"}"#, #"{"a":[1,]}"#,
            #"{"a":[1 2]}"#, #"{"a":{"b"}}"#, #"{"a":{b:1}}"#, #"{"a":{"b":1,}}"#, #"{"b":nul,"a":1}"#,
            #"{"b" 1,"a":1}"#,
            #"{"b":1 "a":1}"#, #"{'a':1}"#, "{\"a\":\"\n\"}", "{\"a\":\"\0\"}", "\u{FEFF}{\"a\":1}", #"[{"a":1}]"#,
            "<html>",
        ])
    func broken(body: String) throws {
        #expect(try Found("$.a", in: body).value(.first).isMissing)
    }

    @Test(
        "nothing is counted in what is no JSON, and zero in what is",
        arguments: [("x", nil), ("[1", nil), ("[1]", "0")])
    func counting(body: String, count: String?) throws {
        let value = try Found("$.a", in: body).value(.count)
        #expect(count == nil ? value.isMissing : value == Value(kind: .number, bytes: Array("0".utf8)))
    }

    @Test("a document that breaks off has a first match, and neither a last one nor a count")
    func truncated() throws {
        let found = try Found("$.items[*].id", in: #"{"items":[{"id":1},{"id":2},{"i"#)
        #expect(found.value(.first).text == "1")
        #expect(found.value(.last).isMissing)
        #expect(found.value(.count).isMissing)
        #expect(found.value(.random).isMissing)
    }

    @Test("documents of 256 levels are read, deeper ones are not")
    func depth() throws {
        for (levels, isRead) in [(256, true), (257, false), (100_000, false)] {
            let body = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
            #expect(try Found("$", in: body).value(.first).isMissing == !isRead)
            #expect(try Found("$..*", in: body).value(.count).isMissing == !isRead)
        }
    }

    @Test("a search that would take for ever breaks off")
    func work() throws {
        let wide = "[" + String(repeating: "[1],", count: 1_000) + "1]"
        let deep = String(repeating: "[", count: 250) + "1" + String(repeating: "]", count: 250)
        for (path, document) in [("$[?@ == $[999]]", wide), ("$..*..*..*..*..*", deep)] {
            let segments = try JSONPath(path).segments
            let isBroken = Array(document.utf8).withUnsafeBufferPointer { bytes in
                var walk = JSONWalk(JSONScanner(bytes), root: 0, goal: .count, work: 100_000)
                walk.visit(0, segments, 0, depth: 0)
                return walk.isBroken
            }
            #expect(isBroken)
        }
    }

    @Test("one number is drawn for a random pick, whatever the body holds")
    func draws() throws {
        let path = try JSONPath("$[*]")
        for body in ["", "[]", "[1]", "[1,2,3,4,5,6,7,8,9]", "no JSON"] {
            var random = SeededRandom(seed: 7)
            var value = Value.missing
            path.read(Array(body.utf8), pick: .random, using: &random, into: &value)
            var expected = SeededRandom(seed: 7)
            _ = expected.next()
            #expect(random.next() == expected.next())
        }
    }

    @Test("a random pick takes each match as often")
    func fairness() throws {
        let path = try JSONPath("$[*]")
        var random = SeededRandom(seed: 11)
        var value = Value.missing
        var counts = [Int](repeating: 0, count: 5)
        for _ in 0..<10_000 {
            path.read(Array("[0,1,2,3,4]".utf8), pick: .random, using: &random, into: &value)
            counts[try #require(Int(value.text))] += 1
        }
        // 2,000 each, with a standard deviation of 40: five of them is one in two million.
        for count in counts { #expect((1_800...2_200).contains(count)) }
    }
}
