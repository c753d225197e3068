package import Core

/// `client.retry:` further attempts of a call.
package struct RetrySettings: Hashable, Sendable {
    /// What may be tried again.
    package enum Condition: String, Hashable, Sendable, CaseIterable {
        /// No connection came about: nothing was sent.
        case connect
        /// The connection ended before a whole answer.
        case reset
        /// The attempt's time-out.
        case timeout
        /// Statuses 500 to 599.
        case status5xx = "5xx"
        /// 502, 503, 504.
        case gateway
        /// 429.
        case status429 = "429"
        /// 409: somebody else was faster, as with optimistic concurrency.
        case status409 = "409"
    }

    package enum Jitter: String, Hashable, Sendable, CaseIterable {
        /// The delay itself.
        case none
        /// Uniform from 0 to the delay.
        case full
        /// Half of the delay, and uniform up to the other half.
        case equal
        /// min(cap, uniform from base to 3 × the delay before).
        case decorrelated
        /// The guide's: the delay, and uniform up to 100 ms.
        case added
        /// gRPC's (A6): the delay times 0.8 to 1.2.
        case proportional
    }

    package struct Backoff: Hashable, Sendable {
        package var base: Span = .milliseconds(25)
        package var cap: Span = .milliseconds(250)
        /// Growth from retry to retry; default 2.
        package var factor = 2.0
        package var jitter: Jitter = .full

        package init() {}
    }

    /// What bounds the retries of a client.
    package enum Budget: Hashable, Sendable {
        /// Retries up to this share of the calls of the last 10 s, and so many per second besides (Finagle).
        case ratio(Double, perSecond: Double)
        /// gRPC's throttle (A6): tokens, of which a failure takes one and a success gives back `ratio`; retries while more
        /// than half are left.
        case tokens(most: Double, ratio: Double)
        /// Retries at once, up to this share of the calls under way, and at least so many (Envoy).
        case share(Double, least: Int)
    }

    /// Attempts of one call, the first among them; at least 2.
    package var attempts = 3
    package var conditions: Set<Condition> = [.connect, .reset, .timeout, .gateway, .status429]
    package var backoff = Backoff()
    package var budget: Budget? = .ratio(0.2, perSecond: 10)
    /// Wait as long as `Retry-After` of a 429 or 503 says, when that is longer; default true.
    package var retryAfter = true
    /// Also retry methods that may not be repeated safely (POST, PATCH); default false.
    package var allMethods = false

    package init() {}
}

/// `client.hedge:` a further attempt beside a slow one.
package struct HedgeSettings: Hashable, Sendable {
    package enum Delay: Hashable, Sendable {
        case fixed(Span)
        /// The percentile, 0 to 100, of recent response times of attempts.
        case percentile(Double)
    }

    package var delay: Delay = .percentile(95)
    /// Further attempts of one call at most; default 1.
    package var most = 1
    /// Hedges up to this share of the calls; default 0.05.
    package var budget = 0.05
    package var allMethods = false

    package init() {}
}
