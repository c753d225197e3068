import Foundation
import Testing

@testable import Plans

/// One broken plan per rule, with the whole of what is said about it beside it in a `.problems` file.
struct BrokenPlanTests {
    static let names = PlanInputs.names(in: PlanInputs.inputs, ending: ".yaml")

    @Test(arguments: names)
    func everyProblemIsReportedWithPlaceRuleAndRemedy(name: String) throws {
        let text = try String(contentsOf: PlanInputs.inputs.appending(path: name), encoding: .utf8)
        let problems = try #require(PlanInputs.problems(text, file: name))
        let golden = PlanInputs.inputs.appending(path: name.replacing(".yaml", with: ".problems"))
        let (found, expected) = try PlanInputs.matches(problems.description, golden: golden)
        #expect(found == expected)
        #expect(problems.problems.contains { $0.severity == .error } == name.contains(".invalid."))
    }

    @Test(arguments: names)
    func everyProblemPointsIntoTheText(name: String) throws {
        let text = try String(contentsOf: PlanInputs.inputs.appending(path: name), encoding: .utf8)
        let problems = try #require(PlanInputs.problems(text, file: name)).problems
        let lines = SourceLines(text)
        for problem in problems {
            let line = try #require(lines[problem.place.line])
            #expect(problem.place.column - 1 <= line.unicodeScalars.count)
            #expect(!problem.message.contains("\n") && !problem.remedy.contains("\n"))
            #expect(!problem.message.isEmpty && !problem.remedy.isEmpty)
        }
    }

    @Test func everyRuleHasAPlanThatBreaksIt() throws {
        var missing = Set(PlanRule.allCases)
        for name in Self.names {
            let text = try String(contentsOf: PlanInputs.inputs.appending(path: name), encoding: .utf8)
            for problem in PlanInputs.problems(text, file: name)?.problems ?? [] { missing.remove(problem.rule) }
        }
        // A plan of more than a megabyte is no file to keep, and a setting is none: `PlanReaderTests` makes the one,
        // `SettingTests` the other.
        #expect(missing == [.size, .setting])
    }
}
