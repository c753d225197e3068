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
