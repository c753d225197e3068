import Core
import Lab
import Model
import TestSupport
import Testing
import Transport

@Suite("Connections", .serialized)
struct ConnectionTests {
    @Test("a user keeps one connection; the books agree with the server's", arguments: [1, 8, 100])
    func reuse(users: Int) async throws {
        try await withService { _ in
        } _: { lab, port in
            let attempts = try await TransportHost.with { host in
                try await host.send(Request(url: "http://127.0.0.1:\(port)/"), users: users, times: 20)
            }
            #expect(attempts.count == users * 20)
            #expect(attempts.allSatisfy { $0.failure == nil && $0.status == 200 })
            let opened = attempts.map { Int($0.connectionsOpened) }.reduce(0, +)
            #expect(opened <= users)
            let counts = try #require(await lab.counts(of: "lab"))
            #expect(counts.received == attempts.count + attempts.map { Int($0.resends) }.reduce(0, +))
            #expect(counts.connections == opened)
        }
    }

    /// A request that crosses the server's end of the connection is sent again by libcurl, or fails as a reset where
    /// libcurl cannot tell whether the server had begun with it: which of the two is a race, and both are counted.
    @Test("a server that closes kept connections is met with a new one each time, and nothing is lost or hidden")
    func closeAfter() async throws {
        try await withService {
            $0.faults = [Fault(.closeAfter)]
        } _: { lab, port in
            let attempts = try await TransportHost.with { host in
                try await host.send(Request(url: "http://127.0.0.1:\(port)/"), users: 4, times: 25)
            }
            #expect(attempts.count == 100)
            let failed = attempts.filter { $0.failure != nil }
            #expect(failed.allSatisfy { $0.failure == .reset && $0.connectionsOpened == 0 })
            let resends = attempts.map { Int($0.resends) }.reduce(0, +)
            let counts = try #require(await lab.counts(of: "lab"))
            // Each answer was asked for at least once, and nothing reached the server that is in no book of ours.
            #expect(counts.received >= 100 - failed.count && counts.received <= 100 + resends)
        }
    }

    @Test("the three stamps are in order, and connection phases stand only where a connection was opened")
    func stamps() async throws {
        try await withService {
            $0.time = .constant(.milliseconds(20))
        } _: { _, port in
            let attempts = try await TransportHost.with { host in
                try await host.send(Request(url: "http://127.0.0.1:\(port)/"), users: 1, times: 3)
            }
            for attempt in attempts {
                #expect(attempt.sent < attempt.firstByte)
                #expect(attempt.firstByte <= attempt.end)
                #expect(attempt.end - attempt.sent >= .milliseconds(20))
            }
            #expect(attempts.map(\.connectionsOpened) == [1, 0, 0])
            #expect(attempts[0].phases.connect > .zero)
            #expect(attempts[1].phases.isEmpty)
        }
    }

    @Test("a deadline ends the transfer, whose connection goes with it")
    func deadline() async throws {
        try await withService {
            $0.time = .constant(.seconds(30))
        } _: { _, port in
            try await TransportHost.with { host in
                let attempt = try await host.send(
                    Request(url: "http://127.0.0.1:\(port)/"), within: .milliseconds(100), kind: .total_timeout)
                #expect(attempt.failure == .total_timeout)
                #expect(attempt.end - attempt.sent >= .milliseconds(99))
                #expect(await host.openConnections == 0)
            }
        }
    }

    @Test("cancelling ends every transfer under way, as cancelled")
    func cancelling() async throws {
        try await withService {
            $0.time = .constant(.seconds(30))
        } _: { lab, port in
            try await TransportHost.with { host in
                let request = Request(url: "http://127.0.0.1:\(port)/")
                async let attempts = host.send(request, users: 70, times: 1)
                #expect(await eventually { await lab.counts(of: "lab")?.received == 70 })
                await host.cancelAll()
                let all = try await attempts
                #expect(all.count == 70 && all.allSatisfy { $0.cancelled && $0.failure == nil })
                #expect(await host.openConnections == 0)
            }
        }
    }

    @Test(
        "every method arrives, with and without a body",
        arguments: [
            ("GET", nil), ("HEAD", nil), ("POST", "a=1"), ("POST", ""), ("PUT", "text"), ("PATCH", "{}"),
            ("DELETE", nil), ("DELETE", "why"), ("OPTIONS", nil), ("PURGE", nil), ("GET", "odd"), ("POST", nil),
        ] as [(String, String?)])
    func methods(method: String, body: String?) async throws {
        try await withService { _ in
        } _: { lab, port in
            let request = Request(
                method: method, url: "http://127.0.0.1:\(port)/things?x=1",
                headers: [Header(name: "X-Empty", value: ""), Header(name: "X-Some", value: "a b")],
                body: body.map { Array($0.utf8) })
            let attempts = try await TransportHost.with { host in
                try await host.send(request, users: 1, times: 2)
            }
            #expect(attempts.allSatisfy { $0.failure == nil && $0.status == 200 }, "\(attempts)")
            #expect(await lab.counts(of: "lab")?.received == 2)
            #expect(attempts.map(\.connectionsOpened) == [1, 0])
        }
    }

    @Test("a large body goes out whole and at once, without waiting for 100 Continue")
    func upload() async throws {
        try await withService { _ in
        } _: { _, port in
            let body = [UInt8](repeating: 0x61, count: 2 << 20)
            let attempt = try await TransportHost.with { host in
                try await host.send(Request(method: "POST", url: "http://127.0.0.1:\(port)/", body: body))
            }
            #expect(attempt.failure == nil)
            #expect(attempt.bytesSent >= Int64(body.count))
            #expect(attempt.end - attempt.sent < .milliseconds(900))
        }
    }

    @Test("a name that was resolved beforehand is not looked up again")
    func resolved() async throws {
        try await withService { _ in
        } _: { _, port in
            let attempt = try await TransportHost.with(resolved: "shop.invalid:\(port):127.0.0.1") { host in
                try await host.send(Request(url: "http://shop.invalid:\(port)/"))
            }
            #expect(attempt.status == 200)
        }
    }

    @Test(
        "what would break a request apart is refused before it is sent",
        arguments: [
            Request(url: "http://127.0.0.1/", headers: [Header(name: "X", value: "a\r\nY: b")]),
            Request(url: "http://127.0.0.1/", headers: [Header(name: "X\r\nY", value: "a")]),
            Request(method: "GET / HTTP/1.1\r\nX: y", url: "http://127.0.0.1/"),
            Request(url: "http://"),
        ])
    func injection(_ request: Request) async throws {
        await #expect(throws: InvalidRequest.self) {
            try await TransportHost.with { host in try await host.send(request) }
        }
    }
}
