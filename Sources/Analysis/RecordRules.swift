import Core
import Recording

/// What must hold in a `run.json` beyond its form. A bundle may come from anywhere: numbers that no run can have are
/// refused here, so that no sum further on can overflow.
enum RecordRules {
    /// More calls than a thousand machines make in a year.
    private static let mostCounted = 1_000_000_000_000_000
    /// 31 years.
    private static let longest = 1e9
    private static let mostBudgets = 10_000
    /// Wall times up to the year 5138.
    private static let latest = 1e11

    /// The first rule that is broken, with its place; nil when the record is sound.
    static func violation(in record: RunRecord) -> String? {
        if let violation = sizeViolation(in: record) { return violation }
        guard (0...latest).contains(record.startedEpoch) else {
            return "started_epoch is \(record.startedEpoch), not seconds from 0 to 1e11"
        }
        if let scale = record.plan.timeScale, !(1...100_000).contains(scale) {
            return "plan.time_scale is \(scale), not a number from 1 to 100,000"
        }
        for (index, phase) in record.phases.enumerated() {
            let times = [("start", phase.start), ("end", phase.end ?? phase.start)]
            for (name, time) in times where !(0...longest).contains(time) {
                return "phases.\(index).\(name) is \(time), not seconds from 0 to 1e9"
            }
        }
        guard record.budgets.count <= mostBudgets else {
            return "budgets has \(record.budgets.count) entries, not at most \(mostBudgets)"
        }
        for (index, budget) in record.budgets.enumerated() {
            if let window = budget.windowSeconds, !(window > 0 && window <= longest) {
                return "budgets.\(index).window_seconds is \(window), not seconds above 0 and up to 1e9"
            }
            if let baseline = budget.baseline, !(baseline > -1 && baseline <= 1) {
                return "budgets.\(index).baseline is \(baseline), not a change above -1 and up to 1"
            }
        }
        for (list, steps) in [("steps", record.steps), ("transactions", record.transactions)] {
            for (index, step) in steps.enumerated() {
                var counts = [
                    ("succeeded", step.succeeded ?? 0), ("failed", step.failed ?? 0), ("rejected", step.rejected ?? 0),
                    ("fallbacks", step.fallbacks ?? 0),
                ]
                counts += (step.failures ?? [:]).map { ("failures.\($0.key)", $0.value) }
                counts += (step.statuses ?? [:]).map { ("statuses.\($0.key)", $0.value) }
                if let bad = firstBad(counts) { return "\(list).\(index).\(bad)" }
            }
        }
        for (index, check) in record.checks.enumerated() {
            if let bad = firstBad([("passed", check.passed ?? 0), ("failed", check.failed ?? 0)]) {
                return "checks.\(index).\(bad)"
            }
        }
        for (index, counter) in record.counters.enumerated() {
            guard let sum = counter.sum, !(sum.magnitude <= CounterTable.largest) else { continue }
            return "counters.\(index).sum is \(sum), not a number from -1e300 to 1e300"
        }
        return resourceViolation(in: record) ?? policyViolation(in: record) ?? callViolation(in: record)
            ?? record.outcome.flatMap { violation(in: $0) } ?? totalViolation(in: record)
    }

    private static func resourceViolation(in record: RunRecord) -> String? {
        for (index, resource) in (record.resources ?? []).enumerated() {
            guard resource.totals.count == resource.columns.count else {
                return "resources.\(index) has \(resource.totals.count) totals for \(resource.columns.count) columns"
            }
            for (column, total) in zip(resource.columns, resource.totals) where !(total.magnitude <= 1e18) {
                return "resources.\(index): \(column.name) is \(total), not a number from -1e18 to 1e18"
            }
        }
        return nil
    }

    private static func policyViolation(in record: RunRecord) -> String? {
        if let bad = firstBad([("events_lost", record.eventsLost ?? 0)]) { return bad }
        if let bad = firstBad((record.policies ?? [:]).map { ($0.key, $0.value) }) { return "policies.\(bad)" }
        var places: Set<Int> = []
        for (index, endpoint) in record.endpoints.enumerated() {
            guard (0..<RunRecord.mostEndpoints).contains(endpoint.place), places.insert(endpoint.place).inserted else {
                return "endpoints.\(index).place is \(endpoint.place), not a place of its own from 0 to 4,095"
            }
            let counts = [("weight", endpoint.weight)] + (endpoint.counts ?? [:]).map { ("counts.\($0.key)", $0.value) }
            if let bad = firstBad(counts) { return "endpoints.\(index).\(bad)" }
        }
        guard let shards = record.shards else { return nil }
        guard (0...1e6).contains(shards.imbalance) else {
            return "shards.imbalance is \(shards.imbalance), not a ratio from 0 to 1e6"
        }
        for (index, moved) in shards.moved.enumerated() {
            guard (0...longest).contains(moved.time), (0...1).contains(moved.share) else {
                return "shards.moved.\(index) is not a share from 0 to 1 at a second from 0 to 1e9"
            }
        }
        return nil
    }

