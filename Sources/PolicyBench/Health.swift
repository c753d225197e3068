import Core
import Policies

extension PolicyBench {
    /// What outlier detection and health checks learn from an end.
    static func health(_ endpoints: Int) -> [Benchmark] {
        [
            Benchmark("outliers, ended", endpoints: endpoints) { detector(endpoints, ticking: false) },
            Benchmark("outliers, ended and its share of ticks", endpoints: endpoints) {
                detector(endpoints, ticking: true)
            },
            Benchmark("health check") { healthState() },
        ]
    }

    private static func detector(_ endpoints: Int, ticking: Bool) -> Benchmark.Loop {
        let inputs = Inputs()
        var settings = OutlierSettings()
        // 10,000 attempts an interval: 100 for each of 100 endpoints.
        settings.interval = .seconds(1)
        settings.deviationVolume = 50
        settings.failures = 0.85
        var (detector, random, ticks) = (OutlierDetector(settings), SeededRandom(seed: 1), Ticks())
        detector.setMembers(Array(0..<endpoints))
        return { count in
            var sum = 0
            for _ in 0..<count {
                ticks.next()
                let place = Int(random.below(UInt64(endpoints)))
                if detector.ended(place, failed: inputs.failed(ticks.count), at: ticks.now) != nil { sum &+= 1 }
                if ticking, ticks.now >= detector.nextTick { sum &+= detector.tick(at: ticks.now).count }
            }
            return sum
        }
    }

    private static func healthState() -> Benchmark.Loop {
        let inputs = Inputs(failing: 0.3)
        var (state, next) = (HealthState(HealthCheckSettings()), 0)
        return { count in
            var sum = 0
            for _ in 0..<count {
                next &+= 1
                if state.checked(good: !inputs.failed(next)) != nil { sum &+= 1 }
            }
            return sum
        }
    }
}
