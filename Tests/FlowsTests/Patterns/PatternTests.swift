import Core
import Flows
import Foundation
import Testing

@Suite("Patterns")
struct PatternTests {
    private func match(_ pattern: String, _ text: String, group: Int = 0) throws -> String? {
        try match(Pattern(pattern), Array(text.utf8), group: group)
    }

    private func match(_ pattern: Pattern, _ bytes: [UInt8], group: Int = 0) -> String? {
        var value = Value(text: "what was there before")
        pattern.firstMatch(in: bytes, group: group, into: &value)
        if group == 0 { #expect(pattern.matches(bytes) == !value.isMissing) }
        return value.isMissing ? nil : value.text
    }

    @Test(
        "the first match is found",
        arguments: [
            ("ok", "it is ok, ok?", "ok"), ("ok", "it is k", nil), ("", "abc", ""), ("", "", ""), ("a", "", nil),
            ("a.c", "ac a\nc abc", "abc"), ("(?s)a.c", "ac a\nc abc", "a\nc"), ("a*", "baa", ""), ("a+", "baab", "aa"),
            ("a+?", "baab", "a"), ("ab?", "ac", "a"), ("ab??", "ab", "a"), ("a{2}", "aaa", "aa"),
            ("a{2,}", "aaaa", "aaaa"),
            ("a{2,}?", "aaaa", "aa"), ("a{,2}", "aaa", "aa"), ("a{1,2}b", "aaab", "aab"), ("x{0}y", "xy", "y"),
            ("a|ab", "ab", "a"), ("(?:a|ab)(?:c|bcd)(?:d*)", "abcd", "abcd"), ("|a", "a", ""),
            ("cat|dog", "hotdog", "dog"),
            ("^a", "ba", nil), ("^a|b", "cb", "b"), ("a$", "ab", nil), ("b$", "ab", "b"), ("^$", "", ""),
            ("(?m)^b$", "a\nb\nc", "b"),
            ("^b", "a\nb", nil), ("a$", "a\n", nil), ("\\Aa\\z", "a", "a"), ("\\bis\\b", "this is", "is"),
            ("\\Bis", "is this", "is"),
            ("\\d+", "a12b", "12"), ("\\D+", "12ab3", "ab"), ("\\w+", "é ab_1-", "ab_1"), ("\\W", "ab", nil),
            ("\\s\\S", "a\t b", " b"),
            ("[abc]+", "xxbcay", "bca"), ("[^abc]+", "abxyc", "xy"), ("[a-c-]+", "x-b-", "-b-"), ("[]a]+", "]a", "]a"),
            ("[^]a]", "]ab", "b"), ("[\\]\\d]+", "a1]2", "1]2"), ("[\\w.]+@", "me.x@", "me.x@"),
            ("[é-ü]+", "aéüz", "éü"),
            ("[^\"]+", "\"é😀\"", "é😀"), ("(?i)ABC", "xaBc", "aBc"), ("(?i:a)b", "Ab aB", "Ab"),
            ("(?i)[a-c]+", "xABc", "ABc"),
            ("a(?i)b(?-i)c", "aBC aBc", "aBc"), ("(?i:x)|Y", "y Y", "Y"), ("(?i)[^a]", "Aab", "b"),
            ("(a(?i)b)c", "aBC aBc", "aBc"),
            ("\\x41\\u0042\\u{43}\\x{1F600}", "ABC😀", "ABC😀"), ("\\.\\*\\{\\/", ".*{/", ".*{/"),
            ("\\t\\n\\0", "\t\n\0", "\t\n\0"),
            (#"{"id":\d+}"#, #"{"id":12}"#, #"{"id":12}"#), ("a{x", "a{x", "a{x"), ("é+", "eéé", "éé"), (".", "😀", "😀"),
            ("(a*)*b", "aab", "aab"), ("(a|b)*abb", "aababb", "aababb"), ("(?:a*)*", "aa", "aa"),
            ("aab", "aaab", "aab"),
        ])
    func found(pattern: String, text: String, expected: String?) throws {
        #expect(try match(pattern, text) == expected)
    }

    @Test(
        "a group is what it matched last, or nothing when it took no part",
        arguments: [
            (#"name="csrf" value="([^"]+)""#, #"<input name="csrf" value="t0k3n" x="y">"#, 1, "t0k3n"),
            ("(a)|(b)", "b", 1, nil), ("(a)|(b)", "b", 2, "b"), ("(a|b)+", "abab", 1, "b"), ("((a)(b))", "xab", 3, "b"),
            ("(?:a)(b)", "ab", 1, "b"), ("(?<x>a)(?P<y_1>b)", "ab", 2, "b"), ("(a*)", "b", 1, ""),
            ("a(b)?", "a", 1, nil),
            ("(a+?)(a*)", "aaa", 2, "aa"), ("(.*) (.*)", "a b c", 1, "a b"), ("a", "a", 1, nil), ("(a)", "a", 2, nil),
            ("(a)", "a", -1, nil), ("(?:(a)|b)*", "ab", 1, "a"),
        ])
    func groups(pattern: String, text: String, group: Int, expected: String?) throws {
        #expect(try match(pattern, text, group: group) == expected)
    }

    @Test(
        "groups are counted",
        arguments: [("a", 0), ("(a)", 1), ("(?:a)", 0), ("(?<n>a)((b))", 3), ("\\(a\\)", 0), ("[(]", 0)])
    func groupCount(pattern: String, count: Int) throws {
        #expect(try Pattern(pattern).groupCount == count)
    }

    @Test("bytes that are no UTF-8 are passed over, and taken by what takes anything")
    func brokenText() throws {
        let bytes: [UInt8] = [0xFF, 0x61, 0xC3, 0x62, 0xED, 0xA0, 0x80, 0xF5, 0xC0, 0xAF, 0x63, 0xF0, 0x9F]
        #expect(try match(Pattern("a.b"), bytes) == "a\u{FFFD}b")
        #expect(try match(Pattern("b"), bytes) == "b")
        #expect(try match(Pattern("é|\\z"), bytes) == "")
        #expect(try match(Pattern("\\ufffd"), bytes) == "\u{FFFD}")
        #expect(try match(Pattern("[^a]c"), bytes) == "\u{FFFD}c")
    }

    @Test("only the first MiB is searched")
    func limit() throws {
        let bytes = [UInt8](repeating: 0x61, count: Pattern.searchLimit - 1) + Array("bc".utf8)
        for (pattern, expected) in [("b", "b"), ("bc", nil), ("b[c]", nil), ("b[c]?", "b")] {
            #expect(match(try Pattern(pattern), bytes) == expected)
        }
    }

    /// A search that tries again from where it failed needs 2^n or n² steps for these, and would not come back.
    @Test(
        "no body makes a search long",
        arguments: [
            ("(a+)+b", 30_000), ("(a|aa)+$b", 30_000), ("(a*)*c", 30_000), ("[^<]*zzz", 30_000),
            ("(.*)(.*)(.*)x", 10_000),
        ])
    func hostileBody(pattern: String, length: Int) throws {
        #expect(try match(Pattern(pattern), [UInt8](repeating: 0x61, count: length)) == nil)
    }

    @Test(
        "what is no pattern, or none of ours, says where",
        arguments: [
            ("a(b", 1), ("a)", 1), ("a[b", 1), ("*a", 0), ("a|+", 2), ("a**", 2), ("a{2}{3}", 4), ("a++", 2),
            ("a{3,2}", 1),
            ("a{1001}", 1), ("a{2", 1), ("{2}", 0), ("\\", 0), ("é\\q", 2), ("\\1", 0), ("(?=a)", 0), ("(?!a)", 0),
            ("(?<=a)", 0),
            ("(?<!a)", 0), ("(?>a)", 0), ("(?<>a)", 0), ("(?<n", 0), ("(?", 0), ("(?x)a", 0), ("[b-a]", 1),
            ("[\\d-a]", 1),
            ("[[:alpha:]]", 1), ("\\p{L}", 0), ("\\xZZ", 0), ("\\u{110000}", 0), ("\\u{D800}", 0), ("^*", 0),
            ("a\\Q", 1),
            ("(?:a{1000}){1000}", 0), (String(repeating: "(", count: 500), 64),
        ])
    func broken(pattern: String, offset: Int) {
        let error = #expect(throws: FlowSyntaxError.self) { try Pattern(pattern) }
        #expect(error?.offset == offset, "\(String(describing: error))")
        #expect(error?.message.isEmpty == false && error?.remedy.isEmpty == false)
    }

    @Test("a pattern has a thousand bytes at most, and nothing repeated is still nothing")
    func sizes() throws {
        #expect(try Pattern(String(repeating: "a", count: 1_000)).groupCount == 0)
        #expect(try Pattern(String(repeating: ".", count: 1_000)).groupCount == 0)
        #expect(throws: FlowSyntaxError.self) { try Pattern(String(repeating: "a", count: 1_001)) }
        var nested = "(?:)"
        for _ in 0..<50 { nested = "(?:\(nested){1000})" }
        #expect(try match(nested, "a") == "")
    }

    // MARK: Against another engine

    /// A random pattern that matches at least one character: what is repeated must, since engines differ in how an empty
    /// turn of a loop ends. Nothing beyond ASCII is a letter to us, so the arrow is none to ICU either.
    private func pattern(_ random: inout SeededRandom, depth: Int = 0) -> String {
        let branches = (0..<(Int.random(in: 0..<4, using: &random) == 0 ? 2 : 1)).map { _ in
            (0..<Int.random(in: 1...3, using: &random)).map { _ in
                var part =
                    ["a", "b", "c", ".", "[ab]", "[^a]", "\\w", "→", "\\d", "[b-c\\s]"].randomElement(using: &random)
                    ?? "a"
                if depth < 3, Int.random(in: 0..<3, using: &random) == 0 {
                    part = (Bool.random(using: &random) ? "(" : "(?:") + pattern(&random, depth: depth + 1) + ")"
                }
                return part + (["", "", "+", "+?", "{2}", "{1,2}", "{1,3}?"].randomElement(using: &random) ?? "")
            }.joined() + (["", "", "a*", "b?", "c*?", "\\b", "$"].randomElement(using: &random) ?? "")
        }
        return (depth == 0 ? ["", "", "", "^", "\\b", "a?"].randomElement(using: &random) ?? "" : "")
            + branches.joined(separator: "|")
    }

    @Test("a random pattern finds what ICU finds, groups too", arguments: 0..<10)
    func agrees(round: Int) throws {
        var random = SeededRandom(seed: UInt64(round), stream: 7)
        for _ in 0..<100 {
            let text = pattern(&random)
            let ours = try Pattern(text)
            let theirs = try NSRegularExpression(pattern: text)
            #expect(ours.groupCount == theirs.numberOfCaptureGroups)
            for _ in 0..<5 {
                let body = (0..<Int.random(in: 0..<9, using: &random))
                    .map { _ in ["a", "b", "c", "→", "1", " "].randomElement(using: &random) ?? "" }.joined()
                let result = theirs.firstMatch(in: body, range: NSRange(location: 0, length: (body as NSString).length))
                for group in 0...ours.groupCount {
                    let expected = result.flatMap { Range($0.range(at: group), in: body) }.map { String(body[$0]) }
                    #expect(
                        match(ours, Array(body.utf8), group: group) == expected, "\(text), group \(group), in \(body)")
                }
            }
        }
    }

    @Test("random signs are a pattern, or say where not", arguments: 0..<10)
    func fuzz(round: Int) {
        var random = SeededRandom(seed: UInt64(round), stream: 8)
        let signs = [
            "a", "é", ".", "\\d", "\\b", "\\", "(", "(?:", "(?<n>", "(?i)", "(?i:", "(?", ")", "[", "[^", "]", "-", "*",
            "+", "?", "{2}",
            "{1,3}", "{,", "{", "}", "|", "^", "$", "\\x4", "\\u{", "1", ",", "\0", "<", ">", "=", ":",
        ]
        for _ in 0..<1_000 {
            let text = (0..<Int.random(in: 1..<10, using: &random)).map { _ in signs.randomElement(using: &random) ?? ""
            }.joined()
            do {
                let pattern = try Pattern(text)
                for body in ["", "aé1-2a", "(a){2}]", "\u{0}=:<>"] {
                    let found = match(pattern, Array(body.utf8))
                    #expect(found.map(body.contains) ?? true || found == "")
                }
            } catch {
                #expect(
                    error.offset >= 0 && error.length >= 0 && error.offset + error.length <= text.utf8.count,
                    "\(text): \(error)")
            }
        }
    }
}
