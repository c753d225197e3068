import Core
import Flows
import Testing

@Suite("JSON Lines")
struct JSONLinesReaderTests {
    private static func read(_ text: String, limits: DataLimits = .standard) throws -> DataTable {
        try JSONLinesReader.read(Array(text.utf8), label: "orders.jsonl", limits: limits)
    }

    @Test(
        "give each member its type",
        arguments: [
            ("\"a\"", Value.Kind.text, "a"),
            ("\"\"", .text, ""),
            ("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\"", .text, "a\"\\/\u{8}\u{C}\n\r\t"),
            ("\"\\u00e9\\u20AC\\ud83d\\ude00.\"", .text, "é€😀."),
            ("\"\\ud83dx\\ude00\\ud83d\\u0041\"", .text, "\u{FFFD}x\u{FFFD}\u{FFFD}A"),
            ("\"é😀\"", .text, "é😀"),
            ("\"\\u0000\"", .text, "\0"),
            ("17", .number, "17"), ("-0.50e+3", .number, "-0.50e+3"), ("0", .number, "0"),
            ("12345678901234567890123", .number, "12345678901234567890123"),
            ("true", .boolean, "true"), ("false", .boolean, "false"), ("null", .null, "null"),
            ("[1, {\"a\": \"\\n\"}]", .json, "[1, {\"a\": \"\\n\"}]"),
            ("{}", .json, "{}"), ("[ ]", .json, "[ ]"),
            ("{ \"a\" : [ ] , \"b\":{} }", .json, "{ \"a\" : [ ] , \"b\":{} }"),
        ])
    func types(json: String, kind: Value.Kind, text: String) throws {
        for line in ["{\"v\":\(json)}", " { \"w\" : 1 , \"v\" : \(json) } \r\n"] {
            let table = try Self.read(line)
            let column = try #require(table.column(named: "v"))
            let value = table.value(row: 0, column: column)
            #expect(value == Value(kind: kind, bytes: Array(text.utf8)))
        }
    }

    @Test(
        "have the members of all lines as columns",
        arguments: [
            ("{\"a\":1,\"b\":2}\n{\"a\":3,\"b\":4}\n", ["a", "b"], [["1", "2"], ["3", "4"]]),
            ("{\"a\":1,\"b\":2}\n{\"b\":4,\"a\":3}", ["a", "b"], [["1", "2"], ["3", "4"]]),
            (
                "{\"a\":1}\n{\"b\":2}\n{\"c\":3,\"a\":4}\n", ["a", "b", "c"],
                [["1", "∅", "∅"], ["∅", "2", "∅"], ["4", "∅", "3"]]
            ),
            ("{}\n{\"a\":1}\n{}\n", ["a"], [["∅"], ["1"], ["∅"]]),
            ("\n  \r\n{\"a\":1}\r\n\t\n{\"a\":2}\n\n", ["a"], [["1"], ["2"]]),
            ("\u{FEFF}{\"a\":1}", ["a"], [["1"]]),
            ("{\"@id\":1,\"a\":2,\"@id\":\"\\n\"}\n", ["a"], [["2"]]),
            ("{\"\\u0061\":1}\n{\"a\":2}\n", ["a"], [["1"], ["2"]]),
        ])
    func columns(text: String, columns: [String], rows: [[String]]) throws {
        let table = try Self.read(text)
        #expect(table.columns == columns)
        #expect(table.texts == rows)
    }

