import Core
import Flows
import Plans
import Testing

@testable import Importers

@Suite("Texts of files are the same texts in the plan")
struct WritingTests {
    /// Not U+FEFF, which Foundation drops from the start of a scalar on its way out of the parser.
    static let pieces = [
        "{", "{{", "}", "}}", "$", "${", "${env:A}", "'", "\"", "\\", "\n", "\t", " ", "#", ": ", "- ", "a", "null",
        "1",
        "é", "\u{0}", "\u{85}", "\u{2028}", "😀", "\u{FFFF}", "%", "*", "&", "!", "|", ">", "[", ",", "?",
    ]

    private static func text(_ random: inout SeededRandom) -> String {
        (0..<(random.next() % 9)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
    }

    private static func value(of line: YAMLDocument) -> String? {
        if case .map(let members) = line.content, case .scalar(let text, _) = members[0].value.content {
            text
        } else {
            nil
        }
    }

    @Test("A text comes back out of YAML as it went in, alone and in braces")
    func scalars() throws {
        var random = SeededRandom(seed: 1)
        for _ in 0..<3_000 {
            let text = Self.text(&random)
            let entries = [YAMLValue.Entry("key", .text(text))]
            let block = YAMLWriter.lines(.map(entries), indent: 0).joined(separator: "\n") + "\n"
            #expect(Self.value(of: try Imports.parsed(block)) == text, "\(block)")
            let flow = YAMLWriter.lines(.list([.map(entries + [.init("z", .plain("1"))])]), indent: 0)
            guard case .list(let items) = try Imports.parsed(flow.joined(separator: "\n") + "\n").content else {
                Issue.record("no list: \(flow)")
                continue
            }
            #expect(Self.value(of: items[0]) == text, "\(flow)")
        }
    }

    @Test("A text with braces and dollars is that text to a template, and never a place for a value")
    func templates() throws {
        var random = SeededRandom(seed: 2)
        for _ in 0..<5_000 {
            let literal = Self.text(&random)
            let written = ImportedText(literal).written
            let template = try Template(written, escape: .none) { _ in 0 }
            #expect(template.constant == Array(literal.utf8), "\(written)")
            #expect(!written.contains("${"), "\(written)")
        }
    }

    @Test("Places between texts stay places")
    func places() throws {
        var random = SeededRandom(seed: 3)
        for _ in 0..<5_000 {
            let before = Self.text(&random)
            var text = ImportedText(before)
            text.append(.variable("x"))
            let template = try Template(text.written, escape: .none) { $0 == "x" ? 7 : -1 }
            #expect(template.slots == [7], "\(text.written)")
            #expect(!text.written.contains("${"), "\(text.written)")
        }
    }

    @Test(
        "Quotes stand where a reader could be mistaken, and nowhere else",
        arguments: [
            ("/products?page=2", "/products?page=2"), ("text/html", "text/html"), ("no", "\"no\""), ("1.5", "\"1.5\""),
            ("0x1F", "\"0x1F\""), ("2026-01-01", "\"2026-01-01\""), ("12:30:00", "\"12:30:00\""), ("", "\"\""),
            ("1e3", "\"1e3\""), ("~", "\"~\""), ("a: b", "\"a: b\""), ("a #b", "\"a #b\""), ("- a", "\"- a\""),
            ("say \"hi\"", "'say \"hi\"'"), ("a\u{1}b", "\"a\\u0001b\""), ("{{x}}", "\"{{x}}\""), ("1st", "1st"),
        ])
    func quotes(text: String, written: String) {
        #expect(YAMLScalar.written(text, isFlow: false) == written)
    }

    @Test("A plan that would be too long ends with a comment that says so")
    func length() throws {
        let entries = (0..<1_500).map { index in
            let value = String(repeating: "x", count: 1_000)
            return
                #"{"request":{"method":"GET","url":"http://a.example/\#(index)","headers":[{"name":"X","value":"\#(value)"}]}}"#
        }
        let text = try Imports.written(.har, #"{"log":{"entries":[\#(entries.joined(separator: ","))]}}"#)
        #expect(text.utf8.count < 1 << 20)
        #expect(text.contains("further requests are left out"))
        _ = try Imports.parsed(text)
    }
}
