import Core

@testable import Recording

/// Samples for tests: the same for the same seed, on every machine.
enum Samples {
    /// Latencies as they come, most near a millisecond, some near a second, few beyond a minute.
    static func latencies(_ count: Int, seed: UInt64) -> [Span] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in
            let magnitude = Int64(1) << Int64.random(in: 0...41, using: &random)
            return Span(nanoseconds: min(Int64.random(in: 0...magnitude, using: &random), 3_600_000_000_000))
        }
    }

    static func histogram(_ spans: [Span]) -> LatencyHistogram {
        var histogram = LatencyHistogram()
        for span in spans { histogram.record(span) }
        return histogram
    }

    static func histogram(_ count: Int, seed: UInt64) -> LatencyHistogram {
        histogram(latencies(count, seed: seed))
    }
}
