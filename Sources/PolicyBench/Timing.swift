import Core
import Policies

extension PolicyBench {
    /// Response times, and what follows from them.
    static func timing() -> [Benchmark] {
        [
            Benchmark("adaptive time-out, observed and read") { adaptiveTimeout() },
            Benchmark("recent latencies, added and p95") { recentLatencies() },
        ]
    }

    private static func adaptiveTimeout() -> Benchmark.Loop {
        let inputs = Inputs()
        var (timeout, ticks) = (AdaptiveTimeout(AdaptiveTimeoutSettings()), Ticks())
        return { count in
            var sum = 0
            for _ in 0..<count {
                ticks.next()
                sum &+= Int(truncatingIfNeeded: timeout.timeout(at: ticks.now).nanoseconds)
                timeout.observed(
                    inputs.latency(ticks.count), timedOut: inputs.failed(ticks.count), at: ticks.now)
            }
            return sum
        }
    }

    private static func recentLatencies() -> Benchmark.Loop {
        let inputs = Inputs()
        var (latencies, ticks) = (RecentLatencies(window: .seconds(30)), Ticks())
        return { count in
            var sum = 0
            for _ in 0..<count {
                ticks.next()
                latencies.add(inputs.latency(ticks.count), at: ticks.now)
                let value = latencies.percentile(95, at: ticks.now)
                sum &+= Int(truncatingIfNeeded: value?.nanoseconds ?? 0)
            }
            return sum
        }
    }
}
