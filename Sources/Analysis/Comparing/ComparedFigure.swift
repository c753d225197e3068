/// What is compared of two variants. The raw values are keys of `comparison.json`.
package enum ComparedFigure: String, CaseIterable, Hashable, Sendable, Codable {
    /// Percentiles of the response time, in milliseconds.
    case p50 = "p50_ms"
    case p95 = "p95_ms"
    case p99 = "p99_ms"
    /// Failed and rejected calls of those that ended, 0 to 1.
    case errors
    /// Succeeded calls per second of measured time.
    case goodput
    /// Attempts per call that was not rejected.
    case amplification
    /// Requests per second of measured time at the plan's lab, by its own count; attempts where there is no lab.
    case targetLoad = "target_load"

    /// As tables name it.
    package var name: String {
        switch self {
        case .p50: "p50"
        case .p95: "p95"
        case .p99: "p99"
        case .targetLoad: "target load"
        default: rawValue
        }
    }

    /// The percentile that it is; nil for the others.
    package var percent: Double? {
        switch self {
        case .p50: 50
        case .p95: 95
        case .p99: 99
        default: nil
        }
    }

    /// Logarithms need values that are never zero. Errors, goodput and load may be.
    package var rule: ComparisonRule {
        switch self {
        case .p50, .p95, .p99, .amplification: .ratio
        case .errors, .goodput, .targetLoad: .difference
        }
    }

    /// Calls that each trial needs: a percentile with fewer than ten samples above it is one of these ten, and chance.
    package var leastCalls: Int {
        switch self {
        case .p50: 20
        case .p95: 200
        case .p99: 1_000
        default: 1
        }
    }

    /// What one value may be off by how it was recorded: a step of the histogram at either end.
    package var resolution: Double { percent == nil ? 0 : 0.002 }

    /// The least margin of a share, 0.1 percentage points: of a first variant without errors no part is a margin.
    package static let leastShare = 0.001

    /// What counts as the same.
    /// - Parameters:
    ///   - delta: the share that is given as `--delta`.
    ///   - first: the mean of the first variant.
    package func margin(delta: Double, of first: Double) -> Double {
        switch self {
        case .p50, .p95, .p99, .amplification: delta
        case .errors: max(delta * first, Self.leastShare)
        case .goodput, .targetLoad: delta * first
        }
    }

    /// The word for a verdict that is sure of a direction.
    package func word(isMore: Bool) -> String {
        switch self {
        case .p50, .p95, .p99: isMore ? "slower" : "faster"
        case .errors: isMore ? "more" : "fewer"
        case .goodput, .amplification, .targetLoad: isMore ? "higher" : "lower"
        }
    }
}
