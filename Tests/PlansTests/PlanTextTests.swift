import Testing

@testable import Plans

/// What the YAML of a plan may not have, and that asking for it costs nothing.
struct PlanTextTests {
    private func problem(_ text: String) -> PlanProblem? {
        do throws(PlanProblem) {
            _ = try PlanText.parse(text, lines: SourceLines(text))
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("a: &b 1", 4), ("a: *b", 4), ("- &b", 3), ("[&a x, *a]", 2), ("{a: *b}", 5), ("{\"a\":*b}", 6),
        ("a: !!int 1", 4),
        ("a: !b 1", 4), ("? a", 1), ("{? a: b}", 2), ("&a a: 1", 1), ("*a : 1", 1), ("a:\n  &b\n  c: 1", 3),
        ("a: ! 1", 4), ("'a': *b", 6), ("--- &a b", 5), ("%TAG ! tag:a\n---\na: !b 1", 6),
    ])
    func referencesTagsAndComplexKeysAreRefused(text: String, column: Int) throws {
        let problem = try #require(self.problem(text))
        #expect(problem.severity == .error)
        #expect(problem.rule == .reference || text.hasPrefix("%TAG"))
        #expect(problem.place.column == column || text.hasPrefix("%TAG"))
    }

    @Test(arguments: [
        "a: b & c", "a: b *c*", "a: wow! yes?", "a: \"*b\"", "a: '&b !c ?d'", "# &a *b !c ? d\na: b",
        "a: |\n  *b\n  &c\n  ? d",
        "a: >\n  !b", "a: /x?y=1&z=*", "a: b\n  *c\n  &d", "a: \"b\n  *c\"", "a: x?y", "a: b !c", "a: 'it''s' # *b",
        "a: [b ? c]",
    ])
    func theSameCharactersInTextsAreFine(text: String) {
        #expect(problem(text) == nil)
    }

    /// "Billion laughs": each level holds ten of the one before. As values and, worse, as keys, which are hashed.
    @Test func aliasesCannotMultiply() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<30 {
            let items = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(items)]\n"
        }
        text += "? *a29\n: 1\n"
        #expect(try #require(self.problem(text)).rule == .reference)
    }

    @Test(arguments: [
        String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 100_000),
        String(repeating: "- ", count: 100_000), String(repeating: "{? ", count: 100_000),
        String(repeating: "[", count: 900) + String(repeating: "]", count: 900),
        (0..<500).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n"),
    ])
    func deepNestingIsAnswered(text: String) throws {
        let problem = try #require(self.problem(text))
        #expect([.nesting, .reference, .syntax].contains(problem.rule))
    }

    @Test func nestingThatAPlanCanHaveIsFine() {
        let depth = PlanText.maximumDepth - 1
        #expect(problem(String(repeating: "[", count: depth) + "a" + String(repeating: "]", count: depth)) == nil)
    }

    @Test(arguments: [
        ("a: 1\r\nb: &x 2", 2, 4), ("a: 1\rb: &x 2", 2, 4), ("é: 1\n\u{1F600}é: &x 2", 2, 5), ("\u{FEFF}a: &x 2", 1, 5),
        ("a: \u{7}", 1, 4), ("a: 1\n\n  \u{1}", 3, 3),
    ])
    func placesAreCountedAsYAMLCountsThem(text: String, line: Int, column: Int) throws {
        let place = try #require(self.problem(text)).place
        #expect(place.line == line)
        #expect(place.column == column)
    }

    @Test func linesEndAsYAMLEndsThem() {
        let lines = SourceLines("a\nb\r\nc\rd\u{85}e\u{2028}f\u{2029}g")
        #expect((1...8).map { lines[$0] } == ["a", "b", "c", "d", "e", "f", "g", nil])
        #expect(lines[0] == nil && lines[-1] == nil)
        #expect(SourceLines("")[1] == "")
    }

    @Test func scalarsAreTextsWhateverTheyLookLike() throws {
        let text = "a: no\nb: 1:30\nc: 010\nd: 2024-01-01\ne: 0x1F\nf: .inf\n"
        guard case .map(let entries) = try PlanText.parse(text, lines: SourceLines(text)).content else {
            Issue.record("not a map")
            return
        }
        #expect(entries.map { $0.value.text } == ["no", "1:30", "010", "2024-01-01", "0x1F", ".inf"])
    }
}
