/// What the client's policies did in an interval; outside warm-up phases.
package struct PolicyCounts: Hashable, Sendable {
    /// Calls turned away, by `Rejection.rawValue`; together they are the ledger's `rejected`.
    package var rejections = [Int](repeating: 0, count: Rejection.allCases.count)
    /// Retries by reason: `connect`, `reset`, `timeout`, `status_5xx`, `status_429`, `status_409`, in the order of `retryReasons`.
    package var retries = [Int](repeating: 0, count: PolicyCounts.retryReasons.count)
    /// Calls that succeeded on a retry, and calls that failed for all their retries.
    package var rescued = 0
    package var exhausted = 0
    /// Retries that the budget did not allow.
    package var retriesDenied = 0
    /// Hedges whose answer was the first, and those that were for nothing; the rest was cancelled with its call.
    package var hedgesWon = 0
    package var hedgesWasted = 0
    package var hedgesDenied = 0
    /// Calls that waited in a bulkhead or for a connection before they were sent.
    package var waited = 0
    /// Attempts sent to an endpoint although too few were available.
    package var panics = 0
    /// Calls of a step without key that went to all shards; and batches, by their number of shards.
    package var scattered = 0
    package var keyed = 0
    /// Keyed calls that went to another shard than their own.
    package var spilled = 0

    package static let retryReasons = ["connect", "reset", "timeout", "status_5xx", "status_429", "status_409"]

    package init() {}

    package mutating func add(_ other: PolicyCounts) {
        for index in rejections.indices { rejections[index] += other.rejections[index] }
        for index in retries.indices { retries[index] += other.retries[index] }
        for field in Self.fields { self[keyPath: field.path] += other[keyPath: field.path] }
    }

    /// The single counts with their names in CSV and JSON, in the order of tables.
    package static var fields: [(name: String, path: WritableKeyPath<PolicyCounts, Int>)] {
        [
            ("rescued", \.rescued), ("exhausted", \.exhausted), ("retries_denied", \.retriesDenied),
            ("hedges_won", \.hedgesWon), ("hedges_wasted", \.hedgesWasted), ("hedges_denied", \.hedgesDenied),
            ("waited", \.waited), ("panics", \.panics), ("scattered", \.scattered), ("keyed", \.keyed),
            ("spilled", \.spilled),
        ]
    }
}
