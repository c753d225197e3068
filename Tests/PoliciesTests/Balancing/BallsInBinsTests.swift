import Core
import Policies
import Testing

/// Calls that never end are balls in bins: how far the fullest is above the mean (Azar, Broder, Karlin, Upfal 1994).
@Suite("Balls in bins")
struct BallsInBinsTests {
    /// Bounds are the means of many runs in the reference (137, 74, 4.5; 1, 2, 2) with room for the luck of one.
    @Test(
        "are thrown as theory says",
        arguments: [
            ("random", BalanceSettings.Rule.random, 10, 100_000, 40.0...300.0),
            ("random", .random, 100, 100_000, 40...140),
            ("random", .random, 1_000, 1_000, 3...9), ("two choices", .leastRequest(choices: 2), 10, 100_000, 0...2.5),
            ("two choices", .leastRequest(choices: 2), 100, 100_000, 1...4),
            ("two choices", .leastRequest(choices: 2), 1_000, 1_000, 1...4),
            ("three choices", .leastRequest(choices: 3), 100, 100_000, 0.5...2),
            ("least connections", .leastConnections, 10, 100_003, 0.5...1),
            ("least connections", .leastConnections, 100, 10_000, 0...0),
            ("round robin", .roundRobin, 10, 100_000, 0...0),
        ])
    func gap(name: String, rule: BalanceSettings.Rule, bins: Int, balls: Int, bounds: ClosedRange<Double>) {
        var subject = BalancerSubject(rule, members: bins, seed: 11)
        for _ in 0..<balls { _ = subject.place() }
        let fullest = (0..<bins).map { subject.balancer.inFlight($0) }.max() ?? 0
        let gap = Double(fullest) - Double(balls) / Double(bins)
        #expect(bounds ~= gap, "\(name): \(gap)")
    }

    @Test("of two choices never both fall into the fuller of two bins")
    func distinct() {
        var subject = BalancerSubject(.leastRequest(choices: 2), members: 2)
        for ball in 1...1_000 {
            _ = subject.place()
            #expect(abs(subject.balancer.inFlight(0) - subject.balancer.inFlight(1)) == ball % 2)
        }
    }
}
