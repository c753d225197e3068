import Core
import Policies
import Testing

@Suite("A breaker with a rate")
struct BreakerRateTests {
    /// Rows: window, least calls, share of failures and of slow calls that open it, history, and what it is then.
    @Test(
        "opens when the share is reached, with enough calls",
        arguments: [
            (BreakerSettings.Window.count(10), 5, 0.5, nil, "FFFF", Breaker.State.closed),
            (.count(10), 5, 0.5, nil, "FFFFF", .open),
            (.count(10), 5, 0.5, nil, "SSSFF", .closed),
            (.count(10), 5, 0.5, nil, "SSSFFF", .open),
            // Twelve calls: the first two have left the window.
            (.count(10), 5, 0.5, nil, "SSSSSSS FFFF S", .closed),
            (.count(10), 5, 0.5, nil, "SSSSSSS FFFF S F", .open),
            (.count(10), 5, 0.5, nil, "SSSSSSSSSS FFFF SSSSSS FFFF", .closed),
            // More calls are asked for than the window holds: all it holds are enough.
            (.count(4), 100, 0.5, nil, "SSF", .closed), (.count(4), 100, 0.5, nil, "SSFF", .open),
            (.count(100), 100, 0.07, nil, String(repeating: "S", count: 93) + "FFFFFF", .closed),
            (.count(100), 100, 0.07, nil, String(repeating: "S", count: 93) + "FFFFFFF", .open),
            (.time(.seconds(10)), 20, 0.5, nil, "FFFFFFFFFFFFFFFFFFF", .closed),
            (.time(.seconds(10)), 20, 0.5, nil, "FFFFFFFFFFFFFFFFFFFF", .open),
            (.time(.seconds(10)), 4, 0.5, nil, "FFF +10 F", .closed),
            (.time(.seconds(10)), 4, 0.5, nil, "FFF +9 F", .open),
            (.time(.seconds(10)), 4, 0.5, nil, "F +5 SSS +5 FF", .closed),
            (.time(.seconds(10)), 4, 0.5, nil, "F +5 SSS +5 FFF", .open),
            (.count(10), 4, nil, 0.5, "FFFFFFFFFF", .closed), (.count(10), 4, nil, 0.5, "SSL", .closed),
            (.count(10), 4, nil, 0.5, "SSLL", .open), (.count(10), 4, nil, nil, "LLLLFFFF", .closed),
            (.count(10), 4, 0.75, 0.75, "FFLL", .closed), (.time(.seconds(1)), 4, 0.5, 1, "LLLL", .open),
            // A slow probe opens it again.
            (.count(10), 4, nil, 0.5, "LLLL +60 SSL", .open), (.count(10), 4, nil, 0.5, "LLLL +60 SSS LLL", .closed),
            // What it counted before it opened does not count afterwards.
            (.count(10), 4, 0.5, nil, "FFFF +60 SSS FFF", .closed),
            (.count(10), 4, 0.5, nil, "FFFF +60 SSS FFFF", .open),
            (.time(.seconds(600)), 4, 0.5, nil, "FFFF +60 SSS FFF", .closed),
        ] as [(BreakerSettings.Window, Int, Double?, Double?, String, Breaker.State)])
    func opens(
        window: BreakerSettings.Window, minimum: Int, failures: Double?, slowShare: Double?, script: String,
        state: Breaker.State
    ) {
        var settings = BreakerSettings()
        var rate = BreakerSettings.Rate()
        rate.window = window
        rate.minimum = minimum
        rate.failures = failures
        rate.slowShare = slowShare
        rate.slow = .seconds(1)
        settings.trip = .rate(rate)
        let breaker = Trial(Breaker(settings))
        let now = breaker.play(script)
        #expect(breaker.state(at: now) == state)
    }

    @Test("takes a call for slow only when it took longer than the limit")
    func atTheLimit() throws {
        var settings = BreakerSettings()
        var rate = BreakerSettings.Rate()
        rate.minimum = 1
        rate.slowShare = 1
        rate.slow = .seconds(1)
        settings.trip = .rate(rate)
        let breaker = Trial(Breaker(settings))
        let first = try #require(breaker.pass(at: .running(0)))
        #expect(breaker.ended(first, failed: false, took: .seconds(1), at: .running(1)) == nil)
        let slow = Trial(Breaker(settings))
        let second = try #require(slow.pass(at: .running(0)))
        let transition = slow.ended(second, failed: false, took: .seconds(1) + .nanoseconds(1), at: .running(1))
        #expect(transition?.to == .open)
    }
}
