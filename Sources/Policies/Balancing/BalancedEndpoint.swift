import Core

/// What a balancer knows of an endpoint besides its load.
struct BalancedEndpoint: Sendable {
    /// The set of members that it was last in.
    var generation = 0
    var weight = 1
    var isAvailable = true
    /// When its slow start began; nil when it has its full weight.
    var since: Instant?
    var reported = ReportedWeight()

    /// Starts, or starts again.
    /// - Parameter now: the beginning of a slow start; nil for none.
    mutating func begin(slowly now: Instant?) {
        since = now
        reported = ReportedWeight()
    }
}
