/// How a histogram maps values to counts: the bucket arithmetic that every HdrHistogram implementation shares.
///
/// Two layouts with the same `lowest` and `digits` map a value to the same index; `highest` only sets the length.
package struct HistogramLayout: Hashable, Sendable {
    /// The smallest value that can be told from zero; 1 to 2^40.
    package let lowest: UInt64
    /// The largest value that can be recorded; at least twice `lowest`, at most 2^63 − 1.
    package let highest: UInt64
    /// Significant decimal digits of a recorded value; 0 to 5.
    package let digits: Int
    /// How many counts there are: at most 6.4 million, whatever the layout.
    package let countsLength: Int
    /// How many doublings the layout spans.
    package let bucketCount: Int

    /// log₂ of the width of the narrowest count.
    private let unitMagnitude: Int
    /// log₂ of half the number of counts in a bucket.
    private let halfMagnitude: Int

    /// 1 ns to 1 hour, 3 digits: 33,792 counts, 264 KiB. Every histogram that Gale records has this layout.
    package static let standard = HistogramLayout(uncheckedLowest: 1, highest: 3_600_000_000_000, digits: 3)

    /// - Throws: `HistogramError.unsupportedLayout` when a parameter is out of its range.
    package init(lowest: Int64, highest: Int64, digits: Int64) throws(HistogramError) {
        // Above 2^40 (18 minutes in nanoseconds) the logarithms by which implementations find the unit begin to differ.
        guard (1...1 << 40).contains(lowest), highest / 2 >= lowest, (0...5).contains(digits) else {
            throw .unsupportedLayout(lowest: lowest, highest: highest, digits: digits)
        }
        self.init(uncheckedLowest: UInt64(lowest), highest: UInt64(highest), digits: Int(digits))
    }

    private init(uncheckedLowest lowest: UInt64, highest: UInt64, digits: Int) {
        self.lowest = lowest
        self.highest = highest
        self.digits = digits
        unitMagnitude = Self.floorLog2(lowest)
        // Unit resolution up to 2·10^digits, rounded up to a power of two, of which the lower half is shared.
        var resolved: UInt64 = 2
        for _ in 0..<digits { resolved *= 10 }
        halfMagnitude = Self.floorLog2(resolved - 1)
        // The first bucket ends at 2^(half + 1 + unit), every further one at twice that.
        bucketCount = max(1, Self.floorLog2(highest) - halfMagnitude - unitMagnitude + 1)
        countsLength = (bucketCount + 1) << halfMagnitude
    }

    /// Counts in the first bucket.
    package var subBucketCount: Int { 2 << halfMagnitude }

    /// True when both map every value to the same index, so that counts can be added index by index.
    package func sharesBuckets(with other: HistogramLayout) -> Bool {
        lowest == other.lowest && digits == other.digits
    }

    // Masking shifts: all distances are below 64 by construction, and these functions are the inner loop of every
    // report, encoder and decoder.

    /// The index of the count that holds `value`; may be beyond `countsLength` for a value above `highest`.
    @inline(__always)
    package func index(of value: UInt64) -> Int {
        let firstBucket: UInt64 = (2 &<< UInt64(halfMagnitude + unitMagnitude)) - 1
        let bucket = Self.floorLog2(value | firstBucket) - halfMagnitude - unitMagnitude
        return (bucket &<< halfMagnitude) + Int(value &>> UInt64(bucket + unitMagnitude))
    }

    /// The smallest value that shares the count at `index`.
    @inline(__always)
    package func lowestValue(at index: Int) -> UInt64 {
        let bucket = bucket(of: index)
        return UInt64(index - bucket &<< halfMagnitude) &<< UInt64(bucket + unitMagnitude)
    }

    /// The largest value that shares the count at `index`.
    package func highestValue(at index: Int) -> UInt64 { lowestValue(at: index) + (width(at: index) - 1) }

    /// The middle of the values that share the count at `index`, rounded up: what a mean is made of.
    package func middleValue(at index: Int) -> UInt64 { lowestValue(at: index) + width(at: index) / 2 }

    private func width(at index: Int) -> UInt64 { 1 &<< UInt64(bucket(of: index) + unitMagnitude) }

    /// Which doubling the index lies in; the first two halves are one bucket.
    @inline(__always)
    private func bucket(of index: Int) -> Int { max(0, (index &>> halfMagnitude) - 1) }

    @inline(__always)
    private static func floorLog2(_ value: UInt64) -> Int { 63 - value.leadingZeroBitCount }
}

extension HistogramLayout: CustomStringConvertible {
    /// `1 to 3600000000000, 3 digits`.
    package var description: String { "\(lowest) to \(highest), \(digits) digits" }
}