    @Test(
        "that are broken say in which line and what to do",
        arguments: [
            ("", nil, "no object in the file"),
            ("{}\n", nil, "no object has a member"),
            ("{\"@id\":1}\n", nil, "no object has a member"),
            ("{\"a\":1}\n[1]\n", 2, "is no object, at `[1]`"),
            ("{\"a\":1}\n\n17", 3, "is no object, at `17`"),
            ("{\"a\":1", 1, "ends too early: it needs `,` or `}`"),
            ("{\"a\":", 1, "ends too early: it needs a value"),
            ("{\"a\"}", 1, "needs `:` after a name, at `}`"),
            ("{a:1}", 1, "needs a name in quotes, at `a:1}`"),
            ("{\"a\":1,}", 1, "needs a name in quotes, at `}`"),
            ("{\"a\":1 \"b\":2}", 1, "needs `,` or `}`, at `\"b\":2}`"),
            ("{\"a\":1} {}", 1, "goes on after its object, at `{}`"),
            ("{\"a\":tru}", 1, "needs a value, at `tru}`"),
            ("{\"a\":truest}", 1, "needs `,` or `}`, at `st}`"),
            ("{\"a\":01}", 1, "needs a value, at `01}`"),
            ("{\"a\":1.}", 1, "without digits after its point"),
            ("{\"a\":1e}", 1, "without digits in its exponent"),
            ("{\"a\":.5}", 1, "needs a value, at `.5}`"),
            ("{\"a\":+5}", 1, "needs a value, at `+5}`"),
            ("{\"a\":-}", 1, "needs a value, at `-}`"),
            ("{\"a\":NaN}", 1, "needs a value, at `NaN}`"),
            ("{\"a\":\"x}", 1, "a string that is not closed, at `\"x}`"),
            ("{\"a\":\"x\\", 1, "a string that is not closed"),
            ("{\"a\":\"\\x\"}", 1, "an escape that is none, at `\\x\"}`"),
            ("{\"a\":\"\\u12G4\"}", 1, "an escape that is none"),
            ("{\"a\":\"\\u12", 1, "an escape that is none"),
            ("{\"a\":\"x\u{1}\"}", 1, "a control character in a string"),
            ("{\"a\":[1,2}", 1, "needs `,` or `]`, at `}`"),
            ("{\"a\":{\"b\" 1}}", 1, "needs `:` after a name"),
            ("{\"a\":1,\"b\":2,\"a\":3}", 1, "two members `a`"),
            ("{\n\"a\":1}\n", 1, "ends too early"),
        ] as [(String, Int?, String)])
    func errors(text: String, line: Int?, message: String) throws {
        let error = try #require(throws: DataError.self) { try Self.read(text) }
        #expect(error.line == line)
        #expect(error.message.contains(message), "\(error.message)")
        #expect(!error.remedy.isEmpty)
    }

    @Test("nest no deeper than 128 arrays and objects")
    func depth() throws {
        func line(_ arrays: Int) -> String {
            "{\"a\":" + String(repeating: "[", count: arrays) + String(repeating: "]", count: arrays) + "}"
        }
        #expect(try Self.read(line(127)).value(row: 0, column: 0).kind == .json)
        for arrays in [128, 100_000] {
            let error = try #require(throws: DataError.self) { try Self.read(line(arrays)) }
            #expect(error.message.contains("nests deeper than 128"))
        }
    }

    @Test("whose columns and rows multiply stop at the limit of cells")
    func limits() throws {
        // Each line adds a column: 1,000 lines of a few bytes would be a million cells.
        let text = (0..<1000).map { "{\"c\($0)\":1}" }.joined(separator: "\n")
        let error = try #require(throws: DataError.self) {
            try Self.read(text, limits: DataLimits(bytes: 1 << 20, cells: 999_999))
        }
        #expect(error.message == "the data have more than 999999 cells")
        #expect(try Self.read(text, limits: DataLimits(bytes: 1 << 20, cells: 1_000_000)).columns.count == 1000)
        #expect(throws: DataError.self) { try Self.read(text, limits: DataLimits(bytes: 100, cells: 1_000_000)) }
    }

    @Test("of any content are read or refused: 20,000 mutations of a good line")
    func hostile() {
        let good = Array(#"{"a":"x\u00e9\n","b":[1,{"c":null}],"d":-1.5e3,"e":true}"#.utf8)
        let alphabet = Array("{}[]\",:\\u0189dDeE.-+tfn \n\r".utf8) + [0, 0xC3, 0xFF]
        var random = SeededRandom(seed: 3, stream: 1)
        var tables = 0
        for _ in 0..<20_000 {
            var line = good
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: 0..<line.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: line[index] = alphabet.randomElement(using: &random)!
                case 1: line.insert(alphabet.randomElement(using: &random)!, at: index)
                case 2: line.remove(at: index)
                default: line.removeSubrange(index...)
                }
                if line.isEmpty { line = good }
            }
            do throws(DataError) {
                let table = try JSONLinesReader.read(line, label: "x")
                #expect(table.texts.count == table.rowCount)
                tables += 1
            } catch {
                #expect(!error.message.isEmpty)
            }
        }
        #expect(tables > 500)
    }
}
