package import Core

/// `client.breaker:` when to stop calling for a while.
package struct BreakerSettings: Hashable, Sendable {
    /// Whom a breaker guards; each has its own.
    package enum Scope: String, Hashable, Sendable, CaseIterable {
        case endpoint, step
    }

    package enum Window: Hashable, Sendable {
        /// The last so many calls.
        case count(Int)
        /// The calls of the last so long, in ten slices.
        case time(Span)
    }

    /// What opens a closed breaker.
    package enum Trip: Hashable, Sendable {
        /// So many failures in a row.
        case consecutive(Int)
        /// A share of failures, or of slow calls, in a window with at least `minimum` calls.
        case rate(Rate)
    }

    package struct Rate: Hashable, Sendable {
        package var window: Window = .time(.seconds(10))
        package var minimum = 20
        /// 0 to 1; nil: not looked at.
        package var failures: Double? = 0.5
        /// Share of calls slower than `slow`, 0 to 1; nil: not looked at.
        package var slowShare: Double?
        package var slow: Span = .seconds(60)

        package init() {}
    }

    package var scope: Scope = .endpoint
    package var trip: Trip = .consecutive(5)
    /// How long it stays open; default 60 s (the guide).
    package var open: Span = .seconds(60)
    /// Successes that close a half-open breaker, and calls that may try it at once; default 3 (the guide).
    package var successes = 3

    package init() {}
}

/// `client.throttle:` client-side admission by the share of calls that the target accepts (SRE book, chapter 21).
package struct ThrottleSettings: Hashable, Sendable {
    /// Calls are rejected with probability max(0, (requests − k × accepts) / (requests + 1)); default 2.
    package var k = 2.0
    /// What is looked back on; default 2 min.
    package var window: Span = .seconds(120)

    package init() {}
}
