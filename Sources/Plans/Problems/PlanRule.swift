/// The rules that a plan can break: a closed list. The raw value is the stable short name that tests, annotations and
/// tables use; the sentence a person reads is in the problem itself.
package enum PlanRule: String, CaseIterable, Hashable, Sendable {
    // The text as YAML.
    case size
    case syntax
    case document
    /// Anchors, aliases, tags and complex keys: YAML that a plan has no use for.
    case reference
    case nesting
    case duplicateKey = "duplicate-key"

    // Keys and the kinds of their values.
    case unknownKey = "unknown-key"
    case unsupported
    case missing
    case empty
    case type
    case choice
    case conflict

    // What a plan is made of besides its text.
    case expansion
    case environment
    case variant
    case setting

    // Values.
    case number
    case unit
    case range
    case name
    case target
    case host
    case method
    case path
    case header
    case status
    case file
    case budget
    case scope
    case fault
    case template
    case condition
    case jsonPath = "json-path"
    case pattern
    case variable
    case data
    case http2

    // Warnings: the plan runs, but perhaps not as it was meant.
    case insecure
    case ignored
    case unreached
    case fewSamples = "few-samples"
}
