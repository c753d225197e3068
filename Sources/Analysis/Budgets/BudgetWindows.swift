import Core
import Recording

/// All stretches of a length, one beginning at each interval, as places of `intervals`.
struct BudgetWindows: Sendable {
    let intervals: ArraySlice<BudgetSeconds.Interval>
    let seconds: Double

    /// - Parameters:
    ///   - seconds: above 0. A stretch has at least one interval; without as much time there is one stretch, all of it.
    ///   - withinLoad: leave out the intervals before and behind the load.
    init(_ intervals: [BudgetSeconds.Interval], seconds: Double, withinLoad: Bool) {
        self.seconds = seconds
        var slice = intervals[...]
        if withinLoad {
            slice = slice.drop { !$0.isWithinLoad }
            slice = slice.prefix(while: \.isWithinLoad)
        }
        self.intervals = slice
    }

    /// Calls `body` with the range and the sums of each, in the order of time.
    func forEach(_ body: (Range<Int>, BudgetSum) -> Void) {
        guard !intervals.isEmpty else { return }
        var sum = BudgetSum()
        // The slowest call of a stretch: places of intervals of which each has less than the one before it.
        var peaks: [Int] = []
        var firstPeak = 0
        var start = intervals.startIndex
        var emitted = false
        for place in intervals.indices {
            sum.add(intervals[place])
            while peaks.count > firstPeak, intervals[peaks[peaks.count - 1]].most <= intervals[place].most {
                peaks.removeLast()
            }
            peaks.append(place)
            // An interval that a late timer made a little short or long is still one.
            let least = seconds - intervals[place].length / 2
            while start <= place, intervals[place].end - intervals[start].start >= least {
                sum.most = intervals[peaks[firstPeak]].most
                body(start..<place + 1, sum)
                emitted = true
                sum.remove(intervals[start])
                if peaks[firstPeak] == start { firstPeak += 1 }
                start += 1
            }
        }
        guard !emitted else { return }
        sum.most = intervals.reduce(0) { max($0, $1.most) }
        body(intervals.startIndex..<intervals.endIndex, sum)
    }

    /// Seconds from the first to the last, in the milliseconds that files have.
    static func length(of part: ArraySlice<BudgetSeconds.Interval>) -> Double {
        (((part.last?.end ?? 0) - (part.first?.start ?? 0)) * 1_000).rounded() / 1_000
    }

    /// The stretch in which a budget was spent fastest; nil without a sample.
    static func worstBurn(of budget: Budget, in seconds: BudgetSeconds) -> BurnWindow? {
        let load = BudgetWindows(seconds.intervals, seconds: 1, withinLoad: true).intervals
        guard seconds.allowed != nil, let first = load.first, let last = load.last else { return nil }
        // A twelfth of the whole: the short window of the SRE Workbook, chapter 5.
        let twelfth = max(1, (last.end - first.start) / 12)
        let rule = BudgetRule(budget)
        var worst: BurnWindow?
        BudgetWindows(seconds.intervals, seconds: twelfth, withinLoad: true).forEach { range, sum in
            guard let burn = rule.burn(of: sum), burn > worst?.burn ?? -1 else { return }
            let part = seconds.intervals[range]
            worst = BurnWindow(burn: burn, start: part.first?.start ?? 0, seconds: length(of: part))
        }
        return worst
    }
}

extension BudgetSum {
    /// Takes off an interval that was added; `most` is not known any more.
    fileprivate mutating func remove(_ interval: BudgetSeconds.Interval) {
        seconds -= interval.length
        samples &-= interval.samples
        beyond &-= interval.beyond
        sum -= interval.sum
    }
}

/// A stretch of a run in which a budget was spent faster than in any other of its length.
package struct BurnWindow: Hashable, Sendable, Encodable {
    /// As `BudgetResult.burn`, of this stretch.
    package var burn: Double
    /// Seconds since the start of the run.
    package var start: Double
    package var seconds: Double
}

/// The worst of the stretches for which a limit must hold.
package struct BudgetWindow: Hashable, Sendable, Encodable {
    /// Seconds since the start of the run.
    package var start: Double
    package var seconds: Double
    package var samples: Int
    /// Samples that do not hold the limit.
    package var beyond: Int

    package var end: Double { start + seconds }
}