    private static func callViolation(in record: RunRecord) -> String? {
        func violation(
            _ list: String, _ place: Int?, _ status: Int, _ trace: String?, times: [(name: String, value: Double)],
            counts: [(name: String, value: Int)]
        ) -> String? {
            if let bad = firstBad(counts) { return "\(list).\(bad)" }
            for (name, time) in times where !(0...longest).contains(time) {
                return "\(list).\(name) is \(time), not seconds from 0 to 1e9"
            }
            if let place, !(0..<RunRecord.mostEndpoints).contains(place) {
                return "\(list).place is \(place), not a place from 0 to 4,095"
            }
            if !(0...999).contains(status) { return "\(list).status is \(status), not a status from 0 to 999" }
            if let trace, TraceID(trace) == nil { return "\(list).trace_id is no trace of 32 hexadecimal digits" }
            return nil
        }
        if let bad = firstBad([("patterns_lost", record.patternsLost ?? 0)]) { return bad }
        let slowest = record.slowest ?? []
        guard slowest.count <= SlowestCalls.most else {
            return "slowest has \(slowest.count) entries, not at most \(SlowestCalls.most)"
        }
        for (index, call) in slowest.enumerated() {
            let times = [
                ("time", call.time), ("response", call.response), ("service", call.service), ("wait", call.wait),
                ("dns", call.dns), ("connect", call.connect), ("tls", call.tls), ("first_byte", call.firstByte ?? 0),
                ("transfer", call.transfer ?? 0),
            ]
            let counts = [
                ("attempts", call.attempts), ("bytes_sent", call.bytesSent), ("bytes_received", call.bytesReceived),
            ]
            if let bad = violation(
                "slowest.\(index)", call.place, call.status, call.traceId, times: times, counts: counts)
            {
                return bad
            }
        }
        let patterns = record.patterns ?? []
        guard patterns.count <= ErrorPatterns.most else {
            return "patterns has \(patterns.count) entries, not at most \(ErrorPatterns.most)"
        }
        for (index, pattern) in patterns.enumerated() {
            if let bad = violation(
                "patterns.\(index)", pattern.place, pattern.status, pattern.traceId,
                times: [("first", pattern.first), ("last", pattern.last)], counts: [("count", pattern.count)])
            {
                return bad
            }
        }
        return nil
    }

    private static func violation(in outcome: RunRecord.OutcomeRecord) -> String? {
        for (name, ledger) in [("ledger", outcome.ledger), ("warm_up", outcome.warmUp)] {
            let counts = Ledger.fields.map { ($0.name, ledger[keyPath: $0.path]) }
            if let bad = firstBad(counts) { return "outcome.\(name).\(bad)" }
        }
        let times = [("measured_seconds", outcome.measuredSeconds), ("total_seconds", outcome.totalSeconds)]
        for (name, time) in times where !(0...longest).contains(time) {
            return "outcome.\(name) is \(time), not seconds from 0 to 1e9"
        }
        let generator = outcome.generator
        if let bad = firstBad([("lab_requests", outcome.labRequests ?? 0)]) { return "outcome.\(bad)" }
        let bad = firstBad([
            ("descriptor_limit", generator.descriptorLimit), ("local_ports", generator.localPorts),
            ("peak_connections", generator.peakConnections), ("peak_in_flight", generator.peakInFlight),
            ("peak_resident_bytes", generator.peakResidentBytes), ("hiccups", generator.hiccups),
            ("loops", generator.loops), ("clients", generator.clients),
        ])
        return bad.map { "outcome.generator.\($0)" }
    }

    private static func firstBad(_ counts: [(name: String, value: Int)]) -> String? {
        counts.first { !(0...mostCounted).contains($0.value) }
            .map { "\($0.name) is \($0.value), not a count from 0 to 1e15" }
    }
}
