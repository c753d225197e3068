import Core
import Recording
import Testing

/// The same samples through HdrHistogram for Python: two implementations that share no code must say the same.
@Suite(.enabled(if: Python.hasHistogram, "Python package hdrhistogram is missing: pip install hdrhistogram"))
struct PythonCrossCheckTests {
    /// Sizes at which no percentile falls between two samples by less than half: Python rounds ranks to the nearest
    /// where Java, and we, round up.
    static let sizes = [1, 10, 1_000, 20_000]
    let folder = TemporaryFolder()

    /// Samples as a file that Python reads: one number a line.
    func samples(_ count: Int) throws -> (spans: [Span], file: String) {
        let spans = Samples.latencies(count, seed: UInt64(count))
        let file = folder.file("samples")
        try AtomicFile.write(spans.map { "\($0.nanoseconds)\n" }.joined(), to: file)
        return (spans, file)
    }

    /// The start of every program: `h` holds the samples of the first argument.
    private static let fill = """
        import sys, io
        from hdrh.histogram import HdrHistogram
        h = HdrHistogram(1, 3600000000000, 3)
        for line in open(sys.argv[1]): h.record_value(int(line))

        """

    @Test(arguments: sizes)
    func `its histograms are read, to the same counts and figures`(count: Int) throws {
        let (spans, file) = try samples(count)
        let output = try Python.run(
            Self.fill + """
                print(h.encode().decode())
                print(h.get_total_count(), h.get_min_value(), h.get_max_value())
                print(*[h.get_value_at_percentile(p) for p in (50, 90, 99, 99.9, 100)])
                print(repr(h.get_mean_value()), repr(h.get_stddev()))
                """, arguments: [file])
        let lines = output.split(separator: "\n")
        let histogram = try LatencyHistogram(base64: String(lines[0]))
        #expect(histogram == Samples.histogram(spans))
        let figures = lines[1].split(separator: " ").compactMap { Int64($0) }
        #expect(figures[0] == Int64(histogram.count))
        // Python gives the smallest sample itself; a log keeps it to the resolution.
        #expect(Samples.histogram([.nanoseconds(figures[1])]).min == histogram.min)
        #expect(figures[2] == histogram.max.nanoseconds)
        let percentiles = lines[2].split(separator: " ").compactMap { Int64($0) }
        #expect(histogram.values(atPercentiles: [50, 90, 99, 99.9, 100]).map(\.nanoseconds) == percentiles)
        let moments = lines[3].split(separator: " ").compactMap { Double($0) }
        #expect(abs(histogram.mean - moments[0]) <= moments[0] * 1e-12)
        #expect(abs(histogram.standardDeviation - moments[1]) <= moments[1] * 1e-9)
    }

    @Test(arguments: sizes)
    func `it reads our histograms and finds its own`(count: Int) throws {
        let (spans, file) = try samples(count)
        let output = try Python.run(
            Self.fill + """
                ours = HdrHistogram.decode(sys.argv[2].encode())
                theirs = [(v.value_iterated_to, v.count_at_value_iterated_to) for v in h.get_recorded_iterator()]
                print(theirs == [(v.value_iterated_to, v.count_at_value_iterated_to) for v in ours.get_recorded_iterator()])
                """, arguments: [file, Samples.histogram(spans).base64])
        #expect(output == "True\n")
    }

    @Test func `it reads our interval logs`() throws {
        let path = folder.file("intervals.hlog")
        var log = try IntervalLogWriter(creating: path)
        try log.writeHeader(startEpoch: 1_700_000_000.25, started: "then")
        for second in 0..<3 as Range<Int64> {
            let part = Samples.histogram(100, seed: UInt64(second))
            try log.append(.response, start: .seconds(second), length: .seconds(1), part)
        }
        let output = try Python.run(
            """
            import sys
            from hdrh.histogram import HdrHistogram
            from hdrh.log import HistogramLogReader
            log = HistogramLogReader(sys.argv[1], HdrHistogram(1, 3600000000000, 3))
            while True:
                h = log.get_next_interval_histogram()
                if h is None: break
                print(h.get_tag(), h.get_start_time_stamp(), h.get_end_time_stamp(), h.get_total_count())
            """, arguments: [path])
        #expect(
            output == """
                response 1700000000250.0 1700000001250.0 100
                response 1700000001250.0 1700000002250.0 100
                response 1700000002250.0 1700000003250.0 100

                """)
    }

    /// Python's own text cannot be the measure: it takes other steps between the percentiles than Java, does not scale the
    /// deviation, and writes the count with decimals. Its samples and its formats can: the program walks over them as
    /// the Java library does.
    @Test(arguments: sizes)
    func `its percentile distribution, walked as Java walks it, is ours`(count: Int) throws {
        let (spans, file) = try samples(count)
        let output = try Python.run(
            Self.fill + """
                import math
                print('%12s %14s %10s %14s' % ('Value', 'Percentile', 'TotalCount', '1/(1-Percentile)'))
                print()
                total, seen, level = h.get_total_count(), 0, 0.0
                for v in h.get_recorded_iterator():
                    seen += v.count_at_value_iterated_to
                    while 100.0 * seen / total >= level:
                        print('%12.3f %2.12f %10d %14.2f' % (v.value_iterated_to / 1e6, level / 100, seen, 1 / (1 - level / 100)))
                        level += 100.0 / (5 * 2 ** (int(math.log(100.0 / (100.0 - level)) / math.log(2)) + 1))
                        if seen == total: break
                print('%12.3f %2.12f %10d' % (h.get_max_value() / 1e6, 1, total))
                print('#[Mean    = %12.3f, StdDeviation   = %12.3f]' % (h.get_mean_value() / 1e6, h.get_stddev() / 1e6))
                print('#[Max     = %12.3f, Total count    = %12d]' % (h.get_max_value() / 1e6, total))
                print('#[Buckets = %12d, SubBuckets     = %12d]' % (h.bucket_count, h.sub_bucket_count))
                """, arguments: [file])
        let theirs = output.split(separator: "\n", omittingEmptySubsequences: false)
        let ours = PercentileDistribution(of: Samples.histogram(spans)).text
            .split(separator: "\n", omittingEmptySubsequences: false)
        #expect(theirs.count == ours.count)
        for (their, our) in zip(theirs, ours) where their != our {
            // The last decimal of a percentile may be rounded from a tie to either side: C rounds to even, we go up.
            let pairs = zip(their.split(separator: " "), our.split(separator: " ")).map { (Double($0), Double($1)) }
            let agree = pairs.allSatisfy { their, our in
                guard let their, let our else { return false }
                return abs(their - our) <= 1.1e-12 * max(1, our)
            }
            #expect(agree && their.count == our.count, "\(their) against \(our)")
        }
    }
}
