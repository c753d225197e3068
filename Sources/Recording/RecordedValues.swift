package import Core

/// Spans that cannot be told apart at the histogram's resolution, and how often one of them was recorded.
package struct RecordedValue: Hashable, Sendable {
    package var lowest: Span
    package var highest: Span
    /// At least 1.
    package var count: Int

    package init(lowest: Span, highest: Span, count: Int) {
        self.lowest = lowest
        self.highest = highest
        self.count = count
    }
}

/// The recorded values of a histogram, ascending; values that never occurred are left out.
package struct RecordedValues: Sequence, IteratorProtocol, Sendable {
    private let histogram: LatencyHistogram
    private var index: Int
    private var remaining: Int

    init(of histogram: LatencyHistogram) {
        self.histogram = histogram
        index = histogram.firstIndex
        remaining = histogram.count
    }

    package mutating func next() -> RecordedValue? {
        guard let (index, count) = nextCount() else { return nil }
        return RecordedValue(
            lowest: Span(nanoseconds: Int64(histogram.layout.lowestValue(at: index))),
            highest: Span(nanoseconds: Int64(histogram.layout.highestValue(at: index))), count: count)
    }

    /// The same as an index and its count, for those who work on indices.
    mutating func nextCount() -> (index: Int, count: Int)? {
        // The total says when the last recorded value has been seen; the counts above it are never looked at.
        while remaining > 0 {
            let count = Int(histogram.count(at: index))
            defer { index += 1 }
            guard count > 0 else { continue }
            remaining -= count
            return (index, count)
        }
        return nil
    }
}

extension LatencyHistogram {
    /// The recorded values with their counts, ascending.
    package var recordedValues: RecordedValues { RecordedValues(of: self) }
}
