import Core
import Recording
import Testing

@Suite struct PercentileDistributionTests {
    @Test func `the text is that of the format, to the blank`() {
        let histogram = Samples.histogram([1, 2, 3, 4, 5, 6, 7, 8, 9, 1_000].map { .milliseconds($0) })
        #expect(
            PercentileDistribution(of: histogram).text == """
                       Value     Percentile TotalCount 1/(1-Percentile)

                       1.000 0.000000000000          1           1.00
                       1.000 0.100000000000          1           1.11
                       2.001 0.200000000000          2           1.25
                       3.000 0.300000000000          3           1.43
                       4.002 0.400000000000          4           1.67
                       5.001 0.500000000000          5           2.00
                       6.001 0.550000000000          6           2.22
                       6.001 0.600000000000          6           2.50
                       7.000 0.650000000000          7           2.86
                       7.000 0.700000000000          7           3.33
                       8.004 0.750000000000          8           4.00
                       8.004 0.775000000000          8           4.44
                       8.004 0.800000000000          8           5.00
                       9.003 0.825000000000          9           5.71
                       9.003 0.850000000000          9           6.67
                       9.003 0.875000000000          9           8.00
                       9.003 0.887500000000          9           8.89
                       9.003 0.900000000000          9          10.00
                    1000.342 0.912500000000         10          11.43
                    1000.342 1.000000000000         10
                #[Mean    =      104.508, StdDeviation   =      298.534]
                #[Max     =     1000.342, Total count    =           10]
                #[Buckets =           32, SubBuckets     =         2048]

                """)
    }

    @Test func `an empty histogram has no rows`() {
        #expect(
            PercentileDistribution(of: LatencyHistogram()).text == """
                       Value     Percentile TotalCount 1/(1-Percentile)

                #[Mean    =        0.000, StdDeviation   =        0.000]
                #[Max     =        0.000, Total count    =            0]
                #[Buckets =           32, SubBuckets     =         2048]

                """)
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func `each row is the value at its percentile, and the last is the maximum`(seed: UInt64) throws {
        let samples = Samples.latencies(Int(seed * 331) + 1, seed: seed)
        let histogram = Samples.histogram(samples)
        let rows = PercentileDistribution(of: histogram, ticks: Int(seed) + 1).rows
        for row in rows {
            let reached = { (count: Int) in 100 * Double(count) / Double(samples.count) >= row.percentile }
            let lowest = try #require(histogram.recordedValues.first { $0.highest == row.value }).lowest
            #expect(row.count == samples.count { $0 <= row.value })
            #expect(reached(row.count), "\(row)")
            let below = samples.count { $0 < lowest }
            #expect(below == 0 || row.percentile == 100 || !reached(below), "\(row)")
        }
        #expect(zip(rows, rows.dropFirst()).allSatisfy { $0.percentile < $1.percentile && $0.count <= $1.count })
        let last = try #require(rows.last)
        #expect(last.percentile == 100)
        #expect(last.value == histogram.max)
        #expect(last.count == histogram.count)
    }

    @Test func `plotters find four fields in every row but the last`() {
        let lines = PercentileDistribution(of: Samples.histogram(5_000, seed: 1)).text.split(separator: "\n")
        let rows = lines.dropFirst().filter { !$0.hasPrefix("#") }
        #expect(rows.dropLast().allSatisfy { $0.split(separator: " ").count == 4 })
        #expect(rows.last?.split(separator: " ").count == 3)
        #expect(rows.count > 50)
    }
}
