package import Core

/// One line of `timeline.csv`: what happened in one interval (a second, as a rule) of one kind of load.
///
/// An interval in which calls of a warm-up phase and calls of the run were counted has two rows of the same time.
package struct TimelineRow: Hashable, Sendable {
    /// Whose calls a row counts.
    package enum Kind: String, CaseIterable, Sendable {
        case run
        case warmUp = "warm-up"
    }

    /// Start of the interval, seconds since the start of the run; at least 0, milliseconds are kept.
    package var time: Double
    /// Seconds; more than 0, milliseconds are kept.
    package var length: Double
    package var kind: Kind
    /// The phase that was going on, by its place in the plan, from 0.
    package var phase: Int
    /// What was counted in the interval.
    package var ledger = Ledger()
    /// Calls under way at the end of the interval.
    package var inFlight = 0
    /// Connections open at the end of the interval.
    package var connections = 0
    /// Response time of the calls that ended in the interval; nil when none did.
    package var responseP50: Span?
    package var responseP99: Span?
    /// Sent − intended start, of the first attempts of the interval; nil when there was none.
    package var sendLagP99: Span?
    /// CPU share of the busiest loop's thread, 0 to 1; nil where there is no such thing (virtual time).
    package var busiestLoop: Double?
    /// Calls that ended in the interval, by status; 0 is never a key.
    package var statuses: [Int: Int] = [:]
    /// Calls that failed in the interval, by kind.
    package var failures: [FailureKind: Int] = [:]
    /// Checks that were made in the interval, by their place in the plan; counts alone, without samples.
    package var checks: [Int: CheckCounts] = [:]
    /// What was counted in the interval under names of the plan.
    package var counters: [CounterKey: Double] = [:]
    /// What the policies did in the interval.
    package var policies = PolicyCounts()
    /// What the client with least had left of its retry budget at the end of the interval, 0 to 1; nil without a budget.
    package var retryBudgetLeft: Double?
    /// Endpoints at the end of the interval, and those of them that could be picked; nil for a plan without endpoints.
    package var endpointsAvailable: Int?
    package var endpoints: Int?

    package init(time: Double, length: Double, kind: Kind = .run, phase: Int) {
        self.time = time
        self.length = length
        self.kind = kind
        self.phase = phase
    }

    /// Adds the statuses and failures of a step to those of the interval.
    package mutating func count(_ counts: StepCounts) {
        for (status, count) in counts.countsByStatus { statuses[status, default: 0] += count }
        for (kind, count) in counts.failuresByKind { failures[kind, default: 0] += count }
    }

    /// Adds the checks of an interval, by place, without their samples.
    package mutating func count(_ counts: [CheckCounts]) {
        for (index, count) in counts.enumerated() where !count.isEmpty {
            checks[index, default: CheckCounts()].add(CheckCounts(passed: count.passed, failed: count.failed))
        }
    }

    // MARK: Text

    /// The names of the columns, in order.
    package static var columns: [String] {
        ["time", "length", "kind", "phase"] + Ledger.fields.map(\.name) + [
            "in_flight", "connections", "p50_ms", "p99_ms", "send_lag_p99_ms", "busiest_loop", "statuses", "failures",
            "checks", "counters", "policies", "retry_budget_left", "endpoints_available", "endpoints",
        ]
    }

    /// Columns that files of earlier versions lack.
    package static let laterColumns = [
        "fallbacks", "checks", "counters", "policies", "retry_budget_left", "endpoints_available", "endpoints",
    ]

    /// The first line of the file, without its newline.
    package static var header: String { columns.joined(separator: ",") }

    /// The row as a line of the file, without a newline. Times have three decimals; what is nil is empty.
    package var line: String {
        var cells = [time.fixed(3), length.fixed(3), kind.rawValue, String(phase)]
        cells += Ledger.fields.map { String(ledger[keyPath: $0.path]) }
        cells += [String(inFlight), String(connections)]
        cells += [responseP50, responseP99, sendLagP99].map { $0?.milliseconds.fixed(3) ?? "" }
        cells.append(busiestLoop?.fixed(3) ?? "")
        // No comma and no quote can occur in what follows, so no cell of the file is ever quoted.
        cells.append(statuses.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ";"))
        let kinds = failures.sorted { $0.key.rawValue < $1.key.rawValue }
        cells.append(kinds.map { "\($0.key.name)=\($0.value)" }.joined(separator: ";"))
        let checks = checks.sorted { $0.key < $1.key }
        cells.append(checks.map { "\($0.key)=\($0.value.passed):\($0.value.failed)" }.joined(separator: ";"))
        cells.append(CounterCell.text(of: counters))
        cells.append(policies.named.map { "\($0.name)=\($0.count)" }.joined(separator: ";"))
        cells.append(retryBudgetLeft?.fixed(3) ?? "")
        cells += [endpointsAvailable, endpoints].map { $0.map(String.init) ?? "" }
        return cells.joined(separator: ",")
    }
}
