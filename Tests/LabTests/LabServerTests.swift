import Core
import Lab
import Model
import TestSupport
import Testing

/// Starting, stopping, and being found.
@Suite struct LabServerTests {
    @Test func everyServiceHasItsOwnPortAndItsOwnCounts() async throws {
        var stock = ServiceDescription(name: "stock")
        stock.status = 201
        try await withLab([ServiceDescription(name: "shop"), stock], threads: 2) { lab in
            #expect(lab.addresses.map(\.service) == ["shop", "stock"])
            let (shop, stock) = (try #require(lab.address(of: "shop")), try #require(lab.address(of: "stock")))
            #expect(shop.port != stock.port)
            #expect(shop.url == "http://127.0.0.1:\(shop.port)")
            let (one, other) = (try RawClient(port: shop.port), try RawClient(port: stock.port))
            #expect(try one.get().status == 200)
            #expect(try other.get().status == 201)
            #expect(await lab.counts(of: "shop")?.received == 1)
            #expect(await lab.counts(of: "stock")?.received == 1)
            #expect(lab.address(of: "till") == nil)
            #expect(await lab.counts(of: "till") == nil)
        }
    }

    @Test func anIPv6HostStandsInBrackets() {
        let address = LabAddress(service: "shop", host: "::1", port: 8080, isTLS: true)
        #expect(address.url == "https://[::1]:8080")
    }

    @Test func aPortThatWasGivenIsTheOneListenedOn() async throws {
        var port: UInt16 = 0
        try await withService { _, free in port = free }
        try await withService {
            $0.port = port
        } _: { lab, bound in
            #expect(bound == port)
            let client = try RawClient(port: port)
            #expect(try client.get().status == 200)
        }
    }

    @Test func aPortThatIsTakenIsAProblemWithItsName() async throws {
        try await withService { _, taken in
            var service = ServiceDescription(name: "shop")
            service.port = taken
            let problem = await #expect(throws: LabProblem.self) {
                // A service that could listen stands before it; the problem must close that one, too.
                try await LabServer.start(LabDescription(services: [.init(name: "first"), service]), seed: 1)
            }
            let text = try #require(problem).description
            #expect(text.hasPrefix("lab service \"shop\": cannot listen on 127.0.0.1:\(taken): "))
            #expect(text.hasSuffix("; give another port, or none for any free one"))
        }
    }

    @Test func aFlawIsAProblem() async throws {
        let problem = await #expect(throws: LabProblem.self) {
            try await LabServer.start(LabDescription(services: []), seed: 1)
        }
        #expect(problem?.description == "lab: it has no service; describe at least one")
    }

    @Test func afterAStopNothingListensAndTheCountsRemain() async throws {
        let lab = try await LabServer.start(LabDescription(services: [.init(name: "shop")]), seed: 1)
        let port = lab.addresses[0].port
        let client = try RawClient(port: port)
        #expect(try client.get().status == 200)
        await lab.stop()
        #expect(try client.readToEnd().ending == .closed)
        #expect(throws: RawClient.Problem.self) { try RawClient(port: port) }
        #expect(await lab.counts(of: "shop")?.answered == 1)
        #expect(await lab.counts(of: "shop")?.open == 0)
        await lab.stop()
    }

    @Test func aStopLetsARequestUnderWayBeAnswered() async throws {
        var service = ServiceDescription(name: "shop")
        service.time = .constant(.milliseconds(50))
        let lab = try await LabServer.start(LabDescription(services: [service]), seed: 1)
        let client = try RawClient(port: lab.addresses[0].port)
        try client.send("GET / HTTP/1.1\r\nHost: lab\r\n\r\n")
        #expect(await eventually { await lab.counts(of: "shop")?.received == 1 })
        await lab.stop(grace: .seconds(30))
        #expect(try client.readAnswer().status == 200)
        #expect(try client.readToEnd().ending == .closed)
        #expect(await lab.counts(of: "shop")?.answered == 1)
    }

    @Test func aStopDoesNotWaitForAStallLongerThanItsGrace() async throws {
        var service = ServiceDescription(name: "shop")
        service.faults = [Fault(.stall)]
        let lab = try await LabServer.start(LabDescription(services: [service]), seed: 1)
        let client = try RawClient(port: lab.addresses[0].port)
        try client.send("GET / HTTP/1.1\r\nHost: lab\r\n\r\n")
        #expect(await eventually { await lab.counts(of: "shop")?.faultedInAll == 1 })
        await lab.stop(grace: .milliseconds(10))
        #expect(try client.readToEnd().bytes.isEmpty)
        #expect(await lab.counts(of: "shop")?.pending == 0)
    }
}
