package import Core

/// How often each latency occurred, to three digits: the only form in which Gale keeps samples.
///
/// Recording costs a few nanoseconds and never allocates, except for the first record after `init`: a new
/// histogram shares one block of zeros with all others. Merging adds counts, so percentiles are always those of all
/// samples together, never an average of percentiles.
///
/// The bucket arithmetic is HdrHistogram's, the counts are a plain array: see `Docs/dependencies.md` for why they are not the
/// library's.
package struct LatencyHistogram: Sendable {
    private var counts: [UInt64]
    private var total: UInt64 = 0
    /// The index of the smallest recorded value; `Int.max` when empty.
    private var first = Int.max
    /// The index of the largest recorded value; 0 when empty.
    private(set) var lastIndex = 0
    /// How values map to counts; `.standard`, unless the histogram was decoded from a file of another writer.
    package let layout: HistogramLayout
    /// How many recorded spans were above the highest value and were counted as that value.
    package private(set) var clamped = 0

    /// The shortest span that is recorded as itself (zero is recorded too).
    package static let lowest = Span.nanoseconds(1)
    /// The longest span that is recorded as itself.
    package static let highest = Span.seconds(3_600)

    private static let empty = [UInt64](repeating: 0, count: HistogramLayout.standard.countsLength)

    /// An empty histogram of the standard layout: 1 ns to 1 hour, 3 digits.
    package init() {
        counts = Self.empty
        layout = .standard
    }

    /// An empty histogram of any layout; up to 50 MB for the widest there is.
    package init(layout: HistogramLayout) {
        counts = layout == .standard ? Self.empty : [UInt64](repeating: 0, count: layout.countsLength)
        self.layout = layout
    }

    // MARK: Recording

    /// Counts one span. A negative one counts as zero, one above the highest counts as the highest and in `clamped`.
    package mutating func record(_ span: Span) {
        let value = UInt64(bitPattern: Swift.max(span.nanoseconds, 0))
        if value <= layout.highest {
            add(1, at: layout.index(of: value))
        } else {
            clamped += 1
            add(1, at: layout.index(of: layout.highest))
        }
    }

    /// Counts `count` values that belong to `index`.
    /// - Precondition: the index is in the layout, and the total stays below 2^63.
    mutating func add(_ count: UInt64, at index: Int) {
        counts[index] += count
        total += count
        if index < first { first = index }
        if index > lastIndex { lastIndex = index }
    }

    /// The same of many at once.
    /// - Parameter indices: ascending; as many as there are counts.
    mutating func add(_ added: [UInt64], at indices: [UInt32]) {
        guard let low = indices.first, let high = indices.last else { return }
        precondition(added.count == indices.count && Int(high) < counts.count, "every count has its place")
        counts.withUnsafeMutableBufferPointer { counts in
            for place in added.indices {
                counts[Int(indices[place])] += added[place]
                total += added[place]
            }
        }
        first = Swift.min(first, Int(low))
        lastIndex = Swift.max(lastIndex, Int(high))
    }

    /// Empties the histogram, in place: what was between the smallest and the largest value is set to zero. It keeps its
    /// memory, since what was recorded once is mostly recorded again.
    package mutating func reset() {
        clamped = 0
        guard !isEmpty else { return }
        for index in first...lastIndex { counts[index] = 0 }
        (total, first, lastIndex) = (0, .max, 0)
    }

    // MARK: Merging

    /// Adds what `other` recorded.
    /// - Precondition: both have the same layout, as all have that were made with `init()`.
    package mutating func add(_ other: LatencyHistogram) {
        precondition(layout == other.layout, "a histogram of \(other.layout) was added to one of \(layout)")
        addCounts(of: other)
    }

    /// Adds what a histogram from elsewhere recorded; nothing is added when it throws.
    /// - Throws: `HistogramError.layoutMismatch` when its values do not map to the same counts or do not fit, and
    ///   `tooManyCounts` when the total would pass 2^63 − 1.
    package mutating func add(foreign other: LatencyHistogram) throws(HistogramError) {
        guard layout.sharesBuckets(with: other.layout), other.lastIndex < layout.countsLength else {
            throw .layoutMismatch(expected: layout, found: other.layout)
        }
        guard total + other.total <= UInt64(Int.max) else { throw .tooManyCounts }
        addCounts(of: other)
    }

    private mutating func addCounts(of other: LatencyHistogram) {
        clamped += other.clamped
        guard !other.isEmpty else { return }
        for index in other.first...other.lastIndex { counts[index] += other.counts[index] }
        total += other.total
        first = Swift.min(first, other.first)
        lastIndex = Swift.max(lastIndex, other.lastIndex)
    }

    // MARK: Counts

    /// How many spans were recorded.
    package var count: Int { Int(total) }

    package var isEmpty: Bool { total == 0 }

    /// How many were recorded at `index`; 0 ≤ index < `layout.countsLength`.
    func count(at index: Int) -> UInt64 { counts[index] }

    /// The index of the smallest recorded value; 0 when empty.
    var firstIndex: Int { isEmpty ? 0 : first }
}

extension LatencyHistogram: Equatable {
    /// True when the layouts and all counts are the same. `clamped` does not take part: a log does not carry it.
    package static func == (left: LatencyHistogram, right: LatencyHistogram) -> Bool {
        guard left.layout == right.layout, left.count == right.count else { return false }
        guard !left.isEmpty else { return true }
        guard left.firstIndex == right.firstIndex, left.lastIndex == right.lastIndex else { return false }
        return (left.firstIndex...left.lastIndex).allSatisfy { left.count(at: $0) == right.count(at: $0) }
    }
}
