package import Core

/// What came of the calls of one step.
package struct StepCounts: Hashable, Sendable {
    package private(set) var succeeded = 0
    package private(set) var failed = 0
    /// Calls that the client turned away, which are neither of both.
    package private(set) var rejected = 0
    /// Of the failed and the rejected calls those that a fallback answered.
    package private(set) var fallbacks = 0
    /// Indexed by `FailureKind.rawValue`.
    private var failures = [Int](repeating: 0, count: FailureKind.allCases.count)
    /// Indexed by status; statuses beyond 999 do not exist in HTTP.
    private var statuses = [Int](repeating: 0, count: 1_000)

    package init() {}

    /// - Parameters:
    ///   - status: the status received, 0 if none.
    ///   - failure: why the call failed; nil when it succeeded.
    package mutating func count(status: Int32, failure: FailureKind?) {
        count(status: status, failure: failure, times: 1)
    }

    private mutating func count(status: Int32, failure: FailureKind?, times: Int) {
        if let failure {
            failed += times
            failures[Int(failure.rawValue)] += times
        } else {
            succeeded += times
        }
        if status > 0, status < 1_000 { statuses[Int(status)] += times }
    }

    /// Counts a call that was turned away: it has no status, no failure and no latency.
    package mutating func reject() { rejected += 1 }

    /// Says of a call that failed or was rejected, and was counted so, that a fallback answered it.
    package mutating func fallBack() { fallbacks += 1 }

    package mutating func add(_ other: StepCounts) {
        rejected += other.rejected
        fallbacks += other.fallbacks
        succeeded += other.succeeded
        failed += other.failed
        for index in failures.indices { failures[index] += other.failures[index] }
        for index in statuses.indices where other.statuses[index] != 0 { statuses[index] += other.statuses[index] }
    }

    /// The kinds that occurred, in the order of `FailureKind`.
    package var failuresByKind: [(kind: FailureKind, count: Int)] {
        FailureKind.allCases.compactMap { kind in
            let count = failures[Int(kind.rawValue)]
            return count > 0 ? (kind, count) : nil
        }
    }

    /// The statuses that occurred, ascending.
    package var countsByStatus: [(status: Int, count: Int)] {
        statuses.indices.compactMap { statuses[$0] > 0 ? ($0, statuses[$0]) : nil }
    }
}
