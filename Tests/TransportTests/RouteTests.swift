import Core
import Lab
import Model
import TestSupport
import Testing
import Transport

/// One URL, several addresses: each way has connections of its own, and the target's name goes along.
@Suite("Routes", .serialized)
struct RouteTests {
    /// A name that leads nowhere, so that whatever answers was reached by a route.
    private static let target = Request(url: "http://shop.invalid:8080/basket")

    private func withThree<Value: Sendable>(
        _ change: (inout TransportSettings) -> Void = { _ in }, time: Span = .zero,
        _ body: (LabServer, TransportHost) async throws -> Value
    ) async throws -> Value {
        let services = ["one", "two", "three"].map { name in
            var service = ServiceDescription(name: name)
            service.echoes = true
            service.workers = 256
            service.time = .constant(time)
            return service
        }
        return try await withLab(services) { lab in
            try await TransportHost.with(change) { host in
                for (place, address) in lab.addresses.enumerated() {
                    await host.openRoute(place, to: address.authority)
                }
                return try await body(lab, host)
            }
        }
    }

    private func received(_ lab: LabServer) async -> [Int] {
        var counts: [Int] = []
        for address in lab.addresses { counts.append(await lab.counts(of: address.service)?.received ?? -1) }
        return counts
    }

    @Test("each endpoint receives what was sent over its place, on connections of its own")
    func byPlace() async throws {
        try await withThree { lab, host in
            for (place, times) in [5, 7, 11].enumerated() {
                let attempts = try await host.send(Self.target, over: place, users: 1, times: times)
                #expect(attempts.allSatisfy { $0.status == 200 && $0.failure == nil })
                #expect(attempts.map(\.connectionsOpened).reduce(0, +) == 1)
            }
            // In turn, as a balancer would: no connection is opened any more.
            for turn in 0..<30 {
                #expect(try await host.send(Self.target, over: turn % 3).connectionsOpened == 0)
            }
            #expect(await received(lab) == [15, 17, 21])
            for place in 0..<3 {
                #expect(await host.openConnections(of: place) == 1)
                #expect(await host.idleConnections(of: place) == 1)
            }
            #expect(await host.openConnections == 3)
        }
    }

    @Test("many at once over several places stay apart")
    func concurrently() async throws {
        try await withThree(time: .milliseconds(2)) { lab, host in
            async let first = host.send(Self.target, over: 0, users: 100, times: 5)
            async let second = host.send(Self.target, over: 1, users: 30, times: 5)
            async let third = host.send(Self.target, over: 2, users: 1, times: 5)
            let all = try await first + second + third
            #expect(all.allSatisfy { $0.status == 200 && $0.failure == nil })
            #expect(await received(lab) == [500, 150, 5])
            for (place, address) in lab.addresses.enumerated() {
                let counts = try #require(await lab.counts(of: address.service))
                #expect(await host.openConnections(of: place) == counts.open)
            }
        }
    }

    @Test("the Host header is that of the URL")
    func hostHeader() async throws {
        try await withThree { _, host in
            for place in 0..<3 {
                let answers = try await host.exchange(Self.target, over: place, [{ _ in }])
                #expect(answers[0].body.contains(#""host":"shop.invalid:8080""#))
            }
        }
    }

    @Test(
        "SNI and the certificate's name are those of the URL, whatever the address",
        .enabled(if: TestCertificates.isAvailable, "the `openssl` command is missing"))
    func tls() async throws {
        let certificates = try TestCertificates.shared()
        var service = ServiceDescription(name: "elsewhere")
        service.tls = certificates.wrongHost
        try await withLab([service]) { lab in
            try await TransportHost.with {
                $0.tls.authority = certificates.authority
            } _: { host in
                await host.openRoute(0, to: lab.addresses[0].authority)
                let named = try await host.send(Request(url: "https://elsewhere.invalid/"))
                #expect(named.status == 200 && named.failure == nil)
                let misnamed = try await host.send(Request(url: "https://localhost/"))
                #expect(misnamed.failure == .tls_wrong_host)
            }
        }
    }

    @Test("a way that closes lets its idle connections go at once, and carries nothing; the others stay")
    func closeIdle() async throws {
        try await withThree { lab, host in
            for place in 0..<3 { _ = try await host.send(Self.target, over: place, users: 3, times: 2) }
            await host.closeRoute(1)
            #expect(await host.openConnections(of: 1) == 0)
            let kept = await host.openConnections(of: 0) + host.openConnections(of: 2)
            #expect(await host.openConnections == kept)
            #expect(await eventually { await lab.counts(of: "two")?.open == 0 })
            #expect(try await host.send(Self.target, over: 1).failure == .generator_fault)
            await host.openRoute(1, to: lab.addresses[1].authority)
            #expect(try await host.send(Self.target, over: 1).connectionsOpened == 1)
        }
    }

