package import Core

/// Percentiles of the response times of the last `window`, in slices.
///
/// Memory is bounded (2 KiB per slice and 2 KiB for all), adding is O(1), and a percentile that is asked for again comes from
/// where it was kept: it is counted afresh after a slice has gone or after so many new values (an eighth of those there are,
/// 8 to 256), so that a read is O(1) in the mean. The error is that of `LatencyCounts`.
package struct RecentLatencies: Sendable {
    private var all = LatencyCounts()
    private var slices: [LatencyCounts]
    private let width: Int64
    private var slice: Int64 = 0

    /// What was asked for last, its value, and how many additions that value is still good for.
    private var keptPercent = Double.nan
    private var kept: Span?
    private var goodFor = 0

    /// - Parameters:
    ///   - window: what is looked back on.
    ///   - slices: 1 to 100; default 5.
    package init(window: Span, slices: Int = 5) {
        let count = min(max(slices, 1), 100)
        // Each with memory of its own from the start: copies of one would be made when they are first written to.
        self.slices = (0..<count).map { _ in LatencyCounts() }
        width = max(window.nanoseconds / Int64(count), 1)
    }

    /// Adds one response time.
    package mutating func add(_ took: Span, at now: Instant) {
        advance(to: now)
        let bucket = LatencyCounts.bucket(of: took)
        slices[position(of: slice)].add(bucket: bucket)
        all.add(bucket: bucket)
        goodFor &-= 1
    }

    /// How many there are in the window.
    package mutating func count(at now: Instant) -> Int {
        advance(to: now)
        return all.count
    }

    /// The response time that `percent` (0 to 100) of the recent ones do not exceed; nil when there are none.
    package mutating func percentile(_ percent: Double, at now: Instant) -> Span? {
        advance(to: now)
        if goodFor <= 0 || keptPercent != percent {
            kept = all.percentile(percent)
            keptPercent = percent
            goodFor = min(max(all.count / 8, 8), 256)
        }
        return kept
    }

    private mutating func advance(to now: Instant) {
        let current = max(now.nanoseconds, 0) / width
        guard current > slice else { return }
        let gone = min(current &- slice, Int64(slices.count))
        for step in 0..<gone {
            let index = position(of: current &- step)
            all.subtract(slices[index])
            slices[index].clear()
        }
        slice = current
        goodFor = 0
    }

    private func position(of number: Int64) -> Int { Int(number % Int64(slices.count)) }
}
