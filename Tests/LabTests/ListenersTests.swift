import Core
import Lab
import Model
import TestSupport
import Testing

/// Services of which each replica has an address of its own.
@Suite struct ListenersTests {
    private func service(_ name: String, replicas: Int) -> ServiceDescription {
        var service = ServiceDescription(name: name)
        (service.listening, service.replicas) = (.each, replicas)
        return service
    }

    @Test func eachReplicaHasItsAddressAndItsCountsAndTheServiceTheirSum() async throws {
        try await withLab([service("shop", replicas: 3), ServiceDescription(name: "stock")], threads: 2) { lab in
            #expect(lab.addresses.map(\.service) == ["shop/0", "shop/1", "shop/2", "stock"])
            #expect(Set(lab.addresses.map(\.port)).count == 4)
            for (index, address) in lab.addresses.enumerated() {
                let client = try RawClient(port: address.port)
                for _ in 0...index { #expect(try client.get().status == 200) }
            }
            for (index, address) in lab.addresses.enumerated() {
                #expect(await lab.counts(of: address.service)?.answered == index + 1)
            }
            #expect(await lab.counts(of: "shop")?.answered == 6)
            #expect(await lab.counts(of: "shop/3") == nil)
            #expect(lab.address(of: "shop/2") == lab.addresses[2])
            #expect(lab.address(of: "shop") == nil)
        }
    }

    @Test func replicasThatListenEachTakePortsInARow() async throws {
        var service = service("shop", replicas: 2)
        var addresses: [LabAddress] = []
        // The port after a free one may be taken.
        for _ in 0..<20 where addresses.isEmpty {
            service.port = try freePorts(1)[0]
            guard let lab = try? await LabServer.start(LabDescription(services: [service]), seed: 1) else { continue }
            addresses = lab.addresses
            await lab.stop()
        }
        let first = try #require(service.port)
        #expect(addresses.map(\.port) == [first, first + 1])
    }

    @Test func aPortThatIsTakenIsAProblemOfAServiceWithOutagesToo() async throws {
        try await withService { _, taken in
            var service = service("shop", replicas: 1)
            service.port = taken
            service.episodes = [Episode(.outage, lasts: .seconds(1))]
            let problem = await #expect(throws: LabProblem.self) {
                try await LabServer.start(LabDescription(services: [service]), seed: 1)
            }
            let text = try #require(problem).description
            #expect(text.hasPrefix("lab service \"shop/0\": cannot listen on 127.0.0.1:\(taken): "))
        }
    }
}
