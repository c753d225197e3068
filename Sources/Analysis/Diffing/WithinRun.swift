import Core
import Glibc
package import Recording

/// How far chance within one run moves its figures: all that a single run knows about its own noise. What makes two runs of the
/// same thing differ, it cannot know.
package struct WithinRun: Hashable, Sendable {
    /// Some seconds of a run.
    package struct Block: Sendable {
        /// Of the block's intervals together.
        package var seconds: Double
        /// Response time of the calls that ended in it.
        package var response: CompactHistogram
        /// Calls that ended, and those of them that are errors.
        package var ended: Int
        package var errors: Int
        package var succeeded: Int

        package init(seconds: Double, response: CompactHistogram, ended: Int, errors: Int, succeeded: Int) {
            self.seconds = seconds
            self.response = response
            self.ended = ended
            self.errors = errors
            self.succeeded = succeeded
        }
    }

    /// The standard error of a figure: of its logarithm where it is compared by ratio.
    package struct Spread: Hashable, Sendable {
        package var error: Double
        package var degrees: Int
    }

    package private(set) var blocks = 0
    /// Of a block, in the mean.
    package private(set) var blockSeconds = 0.0
    private var spreads: [ComparedFigure: Spread] = [:]

    /// A block has at least so many seconds: calls of one second are much alike.
    package static let leastSeconds = 5.0
    /// More blocks than that make the error hardly better known (Schmeiser 1982), and longer ones are less alike.
    package static let mostBlocks = 30
    private static let alpha = 0.05

    /// - Parameter blocks: in the order of time.
    package init(_ blocks: [Block]) {
        self.blocks = blocks.count
        guard blocks.count >= BlockRatio.leastBlocks else { return }
        blockSeconds = blocks.reduce(0) { $0 + $1.seconds } / Double(blocks.count)
        var all = LatencyHistogram()
        for block in blocks { block.response.add(to: &all) }
        let counts = blocks.map { Double($0.response.count) }
        for figure in ComparedFigure.ofRuns {
            guard let percent = figure.percent else { continue }
            spreads[figure] = Self.spread(ofPercent: percent, all, blocks.map(\.response), counts)
        }
        if let mean = BlockRatio(blocks.map { $0.response.sum }, of: counts), mean.ratio > 0 {
            spreads[.mean] = Spread(error: mean.error / mean.ratio, degrees: mean.degrees)
        }
        if let errors = BlockRatio(blocks.map { Double($0.errors) }, of: blocks.map { Double($0.ended) }) {
            spreads[.errors] = Spread(error: errors.error, degrees: errors.degrees)
        }
        if let rate = BlockRatio(blocks.map { Double($0.succeeded) }, of: blocks.map(\.seconds)) {
            spreads[.goodput] = Spread(error: rate.error, degrees: rate.degrees)
        }
    }

    package subscript(figure: ComparedFigure) -> Spread? { spreads[figure] }

    /// The error of a percentile by way of the share above it (Woodruff 1952): one error of that share up and down, carried over
    /// to values by the run's own distribution.
    /// - Returns: nil when that reaches beyond the largest value.
    private static func spread(
        ofPercent percent: Double, _ all: LatencyHistogram, _ blocks: [CompactHistogram], _ counts: [Double]
    ) -> Spread? {
        guard !all.isEmpty else { return nil }
        let value = all.value(atPercentile: percent)
        guard let above = BlockRatio(blocks.map { Double($0.count(above: value)) }, of: counts) else { return nil }
        let share = 1 - percent / 100
        let (most, least) = (share + above.error, share - above.error)
        guard most < 1, least * Double(all.count) >= 1 else { return nil }
        let values = all.values(atPercentiles: [100 * (1 - most), 100 * (1 - least)])
        let (low, high) = (values[0].seconds, values[1].seconds)
        guard low > 0 else { return nil }
        // No error is smaller than a step of the histogram.
        return Spread(error: max(0.0005, log(high / low) / 2), degrees: above.degrees)
    }

    // MARK: Two runs

    /// The interval of the change from one run to another, from the noise within both; nil when one of them does not say.
    /// - Parameter change: as `FigureChange.change`.
    static func interval(
        of figure: ComparedFigure, change: Double, _ first: WithinRun, _ other: WithinRun
    ) -> (low: Double, high: Double)? {
        guard let one = first[figure], let two = other[figure] else { return nil }
        let (v, w) = (one.error * one.error, two.error * two.error)
        guard (v + w).isFinite else { return nil }
        // Degrees of freedom of a sum of two variances (Welch 1938, Satterthwaite 1946).
        let spread = v * v / Double(one.degrees) + w * w / Double(two.degrees)
        let degrees = spread > 0 ? Int(min(1_000, (v + w) * (v + w) / spread)) : one.degrees + two.degrees
        let half = StudentT(degrees: max(1, degrees)).quantile(1 - alpha / 2) * (v + w).squareRoot()
        guard figure.rule == .ratio else { return (change - half, change + half) }
        let middle = log1p(change)
        return (expm1(middle - half), expm1(middle + half))
    }
}

extension WithinRun {
    /// Of the blocks of a bundle, which are seconds or a few of them, merged to be long enough.
    init(_ bundle: Bundle) {
        let cut = bundle.latencies.blocks
        let parts = bundle.latencies.byBlock
        let seconds = cut.rows.reduce(0) { $0 + $1.length }
        let wanted = max(1, min(Self.mostBlocks, Int(min(1e6, seconds / Self.leastSeconds))))
        let size = max(1, (cut.windowCount + wanted - 1) / wanted)
        let starts = Array(stride(from: 0, to: min(parts.count, cut.windowCount), by: size))
        self.init(
            starts.map { start in
                let end = min(start + size, cut.windowCount, parts.count)
                let rows = cut.rows[cut.bounds[start]..<cut.bounds[end]]
                var response = LatencyHistogram()
                for part in parts[start..<end] { part.add(to: &response) }
                var block = Block(
                    seconds: rows.reduce(0) { $0 + $1.length }, response: CompactHistogram(response), ended: 0,
                    errors: 0, succeeded: 0)
                for row in rows {
                    let ledger = row.ledger
                    block.ended += ledger.succeeded + ledger.failed + ledger.rejected
                    block.errors += max(0, ledger.failed + ledger.rejected - ledger.fallbacks)
                    block.succeeded += ledger.succeeded
                }
                return block
            })
    }
}

extension CompactHistogram {
    /// Of all recorded spans, each as the middle of what it cannot be told from, in seconds.
    var sum: Double {
        recordedValues.reduce(0) { $0 + ($1.lowest.seconds + $1.highest.seconds) / 2 * Double($1.count) }
    }
}
