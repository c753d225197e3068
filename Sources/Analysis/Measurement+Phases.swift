import Core
import Recording

extension Measurement {
    /// The phases of the load with what the timeline counted while they went on.
    static func phases(of bundle: Bundle) -> [PhaseSummary] {
        let records = bundle.record.phases
        let lastEnd = bundle.timeline.map { $0.time + $0.length }.max() ?? 0
        var phases = records.indices.map { index in
            let record = records[index]
            let next = index + 1 < records.count ? records[index + 1].start : lastEnd
            // A run that was cut short never reached the planned end.
            let end = min(record.end ?? next, max(lastEnd, record.start))
            return PhaseSummary(
                text: record.text, open: record.open, warmUp: record.warmUp, start: record.start,
                seconds: max(0, end - record.start))
        }
        let warmUps = records.indices.filter { records[$0].warmUp }
        let others = records.indices.filter { !records[$0].warmUp }
        for row in bundle.timeline {
            let phase = phaseOfCalls(in: row, among: row.kind == .warmUp ? warmUps : others)
            if let phase { phases[phase].ledger.add(row.ledger) }
        }
        for index in phases.indices {
            phases[index].rates = Rates(phases[index].ledger, seconds: phases[index].seconds)
            guard !phases[index].warmUp, index < bundle.latencies.byPhase.count else { continue }
            phases[index].response = LatencySummary(bundle.latencies.byPhase[index])
        }
        return phases
    }

    /// The phase that the calls of a row belong to: a call of a warm-up phase may end in the first second of the run
    /// proper, and is still the warm-up's.
    /// - Parameter phases: of the row's kind, ascending.
    private static func phaseOfCalls(in row: TimelineRow, among phases: [Int]) -> Int? {
        phases.last { $0 <= row.phase } ?? phases.first
    }

    /// Cross-checks of what was counted in different places; each that fails is a fault of Gale's own.
    func findContradictions(_ bundle: Bundle) -> [String] {
        var found = ledger.contradictions + warmUp.contradictions.map { "warm-up: \($0)" }
        found += bundle.record.outcome?.violations ?? []
        func check(_ text: String, _ left: Int, _ right: Int) {
            if left != right { found.append("\(text): \(left) is not \(right)") }
        }
        /// A call that could not be written may have a response time, or none.
        func checkTimes(_ text: String, _ recorded: Int, of calls: Int, _ failures: Tally) {
            let unsent = FailureKind.allCases.filter(\.isUnsent).reduce(0) { $0 + failures[$1.name] }
            check(text, recorded, min(calls, max(calls - unsent, recorded)))
        }
        checkTimes("response times recorded = succeeded + failed", response.count, of: calls, failures)
        checkTimes(
            "warm-up: response times recorded = succeeded + failed", warmUpResponse.count,
            of: warmUp.succeeded + warmUp.failed, warmUpFailures)
        if !steps.isEmpty {
            check("succeeded = the sum of the steps", ledger.succeeded, steps.reduce(0) { $0 + ($1.succeeded ?? 0) })
            check("failed = the sum of the steps", ledger.failed, steps.reduce(0) { $0 + ($1.failed ?? 0) })
        }
        let tags = Dictionary(transactions.map { (SeriesName.transaction(of: $0).tag, $0.response.count) }) { $1 }
        check(
            "transactions recorded = succeeded + failed", tags.values.reduce(0, +),
            transactions.reduce(0) { $0 + ($1.succeeded ?? 0) + ($1.failed ?? 0) })
        let made = Self.checks(in: bundle.timeline.filter { $0.kind == .run })
        check(
            "checks made = the sum of the timeline", checks.reduce(0) { $0 + $1.passed + $1.failed },
            checks.indices.reduce(0) { $0 + (made[$1]?.passed ?? 0) + (made[$1]?.failed ?? 0) })
        var sum = Ledger()
        for row in bundle.timeline where row.kind == .run { sum.add(row.ledger) }
        check("scheduled = the sum of the timeline", ledger.scheduled, sum.scheduled)
        check("completed = the sum of the timeline", ledger.completed, sum.completed)
        check("succeeded = the sum of the timeline", ledger.succeeded, sum.succeeded)
        check("failed = the sum of the timeline", ledger.failed, sum.failed)
        return found + findPolicyContradictions(bundle)
    }
}
