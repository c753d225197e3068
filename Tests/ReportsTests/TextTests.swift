import Analysis
import Core
import Reports
import Testing

@Suite("Text from outside does no harm")
struct TextTests {
    @Test(
        "Terminal escapes and controls are taken out",
        arguments: [
            ("plain text stays", "plain text stays"),
            ("\u{1B}[31mred\u{1B}[0m", "red"),
            ("\u{1B}[38;5;196mpalette", "palette"),
            ("\u{9B}31mone-byte CSI", "one-byte CSI"),
            ("\u{1B}]0;title\u{07}after", "after"),
            ("\u{1B}]8;;https://e.example\u{1B}\\link", "link"),
            ("\u{1B}P1;2|data\u{9C}after", "after"),
            ("\u{1B}(Bcharset", "charset"),
            ("\u{1B}cfull reset", "full reset"),
            ("an open sequence \u{1B}[31", "an open sequence "),
            ("an open string \u{1B}]0;title", "an open string "),
            ("two\nlines\r\nand\ta tab", "two lines and a tab"),
            ("bell\u{07} null\u{0} delete\u{7F}", "bell null delete"),
            ("right-to-left \u{202E}override", "right-to-left override"),
            ("isolate \u{2066}and\u{2069} mark\u{200F}", "isolate and mark"),
            ("größer 日本語 🙂", "größer 日本語 🙂"),
        ])
    func cleaned(text: String, expected: String) { #expect(PlainText.clean(text) == expected) }

    @Test("Whatever comes in, no control character comes out", arguments: 0..<64 as Range<UInt64>)
    func noControlSurvives(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let text = randomText(&random, length: 200)
        let cleaned = PlainText.clean(text)
        for scalar in cleaned.unicodeScalars {
            #expect(scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value))
            #expect(!(0x202A...0x202E).contains(scalar.value) && !(0x2066...0x2069).contains(scalar.value))
        }
        #expect(PlainText.clean(cleaned) == cleaned, "cleaning twice is cleaning once")
    }

    @Test(
        "Markdown says what the text says",
        arguments: [
            ("p99 < 250ms", "p99 < 250ms"),
            ("rate >= 90/s", "rate >= 90/s"),
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("<!-- comment -->", "&lt;!-- comment --&gt;"),
            ("a|b", "a\\|b"),
            ("`code` *bold* ~gone~", "\\`code\\` \\*bold\\* \\~gone\\~"),
            ("[text](https://e.example)", "\\[text\\](https://e.example)"),
            ("tls_self_signed", "tls_self_signed"),
            ("_emphasis_", "\\_emphasis\\_"),
            ("&lt; &amp; Q&A & more", "&amp;lt; &amp;amp; Q&amp;A & more"),
            ("# no heading", "\\# no heading"),
            ("- no list", "\\- no list"),
            ("back\\slash", "back\\\\slash"),
            ("line\nbreak", "line break"),
        ])
    func markdown(text: String, expected: String) { #expect(Markdown.text(text) == expected) }

    @Test("No text can open a tag, a cell or a line of Markdown", arguments: 0..<64 as Range<UInt64>)
    func markdownIsInert(seed: UInt64) {
        var random = SeededRandom(seed: seed, stream: 1)
        let escaped = Array(Markdown.text(randomText(&random, length: 200)))
        for (index, character) in escaped.enumerated() {
            switch character {
            case "|", "`", "*", "[", "]", "~":
                let slashes = escaped[..<index].reversed().prefix { $0 == "\\" }.count
                #expect(slashes % 2 == 1, "\(character) at \(index) is bare")
            case "<":
                let next = index + 1 < escaped.count ? escaped[index + 1] : " "
                #expect(!next.isLetter && next != "/" && next != "!" && next != "?")
            default: #expect(!character.isNewline)
            }
        }
    }

    @Test(
        "A cell of CSV is text, never a formula",
        arguments: [
            ("browse/home", "browse/home"),
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "' =1"),
            ("\u{1B}[0m=1", "'=1"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("=1,2", "\"'=1,2\""),
            ("", ""),
        ])
    func csv(text: String, expected: String) { #expect(CSV.text(text) == expected) }

    @Test func tablesAreAlignedInTheText() {
        let lines = Markdown.table(["Name", ">Count"], [["a", "1"], ["longer name", "1,000"]])
        #expect(
            lines == [
                "| Name        | Count |", "| ----------- | ----: |", "| a           |     1 |",
                "| longer name | 1,000 |",
            ])
        #expect(Markdown.table(["Name"], []).isEmpty, "an empty table is left out")
    }

    @Test(
        arguments: [
            ([0, 1, 2, 3.5, 7], "▁▂▃▅█"), ([nil, 7, nil], " █ "), ([0, 0], "▁▁"), ([], ""), ([.infinity, 7], " █"),
        ] as [([Double?], String)])
    func sparklines(values: [Double?], text: String) { #expect(Sparkline.text(values) == text) }

    /// Text made of the pieces that do harm, and of anything.
    private func randomText(_ random: inout SeededRandom, length: Int) -> String {
        let pieces = [
            "\u{1B}", "[", "]", "\u{9B}", "\u{07}", "\\", "|", "<", "/b>", "!--", "`", "*", "\n", "\r", "\t", "=",
            "\u{202E}", "m", "0;", "x", " ",
        ]
        return (0..<length).map { _ in
            let choice = Int(random.next() % UInt64(pieces.count + 2))
            if choice < pieces.count { return pieces[choice] }
            return Unicode.Scalar(UInt32(random.next() % 0x3000)).map { String(Character($0)) } ?? ""
        }.joined()
    }
}