    @Test("a busy connection of a way that closes ends with its transfer, and the way may be opened meanwhile")
    func closeBusy() async throws {
        try await withThree(time: .milliseconds(300)) { lab, host in
            async let busy = host.send(Self.target, over: 1, users: 3, times: 1)
            #expect(await eventually { await lab.counts(of: "two")?.received == 3 })
            await host.closeRoute(1)
            #expect(await host.openConnections(of: 1) == 3)
            #expect(await host.idleConnections(of: 1) == 0)
            await host.openRoute(1, to: lab.addresses[1].authority)
            let again = try await host.send(Self.target, over: 1)
            #expect(again.status == 200 && again.connectionsOpened == 1)
            #expect(try await busy.allSatisfy { $0.status == 200 && $0.failure == nil })
            #expect(await eventually { await host.openConnections(of: 1) == 1 })
            #expect(await eventually { await lab.counts(of: "two")?.open == 1 })
        }
    }

    @Test("what has no place carries nothing", arguments: [-1, 3, 4_095, 4_096, Int.max, Int.min])
    func nowhere(place: Int) async throws {
        try await withThree { _, host in
            let attempt = try await host.send(Self.target, over: place)
            #expect(attempt.failure == .generator_fault)
            await host.closeRoute(place)
            #expect(await host.openConnections(of: place) == 0)
            #expect(await host.idleConnections(of: place) == 0)
        }
    }

    @Test("a redirect within the target's origin stays on its way; another host is found where its name leads")
    func redirects() async throws {
        var (target, other) = (ServiceDescription(name: "target"), ServiceDescription(name: "other"))
        other.echoes = true
        try await withLab([other]) { others in
            target.faults = [
                Fault(.redirect(location: "/there"), path: "/near"),
                Fault(.redirect(location: "http://shop.invalid:8080/there"), path: "/named"),
                Fault(.redirect(location: others.addresses[0].url + "/there"), path: "/far"),
            ]
            try await withLab([target]) { lab in
                try await TransportHost.with {
                    $0.redirects = 2
                } _: { host in
                    await host.openRoute(0, to: lab.addresses[0].authority)
                    for (path, atTarget, atOther) in [("/near", 2, 0), ("/named", 4, 0), ("/far", 5, 1)] {
                        let attempt = try await host.send(Request(url: "http://shop.invalid:8080" + path))
                        #expect(attempt.status == 200 && attempt.redirects == 1, "\(path)")
                        #expect(await lab.counts(of: "target")?.received == atTarget, "\(path)")
                        #expect(await others.counts(of: "other")?.received == atOther, "\(path)")
                    }
                }
            }
        }
    }

    @Test(
        "who may be sent to is judged by the address, and by the endpoint's own name if it has one",
        arguments: [
            ("203.0.113.7:80", "203.0.113.7", true), ("203.0.113.7:80", "shop.invalid", true),
            ("203.0.113.7:80", "other.invalid", false), ("far.invalid:80", "far.invalid", true),
            ("far.invalid:80", "203.0.113.0/24", true), ("far.invalid:80", "shop.invalid", false),
            ("169.254.169.254:80", "shop.invalid", false),
        ])
    func hosts(endpoint: String, rule: String, allowed: Bool) async throws {
        let hosts = HostGuard(allowed: [try HostRule(rule)])
        try await TransportHost.with(
            {
                $0.hosts = hosts
                $0.connectTimeout = .milliseconds(50)
            }, resolved: "far.invalid:80:203.0.113.9"
        ) { host in
            await host.openRoute(0, to: endpoint)
            // 203.0.113.0/24 is for documentation: nobody is there, whether or not the machine has a way to it.
            let attempt = try await host.send(Self.target, within: .milliseconds(100))
            #expect((attempt.failure != .host_refused) == allowed, "\(attempt)")
        }
    }

    @Test("a transport that was closed has no connection, and its loop lets it go")
    func freed() async throws {
        try await withThree(time: .milliseconds(1)) { lab, host in
            for place in 0..<3 { _ = try await host.send(Self.target, over: place, users: 70, times: 2) }
            #expect(await host.openConnections > 0)
            #expect(await host.closeTransport() == 0)
            #expect(await eventually { await host.isFreed })
            for address in lab.addresses {
                #expect(await eventually { await lab.counts(of: address.service)?.open == 0 })
            }
        }
    }
}
