import Core

/// What a lab says at its end.
struct LabOutcome {
    /// Requests that all its services received; nil when it could not say, and without a lab.
    var received: Int?
    /// What was behind its services.
    var resources = ResourceReport()
}
