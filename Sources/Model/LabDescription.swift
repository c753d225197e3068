/// The embedded target as a plan describes it under `lab:`.
package struct LabDescription: Hashable, Sendable {
    /// At least one; names are unique.
    package var services: [ServiceDescription]

    package init(services: [ServiceDescription]) {
        self.services = services
    }
}
