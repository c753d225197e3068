package import Core

/// An attempt's time-out that follows the response times: factor × percentile of the window before, within bounds.
///
/// It decides once per window, from the values of that window, and doubles at most: 1, 2, 4, 8, 16, 30 s while everything
/// hangs. An attempt that was cut off by the time-out tells only that it would have taken longer, so it counts as longer than
/// all others; else the time-out would learn from its own cuts that all is fast. Before the first window with enough
/// values it is `most`.
package struct AdaptiveTimeout: Sendable {
    private let settings: AdaptiveTimeoutSettings
    private var latencies = LatencyCounts()
    private var current: Span
    /// When the window under way began; nil before the first word.
    private var began: Instant?

    package init(_ settings: AdaptiveTimeoutSettings) {
        self.settings = settings
        current = settings.most
    }

    /// An attempt has ended after `took`; `timedOut` when its time-out ended it. Not to be told of cancelled ones.
    package mutating func observed(_ took: Span, timedOut: Bool, at now: Instant) {
        turn(at: now)
        if timedOut { latencies.addUnended() } else { latencies.add(took) }
    }

    /// The time-out for an attempt that begins at `now`: `least` to `most`.
    package mutating func timeout(at now: Instant) -> Span {
        turn(at: now)
        return current
    }

    /// Ends the window when its time has come.
    private mutating func turn(at now: Instant) {
        guard let start = began else {
            began = now
            return
        }
        let passed = (now - start).nanoseconds
        let width = max(settings.window.nanoseconds, 1)
        guard passed >= width else { return }
        began = start + Span(nanoseconds: passed / width * width)
        if latencies.count >= max(settings.minimum, 1), let latency = latencies.percentile(settings.percentile) {
            let wanted = Span(seconds: latency.seconds * settings.factor)
            current = max(min(wanted, current + current, settings.most), settings.least)
        }
        latencies.clear()
    }
}
