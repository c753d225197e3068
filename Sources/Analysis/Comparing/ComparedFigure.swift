/// What is compared of two variants, or of two sets of runs. The raw values are keys of `comparison.json` and `diff.json`.
package enum ComparedFigure: String, CaseIterable, Hashable, Sendable, Codable {
    /// Percentiles of the response time, in milliseconds; of an endpoint those of the service time.
    case p50 = "p50_ms"
    case p75 = "p75_ms"
    case p90 = "p90_ms"
    case p95 = "p95_ms"
    case p99 = "p99_ms"
    case p999 = "p99.9_ms"
    /// Mean of the same, in milliseconds.
    case mean = "mean_ms"
    /// Failed and rejected calls of those that ended, 0 to 1; of an endpoint failed attempts.
    case errors
    /// Succeeded calls per second of measured time.
    case goodput
    /// Attempts per call that was not rejected.
    case amplification
    /// Requests per second of measured time at the plan's lab, by its own count; attempts where there is no lab.
    case targetLoad = "target_load"
    /// Processor time of the generator per call, in microseconds, warm-up included. Of a simulation there is none.
    case cpu = "cpu_us"
    /// Part of the calls that a step has, or of the attempts that an endpoint has, 0 to 1.
    case share

    /// Of the trials of `gale compare`, in the order of its tables.
    package static let ofTrials: [ComparedFigure] = [.p50, .p95, .p99, .errors, .goodput, .amplification, .targetLoad]
    /// Of the runs of `gale diff`.
    package static let ofRuns: [ComparedFigure] = [
        .p50, .p75, .p90, .p95, .p99, .p999, .mean, .errors, .goodput, .amplification, .targetLoad, .cpu,
    ]
    /// Of a step, and of an endpoint.
    package static let ofParts: [ComparedFigure] = [.p50, .p95, .p99, .errors, .share]

    /// As tables name it.
    package var name: String {
        switch self {
        case .p50, .p75, .p90, .p95, .p99, .p999, .mean: String(rawValue.dropLast(3))
        case .targetLoad: "target load"
        case .cpu: "CPU per call"
        case .errors, .goodput, .amplification, .share: rawValue
        }
    }

    /// The percentile that it is; nil for the others.
    package var percent: Double? {
        switch self {
        case .p50: 50
        case .p75: 75
        case .p90: 90
        case .p95: 95
        case .p99: 99
        case .p999: 99.9
        case .mean, .errors, .goodput, .amplification, .targetLoad, .cpu, .share: nil
        }
    }

    /// Whether it is a length of time that a caller waits.
    package var isLatency: Bool { percent != nil || self == .mean }

    /// Logarithms need values that are never zero. Errors, shares, goodput and load may be.
    package var rule: ComparisonRule {
        switch self {
        case .p50, .p75, .p90, .p95, .p99, .p999, .mean, .amplification, .cpu: .ratio
        case .errors, .goodput, .targetLoad, .share: .difference
        }
    }

    /// Calls that each run needs: a percentile with fewer than ten samples above it is one of these ten, and chance.
    package var leastCalls: Int {
        switch self {
        case .p50: 20
        case .p75: 40
        case .p90: 100
        case .p95: 200
        case .p99: 1_000
        case .p999: 10_000
        case .mean, .errors, .goodput, .amplification, .targetLoad, .cpu, .share: 1
        }
    }

    /// The figure that stands for a run in one sentence: the highest of these percentiles that so many calls are enough for, else
    /// the median.
    package static func headline(calls: Int, among figures: [ComparedFigure]) -> ComparedFigure {
        figures.first { calls >= $0.leastCalls } ?? .p50
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
        case .p50, .p75, .p90, .p95, .p99, .p999, .mean, .amplification, .cpu: delta
        case .errors, .share: max(delta * first, Self.leastShare)
        case .goodput, .targetLoad: delta * first
        }
    }

    /// The word for a verdict that is sure of a direction.
    package func word(isMore: Bool) -> String {
        switch self {
        case .p50, .p75, .p90, .p95, .p99, .p999, .mean: isMore ? "slower" : "faster"
        case .errors: isMore ? "more" : "fewer"
        case .goodput, .amplification, .targetLoad, .cpu, .share: isMore ? "higher" : "lower"
        }
    }
}
