import Core
import Foundation
import Testing

@testable import Plans

/// The plan that a beginner is given.
struct FirstPlanTests {
    /// The plan uses keys of steps that this version may only have planned.
    static let hasItsKeys: Bool = {
        let families = PlanReference.plan.family
        func isBuilt(_ key: String, in record: String) -> Bool {
            families.first { $0.name == record }?.keys.contains { $0.name == key && $0.standing != .planned } ?? false
        }
        return isBuilt("data", in: PlanReference.plan.name) && isBuilt("extract", in: "step")
    }()

    private static func problems(_ text: String, _ surroundings: PlanSurroundings = PlanSurroundings()) -> String {
        do throws(PlanProblems) {
            let reading = try PlanReader.read(
                text: text, file: FirstPlan.file, directory: PlanInputs.inputs.path(), abilities: PlanInputs.old,
                surroundings: surroundings)
            return reading.warnings?.description ?? ""
        } catch {
            return error.description
        }
    }

    @Test func theFirstPlanIsYAMLOfKnownKeys() throws {
        let root = try PlanText.parse(FirstPlan.text, lines: SourceLines(FirstPlan.text))
        guard case .map(let entries) = root.content else {
            Issue.record("the plan is no map")
            return
        }
        let known = PlanReference.plan.keys.map(\.name)
        for entry in entries { #expect(known.contains(entry.key)) }
        #expect(FirstPlan.text.split(separator: "\n").allSatisfy { $0.count <= 120 })
    }

    @Test(.enabled(if: hasItsKeys)) func theFirstPlanIsRightAndWithoutDoubt() {
        #expect(Self.problems(FirstPlan.text) == "")
    }

    /// What is commented out can be put in: the lines as they stand, and the plan that they then make.
    @Test(arguments: [
        (["# target: https://shop.staging.example", "# allow-hosts: [shop.staging.example]"], ""),
        (["  # - { rate: 100/s to 1000/s, step: 100/s, every: 30s }"], "load:\n"),
        (["  # - { rate: 500/s, spike: 2000/s, at: 1m, lasts: 10s, for: 3m }"], "load:\n"),
        (["  # - { users: 20, for: 1m, think: 1s }"], "load:\n"),
        (
            [
                "      # faults:", "      #   - { fault: status, status: 503, share: 1% }",
                "      #   - { fault: delay, by: 200ms, share: 1% }",
            ], "lab:\n  services:\n    shop:\n"
        ),
        (["# client:", "#   clients: 2 ", "#   timeout: { total: 5s, connect: 500ms }"], ""),
        (["  # - rate >= 50/s warn"], "budgets:\n"),
        (["# variants:", "#   staging:", "#     target: https://${env:STAGING_HOST}"], "target: https://a.example\n"),
    ])
    func whatIsCommentedOutCanBePutIn(lines: [String], above: String) throws {
        var text = above
        for line in lines {
            #expect(FirstPlan.text.contains(line))
            let mark = try #require(line.firstIndex(of: "#"))
            text += String(line[..<mark]) + String(line[mark...].dropFirst(2)) + "\n"
        }
        let problems = Self.problems(
            PlanInputs.framed(text), PlanSurroundings(environment: ["STAGING_HOST": "staging.example"]))
        #expect(problems == "")
    }
}
