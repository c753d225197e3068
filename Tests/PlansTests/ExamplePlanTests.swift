import Arrivals
import Core
import Foundation
import Model
import Testing

@testable import Plans

/// The plans of the repository can be run as they are, and do not take long.
struct ExamplePlanTests {
    static let names = PlanInputs.names(in: PlanInputs.examples, ending: ".yaml")

    private func read(_ name: String) throws -> PlanReader.Reading {
        try PlanReader.read(file: PlanInputs.examples.appending(path: name).path(), abilities: PlanInputs.old).reading
    }

    @Test func allFormsOfLoadHaveAnExample() {
        let wanted = ["quickstart", "ramp", "steps", "wave-and-spike", "bursts", "closed-users", "replay", "faults"]
        #expect(Set(Self.names).isSuperset(of: wanted.map { "\($0).yaml" }))
    }

    @Test(arguments: names)
    func anExampleIsRightAndWithoutDoubt(name: String) throws {
        let reading = try read(name)
        #expect(reading.warnings == nil)
        #expect(reading.plan.lab?.flaw == nil)
        #expect(!reading.plan.budgets.isEmpty)
    }

    @Test(arguments: names)
    func anExampleLastsAtMostTwentySeconds(name: String) throws {
        let lengths = try read(name).plan.load.compactMap(\.length)
        #expect(lengths.reduce(Span.zero, +) <= .seconds(name == "quickstart.yaml" ? 15 : 20))
    }

    @Test(arguments: names)
    func anExampleBeginsWithASentenceAboutItself(name: String) throws {
        let text = try String(contentsOf: PlanInputs.examples.appending(path: name), encoding: .utf8)
        #expect(text.hasPrefix("# "))
    }

    @Test func theQuickstartIsWhatItSays() throws {
        let plan = try read("quickstart.yaml").plan
        #expect(plan.load.map(\.text) == ["500/s for 3s, warm-up", "500/s for 10s, Poisson"])
        #expect(plan.scenarios.map(\.name) == ["browse", "buy"])
        #expect(plan.target == .lab(service: "shop"))
    }
}
