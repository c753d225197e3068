package import Core

/// The text of a `.hgrm` file: values by percentile, finer and finer towards 100 %, as HdrHistogram's plotters read it.
package struct PercentileDistribution: Sendable {
    /// One row: `value` is the smallest recorded level that at least `percentile` percent of the samples do not pass.
    package struct Row: Hashable, Sendable {
        package var value: Span
        /// 0 to 100.
        package var percentile: Double
        /// Samples at or below `value`.
        package var count: Int
    }

    package let rows: [Row]
    private let histogram: LatencyHistogram

    /// - Parameter ticks: rows for each halving of the distance to 100 %; at least 1.
    package init(of histogram: LatencyHistogram, ticks: Int = 5) {
        precondition(ticks >= 1, "a percentile distribution has at least 1 tick per half distance, not \(ticks)")
        self.histogram = histogram
        var rows: [Row] = []
        var level = 0.0
        var seen = 0
        for recorded in histogram.recordedValues {
            seen += recorded.count
            let reached = 100 * Double(seen) / Double(histogram.count)
            // One value may stand for several rows; those beyond the last are left to the closing row.
            while level <= reached, level < 100 {
                rows.append(Row(value: recorded.highest, percentile: level, count: seen))
                level += Self.step(from: level, ticks: ticks)
                if seen == histogram.count { break }
            }
        }
        if !histogram.isEmpty { rows.append(Row(value: histogram.max, percentile: 100, count: histogram.count)) }
        self.rows = rows
    }

    /// A distance that is halved is walked in as many steps as the whole one was.
    private static func step(from level: Double, ticks: Int) -> Double {
        let halvings = (100 / (100 - level)).exponent
        return 100 / (Double(ticks) * Double(sign: .plus, exponent: Int(halvings) + 1, significand: 1))
    }

    /// The file: header, rows and footer as the Java library writes them, values in milliseconds with as many decimals
    /// as the histogram has digits.
    package var text: String {
        let digits = histogram.layout.digits
        var text = "       Value     Percentile TotalCount 1/(1-Percentile)\n\n"
        for row in rows {
            let share = row.percentile / 100
            text += padded(row.value.milliseconds.fixed(digits), 12) + " " + share.fixed(12) + " "
            text += padded("\(row.count)", 10)
            // Plotters know a row by its four fields; the row of 100 % has three, as its last would be infinite.
            text += row.percentile < 100 ? " " + padded((1 / (1 - share)).fixed(2), 14) + "\n" : "\n"
        }
        func figure(_ nanoseconds: Double) -> String { padded((nanoseconds / 1e6).fixed(digits), 12) }
        let layout = histogram.layout
        text += "#[Mean    = \(figure(histogram.mean)), "
        text += "StdDeviation   = \(figure(histogram.standardDeviation))]\n"
        text += "#[Max     = \(padded(histogram.max.milliseconds.fixed(digits), 12)), "
        text += "Total count    = \(padded("\(histogram.count)", 12))]\n"
        text += "#[Buckets = \(padded("\(layout.bucketCount)", 12)), "
        text += "SubBuckets     = \(padded("\(layout.subBucketCount)", 12))]\n"
        return text
    }

    private func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: Swift.max(0, width - text.utf8.count)) + text
    }
}
