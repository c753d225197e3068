/// A check of an answer, by its place in the plan.
package struct CheckName: Hashable, Sendable {
    package var scenario: String
    package var step: String
    /// What is expected, as a person would say it: `body contains ok`.
    package var text: String

    package init(scenario: String, step: String, text: String) {
        self.scenario = scenario
        self.step = step
        self.text = text
    }
}
