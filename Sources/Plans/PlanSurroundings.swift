/// What a plan may ask of the world around it. Nothing here is read by the reader itself: who wants a plan says what it
/// may see.
package struct PlanSurroundings: Sendable {
    /// Values of `${env:NAME}`.
    package var environment: [String: String]

    package init(environment: [String: String] = [:]) {
        self.environment = environment
    }
}
