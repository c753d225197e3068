import Core
import Testing

@testable import Policies

@Suite("The slow start")
struct SlowStartTests {
    @Test(
        "grows with time to the power of 1/aggression, from a tenth",
        arguments: [
            (0.0, 1.0, 0.1), (6, 1, 0.1), (30, 1, 0.5), (60, 1, 1), (61, 1, 1), (45, 1, 0.75), (-5, 1, 0.1),
            (6, 2, 0.316), (30, 2, 0.707), (60, 2, 1), (0, 2, 0.129), (30, 0, 0.5), (30, .nan, 0.5),
            (30, .infinity, 1),
        ])
    func factors(seconds: Double, aggression: Double, expected: Double) {
        let start = SlowStart(window: .seconds(60), aggression: aggression)
        #expect(abs(start.factor(after: Span(seconds: seconds)) - expected) < 0.0005)
    }

    private func settings(_ rule: BalanceSettings.Rule) -> BalanceSettings {
        var settings = BalanceSettings(rule)
        settings.slowStart = .seconds(60)
        return settings
    }

    /// The share of place 3 in calls that are there one at a time, within a moment.
    private func share(_ subject: inout BalancerSubject) -> Double {
        let picks = (0..<8_000).map { _ in subject.call(.nanoseconds(1_000)) }
        return Double(countsOfPlaces(picks, of: 4)[3]) / 8_000
    }

    @Test("is not for those that are there at the start", arguments: balanceRules.map(\.rule))
    func atStart(rule: BalanceSettings.Rule) {
        var subject = BalancerSubject(settings(rule))
        subject.setMembers([])
        subject.setWeights([1, 1, 1, 1])
        #expect(abs(share(&subject) - 0.25) < 0.02)
    }

    @Test(
        "gives a newcomer its share by and by, whatever the rule",
        arguments: balanceRules.map(\.rule).filter { $0 != .peakEWMA })
    func newcomer(rule: BalanceSettings.Rule) {
        var subject = BalancerSubject(settings(rule))
        subject.setWeights([1, 1, 1])
        subject.setWeights([1, 1, 1, 1])
        for (wait, weight) in [(6, 0.1), (24, 0.5), (30, 1.0)] {
            subject.wait(.seconds(Int64(wait)))
            #expect(abs(share(&subject) - weight / (3 + weight)) < 0.015, "after \(wait) s more")
        }
    }

    @Test("draws a newcomer less often for the peak EWMA too")
    func newcomerOfLatencies() {
        var subject = BalancerSubject(settings(.peakEWMA))
        subject.setWeights([1, 1, 1])
        subject.setWeights([1, 1, 1, 1])
        subject.wait(.seconds(6))
        let few = share(&subject)
        subject.wait(.seconds(60))
        #expect(few < 0.12 && share(&subject) > 0.2)
    }

    @Test("is also for those that come back, and for no others")
    func comingBack() {
        var subject = BalancerSubject(settings(.random))
        subject.setWeights([1, 1, 1, 1])
        subject.wait(.seconds(100))
        subject.setAvailable(3, false)
        #expect(share(&subject) == 0)
        subject.setAvailable(3, true)
        #expect(abs(share(&subject) - 0.1 / 3.1) < 0.01)
        // Said again, it is no news; and a stay in the set is no return.
        subject.wait(.seconds(30))
        subject.setAvailable(3, true)
        subject.setWeights([1, 1, 1, 1])
        #expect(abs(share(&subject) - 0.5 / 3.5) < 0.015)
    }

    @Test("multiplies the weight")
    func weights() {
        var subject = BalancerSubject(settings(.weightedRoundRobin))
        subject.setWeights([1, 1, 2])
        subject.setWeights([1, 1, 2, 8])
        subject.wait(.seconds(30))
        #expect(abs(share(&subject) - 0.5) < 0.005)
    }
}
