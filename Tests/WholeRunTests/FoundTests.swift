import Core
import Plans
import Recording
import Testing

/// What campaigns have found, each as the least plan that shows it.
@Suite("What random plans have found")
struct FoundTests {
    private func flaws(of drawn: RandomPlan) throws -> [String] {
        let plan = try drawn.read()
        return (0..<20).flatMap { index in
            var other = drawn
            other.seed = drawn.seed + UInt64(index)
            return SimulatedRun(plan, other).violations
        }
    }

    @Test("requests that are on their way when their service goes out are sent, and not received")
    func outage() throws {
        let plan = RandomPlan(
            load: "{ rate: 100/s, for: 1s }",
            """
            client: { timeout: { total: 100ms } }
            lab:
              services:
                shop:
                  time: 10ms
                  network: { delay: 30ms }
                  episodes: [{ outage: 100ms, at: 200ms, every: 300ms }]
            """)
        #expect(try flaws(of: plan) == [])
    }

    @Test(
        "requests on connections that a fault has struck are sent, and not received",
        arguments: [
            "tls-stall", "close-on-accept",
        ])
    func struckConnections(fault: String) throws {
        let plan = RandomPlan(
            load: "{ rate: 100/s, for: 500ms }",
            """
            client: { timeout: { total: 100ms } }
            lab: { services: { shop: { time: 10ms, faults: [{ fault: \(fault), share: 30% }] } } }
            """)
        #expect(try flaws(of: plan) == [])
    }

    @Test("requests that are on their way at the end of the run are sent, and not received yet")
    func onTheirWay() throws {
        let plan = RandomPlan(
            load: "{ rate: 100/s, for: 500ms }", stopsAt: .milliseconds(200),
            """
            client: { timeout: { total: 100ms } }
            lab: { services: { shop: { time: 10ms, connection: 200ms, network: { delay: 60ms } } } }
            """)
        #expect(try flaws(of: plan) == [])
    }

    @Test("a setup that is stopped and fails leaves nobody asleep")
    func stoppedSetup() throws {
        let plan = RandomPlan(
            load: "{ rate: 10/s, for: 1s }", stopsAt: .milliseconds(50),
            """
            client: { timeout: { total: 100ms } }
            setup: [{ get: /login }]
            lab: { services: { shop: { time: 1s } } }
            """)
        #expect(try flaws(of: plan) == [])
    }

    @Test("no part of a call goes to a shard that leaves in the instant in which the call begins")
    func departedShard() throws {
        let plan = RandomPlan(
            load: "{ rate: 100/s, for: 1s }", shuffles: true,
            """
            endpoints: [lab/shop]
            client: { shard: hash, timeout: { total: 100ms } }
            lab:
              services:
                shop:
                  replicas: 3
                  listen: each
                  time: 10ms
                  episodes: [{ outage: 20ms, every: 50ms, announced: true, replicas: 0 }]
            """)
        #expect(try flaws(of: plan) == [])
    }

    @Test("an attempt that is not needed any more when it may open a connection gives that back")
    func neverOpened() throws {
        let plan = RandomPlan(
            load: "{ rate: 100/s, burst: 5, for: 1s }", shuffles: true,
            """
            endpoints: [lab/shop]
            client:
              timeout: { total: 100ms }
              hedge: { after: 10ms, most: 2, budget: 100% }
              pool: { per-endpoint: 2, opening: 1, wait: 50ms, requests: 1 }
            lab:
              services:
                shop: { replicas: 2, listen: each, time: 10ms to 30ms, connection: 10ms }
            """)
        #expect(try flaws(of: plan) == [])
    }

    @Test("the redirects that a health check follows are requests like its first")
    func redirectedCheck() throws {
        let plan = RandomPlan(
            load: "{ rate: 10/s, for: 1s }",
            """
            client: { redirects: 2, health: { check: { path: /health, interval: 50ms } } }
            lab:
              services:
                shop: { time: 10ms, faults: [{ fault: redirect, to: /elsewhere, path: /health }] }
            """)
        #expect(try flaws(of: plan) == [])
    }

    @Test("what happens in setup happens before the run, and its events say so")
    func eventsOfSetup() throws {
        let plan = RandomPlan(
            load: "{ rate: 100/s, for: 500ms }",
            """
            client:
              breaker: { slow-rate: 10%, slow: 70ms, window: 5 calls, minimum: 1, open: 130ms }
            setup: [{ get: /login }]
            lab: { services: { shop: { time: 120ms } } }
            """)
        let run = SimulatedRun(try plan.read(), plan)
        #expect(run.violations == [])
        #expect(run.outcome.events.first.map { "\($0.what) \($0.time) \($0.detail)" } == "open 0 ns for 0.1 s")
    }
}
