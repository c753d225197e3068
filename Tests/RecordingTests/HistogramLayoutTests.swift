import Core
import Testing

@testable import Recording

@Suite struct HistogramLayoutTests {
    static let layouts: [HistogramLayout] = [
        .standard,
        try! HistogramLayout(lowest: 1, highest: 2, digits: 0),
        try! HistogramLayout(lowest: 1, highest: 86_400_000_000_000, digits: 2),
        try! HistogramLayout(lowest: 1_000, highest: 3_600_000_000, digits: 3),
        try! HistogramLayout(lowest: 1_023, highest: 10_000_000, digits: 1),
        try! HistogramLayout(lowest: 1, highest: .max, digits: 5),
        try! HistogramLayout(lowest: 1 << 40, highest: .max, digits: 4),
    ]

    @Test func `the standard layout has the counts that every implementation gives it`() {
        #expect(HistogramLayout.standard.countsLength == 33_792)
        #expect(HistogramLayout.standard.bucketCount == 32)
        #expect(HistogramLayout.standard.subBucketCount == 2_048)
        #expect(HistogramLayout.standard.highest == UInt64(LatencyHistogram.highest.nanoseconds))
    }

    @Test(arguments: layouts)
    func `the counts cover all values without gap or overlap`(layout: HistogramLayout) {
        // The widest layouts have millions of counts: a stride through them sees every bucket.
        let stride = max(1, layout.countsLength / 5_000)
        let faults = Swift.stride(from: 0, to: layout.countsLength - 1, by: stride).filter { index in
            let lowest = layout.lowestValue(at: index)
            let highest = layout.highestValue(at: index)
            return highest + 1 != layout.lowestValue(at: index + 1) || layout.index(of: lowest) != index
                || layout.index(of: highest) != index || !(lowest...highest).contains(layout.middleValue(at: index))
        }
        #expect(faults.isEmpty)
        #expect(layout.lowestValue(at: 0) == 0)
        #expect(layout.index(of: layout.highest) < layout.countsLength)
    }

    @Test(arguments: layouts)
    func `a value is known to as many digits as the layout has`(layout: HistogramLayout) {
        var random = SeededRandom(seed: 7)
        for _ in 0..<2_000 {
            let shift = UInt64.random(in: 0...30, using: &random)
            let value = UInt64.random(in: layout.lowest...layout.highest, using: &random) >> shift
            let index = layout.index(of: value)
            let width = layout.highestValue(at: index) - layout.lowestValue(at: index)
            var allowed = Double(value)
            for _ in 0..<layout.digits { allowed /= 10 }
            #expect(Double(width) < max(allowed, Double(layout.lowest)))
        }
    }

    @Test(
        arguments: [
            (0, 1_000, 3), (-1, 1_000, 3), (1, 1, 3), (1_000, 1_999, 3), ((1 << 40) + 1, Int64.max, 3), (1, 1_000, -1),
            (1, 1_000, 6), (.min, .min, .min), (.max, .max, 0),
        ] as [(Int64, Int64, Int64)])
    func `parameters that no histogram has are refused`(lowest: Int64, highest: Int64, digits: Int64) {
        #expect(throws: HistogramError.unsupportedLayout(lowest: lowest, highest: highest, digits: digits)) {
            try HistogramLayout(lowest: lowest, highest: highest, digits: digits)
        }
    }
}
