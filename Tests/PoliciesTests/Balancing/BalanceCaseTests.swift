import Core
import Policies
import Testing

/// Cases with known numbers, played through in virtual time.
@Suite("Balancers in known cases")
struct BalanceCaseTests {
    /// Ten endpoints: nine take 100 ms, one fails within 1 ms.
    private func blackHoleShare(_ rule: BalanceSettings.Rule, rate: Double, failureLatency: Span?) -> Double {
        var simulation = BalanceSimulation(rule, endpoints: 10)
        if let failureLatency { simulation.setFailureLatency(failureLatency) }
        simulation.run(rate: rate, lasting: Span(seconds: 20_000 / rate)) { place, _, _ in
            place == 4 ? .init(latency: .milliseconds(1), failed: true) : .init(latency: .milliseconds(100))
        }
        #expect(simulation.inFlight == 0)
        return Double(simulation.calls[4]) / Double(simulation.calls.reduce(0, +))
    }

    @Test(
        "send a share to an endpoint that fails fast",
        arguments: [
            (BalanceSettings.Rule.roundRobin, 20.0, 0.099...0.101), (.roundRobin, 1_000, 0.099...0.101),
            (.random, 200, 0.09...0.11),
            (.leastRequest(choices: 2), 20, 0.11...0.135), (.leastRequest(choices: 2), 200, 0.175...0.20),
            (.leastRequest(choices: 2), 1_000, 0.19...0.21),
            (.leastConnections, 20, 0.11...0.135), (.leastConnections, 200, 0.54...0.60),
            (.leastConnections, 1_000, 0.76...0.82),
        ])
    func blackHole(rule: BalanceSettings.Rule, rate: Double, share: ClosedRange<Double>) {
        let found = blackHoleShare(rule, rate: rate, failureLatency: nil)
        #expect(share ~= found, "\(rule) at \(rate)/s: \(found)")
    }

    @Test(
        "by peak EWMA send it a fifth when a failure counts as what it took, and next to nothing as it is",
        arguments: [20.0, 200, 1_000])
    func blackHoleByLatency(rate: Double) {
        let naive = blackHoleShare(.peakEWMA, rate: rate, failureLatency: .zero)
        #expect(0.18...0.21 ~= naive, "\(naive)")
        let penalised = blackHoleShare(.peakEWMA, rate: rate, failureLatency: nil)
        #expect(penalised < 0.02, "\(penalised)")
    }

    /// Eleven endpoints of 167 ± 5 ms, 1,000 calls per second; one takes 2 s from second 15 to 45 of 60; what takes more
    /// than 1 s has failed (Buoyant 2016, "Beyond Round Robin: Load Balancing for Latency"; published 95, 99, 99.9 %).
    @Test(
        "get round an endpoint that is slow for a while",
        arguments: [
            (BalanceSettings.Rule.roundRobin, 0.9535...0.9555), (.leastRequest(choices: 2), 0.993...0.997),
            (.leastConnections, 0.993...0.997), (.peakEWMA, 0.9985...0.9999),
        ])
    func slowEndpoint(rule: BalanceSettings.Rule, success: ClosedRange<Double>) {
        var simulation = BalanceSimulation(rule, endpoints: 11)
        simulation.run(rate: 1_000, lasting: .seconds(60)) { place, time, random in
            if place == 6, Span.seconds(15)..<Span.seconds(45) ~= time { return .init(latency: .seconds(2)) }
            return .init(latency: Span(seconds: 0.162 + 0.01 * random.nextUnit()))
        }
        let found = Double(simulation.good) / Double(simulation.calls.reduce(0, +))
        #expect(success ~= found, "\(rule): \(found)")
    }
}
