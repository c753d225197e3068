package import Core

/// What a histogram says about its samples. Every figure is that of the counts, so a histogram that was written to a log
/// and read again says the same: values are those of HdrHistogram for Java, whose resolution is three digits.
extension LatencyHistogram {
    /// The smallest recorded span, rounded down to the resolution; zero when empty.
    package var min: Span { isEmpty ? .zero : Span(nanoseconds: Int64(layout.lowestValue(at: firstIndex))) }

    /// The largest recorded span, rounded up to the resolution; zero when empty or when only zeros were recorded.
    package var max: Span {
        // Java's rule, which keeps a histogram of nothing but zeros at zero even where the unit is wider than 1.
        lastIndex == 0 ? .zero : Span(nanoseconds: Int64(layout.highestValue(at: lastIndex)))
    }

    /// The mean in nanoseconds; zero when empty.
    package var mean: Double {
        guard !isEmpty else { return 0 }
        var sum = 0.0
        var values = recordedValues
        while let (index, count) = values.nextCount() { sum += Double(layout.middleValue(at: index)) * Double(count) }
        return sum / Double(count)
    }

    /// The standard deviation of all samples (not an estimate from a part of them) in nanoseconds; zero when empty.
    package var standardDeviation: Double {
        guard !isEmpty else { return 0 }
        let mean = mean
        var sum = 0.0
        var values = recordedValues
        while let (index, count) = values.nextCount() {
            let deviation = Double(layout.middleValue(at: index)) - mean
            sum += deviation * deviation * Double(count)
        }
        return (sum / Double(count)).squareRoot()
    }

    /// The span that `percentile` percent of the samples do not pass, rounded up to the resolution; zero when empty.
    /// - Parameter percentile: 0 to 100, and what is beyond counts as the nearer of the two; 0 is the smallest span.
    package func value(atPercentile percentile: Double) -> Span { values(atPercentiles: [percentile])[0] }

    /// The spans at several percentiles in one pass, in the order of `percentiles`.
    package func values(atPercentiles percentiles: [Double]) -> [Span] {
        var found = [Span](repeating: .zero, count: percentiles.count)
        guard !isEmpty else { return found }
        let ranks = percentiles.map(rank(ofPercentile:))
        var values = recordedValues
        var index = 0
        var seen = 0
        for place in ranks.indices.sorted(by: { ranks[$0] < ranks[$1] }) {
            while seen < ranks[place], let next = values.nextCount() {
                index = next.index
                seen += next.count
            }
            let atMinimum = percentiles[place] == 0
            let value = atMinimum ? layout.lowestValue(at: index) : layout.highestValue(at: index)
            found[place] = Span(nanoseconds: Int64(value))
        }
        return found
    }

    /// How many samples lie at or below a percentile: at least 1, at most `count`.
    private func rank(ofPercentile percentile: Double) -> Int {
        // One ulp down before rounding up: 99.9 % of 1,000 is 999, though the product may come out a hair above it.
        let share = Swift.min(Swift.max(percentile.nextDown, 0), 100) * Double(count) / 100
        return Swift.max(1, Int(exactly: share.rounded(.up)).map { Swift.min($0, count) } ?? count)
    }

    /// How many samples are longer than `span`, beyond those that cannot be told from it.
    package func count(above span: Span) -> Int {
        guard span >= .zero else { return count }
        let limit = layout.index(of: UInt64(span.nanoseconds))
        var above = count
        var values = recordedValues
        while let (index, count) = values.nextCount(), index <= limit { above -= count }
        return above
    }
}
