import Core
import Flows
import Testing

@Suite("Conditions")
struct ConditionTests {
    static let values: [String: Value] = [
        "cart": Value(text: "c-17"), "empty": Value(text: ""), "n": Value(17), "zero": Value(0),
        "digits": Value(text: "017"), "seventeen": Value(text: "17.0"),
        "yes": Value(kind: .boolean, bytes: Array("true".utf8)),
        "no": Value(kind: .boolean, bytes: Array("false".utf8)), "nil": Value(kind: .null, bytes: Array("null".utf8)),
        "list": Value(kind: .json, bytes: Array("[1]".utf8)), "product.id": Value(text: "é"),
        "id": Value(kind: .number, bytes: Array("9007199254740993".utf8)),
    ]

    private func holds(_ text: String, status: Int32 = 200) throws -> Bool {
        var table = VariableTable()
        let condition = try Condition(text) { table.slot(of: $0) }
        #expect(condition.slots == Array(0..<table.count))
        #expect(condition.text == text)
        var variables = Variables(count: table.count)
        for (name, value) in Self.values { if let slot = table.existing(name) { variables[slot] = value } }
        return condition.holds(variables, status: status)
    }

    @Test(
        "a condition holds",
        arguments: [
            "status == 200", "status==200", "status >= 200 and status < 300", "status == '200'", "status != 'ok'",
            "status", "status matches '^2..$'", "status contains '00'", "200 == status",
            "cart != ''", "cart == 'c-17'", "cart == \"c-17\"", "cart", "cart contains '17'",
            "cart matches '^c-[0-9]+$'",
            "'it''s' == \"it's\"", "\"say \"\"hi\"\"\" contains '\"hi\"'",
            "n == 17", "n == 17.0", "n == 1.7e1", "n == '17'", "n == seventeen", "seventeen == '17'", "n > 9",
            "'10' > '9'",
            "digits != 17", "digits == '017'", "digits < '9'", "id > 9007199254740992", "id != 9007199254740992",
            "-1 < 0",
            "yes", "yes == true", "no == false", "nil == null", "list", "list == '[1]'", "product.id == 'é'",
            "'b' > 'a'",
            "'ab' > 'a'", "'a' < 'B' or 'a' > 'B'", "not empty", "not zero", "not no", "not nil", "not absent",
            "not '0.0'",
            "not 'false'", "absent != 1", "absent != absent", "absent != null", "not absent == null",
            "not absent == absent",
            "not absent < 1", "not absent >= 1", "not absent contains ''", "not absent matches ''", "cart contains ''",
        ])
    func truths(text: String) throws {
        #expect(try holds(text))
        #expect(try !holds("not (\(text))"))
    }

    @Test(
        "not binds before and, and before or, and parentheses before all",
        arguments: [
            ("true or false and false", true), ("(true or false) and false", false), ("false and false or true", true),
            ("not false and false", false), ("not (false and false)", true), ("not true or true", true),
            ("not not true", true), ("not 1 == 2", true), ("not 1 == 1 or false", false),
            ("true and not false and not (false or false)", true), ("((((true))))", true), ("not(true)", false),
            ("(true)and(true)", true), ("true\tand\n true", true),
        ])
    func precedence(text: String, expected: Bool) throws {
        #expect(try holds(text) == expected)
    }

    @Test("words are words only where they end")
    func words() throws {
        #expect(try !holds("android or nothing or notable or status.code or or-else"))
        #expect(try holds("status == 0", status: 0))
        #expect(try !holds("status", status: 0))
    }

    @Test(
        "what is no condition says where",
        arguments: [
            ("", 0), ("  ", 2), ("status = 200", 7), ("status === 200", 9), ("status ==", 9), ("== 200", 0), ("a b", 2),
            ("(a", 2), ("a)", 1), ("()", 1), ("and a", 0), ("a and", 5), ("a or or b", 5), ("not", 3), ("'a", 0),
            ("a == 'b", 5),
            ("a == 1x", 5), ("a == 01", 5), ("a < b < c", 6), ("a == 1.", 5), ("1a == 1", 0), ("a..b", 0), (".a", 0),
            ("a == -", 5), ("a & b", 2), ("a matches b", 10), ("a matches '('", 10), ("a == {{b}}", 5), ("é == 1", 0),
            ("!a", 0),
        ])
    func broken(text: String, offset: Int) {
        let error = #expect(throws: FlowSyntaxError.self) { try Condition(text) { _ in 0 } }
        #expect(error?.offset == offset, "\(String(describing: error))")
        #expect(error?.message.isEmpty == false && error?.remedy.isEmpty == false)
    }

    @Test("length and nesting have limits")
    func limits() throws {
        #expect(try holds(String(repeating: "(", count: 60) + "true" + String(repeating: ")", count: 60)))
        for text in [
            String(repeating: "(", count: 2_000), String(repeating: "not ", count: 1_000) + "true",
            String(repeating: " ", count: 4_093) + "true",
        ] { #expect(throws: FlowSyntaxError.self) { try Condition(text) { _ in 0 } } }
        #expect(try holds(String(repeating: "false or ", count: 450) + "true"))
    }

    @Test("random words are a condition with an answer, or say where not", arguments: 0..<10)
    func fuzz(round: Int) {
        var random = SeededRandom(seed: UInt64(round), stream: 5)
        let words = [
            "and", "or", "not", "(", ")", "==", "!=", "<", "<=", ">", ">=", "contains", "matches", "'a+'", "'", "\"",
            "12",
            "-1.5e3", "true", "null", "status", "cart", "a.b", "absent", "é", "\0", "=", "!", "{{", "'('",
        ]
        for _ in 0..<1_000 {
            let text = (0..<Int.random(in: 1..<10, using: &random))
                .map { _ in words.randomElement(using: &random) ?? "" }
                .joined(separator: Bool.random(using: &random) ? " " : "")
            do {
                let condition = try Condition(text) { _ in 0 }
                var variables = Variables(count: 1)
                let before = condition.holds(variables, status: 200)
                #expect(condition.holds(variables, status: 200) == before)
                variables[0] = Value(text: "a")
                #expect(
                    try condition.holds(variables, status: 200)
                        != Condition("not (\(text))") { _ in 0 }.holds(variables, status: 200))
            } catch {
                #expect(
                    error.offset >= 0 && error.length >= 0 && error.offset + error.length <= text.utf8.count,
                    "\(text): \(error)")
            }
        }
    }
}
