/// Times as they were measured: how many there were up to each value. A draw is one of them, with the precision of the
/// histogram that they come from.
package struct RecordedTimes: Hashable, Sendable {
    /// Ascending, and how many times there were up to each; the last count is that of all.
    private let values: [Span]
    private let counts: [UInt64]

    /// - Parameter times: values in ascending order, each with how many there were of it, at least 1.
    /// - Returns: nil for no times at all, or values that do not ascend.
    package init?(_ times: some Sequence<(value: Span, count: Int)>) {
        var (values, counts, sum): ([Span], [UInt64], UInt64) = ([], [], 0)
        for (value, count) in times {
            guard count >= 1, value >= .zero, values.last.map({ $0 < value }) ?? true else { return nil }
            sum &+= UInt64(count)
            values.append(value)
            counts.append(sum)
        }
        guard !values.isEmpty else { return nil }
        (self.values, self.counts) = (values, counts)
    }

    /// The same times, each divided by `factor` and rounded to the nearest nanosecond, at least 1 ns if it was above zero.
    /// - Precondition: the factor is at least 1 and finite.
    package func divided(by factor: Double) -> RecordedTimes {
        precondition(factor >= 1 && factor.isFinite, "times are divided by at least 1, not \(factor)")
        var (values, counts): ([Span], [UInt64]) = ([], [])
        for (value, count) in zip(self.values, self.counts) {
            let least: Int64 = value > .zero ? 1 : 0
            let quotient = Span(
                nanoseconds: max(least, Int64(exactly: (Double(value.nanoseconds) / factor).rounded()) ?? .max))
            // What was apart may have come together.
            if values.last == quotient {
                counts[counts.count - 1] = count
            } else {
                values.append(quotient)
                counts.append(count)
            }
        }
        return RecordedTimes(values: values, counts: counts)
    }

    private init(values: [Span], counts: [UInt64]) {
        self.values = values
        self.counts = counts
    }

    /// How many times there were, at least 1.
    package var count: Int { Int(clamping: counts[counts.count - 1]) }

    /// One of them; one number is drawn.
    package func sample(using generator: inout some RandomNumberGenerator) -> Span {
        let rank = SeededRandom.unit(generator.next()) * Double(counts[counts.count - 1])
        var (low, high) = (0, counts.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if Double(counts[middle]) < rank { low = middle + 1 } else { high = middle }
        }
        return values[low]
    }

    package var mean: Span {
        var (sum, before): (Double, UInt64) = (0, 0)
        for (value, count) in zip(values, counts) {
            sum += value.seconds * Double(count - before)
            before = count
        }
        return Span(seconds: sum / Double(before))
    }
}
