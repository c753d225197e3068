package import Core

/// What a running load looks like at one moment: everything that the live view shows, and nothing else.
package struct LiveState: Sendable {
    /// How far something has come.
    package struct Progress: Hashable, Sendable {
        /// Seconds since its start.
        package var elapsed: Double
        /// Seconds from its start to its planned end; nil when it ends by count.
        package var length: Double?
        /// Calls made and to be made, for a phase that ends by count.
        package var calls: Calls?

        package struct Calls: Hashable, Sendable {
            package var done: Int
            package var of: Int

            package init(done: Int, of: Int) {
                self.done = done
                self.of = of
            }
        }

        package init(elapsed: Double, length: Double? = nil, calls: Calls? = nil) {
            self.elapsed = elapsed
            self.length = length
            self.calls = calls
        }

        /// 0 to 1; nil when nobody can know.
        package var share: Double? {
            if let calls, calls.of > 0 { return min(1, Double(calls.done) / Double(calls.of)) }
            if let length, length > 0 { return min(1, max(0, elapsed / length)) }
            return nil
        }
    }

    /// Two percentiles of the response time; nil when no call ended.
    package struct Latency: Hashable, Sendable {
        package var p50: Span
        package var p99: Span

        package init(p50: Span, p99: Span) {
            self.p50 = p50
            self.p99 = p99
        }
    }

    /// Name of the plan.
    package var name: String
    /// The phase that is going on: its place from 1, of how many, and its text.
    package var phaseNumber = 1
    package var phaseCount = 1
    package var phaseText = ""
    package var isWarmUp = false
    /// True once the load has ended and the last calls are waited for.
    package var isDraining = false
    package var phase = Progress(elapsed: 0)
    package var run = Progress(elapsed: 0)
    /// Arrivals scheduled and completed in the last second, per second.
    package var offered = 0.0
    package var achieved = 0.0
    /// Calls that were turned away in the last second, per second.
    package var rejected = 0.0
    package var lastSecond: Latency?
    package var soFar: Latency?
    /// Since the start of the run.
    package var failures: [FailureKind: Int] = [:]
    package var dropped = 0
    package var inFlight = 0
    package var connections = 0
    /// Of the last second.
    package var sendLagP99: Span?
    /// CPU share of the busiest loop in the last second, 0 to 1.
    package var busiestLoop: Double?

    package init(name: String) { self.name = name }
}
