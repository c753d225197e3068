import Analysis
import Core

/// One side of a comparison: a request as `gale run` would have it, and what it is called.
struct ComparedVariant: Sendable {
    let name: String
    var request: RunRequest
    /// What it is, in words.
    let text: String
}

/// What a person asked to compare.
struct CompareRequest: Sendable {
    /// Of the plan, or of both.
    var name: String
    /// The first is what the others are compared with; at least two.
    var variants: [ComparedVariant]
    var isSimulated: Bool
    /// nil picks one from the clock, and 1 for a simulation.
    var seed: UInt64?
    /// A share.
    var delta: Double
    /// Pairs of trials; several: so many at most, and no more than it takes.
    var looks: [Int]
    /// The folder; nil makes one below `Reports`.
    var out: String?
    /// Whether the trials' bundles stay.
    var keepsBundles: Bool
    var quiet: Bool
    var json: Bool
    /// The words that make the comparison again, without seed.
    var command: [String]
}
