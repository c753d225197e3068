import Core
import Model
import Simulation
import Testing

@Suite("Connections in virtual time")
struct ConnectionTests {
    static let path = TimeDistribution.constant(.milliseconds(10))

    @Test("opening costs a round trip, TLS one more, and a used connection nothing")
    func phases() {
        let host = SimulatedHost {
            $0.network.delay = Self.path
            $0.time = .constant(.milliseconds(5))
        }
        host.client()
        let attempts = host.run { host in
            let url = host.base().replacing("http:", with: "https:")
            return [await host.get(), await host.get(), await host.send(Request(url: url))]
        }
        #expect(attempts.map(\.took) == [.milliseconds(45), .milliseconds(25), .milliseconds(25)])
        #expect(attempts.map(\.phases.connect) == [.milliseconds(20), .zero, .zero])
        #expect(attempts.map(\.connectionsOpened) == [1, 0, 0])
    }

    @Test("the handshake of TLS is a phase of its own, the service's time for a new connection in it")
    func tls() {
        let host = SimulatedHost {
            $0.network.delay = Self.path
            $0.connection = .milliseconds(30)
        }
        host.client()
        let (secure, plain) = host.run { host in
            let url = host.base().replacing("http:", with: "https:")
            let secure = await host.send(Request(url: url))
            host.transports[0].close()
            host.client()
            return (secure, await host.get(from: 1))
        }
        #expect(secure.phases.connect == .milliseconds(20))
        // Taken at 10 ms and read at 40 ms; the client hears of it at 50 ms.
        #expect(secure.phases.tls == .milliseconds(30))
        #expect(secure.took == .milliseconds(70))
        #expect(plain.took == .milliseconds(50))
        #expect(plain.phases.connect == .milliseconds(20))
    }

    @Test("requests at once have a connection each; the one used last is used first")
    func reuse() {
        let host = SimulatedHost { $0.time = .constant(.milliseconds(1)) }
        host.client()
        let opened = host.run { host in
            let first = await host.together(5) { host, _ in await host.get() }
            let second = await host.together(3) { host, _ in await host.get() }
            return (first + second).map(\.connectionsOpened)
        }
        #expect(opened == [1, 1, 1, 1, 1, 0, 0, 0])
        let transport = host.transports[0]
        #expect(transport.openConnections == 5)
        #expect(transport.peakConnections == 5)
        #expect(transport.idleConnections(of: 0) == 5)
        #expect(host.lab.counts(of: 0).connections == 5)
        #expect(host.lab.counts(of: 0).open == 5)
        transport.close()
        #expect(transport.openConnections == 0)
        #expect(host.lab.counts(of: 0).open == 0)
    }

    @Test("at the limit an idle connection of another way makes room")
    func limit() {
        let host = SimulatedHost([ServiceDescription(name: "a"), ServiceDescription(name: "b")])
        host.client { $0.connections = 1 }
        let attempts = host.run { host in [await host.get(of: 0), await host.get(of: 1), await host.get(of: 0)] }
        #expect(attempts.map(\.connectionsOpened) == [1, 1, 1])
        #expect(host.transports[0].peakConnections == 1)
        #expect(host.lab.counts(of: 0).open == 1)
        #expect(host.lab.counts(of: 1).open == 0)
    }

    @Test("a connection ends after so many requests")
    func requests() {
        let host = SimulatedHost { _ in }
        host.client { $0.ages.requests = 3 }
        let opened = host.run { host in
            var opened: [Int32] = []
            for _ in 0..<7 { opened.append(await host.get().connectionsOpened) }
            return opened
        }
        #expect(opened == [1, 0, 0, 1, 0, 0, 1])
    }

    @Test("an idle connection is closed when its time has come, to the nanosecond")
    func idle() {
        let host = SimulatedHost { _ in }
        host.client { $0.ages.idle = .seconds(2) }
        let open = host.run { host in
            var open: [Int] = []
            _ = await host.get()
            await host.sleep(.seconds(1))
            _ = await host.get()
            await host.sleep(.nanoseconds(1_999_999_999))
            open.append(host.transports[0].openConnections)
            await host.sleep(.nanoseconds(2))
            open.append(host.transports[0].openConnections)
            return open
        }
        #expect(open == [1, 0])
    }

    @Test("a lifetime ends an idle connection, and the one in use with its request; jitter spreads it")
    func lifetime() {
        let host = SimulatedHost { $0.time = .constant(.milliseconds(400)) }
        host.client {
            $0.ages.lifetime = .seconds(1)
            $0.ages.jitter = 0.1
        }
        let opened = host.run { host in
            var opened: [Int32] = []
            for _ in 0..<9 { opened.append(await host.get().connectionsOpened) }
            return opened
        }
        // Three requests begin within the 0.9 to 1.1 s of each.
        #expect(opened == [1, 0, 0, 1, 0, 0, 1, 0, 0])
    }

    @Test("without a limit of ours, none is used that was idle for more than 118 s")
    func libraryLimit() {
        let host = SimulatedHost { _ in }
        host.client()
        let opened = host.run { host in
            var opened: [Int32] = []
            for pause in [0, 117, 119] as [Int64] {
                await host.sleep(.seconds(pause))
                opened.append(await host.get().connectionsOpened)
            }
            return opened
        }
        #expect(opened == [1, 0, 1])
    }

    @Test("ways have connections of their own; a closed one ends them and carries nothing")
    func ways() {
        var shop = ServiceDescription(name: "shop")
        shop.replicas = 2
        shop.listening = .each
        shop.time = .constant(.milliseconds(5))
        let host = SimulatedHost([shop])
        #expect(host.lab.listeners.map(\.service) == ["shop/0", "shop/1"])
        host.client()
        let transport = host.transports[0]
        for place in 0..<2 { transport.openRoute(place, to: host.lab.listeners[place].address, named: nil) }
        let attempts = host.run { host in
            let request = Request(url: "http://shop.example/")
            var attempts = await host.together(2) { host, place in await host.send(request, over: place) }
            async let last = host.send(request, over: 1)
            await host.sleep(.milliseconds(1))
            host.transports[0].closeRoute(1)
            attempts.append(await last)
            attempts.append(await host.send(request, over: 1))
            return attempts
        }
        #expect(attempts.map(\.failure) == [nil, nil, nil, .generator_fault])
        #expect(transport.openConnections(of: 0) == 1)
        #expect(transport.idleConnections(of: 0) == 1)
        #expect(transport.openConnections(of: 1) == 0)
        #expect(host.lab.counts(of: 0).received == 1)
        #expect(host.lab.counts(of: 1).received == 2)
    }

    @Test("a lost message is sent again after 200 ms, then 400 ms, and so on")
    func loss() {
        let host = SimulatedHost {
            $0.network.delay = Self.path
            $0.network.loss = 0.2
        }
        host.client()
        let times = host.run { host in
            var times: [Span] = []
            for _ in 0..<2_000 { times.append(await host.get(within: .seconds(100)).took) }
            return times
        }
        let late = times.count { $0 > .milliseconds(60) }
        // Two ways: 1 - 0.8² of the requests lose at least one message.
        #expect(abs(Double(late) / 2_000 - 0.36) < 0.04)
        #expect(times.contains(.milliseconds(220)))
        #expect(times.contains(.milliseconds(620)))
        #expect(times.allSatisfy { ($0.nanoseconds - 20_000_000) % 200_000_000 == 0 || $0 == times[0] })
    }
}
