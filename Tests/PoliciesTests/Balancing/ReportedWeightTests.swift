import Core
import Testing

@testable import Policies

@Suite("Weights by reports")
struct ReportedWeightTests {
    private func settings(_ rule: BalanceSettings.Rule = .weightedRoundRobin) -> BalanceSettings {
        var settings = BalanceSettings(rule)
        settings.weights = .header("endpoint-load-metrics")
        return settings
    }

    private let busy = LoadReport(utilisation: 0.8, requestsPerSecond: 80)
    private let idle = LoadReport(utilisation: 0.2, requestsPerSecond: 80)

    @Test("count after 10 s of reports, and until 3 min after the last one")
    func ages() {
        var weight = ReportedWeight()
        let start = Instant(nanoseconds: 1)
        #expect(weight.weight(at: start) == nil)
        weight.take(busy, at: start)
        #expect(weight.weight(at: start + .milliseconds(9_999)) == nil)
        #expect(weight.weight(at: start + .seconds(10)) == 100)
        weight.take(idle, at: start + .seconds(20))
        #expect(weight.weight(at: start + .seconds(20)) == 400)
        #expect(weight.weight(at: start + .milliseconds(199_999)) == 400)
        #expect(weight.weight(at: start + .seconds(200)) == nil)
        // What comes after an expiry is new: another 10 s.
        weight.take(idle, at: start + .seconds(201))
        #expect(weight.weight(at: start + .seconds(210)) == nil)
        #expect(weight.weight(at: start + .seconds(211)) == 400)
    }

    @Test("stay as they are after a report without a weight")
    func useless() {
        var weight = ReportedWeight()
        let start = Instant(nanoseconds: 1)
        weight.take(busy, at: start)
        weight.take(LoadReport(utilisation: 0, requestsPerSecond: 80), at: start + .seconds(11))
        #expect(weight.weight(at: start + .seconds(11)) == 100)
    }

    @Test("take the rate of the client's own answers when a report has none")
    func ownRate() {
        var weight = ReportedWeight()
        let start = Instant(nanoseconds: 1)
        for _ in 0..<50 { weight.answered() }
        weight.takeRate(over: .seconds(1))
        weight.take(LoadReport(utilisation: 0.5), at: start)
        #expect(weight.weight(at: start + .seconds(10)) == 100)
        for _ in 0..<100 { weight.answered() }
        weight.takeRate(over: .seconds(2))
        for _ in 0..<200 { weight.answered() }
        weight.takeRate(over: .seconds(2))
        weight.take(LoadReport(utilisation: 0.5), at: start)
        #expect(weight.weight(at: start + .seconds(10)) == 150)
        weight.takeRate(over: .zero)
        #expect(weight.weight(at: start + .seconds(10)) == 150)
    }

    /// Shares of the places in `turns` calls.
    private func shares(_ subject: inout BalancerSubject, _ count: Int, turns: Int = 3_000) -> [Double] {
        countsOfPlaces((0..<turns).map { _ in subject.call(.nanoseconds(1_000)) }, of: count).map {
            Double($0) / Double(turns)
        }
    }

    @Test(
        "decide the shares once two are known; the others get the mean",
        arguments: [
            BalanceSettings.Rule.weightedRoundRobin, .random, .leastConnections, .leastRequest(choices: 2),
        ])
    func shares(rule: BalanceSettings.Rule) {
        var subject = BalancerSubject(settings(rule))
        subject.setWeights([5, 1, 1])
        func even(_ shares: [Double]) -> Bool { shares.allSatisfy { abs($0 - 1.0 / 3) < 0.04 } }
        // Not the weights of the plan: they come from the header.
        #expect(even(shares(&subject, 3)))
        subject.balancer.report(0, busy, at: subject.now)
        subject.wait(.seconds(11))
        #expect(even(shares(&subject, 3)), "one is known")
        subject.balancer.report(1, idle, at: subject.now)
        #expect(even(shares(&subject, 3)), "the other is in its blackout")
        subject.wait(.seconds(10))
        // 100, 400, and 250 for the one that says nothing.
        let found = shares(&subject, 3)
        for (share, expected) in zip(found, [100.0 / 750, 400.0 / 750, 250.0 / 750]) {
            #expect(abs(share - expected) < 0.04)
        }
        subject.wait(.seconds(180))
        #expect(even(shares(&subject, 3)), "all are out of date")
    }

    @Test("do not drain what the plan does not drain, and let nobody take all")
    func bounds() {
        var subject = BalancerSubject(settings())
        subject.setWeights([1, 1, 0])
        for (place, rps) in [(0, 1e300), (1, 1e-300), (2, 1e9)] {
            subject.balancer.report(place, LoadReport(utilisation: 0.5, requestsPerSecond: rps), at: subject.now)
        }
        subject.wait(.seconds(11))
        let found = shares(&subject, 3, turns: 20_100)
        // 2 times the mean against 1/100 of it.
        #expect(found[2] == 0 && abs(found[1] - 0.01 / 2.01) < 0.0005)
    }

    @Test("are looked at by no rule whose weights are the plan's")
    func plan() {
        var subject = BalancerSubject(.weightedRoundRobin, weights: [1, 1])
        for place in 0...1 { subject.balancer.report(place, place == 0 ? busy : idle, at: subject.now) }
        subject.wait(.seconds(11))
        #expect(shares(&subject, 2) == [0.5, 0.5])
    }

    @Test("begin anew for one that comes back")
    func comingBack() {
        var subject = BalancerSubject(settings())
        subject.setWeights([1, 1])
        for place in 0...1 { subject.balancer.report(place, place == 0 ? busy : idle, at: subject.now) }
        subject.wait(.seconds(11))
        #expect(abs(shares(&subject, 2)[0] - 0.2) < 0.01)
        subject.setAvailable(0, false)
        subject.setAvailable(0, true)
        #expect(abs(shares(&subject, 2)[0] - 0.5) < 0.01)
    }
}
