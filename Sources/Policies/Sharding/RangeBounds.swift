/// Whole numbers to shards by upper bounds.
struct RangeBounds: Sendable {
    private let bounds: [Int]

    /// - Parameter bounds: ascending; a number up to `bounds[i]` belongs to shard i, one beyond the last to the last shard.
    init(_ bounds: [Int]) {
        self.bounds = bounds
    }

    /// The shard of a key: a decimal number, with `-` before it when it is negative. Of numbers beyond those of 64 bits
    /// only the sign counts.
    /// - Returns: nil when the key is no whole number.
    func owner(of key: RawSpan) -> Int? {
        guard let number = Self.number(key) else { return nil }
        var low = 0
        var high = bounds.count
        while low < high {
            let middle = (low &+ high) / 2
            if bounds[middle] < number { low = middle &+ 1 } else { high = middle }
        }
        return low
    }

    private static func number(_ key: RawSpan) -> Int? {
        guard !key.isEmpty else { return nil }
        let isNegative = key.unsafeLoad(fromByteOffset: 0, as: UInt8.self) == UInt8(ascii: "-")
        var offset = isNegative ? 1 : 0
        guard offset < key.byteCount else { return nil }
        // Kept negative: the least number has no positive counterpart.
        var number = 0
        var isBeyond = false
        while offset < key.byteCount {
            let digit = Int(key.unsafeLoad(fromByteOffset: offset, as: UInt8.self)) &- 0x30
            guard 0 <= digit, digit <= 9 else { return nil }
            let (shifted, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = shifted.subtractingReportingOverflow(digit)
            if overflow || carry { isBeyond = true }
            number = sum
            offset &+= 1
        }
        if isBeyond { return isNegative ? .min : .max }
        if isNegative { return number }
        return number == .min ? .max : -number
    }
}
