package import Core

/// Times, from a nanosecond to centuries, in buckets that are at most 1.6 % wide; 30 kB at most.
///
/// Up to 127 ns each has its own bucket; above, each power of two has 64 of the same width.
package struct DelayHistogram: Hashable, Sendable {
    /// Buckets of one power of two: 2^6.
    private static let bits = 6

    private var buckets: [Int] = []
    private var sum = 0.0
    package private(set) var count = 0
    /// The longest; zero when there is none.
    package private(set) var max = Span.zero

    package init() {}

    /// Exact, not from the buckets; zero when there is none.
    package var mean: Span { count > 0 ? Span(seconds: sum / Double(count)) : .zero }

    /// - Parameters:
    ///   - span: a negative one counts as none.
    ///   - count: how many of them; at least 1.
    package mutating func record(_ span: Span, count: Int = 1) {
        guard count > 0 else { return }
        let span = Swift.max(span, .zero)
        let bucket = Self.bucket(of: UInt64(span.nanoseconds))
        if bucket >= buckets.count {
            buckets.append(contentsOf: repeatElement(0, count: bucket + 1 - buckets.count))
        }
        buckets[bucket] &+= count
        self.count &+= count
        sum += span.seconds * Double(count)
        max = Swift.max(max, span)
    }

    /// The time that so many of them, 0 to 1, did not exceed, rounded up to the end of its bucket but never above the longest;
    /// zero when there are none.
    package func quantile(_ share: Double) -> Span {
        let rank = Swift.max(1, (Swift.min(1, Swift.max(0, share)) * Double(count)).rounded(.up))
        var seen = 0.0
        for (bucket, inside) in buckets.enumerated() where inside > 0 {
            seen += Double(inside)
            if seen >= rank { return Swift.min(max, Span(nanoseconds: Self.end(of: bucket))) }
        }
        return max
    }

    private static func bucket(of nanoseconds: UInt64) -> Int {
        let exponent = Swift.max(0, 63 - bits - nanoseconds.leadingZeroBitCount)
        return (exponent << bits) + Int(nanoseconds >> UInt64(exponent))
    }

    /// The longest time of a bucket, in nanoseconds.
    private static func end(of bucket: Int) -> Int64 {
        let exponent = Swift.max(0, (bucket >> bits) - 1)
        let next = UInt64(bucket - (exponent << bits) + 1) << UInt64(exponent)
        return Int64(next - 1)
    }
}
