package import Core

/// Response times counted in log-linear buckets: 16 to each doubling, from 128 ns to 73 minutes.
///
/// A bucket is at most 1/16 as wide as its values are large, and stands for its middle: the error of a percentile is at most
/// 3.2 % from 4 µs on, and 64 ns below. (HdrHistogram has the same arithmetic with more digits.) 2 KiB.
package struct LatencyCounts: Sendable {
    /// How many buckets there are; the last holds what is longer than all others, or of unknown length.
    static let buckets = 513
    private static let longest = buckets - 1
    /// log₂ of the unit, in nanoseconds.
    private static let unit: UInt64 = 7

    private var counts: [UInt32]
    /// How many were added.
    package private(set) var count = 0

    package init() { counts = Array(repeating: 0, count: Self.buckets) }

    /// Counts one. O(1).
    package mutating func add(_ took: Span) { add(bucket: Self.bucket(of: took)) }

    /// Counts one of which only is known that it took longer than any percentile below it.
    package mutating func addUnended() { add(bucket: Self.longest) }

    mutating func add(bucket: Int) {
        counts[bucket] &+= 1
        count &+= 1
    }

    /// Takes back what `other` counted, which must be part of what this one counted.
    mutating func subtract(_ other: LatencyCounts) {
        if other.count == 0 { return }
        for index in counts.indices { counts[index] &-= other.counts[index] }
        count &-= other.count
    }

    package mutating func clear() {
        if count == 0 { return }
        for index in counts.indices { counts[index] = 0 }
        count = 0
    }

    /// The value that `percent` of all values do not exceed (nearest rank).
    /// - Parameter percent: 0 to 100.
    /// - Returns: nil when nothing was counted; the longest span there is when the rank falls on one of unknown length.
    package func percentile(_ percent: Double) -> Span? {
        if count == 0 { return nil }
        let share = percent >= 0 ? min(percent, 100) / 100 : 0
        let rank = min(max(Int((share * Double(count)).rounded(.up)), 1), count)
        // High percentiles are what is asked for: counted from the top.
        var above = count &- rank
        var index = Self.longest
        while index > 0 {
            let here = Int(counts[index])
            if above < here { break }
            above &-= here
            index &-= 1
        }
        return Self.value(of: index)
    }

    /// The bucket that holds `took`: below 32 units one unit each, then 16 to each doubling.
    static func bucket(of took: Span) -> Int {
        let units = UInt64(max(took.nanoseconds, 0)) >> unit
        let doubling = 63 - (units | 31).leadingZeroBitCount - 4
        return min((doubling &<< 4) &+ Int(units >> UInt64(doubling)), longest)
    }

    /// The middle of a bucket.
    static func value(of bucket: Int) -> Span {
        if bucket >= longest { return Span(nanoseconds: .max) }
        let doubling = max(0, (bucket >> 4) - 1)
        let units = UInt64(bucket - doubling << 4) << UInt64(doubling)
        let half = (1 as UInt64) << (UInt64(doubling) + unit - 1)
        return Span(nanoseconds: Int64(units << unit + half))
    }
}
