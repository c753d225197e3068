package import Core

/// `client.timeout.adaptive:` an attempt's time-out that follows the recent response times.
package struct AdaptiveTimeoutSettings: Hashable, Sendable {
    /// 0 to 100; default 95 (the guide).
    package var percentile = 95.0
    /// Times the percentile; default 2 (the guide).
    package var factor = 2.0
    /// Bounds; defaults 1 s and 30 s (the guide).
    package var least: Span = .seconds(1)
    package var most: Span = .seconds(30)
    /// What is looked back on; default 10 s. The time-out grows by a factor of 2 per window at most.
    package var window: Span = .seconds(10)
    /// Samples that a window needs; with fewer the time-out stays as it is. Default 20.
    package var minimum = 20

    package init() {}
}
