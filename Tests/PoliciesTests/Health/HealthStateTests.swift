import Core
import Policies
import Testing

@Suite("The health of an endpoint")
struct HealthStateTests {
    /// Rows: bad checks that it takes, good ones, the history (`g` good, `b` bad), and what it is then.
    @Test(
        "follows so many checks in a row",
        arguments: [
            (3, 2, "", true), (3, 2, "bb", true), (3, 2, "bbb", false), (3, 2, "bbgbb", true), (3, 2, "bbgbbb", false),
            (3, 2, "bbbg", false), (3, 2, "bbbgg", true), (3, 2, "bbbgbg", false), (3, 2, "bbbgbgg", true),
            (3, 2, "bbbggbb", true), (1, 1, "b", false), (1, 1, "bg", true), (0, -1, "b", false), (0, -1, "bg", true),
        ])
    func thresholds(unhealthy: Int, healthy: Int, history: String, isHealthy: Bool) {
        var settings = HealthCheckSettings()
        settings.unhealthy = unhealthy
        settings.healthy = healthy
        let state = Trial(HealthState(settings))
        for check in history {
            let before = state.isHealthy
            let change = state { $0.checked(good: check == "g") }
            // A change is told once, with its word for the record of events.
            let expected = before == state.isHealthy ? nil : state.isHealthy ? "healthy" : "unhealthy"
            #expect(change?.description == expected)
        }
        #expect(state.isHealthy == isHealthy)
    }

    /// An endpoint hangs from some time between two checks on; a check that it hangs in is bad when its time-out is over.
    @Test(
        "is found out within (k − 1) × 30 + 5 to k × 30 + 5 s, k × 30 − 10 s in the mean",
        arguments: [(1, 20.0), (2, 50), (3, 80)])
    func detection(threshold: Int, mean: Double) throws {
        var settings = HealthCheckSettings()
        settings.unhealthy = threshold
        let interval = settings.interval.seconds
        let timeout = settings.timeout.seconds
        var times: [Double] = []
        for phase in 0..<300 {
            var state = HealthState(settings)
            let hangsAt = 300 + (Double(phase) + 0.5) / 300 * interval
            for check in 0..<100 {
                let start = Double(check) * interval
                let good = start < hangsAt
                if state.checked(good: good) == .becameUnhealthy {
                    times.append(start + timeout - hangsAt)
                    break
                }
            }
        }
        try #require(times.count == 300)
        let least = Double(threshold - 1) * interval + timeout
        #expect(times.allSatisfy { $0 > least && $0 <= least + interval })
        #expect(isNear(times.reduce(0, +) / 300, mean, within: 1e-9))
    }
}
