package import Core
package import Recording

/// What a report says of one histogram.
package struct LatencySummary: Hashable, Sendable {
    /// The percentiles of every report, in percent, ascending.
    package static let percents: [Double] = [50, 75, 90, 95, 99, 99.9, 99.99]

    /// Recorded values; 0 makes all the rest zero, and reports print nothing.
    package var count: Int
    package var mean: Span
    package var minimum: Span
    package var maximum: Span
    /// One for each of `percents`.
    package var percentiles: [Span]

    package static let empty = LatencySummary(
        count: 0, mean: .zero, minimum: .zero, maximum: .zero, percentiles: percents.map { _ in .zero })

    package init(count: Int, mean: Span, minimum: Span, maximum: Span, percentiles: [Span]) {
        precondition(percentiles.count == Self.percents.count, "a summary has \(Self.percents.count) percentiles")
        self.count = count
        self.mean = mean
        self.minimum = minimum
        self.maximum = maximum
        self.percentiles = percentiles
    }

    package init(_ histogram: LatencyHistogram) {
        guard histogram.count > 0 else {
            self = .empty
            return
        }
        self.init(
            count: histogram.count, mean: Span(seconds: histogram.mean / 1e9), minimum: histogram.min,
            maximum: histogram.max, percentiles: histogram.values(atPercentiles: Self.percents))
    }

    package var isEmpty: Bool { count == 0 }
    package var p50: Span { percentiles[0] }
    package var p99: Span { percentiles[4] }

    /// The value at one of `percents`; nil for another, and of an empty summary.
    package func value(atPercent percent: Double) -> Span? {
        guard !isEmpty, let index = Self.percents.firstIndex(of: percent) else { return nil }
        return percentiles[index]
    }

    /// How many samples lie above that percentile, if there are as many as a tie-free distribution would have.
    package func samples(abovePercent percent: Double) -> Double { Double(count) * (100 - percent) / 100 }

    /// The name of a percentile as a column: `p50`, `p99.9`.
    package static func name(ofPercent percent: Double) -> String { Statistic.percentile(percent).description }
}

extension LatencySummary: Encodable {
    /// `count`, then `mean_ms`, `min_ms`, `p50_ms` … `max_ms`; of an empty one only `count`, because a zero would lie.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        try container.encode(count, forKey: Name("count"))
        guard !isEmpty else { return }
        try container.encode(mean.milliseconds, forKey: Name("mean_ms"))
        try container.encode(minimum.milliseconds, forKey: Name("min_ms"))
        for (percent, value) in zip(Self.percents, percentiles) {
            try container.encode(value.milliseconds, forKey: Name("\(Self.name(ofPercent: percent))_ms"))
        }
        try container.encode(maximum.milliseconds, forKey: Name("max_ms"))
    }
}

/// A key made of any text.
struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ text: String) { stringValue = text }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
}
