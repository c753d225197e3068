import Core
import Recording

/// How calls ended: those of a run, of a scope, of a second.
struct CallCounts: Hashable, Sendable {
    /// Made, succeeded, failed, rejected, fallbacks; of a run and its seconds the rest, too.
    var ledger = Ledger()
    var failures: [FailureKind: Int] = [:]
    var statuses: [Int: Int] = [:]

    init() {}

    init(_ second: WatchedSecond) {
        ledger = second.ledger
        failures = second.failures
        statuses = second.statuses
    }

    /// Of a whole run.
    init(_ run: Measurement) {
        ledger = run.ledger
        add(run.failures, run.statuses)
    }

    /// Adds what one step, or one transaction, counted.
    mutating func add(_ counts: StepCounts) {
        add(counts.succeeded, counts.failed, counts.rejected, counts.fallbacks)
        for (kind, count) in counts.failuresByKind { failures[kind, default: 0] &+= count }
        for (status, count) in counts.countsByStatus { statuses[status, default: 0] &+= count }
    }

    mutating func add(_ step: StepSummary) {
        add(step.succeeded ?? 0, step.failed ?? 0, step.rejected ?? 0, step.fallbacks ?? 0)
        add(step.failures, step.statuses)
    }

    /// A transaction is never rejected.
    mutating func add(_ transaction: TransactionSummary) {
        add(transaction.succeeded ?? 0, transaction.failed ?? 0, 0, 0)
        add(transaction.failures, Tally())
    }

    private mutating func add(_ succeeded: Int, _ failed: Int, _ rejected: Int, _ fallbacks: Int) {
        ledger.succeeded &+= succeeded
        ledger.failed &+= failed
        ledger.rejected &+= rejected
        ledger.fallbacks &+= fallbacks
        ledger.made &+= succeeded &+ failed &+ rejected
    }

    private mutating func add(_ failures: Tally, _ statuses: Tally) {
        for entry in failures.entries {
            if let kind = FailureKind(name: entry.name) { self.failures[kind, default: 0] &+= entry.count }
        }
        for entry in statuses.entries {
            if let status = Int(entry.name) { self.statuses[status, default: 0] &+= entry.count }
        }
    }

    /// Calls that succeeded, failed or were rejected.
    var ended: Int { ledger.succeeded &+ ledger.failed &+ ledger.rejected }
    /// Calls that succeeded or failed.
    var answered: Int { ledger.succeeded &+ ledger.failed }

    /// What a statistic is a share of, and how many of these count; nil for one that is no share.
    func share(of statistic: Statistic) -> (part: Int, whole: Int)? {
        switch statistic {
        case .errors: (max(0, ledger.failed &+ ledger.rejected &- ledger.fallbacks), ended)
        case .errorsOf(.kind(let kind)): (failures[kind] ?? 0, ended)
        case .errorsOf(.status(let range)):
            (statuses.reduce(0) { range.contains($1.key) ? $0 &+ $1.value : $0 }, ended)
        case .dropped: (ledger.dropped, ledger.scheduled)
        case .rejected: (ledger.rejected, ledger.made)
        case .fallbacks: (ledger.fallbacks, ledger.made)
        default: nil
        }
    }
}
