import Core
import Lab
import Model
import TestSupport
import Testing
import Transport

/// How connections end: after so many requests, so much time, so much idleness, or to make room.
@Suite("Ages of connections", .serialized)
struct ConnectionAgeTests {
    private func isWell(_ attempts: [Attempt]) -> Bool {
        attempts.allSatisfy { $0.status == 200 && $0.failure == nil && $0.resends == 0 }
    }

    @Test(
        "a connection serves so many requests and no more",
        arguments: [(1, 10, 10), (3, 10, 4), (5, 10, 2), (10, 10, 1), (11, 10, 1)])
    func requests(limit: Int, sent: Int, connections: Int) async throws {
        try await withService { _ in
        } _: { lab, port in
            let attempts = try await TransportHost.with {
                $0.ages.requests = limit
            } _: { host in
                try await host.send(Request(url: "http://127.0.0.1:\(port)/"), users: 1, times: sent)
            }
            #expect(isWell(attempts))
            let counts = try #require(await lab.counts(of: "lab"))
            #expect(counts.received == sent)
            #expect(counts.connections == connections)
        }
    }

    @Test("the limit holds for every connection of many users, and nothing is lost at it")
    func requestsOfMany() async throws {
        try await withService { _ in
        } _: { lab, port in
            let attempts = try await TransportHost.with {
                $0.ages.requests = 4
            } _: { host in
                try await host.send(Request(url: "http://127.0.0.1:\(port)/"), users: 80, times: 20)
            }
            #expect(isWell(attempts))
            let counts = try #require(await lab.counts(of: "lab"))
            #expect(counts.received == 1_600)
            // Each has at most four; those that are open at the end may have fewer.
            #expect(counts.connections >= 400 && counts.connections <= 480)
        }
    }

    @Test("a connection beyond its lifetime takes no request more, and ends by itself when it is idle")
    func lifetime() async throws {
        try await withService { _ in
        } _: { lab, port in
            try await TransportHost.with {
                $0.ages.lifetime = .milliseconds(50)
                $0.ages.jitter = 0.5
            } _: { host in
                let request = Request(url: "http://127.0.0.1:\(port)/")
                var attempts: [Attempt] = []
                let began = SuspendingClock().now
                while SuspendingClock().now < began + .milliseconds(500) {
                    attempts.append(try await host.send(request))
                }
                #expect(isWell(attempts))
                let opened = attempts.map { Int($0.connectionsOpened) }.reduce(0, +)
                // Each lives for 75 ms at the longest.
                #expect(opened >= 6)
                #expect(await lab.counts(of: "lab")?.connections == opened)
                #expect(await eventually { await host.openConnections == 0 })
                #expect(await eventually { await lab.counts(of: "lab")?.open == 0 })
            }
        }
    }

    @Test("idle connections are closed in the background, busy ones are not")
    func idle() async throws {
        try await withService {
            $0.workers = 128
            $0.time = .constant(.milliseconds(1))
            $0.faults = [Fault(.delay(.milliseconds(600)), path: "/slow")]
        } _: { lab, port in
            try await TransportHost.with {
                $0.ages.idle = .milliseconds(100)
            } _: { host in
                async let slow = host.send(Request(url: "http://127.0.0.1:\(port)/slow"))
                let quick = try await host.send(Request(url: "http://127.0.0.1:\(port)/"), users: 70, times: 1)
                #expect(isWell(quick))
                let attempt = try await slow
                #expect(attempt.status == 200 && attempt.failure == nil)
                #expect(await eventually { await host.openConnections == 0 })
                #expect(await eventually { await lab.counts(of: "lab")?.open == 0 })
            }
        }
    }

    @Test("no request is lost or sent twice where it meets the end of an idle connection")
    func idleRace() async throws {
        try await withService { _ in
        } _: { lab, port in
            try await TransportHost.with {
                $0.ages.idle = .milliseconds(20)
            } _: { host in
                var attempts: [Attempt] = []
                for pause in 15...25 {
                    attempts += try await host.send(Request(url: "http://127.0.0.1:\(port)/"), users: 8, times: 2)
                    try await SuspendingClock().sleep(for: .milliseconds(pause))
                }
                #expect(isWell(attempts))
                #expect(await lab.counts(of: "lab")?.received == attempts.count)
            }
        }
    }

    @Test("a connection that the server has closed is taken out in the background; a living one stays and serves")
    func validate() async throws {
        try await withService {
            $0.faults = [Fault(.closeAfter, path: "/last")]
        } _: { _, port in
            try await TransportHost.with {
                $0.ages.validate = .milliseconds(30)
            } _: { host in
                #expect(try await host.send(Request(url: "http://127.0.0.1:\(port)/last")).status == 200)
                #expect(await eventually { await host.openConnections == 0 })
                #expect(try await host.send(Request(url: "http://127.0.0.1:\(port)/")).connectionsOpened == 1)
                try await SuspendingClock().sleep(for: .milliseconds(150))
                #expect(await host.openConnections == 1)
                #expect(try await host.send(Request(url: "http://127.0.0.1:\(port)/")).connectionsOpened == 0)
            }
        }
    }

    @Test("at the limit of connections the one that was idle for longest makes room, whatever its way")
    func room() async throws {
        let services = ["one", "two", "three"].map { name in
            var service = ServiceDescription(name: name)
            // So that two users need two connections.
            service.time = .constant(.milliseconds(50))
            return service
        }
        try await withLab(services) { lab in
            try await TransportHost.with {
                $0.connections = 4
            } _: { host in
                let request = Request(url: "http://shop.invalid/")
                for (place, address) in lab.addresses.enumerated() {
                    await host.openRoute(place, to: address.authority)
                    let attempts = try await host.send(request, over: place, users: 2, times: 1)
                    #expect(isWell(attempts))
                }
                #expect(await host.openConnections == 4)
                #expect(await host.peakConnections == 4)
                for (place, open) in [0, 2, 2].enumerated() { #expect(await host.openConnections(of: place) == open) }
                #expect(await eventually { await lab.counts(of: "one")?.open == 0 })
                // When none is idle the transfers go on: who may send is not the transport's to say.
                let attempts = try await host.send(request, over: 2, users: 6, times: 1)
                #expect(isWell(attempts))
                #expect(await host.openConnections == 6)
            }
        }
    }
}
