package import Core

/// When a further attempt goes out beside a slow one, and how many of them there may be.
///
/// The delay is fixed or a percentile of the response times of the last 30 s; the budget gives `budget` of a hedge per call
/// and holds what 100 calls give, at least one hedge (Finagle's BackupRequestFilter). So hedges are never more than
/// budget × calls + what it holds.
package struct HedgePolicy: Sendable {
    /// Further attempts of one call at most.
    package let most: Int
    private let allMethods: Bool
    private let delay: HedgeSettings.Delay
    /// Values that the percentile needs: one that lies above it, and 20.
    private let minimum: Int
    private let deposit: Int64
    private var bucket: TokenBucket
    private var latencies: RecentLatencies?

    /// No hedge goes out earlier.
    package static let leastDelay = Span.milliseconds(1)

    package init(_ settings: HedgeSettings) {
        most = max(settings.most, 0)
        allMethods = settings.allMethods
        delay = settings.delay
        deposit = TokenBucket.millionths(settings.budget)
        bucket = TokenBucket(most: settings.budget > 0 ? max(1, 100 * settings.budget) : 0)
        switch settings.delay {
        case .fixed:
            minimum = 0
        case .percentile(let percent):
            minimum = Int(max(20, min(100 / max(100 - percent, 0.1), 1_000)).rounded(.up))
            latencies = RecentLatencies(window: .seconds(30))
        }
    }

    /// Whether a request of this kind may be hedged at all.
    package func hedges(isIdempotent: Bool) -> Bool { most > 0 && (isIdempotent || allMethods) }

    /// A call begins.
    package mutating func called() { bucket.add(deposit) }

    /// The first attempt of a call has ended after `took`. One that was cancelled because a hedge won counts with the time it
    /// had, which is longer than the delay; hedges do not count, since the first attempt may cut them short.
    package mutating func observed(_ took: Span, at now: Instant) { latencies?.add(took, at: now) }

    /// How long after an attempt the next one goes out, at least 1 ms; nil while too few response times are known.
    package mutating func delay(at now: Instant) -> Span? {
        switch delay {
        case .fixed(let span):
            return max(span, Self.leastDelay)
        case .percentile(let percent):
            guard let known = latencies?.count(at: now), known >= minimum else { return nil }
            return latencies?.percentile(percent, at: now).map { max($0, Self.leastDelay) }
        }
    }

    /// Whether a hedge may begin now; if so it is paid for.
    package mutating func take() -> Bool {
        let price = TokenBucket.millionths(1)
        guard bucket.tokens >= price else { return false }
        bucket.remove(price)
        return true
    }

    /// What is left of what the budget may hold, 0 to 1.
    package var left: Double { bucket.share }
}
