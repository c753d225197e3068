package import Core

/// What bounds the retries of a client as a whole, so that retries cannot multiply an overload.
///
/// A ratio is Finagle's: each call of the last 10 s is worth `ratio` retries, and there are `perSecond` × 10 s besides, each
/// retry takes one for 10 s. Tokens are gRPC's (A6). A share bounds the retries under way (Envoy's `retry_budget`).
package struct RetryBudget: Sendable {
    private enum Rule {
        case unlimited
        case ratio(Double, reserve: Double)
        case tokens(ratio: Int64)
        case share(Double, least: Int)
    }

    /// How long calls and retries count for a ratio.
    private static let memory = Span.seconds(10)

    private let rule: Rule
    /// Lane 0: calls; lane 1: retries.
    private var window: SlidingTally
    private var bucket: TokenBucket
    private var underWay = 0
    /// What a share held when it was last asked.
    private var held = 0

    /// - Parameter budget: nil for no bounds.
    package init(_ budget: RetrySettings.Budget?) {
        var most = 0.0
        switch budget {
        case nil: rule = .unlimited
        case .ratio(let ratio, let perSecond):
            rule = .ratio(Self.positive(ratio), reserve: Self.positive(perSecond) * Self.memory.seconds)
        case .tokens(let tokens, let ratio):
            most = tokens
            rule = .tokens(ratio: TokenBucket.millionths(ratio))
        case .share(let share, let least):
            rule = .share(Self.positive(share), least: max(least, 0))
            held = max(least, 0)
        }
        bucket = TokenBucket(most: most)
        window = SlidingTally(window: Self.memory, slices: 10)
    }

    /// A call begins: its first attempt.
    package mutating func called(at now: Instant) {
        if case .ratio = rule { window.add([1, 0, 0, 0], at: now) }
    }

    /// An attempt has succeeded.
    package mutating func succeeded() {
        if case .tokens(let ratio) = rule { bucket.add(ratio) }
    }

    /// An attempt has failed in a way that may be tried again; to be told before `take`.
    package mutating func failed() {
        if case .tokens = rule { bucket.remove(TokenBucket.millionths(1)) }
    }

    /// Whether a retry may begin now; if so it counts.
    /// - Parameter active: calls under way, retries among them.
    package mutating func take(at now: Instant, active: Int) -> Bool {
        switch rule {
        case .unlimited:
            break
        case .ratio(let ratio, let reserve):
            let counts = window.total(at: now)
            guard Double(counts[1] &+ 1) <= ratio * Double(counts[0]) + reserve else { return false }
            window.add([0, 1, 0, 0], at: now)
        case .tokens:
            guard bucket.tokens > bucket.most / 2 else { return false }
        case .share(let share, let least):
            held = Self.whole(share * Double(max(active, 0)), least: least)
            guard underWay < held else { return false }
        }
        underWay &+= 1
        return true
    }

    /// A retry that was taken has ended.
    package mutating func gaveBack() { underWay = max(underWay &- 1, 0) }

    /// Retries under way.
    package var retriesUnderWay: Int { underWay }

    /// What is left of what it may hold, 0 to 1; 1 without bounds. gRPC's tokens allow retries above one half.
    package func left(at now: Instant) -> Double {
        switch rule {
        case .unlimited:
            return 1
        case .ratio(let ratio, let reserve):
            let counts = window.seen(at: now)
            let most = ratio * Double(counts[0]) + reserve
            return most > 0 ? min(max(1 - Double(counts[1]) / most, 0), 1) : 0
        case .tokens:
            return bucket.share
        case .share:
            return held > 0 ? max(1 - Double(underWay) / Double(held), 0) : 0
        }
    }

    /// No number is none.
    private static func positive(_ value: Double) -> Double { value > 0 ? min(value, 1e9) : 0 }

    private static func whole(_ value: Double, least: Int) -> Int {
        // Above 2^53 a whole number of retries is no bound any more.
        max(Int(min(value, 0x1p53)), least)
    }
}
