import Core
import Testing

@testable import Plans

/// The small languages inside a plan.
struct TextTests {
    // MARK: Nearest word

    @Test(
        arguments: [
            ("tiemout", "timeout"), ("traget", "target"), ("in_flight", "in-flight"), ("Rate", "rate"),
            ("warmup", "warm-up"),
            ("scenario", "scenarios"), ("users", "users"), ("completely", nil), ("x", nil), ("", nil),
        ] as [(String, String?)])
    func aSlipFindsItsWord(word: String, near: String?) {
        let known = ["timeout", "target", "in-flight", "rate", "warm-up", "scenarios", "users", "at"]
        #expect(NearestWord.find(word, in: known) == near)
    }

    @Test(arguments: [("", "", 0), ("a", "", 1), ("ab", "ba", 1), ("kitten", "sitting", 3), ("rate", "rate", 0)])
    func theDistanceCountsEditsAndSwaps(left: String, right: String, distance: Int) {
        #expect(NearestWord.distance(Array(left), Array(right)) == distance)
        #expect(NearestWord.distance(Array(right), Array(left)) == distance)
    }

    // MARK: JSON

    @Test(arguments: [
        ("{ id: 17, price: 1.50, gift: false, note: null }", #"{"id":17,"price":1.50,"gift":false,"note":null}"#),
        ("[no, yes, on, 010, 1:30, .5, +1, 0x10, 1., -0]", #"["no","yes","on","010","1:30",".5","+1","0x10","1.",-0]"#),
        (#"["17", 'true', "null"]"#, #"["17","true","null"]"#),
        ("1e400", "1e400"), ("123456789012345678901234567890", "123456789012345678901234567890"),
        (#""a\"b\\c\n\t\u0001é☃""#, #""a\"b\\c\n\t\u0001é☃""#),
        ("{}", "{}"), ("[]", "[]"), ("~", "null"), ("", "null"), ("{ a: { b: [{}] } }", #"{"a":{"b":[{}]}}"#),
        ("{ 1: a, true: b }", #"{"1":"a","true":"b"}"#),
    ])
    func yamlBecomesJSON(yaml: String, json: String) throws {
        let node = try PlanText.parse("a: \(yaml)", lines: SourceLines("a: \(yaml)"))
        guard case .map(let entries) = node.content else {
            Issue.record("not a map")
            return
        }
        #expect(JSONText.render(entries[0].value) == json)
    }

    // MARK: Statuses

    @Test(arguments: [
        ("200", 200...200), ("2xx", 200...299), ("5XX", 500...599), ("200-299", 200...299), ("404-404", 404...404),
    ])
    func aStatusIsARange(text: String, range: ClosedRange<Int32>) throws {
        #expect(try StatusText.range(text) == range)
    }

    @Test(arguments: [
        "", "20", "2000", "xx", "0xx", "6xx", "99", "600", "299-200", "200-", "-200", "200-299-300", "+20", "2x0",
    ])
    func aWrongStatusIsRefused(text: String) {
        #expect(throws: Complaint.self) { try StatusText.range(text) }
    }

    // MARK: Budgets

    @Test(
        arguments: [
            ("p99 < 250ms", nil, .percentile(99), .below, 250e6, false, "p99 < 250ms"),
            ("p99<=1.5s", nil, .percentile(99), .atMost, 1.5e9, false, "p99 <= 1.5s"),
            ("p(99.9) < 1s", nil, .percentile(99.9), .below, 1e9, false, "p(99.9) < 1s"),
            ("p99.9  <  1s", nil, .percentile(99.9), .below, 1e9, false, "p99.9 < 1s"),
            ("median < 50ms warn", nil, .percentile(50), .below, 50e6, true, "median < 50ms warn"),
            ("mean < 800us", nil, .mean, .below, 800e3, false, "mean < 800us"),
            ("max < 1s", nil, .maximum, .below, 1e9, false, "max < 1s"),
            ("errors < 1%", nil, .errors, .below, 0.01, false, "errors < 1%"),
            ("errors <= 0", nil, .errors, .atMost, 0, false, "errors <= 0"),
            ("rate >= 450/s", nil, .rate, .atLeast, 450, false, "rate >= 450/s"),
            ("rate > 30/m", nil, .rate, .above, 0.5, false, "rate > 30/m"),
            ("dropped < 0.1%", nil, .dropped, .below, 0.001, false, "dropped < 0.1%"),
            ("rejected < 1%", nil, .rejected, .below, 0.01, false, "rejected < 1%"),
            ("buy: fallbacks <= 5%", "buy", .fallbacks, .atMost, 0.05, false, "buy: fallbacks <= 5%"),
            ("amplification < 1.2 warn", nil, .amplification, .below, 1.2, true, "amplification < 1.2 warn"),
            ("buy: p95 < 400ms", "buy", .percentile(95), .below, 400e6, false, "buy: p95 < 400ms"),
            ("buy/GET /a:b: p95 < 1s", "buy/GET /a:b", .percentile(95), .below, 1e9, false, "buy/GET /a:b: p95 < 1s"),
        ] as [(String, String?, Statistic, Comparison, Double, Bool, String)])
    func aBudgetIsRead(
        text: String, scope: String?, statistic: Statistic, comparison: Comparison, limit: Double, warns: Bool,
        written: String
    ) throws {
        let budget = try BudgetText.parse(text)
        #expect(
            budget
                == Budget(
                    scope: scope, statistic: statistic, comparison: comparison, limit: limit, warnsOnly: warns,
                    text: written))
    }

    @Test(
        arguments: [
            ("orders >= 100", "orders", false, .atLeast, 100, "orders >= 100"),
            ("orders > 10/s", "orders", true, .above, 10, "orders > 10/s"),
            ("orders>=30/m warn", "orders", true, .atLeast, 0.5, "orders >= 30/m warn"),
            ("revenue < 1_340.5", "revenue", false, .below, 1_340.5, "revenue < 1_340.5"),
            ("revenue > 0", "revenue", false, .above, 0, "revenue > 0"),
            ("requests <= 5", "requests", false, .atMost, 5, "requests <= 5"),
        ] as [(String, String, Bool, Comparison, Double, String)])
    func aBudgetOfACounterIsRead(
        text: String, counter: String, perSecond: Bool, comparison: Comparison, limit: Double, written: String
    ) throws {
        let budget = try BudgetText.parse(text, counters: ["orders", "revenue", "requests"])
        #expect(
            budget
                == Budget(
                    statistic: .counter(name: counter, perSecond: perSecond), comparison: comparison, limit: limit,
                    warnsOnly: text.hasSuffix("warn"), text: written))
    }

    @Test func aFigureOfTheRunGoesBeforeACounterOfTheSameName() throws {
        #expect(try BudgetText.parse("rate > 10/s", counters: ["rate"]).statistic == .rate)
        #expect(try BudgetText.parse("p99 < 1s", counters: ["p99"]).statistic == .percentile(99))
    }

    @Test(
        arguments: [
            ("orders >= 100", [], "`orders` is no figure of a run"),
            ("order >= 100", ["orders"], "did you mean `orders`?"),
            ("orders >= 100ms", ["orders"], "is not an amount"),
            ("orders >= 10/d", ["orders"], "is not a rate"),
            ("orders >= -1", ["orders"], "is negative"),
            ("orders >= 1e9", ["orders"], "is not an amount"),
            ("orders >= 10000000000000000", ["orders"], "is above 1e15"),
            ("orders >= 1%", ["orders"], "is not an amount"),
            ("buy: orders >= 100", ["orders"], "`orders` is counted for the whole run and has no scope"),
        ] as [(String, Set<String>, String)])
    func aWrongBudgetOfACounterIsRefused(text: String, counters: Set<String>, message: String) {
        let error = #expect(throws: BudgetText.Misread.self) { try BudgetText.parse(text, counters: counters) }
        let said = [error?.complaint.message, error?.complaint.remedy].compactMap { $0 }.joined(separator: "; ")
        #expect(said.contains(message), "\(said)")
    }

    // MARK: URLs

    @Test(
        arguments: [
            ("http://127.0.0.1:8080", .url("http://127.0.0.1:8080")),
            ("HTTPS://Shop.example/api/", .url("https://Shop.example/api")),
            ("http://[::1]:8080/", .url("http://[::1]:8080")),
            ("http://[fe80::1]", .url("http://[fe80::1]")),
            ("lab", .lab(service: nil)), ("lab/shop", .lab(service: "shop")),
        ] as [(String, TargetText)])
    func aTargetIsRead(text: String, target: TargetText) throws {
        #expect(try TargetText(text) == target)
    }

    @Test(arguments: [
        "", "lab/", "shop", "http:/x", "http://", "http:///a", "http://:80", "http://a:", "http://a:0",
        "http://a:65536",
        "http://a:8o", "http://a b", "http://a@b", "http://a?b", "http://a#b", "ftp://a", "http://[::1", "http://[1]",
        "http://ä.example", "http://a\r\nb", "http://a\u{0}b", "http://{{host}}", "http://a:+80",
    ])
    func aWrongTargetIsRefused(text: String) {
        #expect(throws: Complaint.self) { try TargetText(text) }
    }

    // MARK: Names

    @Test(arguments: [
        ("Plans/quickstart.yaml", "quickstart"), ("a.yml", "a"), ("-", "-"), ("", "plan"), ("/", "plan"),
        ("..yaml", "plan"),
        ("dir/.hidden.yaml", "hidden"), ("a\u{1B}b.yaml", "a-b"),
    ])
    func aPlanWithoutANameIsCalledByItsFile(file: String, name: String) {
        #expect(NameText.planName(ofFile: file) == name)
    }

    @Test func aTextOfAPlanIsSafeToPrint() {
        #expect("a\u{1B}[31m\n\0".printable == "a\u{FFFD}[31m\\n\\0")
        #expect(String(repeating: "x", count: 100).printable.count == 61)
    }
}
