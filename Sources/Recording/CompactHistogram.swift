package import Core

/// The counts of a histogram of the standard layout without its zeros: what a second of a run needs, in a few hundred bytes
/// instead of 264 KiB.
package struct CompactHistogram: Sendable, Hashable {
    /// Ascending, each with a count above zero.
    private var indices: [UInt32] = []
    private var counts: [UInt64] = []
    package private(set) var count = 0

    package init() {}

    /// - Precondition: the histogram has the standard layout, as all have that Gale records.
    package init(_ histogram: LatencyHistogram) {
        precondition(histogram.layout == .standard, "only histograms of the standard layout are kept compact")
        var values = histogram.recordedValues
        while let (index, count) = values.nextCount() {
            indices.append(UInt32(index))
            counts.append(UInt64(count))
        }
        count = histogram.count
    }

    package var isEmpty: Bool { count == 0 }

    /// Adds the counts of another one.
    package mutating func add(_ other: CompactHistogram) {
        guard !other.isEmpty else { return }
        var (merged, sums): ([UInt32], [UInt64]) = ([], [])
        merged.reserveCapacity(indices.count + other.indices.count)
        sums.reserveCapacity(indices.count + other.indices.count)
        var (left, right) = (0, 0)
        while left < indices.count || right < other.indices.count {
            let takesRight =
                left == indices.count || (right < other.indices.count && other.indices[right] < indices[left])
            if takesRight {
                merged.append(other.indices[right])
                sums.append(other.counts[right])
                right += 1
            } else if right < other.indices.count, other.indices[right] == indices[left] {
                merged.append(indices[left])
                sums.append(counts[left] + other.counts[right])
                (left, right) = (left + 1, right + 1)
            } else {
                merged.append(indices[left])
                sums.append(counts[left])
                left += 1
            }
        }
        (indices, counts) = (merged, sums)
        count += other.count
    }

    /// Adds these counts to a histogram of the standard layout.
    package func add(to histogram: inout LatencyHistogram) {
        histogram.add(counts, at: indices)
    }

    /// The recorded values with their counts, ascending.
    package var recordedValues: [RecordedValue] {
        zip(indices, counts).map { index, count in
            RecordedValue(
                lowest: Span(nanoseconds: Int64(HistogramLayout.standard.lowestValue(at: Int(index)))),
                highest: Span(nanoseconds: Int64(HistogramLayout.standard.highestValue(at: Int(index)))),
                count: Int(count))
        }
    }

    /// How many samples are longer than `span`, beyond those that cannot be told from it.
    package func count(above span: Span) -> Int {
        guard span >= .zero else { return count }
        let limit = HistogramLayout.standard.index(of: UInt64(span.nanoseconds))
        return zip(indices, counts).reduce(0) { Int($1.0) > limit ? $0 + Int($1.1) : $0 }
    }

    /// The spans at several percentiles, in their order, as a `LatencyHistogram` of the same counts has them; zero when empty.
    package func values(atPercentiles percentiles: [Double]) -> [Span] {
        var histogram = LatencyHistogram()
        add(to: &histogram)
        return histogram.values(atPercentiles: percentiles)
    }
}
