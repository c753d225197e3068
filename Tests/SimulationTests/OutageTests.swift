import Core
import Loops
import Model
import Simulation
import Testing

@Suite("What happens to services over time")
struct OutageTests {
    /// Out from 100 ms to 200 ms.
    static func describe(_ service: inout ServiceDescription) {
        service.workers = 1
        service.time = .constant(.milliseconds(40))
        service.episodes = [Episode(.outage, at: .milliseconds(100), lasts: .milliseconds(100))]
    }

    @Test("an outage resets who waits and who is served, refuses who comes, and is over when it is over")
    func outage() {
        let host = SimulatedHost { Self.describe(&$0) }
        host.client()
        let (struck, later) = host.run { host in
            host.lab.begin(at: host.loop.now)
            await host.sleep(.milliseconds(70))
            let struck = await host.together(3) { host, _ in await host.get() }
            let refused = await host.get()
            await host.sleep(.milliseconds(100))
            return (struck, [refused, await host.get()])
        }
        #expect(struck.map(\.failure) == [.reset, .reset, .reset])
        #expect(struck.allSatisfy { $0.took == .milliseconds(30) })
        #expect(later.map(\.failure) == [.connect_refused, nil])
        #expect(later[0].systemError == 111)
        let counts = host.lab.counts(of: 0)
        #expect(counts.lost == 3)
        #expect(counts.answered == 1)
        expectRest(host, received: 4)
    }

    @Test("a request on a used connection is sent again when that is reset, and refused then")
    func sentAgain() {
        let host = SimulatedHost { Self.describe(&$0) }
        host.client()
        let attempt = host.run { host in
            host.lab.begin(at: host.loop.now)
            _ = await host.get()
            await host.sleep(.milliseconds(30))
            return await host.get()
        }
        #expect(attempt.failure == .connect_refused)
        #expect(attempt.reachedServer)
        #expect(attempt.resends == 0)
        expectRest(host, received: 2)
    }

    @Test("idle connections are closed by an outage, and connecting ones refused")
    func connections() {
        let host = SimulatedHost {
            Self.describe(&$0)
            $0.network.delay = .constant(.milliseconds(10))
        }
        host.client()
        let (open, refused) = host.run { host in
            host.lab.begin(at: host.loop.now)
            _ = await host.get()
            await host.sleep(.milliseconds(15))
            let before = host.transports[0].openConnections
            // Its first packet arrives at 105 ms.
            host.transports[0].openRoute(1, to: host.lab.listeners[0].address, named: nil)
            let refused = await host.get(over: 1)
            return ([before, host.transports[0].openConnections], refused)
        }
        #expect(open == [1, 0])
        #expect(refused.failure == .connect_refused)
        #expect(refused.took == .milliseconds(20))
        expectRest(host)
    }

    @Test("one replica of two that is out loses its own requests, and the other serves on")
    func oneOfTwo() {
        let host = SimulatedHost {
            Self.describe(&$0)
            $0.replicas = 2
            $0.episodes[0].replicas = 0...0
        }
        host.client()
        let (struck, later) = host.run { host in
            host.lab.begin(at: host.loop.now)
            await host.sleep(.milliseconds(70))
            let struck = await host.together(2) { host, _ in await host.get() }
            return (struck, await host.together(2) { host, _ in await host.get() })
        }
        #expect(struck.map(\.failure) == [.reset, nil])
        #expect(later.map(\.failure) == [nil, nil])
        expectRest(host, received: 4)
    }

    @Test("a pause holds what is under way, and more workers begin who waits")
    func pauseAndWorkers() {
        let host = SimulatedHost {
            $0.workers = 1
            $0.time = .constant(.milliseconds(50))
            $0.episodes = [
                Episode(.pause, at: .milliseconds(20), lasts: .milliseconds(100)),
                Episode(.workers(3), at: .milliseconds(1_010), lasts: .milliseconds(500)),
            ]
        }
        host.client()
        let (paused, served) = host.run { host in
            let origin = host.loop.now
            host.lab.begin(at: origin)
            let paused = await host.get()
            _ = await host.loop.sleep(until: origin + .seconds(1), in: SleepGroup(id: 1))
            return (paused, await host.together(3) { host, _ in await host.get() })
        }
        #expect(paused.took == .milliseconds(150))
        #expect(served.map(\.took) == [.milliseconds(50), .milliseconds(60), .milliseconds(60)])
        expectRest(host, received: 4)
    }
}
