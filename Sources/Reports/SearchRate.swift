import Analysis

/// All runs of a search at one rate.
struct SearchRate {
    var rate: Double
    var runs = 0
    /// Of each valid run with a call.
    var p50Ms: [Double] = []
    var p99Ms: [Double] = []
    /// The last run, which knows what its whole probe says.
    var last: JudgedProbe

    var verdict: ProbeJudgement.Verdict { last.verdict }

    /// By rate.
    static func all(_ record: SearchRecord) -> [SearchRate] {
        var found: [Double: SearchRate] = [:]
        for row in record.probes {
            var rate = found[row.probe.rate] ?? SearchRate(rate: row.probe.rate, last: row)
            rate.runs += 1
            rate.last = row
            if !row.isVoid, let p50 = row.p50Ms, let p99 = row.p99Ms {
                rate.p50Ms.append(p50)
                rate.p99Ms.append(p99)
            }
            found[row.probe.rate] = rate
        }
        return found.values.sorted { $0.rate < $1.rate }
    }

    /// The p99 of a full bar: four times that of the answer at most, because beyond it a queue grows without end, and nothing else
    /// would be seen.
    static func full(_ rates: [SearchRate], _ record: SearchRecord) -> Double {
        let highest = rates.compactMap { $0.p99Ms.max() }.max() ?? 0
        let answer = record.outcome.rate ?? record.outcome.highestPassed
        guard let p99 = rates.first(where: { $0.rate == answer })?.p99Ms.max() else { return highest }
        return min(highest, 4 * p99)
    }
}

/// A bar whose length is a value.
enum SearchBar {
    static let width = 20

    /// At least one mark for what is above 0; an arrow at the end of what is longer than a full bar.
    static func text(_ value: Double?, of full: Double) -> String {
        guard let value, full > 0, value > 0, value.isFinite, full.isFinite else { return "" }
        let length = (value / full * Double(width)).rounded()
        if length > Double(width) { return String(repeating: "█", count: width - 1) + "▶" }
        return String(repeating: "█", count: max(1, Int(length)))
    }
}
