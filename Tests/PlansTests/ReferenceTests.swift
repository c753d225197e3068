import Foundation
import Testing

@testable import Plans

/// The declarations as documentation: the page is theirs, and every example in it can be run.
struct ReferenceTests {
    @Test func thePageOfTheRepositoryIsTheOneOfTheDeclarations() throws {
        let page = PlanInputs.repository.appending(path: "Docs/plan.md")
        let (found, expected) = try PlanInputs.matches(PlanReference.markdown, golden: page)
        #expect(found == expected)
    }

    static let records = PlanReference.plan.family

    @Test(arguments: records.map(\.name))
    func theExampleOfARecordIsAPlan(name: String) throws {
        let record = try #require(Self.records.first { $0.name == name })
        #expect(throws: Never.self) { try PlanInputs.plan(record.example) }
    }

    @Test(arguments: records.map(\.name))
    func everyKeyHasADocAndAnExampleThatItAccepts(name: String) throws {
        let record = try #require(Self.records.first { $0.name == name })
        #expect(record.keys.contains { $0.standing != .planned })
        for key in record.keys {
            #expect(key.doc.hasSuffix("."))
            guard key.standing != .planned else { continue }
            let text = "\(key.name): \(key.example)"
            guard case .map(let entries) = try PlanText.parse(text, lines: SourceLines(text)).content else {
                Issue.record("\(name).\(key.name): the example is no value")
                continue
            }
            var context = ReadingContext(
                files: PlanFiles(directory: PlanInputs.inputs.path()), abilities: PlanInputs.new)
            // Known before any step is read.
            context.counters = ["orders", "revenue"]
            context.sources = ["product"]
            key.check(entries[0].value, &context)
            #expect(!context.hasErrors, "\(name).\(key.name): \(context.problems.map(\.message))")
        }
    }

    @Test func everyNameOfARecordAndOfAKeyIsItsOwn() {
        #expect(Set(Self.records.map(\.name)).count == Self.records.count)
        for record in Self.records { #expect(Set(record.keys.map(\.name)).count == record.keys.count) }
    }

    /// A link of the page leads to a heading of the page.
    @Test func everyLinkLeadsSomewhere() {
        let page = PlanReference.markdown
        for record in Self.records.dropFirst() {
            #expect(page.contains("](#\(record.anchor))"))
            #expect(page.contains("## `\(record.name)`\n"))
        }
        let headings = Set(
            page.split(separator: "\n").filter { $0.hasPrefix("## ") }.map { heading in
                String(
                    heading.dropFirst(3).lowercased().compactMap {
                        $0 == " " ? "-" : $0.isLetter || $0.isNumber || $0 == "-" ? $0 : nil
                    })
            })
        for link in page.matches(of: /\]\(#([^)]*)\)/) { #expect(headings.contains(String(link.1)), "\(link.1)") }
    }

    @Test func everyDefaultThatIsAValueIsAccepted() throws {
        for record in Self.records {
            for key in record.keys {
                guard case .optional(let standard?) = key.standing, !standard.contains(" ") else { continue }
                let text = "\(key.name): \(standard)"
                guard case .map(let entries) = try PlanText.parse(text, lines: SourceLines(text)).content else {
                    continue
                }
                var context = ReadingContext(files: PlanFiles(directory: "."), abilities: PlanInputs.new)
                key.check(entries[0].value, &context)
                #expect(!context.hasErrors, "\(record.name).\(key.name): \(context.problems.map(\.message))")
            }
        }
    }
}
