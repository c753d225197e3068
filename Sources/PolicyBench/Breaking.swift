import Core
import Policies

extension PolicyBench {
    /// Admission by breakers and throttle, and the end of what was admitted.
    static func breaking() -> [Benchmark] {
        var consecutive = BreakerSettings()
        consecutive.trip = .consecutive(5)
        var byCount = BreakerSettings.Rate()
        byCount.window = .count(100)
        byCount.minimum = 100
        byCount.slowShare = 0.8
        var byTime = byCount
        byTime.window = .time(.seconds(10))
        byTime.minimum = 20
        let all = [
            ("failures in a row", BreakerSettings.Trip.consecutive(5)), ("window of calls", .rate(byCount)),
            ("window of time", .rate(byTime)),
        ]
        return all.map { name, trip in
            var settings = BreakerSettings()
            settings.trip = trip
            return Benchmark("breaker, \(name)") { breaker(settings) }
        } + [
            Benchmark("breaker, open") { openBreaker() },
            Benchmark("throttle, calm") { throttle(capacity: 1) },
            Benchmark("throttle, rejecting") { throttle(capacity: 0.25) },
        ]
    }

    private static func breaker(_ settings: BreakerSettings) -> Benchmark.Loop {
        let inputs = Inputs(failing: 0.05)
        var (breaker, ticks) = (Breaker(settings), Ticks())
        return { count in
            var sum = 0
            for _ in 0..<count {
                ticks.next()
                guard case .admitted(let pass) = breaker.admit(at: ticks.now) else { continue }
                let transition = breaker.ended(
                    pass, failed: inputs.failed(ticks.count), took: inputs.latency(ticks.count), at: ticks.now)
                sum &+= transition == nil ? 1 : 2
            }
            return sum
        }
    }

    /// What a rejection costs.
    private static func openBreaker() -> Benchmark.Loop {
        var settings = BreakerSettings()
        settings.trip = .consecutive(1)
        settings.open = .seconds(1_000_000_000)
        var (breaker, ticks) = (Breaker(settings), Ticks())
        if case .admitted(let pass) = breaker.admit(at: ticks.now) {
            breaker.ended(pass, failed: true, took: .zero, at: ticks.now)
        }
        return { count in
            var sum = 0
            for _ in 0..<count {
                ticks.next()
                if breaker.admit(at: ticks.now) == .rejected { sum &+= 1 }
            }
            return sum
        }
    }

    /// - Parameter capacity: how many calls the target can take per call that wants to go out.
    private static func throttle(capacity: Double) -> Benchmark.Loop {
        let inputs = Inputs()
        var (throttle, random, ticks) = (Throttle(ThrottleSettings()), SeededRandom(seed: 1), Ticks())
        var room = 0.0
        return { count in
            var sum = 0
            for _ in 0..<count {
                ticks.next()
                room = min(room + capacity, 10)
                guard throttle.admits(at: ticks.now, using: &random) else { continue }
                sum &+= 1
                guard room >= 1, !inputs.failed(ticks.count) else { continue }
                room -= 1
                throttle.accepted(at: ticks.now)
            }
            return sum
        }
    }
}
