import Core
import Lab
import Model
import TestSupport
import Testing

/// What happens to services over time, behind sockets.
///
/// Where a time decides, it is a lower bound: nothing may come too early, however slow the machine. An episode that has to
/// be under way for as long as the test likes lasts a thousand seconds, and the load is then said to have begun earlier.
@Suite struct EpisodeTests {
    private let request = "GET / HTTP/1.1\r\nHost: lab\r\n\r\n"
    private let stall = "GET /stall HTTP/1.1\r\nHost: lab\r\n\r\n"
    private let ages = Span.seconds(1_000)

    private func connect(_ port: UInt16, _ text: String) throws -> RawClient {
        let client = try RawClient(port: port)
        try client.send(text)
        return client
    }

    private func status(_ port: UInt16) throws -> Int { try RawClient(port: port).get().status }

    private func hasReceived(_ count: Int, _ lab: LabServer) async -> Bool {
        await eventually { await lab.counts(of: "lab")?.received == count }
    }

    private func refuses(_ port: UInt16) -> Bool { (try? RawClient(port: port)) == nil }

    /// The load began so long ago; when this returns the service knows it.
    private func begin(_ lab: LabServer, _ span: Span = .zero) async -> Instant {
        let origin = LabServer.now + Span(nanoseconds: -span.nanoseconds)
        lab.begin(at: origin)
        _ = await lab.counts(of: "lab")
        return origin
    }

    // MARK: Outages

    @Test func beforeTheLoadBeginsNothingHappens() async throws {
        try await withService {
            $0.episodes = [Episode(.outage)]
        } _: { lab, port in
            let client = try RawClient(port: port)
            #expect(try client.get().status == 200)
            _ = await begin(lab)
            #expect(try client.readToEnd().ending == .reset)
        }
    }

    @Test func anOutageRefusesAndItsEndServesOnTheSamePort() async throws {
        var service = ServiceDescription(name: "lab")
        (service.listening, service.replicas) = (.each, 2)
        var outage = Episode(.outage, lasts: .milliseconds(300))
        outage.replicas = 0...0
        service.episodes = [outage]
        try await withLab([service]) { lab in
            #expect(lab.addresses.map(\.service) == ["lab/0", "lab/1"])
            let origin = await begin(lab)
            let other = try RawClient(port: lab.addresses[1].port)
            #expect(try other.get().status == 200)
            var client: RawClient?
            #expect(
                await eventually {
                    client = try? RawClient(port: lab.addresses[0].port)
                    return client != nil
                })
            #expect(LabServer.now - origin >= .milliseconds(300))
            #expect(try client?.get().status == 200)
            #expect(try other.get().status == 200)
        }
    }

    @Test func anOutageResetsEveryConnectionAndLosesWhoWasThere() async throws {
        try await withService(grace: .zero) {
            $0.workers = 1
            $0.time = .constant(ages)
            $0.episodes = [Episode(.outage, lasts: ages)]
        } _: { lab, port in
            let idle = try RawClient(port: port)
            let half = try connect(port, "POST / HTTP/1.1\r\nHost: lab\r\nContent-Length: 10\r\n\r\nhalf")
            let served = try connect(port, request)
            #expect(await hasReceived(2, lab))
            let waiting = try connect(port, request)
            #expect(await hasReceived(3, lab))
            #expect(await eventually { await lab.counts(of: "lab")?.open == 4 })
            _ = await begin(lab)
            for client in [idle, half, served, waiting] {
                let (bytes, ending) = try client.readToEnd()
                #expect(bytes.isEmpty)
                #expect(ending == .reset)
            }
            #expect(refuses(port))
            let counts = try #require(await lab.counts(of: "lab"))
            #expect((counts.lost, counts.pending, counts.open) == (3, 0, 0))
            _ = await begin(lab, ages)
            #expect(await eventually { !refuses(port) })
        }
    }

    @Test(.enabled(if: TestCertificates.isAvailable, "there is no openssl command"), arguments: [true, false])
    func anOutageResetsConnectionsThatSaidNothing(isStruck: Bool) async throws {
        let certificate = try TestCertificates.shared().good
        try await withService(grace: .zero) {
            if isStruck { $0.faults = [Fault(.tlsStall)] }
            $0.tls = certificate
            $0.episodes = [Episode(.outage, lasts: ages)]
        } _: { lab, port in
            let client = try RawClient(port: port)
            #expect(await eventually { await lab.counts(of: "lab")?.connections == 1 })
            _ = await begin(lab)
            #expect(try client.readToEnd().ending == .reset)
        }
    }

    @Test func anOutageOfOneReplicaOfAnAddressTakesOnlyWhoItWasServing() async throws {
        try await withService(grace: .zero) {
            ($0.replicas, $0.workers) = (2, 1)
            $0.time = .constant(ages)
            var outage = Episode(.outage, lasts: ages)
            outage.replicas = 0...0
            $0.episodes = [outage]
        } _: { lab, port in
            let first = try connect(port, request)
            #expect(await hasReceived(1, lab))
            let second = try connect(port, request)
            #expect(await hasReceived(2, lab))
            _ = await begin(lab)
            #expect(try first.readToEnd().ending == .reset)
            let third = try connect(port, request)
            #expect(await hasReceived(3, lab))
            for client in [second, third] {
                #expect(try client.readToEnd(patience: .milliseconds(20)).ending == .open)
            }
            let counts = try #require(await lab.counts(of: "lab"))
            #expect((counts.lost, counts.pending, counts.open) == (1, 2, 2))
        }
    }

    @Test func anOutageFreesTheWorkersForWhoComesAfterIt() async throws {
        try await withService(grace: .zero) {
            ($0.workers, $0.queue) = (1, 0)
            $0.faults = [Fault(.stall, path: "/stall")]
            $0.episodes = [Episode(.outage, lasts: ages)]
        } _: { lab, port in
            let stalled = try connect(port, stall)
            #expect(await eventually { await lab.counts(of: "lab")?.faultedInAll == 1 })
            _ = await begin(lab)
            #expect(try stalled.readToEnd().ending == .reset)
            _ = await begin(lab, ages)
            #expect(await eventually { !refuses(port) })
            #expect(try status(port) == 200)
            #expect(await lab.counts(of: "lab")?.lost == 0)
        }
    }

    @Test func aRollingRestartTakesOneReplicaAfterTheOther() async throws {
        var service = ServiceDescription(name: "lab")
        (service.listening, service.replicas) = (.each, 3)
        var restart = Episode(.restart, lasts: ages)
        restart.every = ages
        service.episodes = [restart]
        try await withLab([service]) { lab in
            let ports = lab.addresses.map(\.port)
            for turn in 0...3 {
                _ = await begin(lab, Span(nanoseconds: ages.nanoseconds * Int64(turn)))
                #expect(await eventually { ports.map(refuses) == (0..<3).map { $0 == turn } })
            }
        }
    }

    @Test func aStopDuringAnOutageIsAStop() async throws {
        var service = ServiceDescription(name: "lab")
        service.episodes = [Episode(.outage, lasts: .milliseconds(50))]
        let lab = try await LabServer.start(LabDescription(services: [service]), seed: 1)
        let port = lab.addresses[0].port
        _ = await begin(lab)
        await lab.stop()
        #expect(refuses(port))
        // Too late to matter.
        lab.begin(at: LabServer.now)
        #expect(await lab.counts(of: "lab")?.received == 0)
    }

    // MARK: Slower, stopped, more

    @Test func nothingIsAnsweredInAPause() async throws {
        try await withService {
            $0.time = .constant(.milliseconds(1))
            $0.episodes = [Episode(.pause, lasts: .milliseconds(200))]
        } _: { lab, port in
            let origin = await begin(lab)
            let answer = try RawClient(port: port).get()
            #expect(answer.status == 200)
            #expect(LabServer.now - origin >= .milliseconds(201))
        }
    }

    @Test func workInASlowWindowTakesLonger() async throws {
        try await withService {
            $0.time = .constant(.milliseconds(20))
            $0.episodes = [Episode(.slow(factor: 10))]
        } _: { lab, port in
            _ = await begin(lab)
            let sent = LabServer.now
            let answer = try RawClient(port: port).get()
            #expect(answer.status == 200)
            #expect(LabServer.now - sent >= .milliseconds(200))
        }
    }

    @Test func otherTimesAreTheTimesOfRequestsThatComeMeanwhile() async throws {
        try await withService {
            $0.time = .constant(ages)
            $0.episodes = [Episode(.time(.constant(.milliseconds(20))))]
        } _: { lab, port in
            _ = await begin(lab)
            let sent = LabServer.now
            let answer = try RawClient(port: port).get()
            #expect(answer.status == 200)
            #expect(LabServer.now - sent >= .milliseconds(20))
        }
    }

    @Test func moreWorkersBeginWithWhoWaits() async throws {
        try await withService(grace: .zero) {
            $0.workers = 1
            $0.faults = [Fault(.stall, path: "/stall")]
            $0.episodes = [Episode(.workers(3))]
        } _: { lab, port in
            let stalled = try connect(port, stall)
            #expect(await hasReceived(1, lab))
            let waiting = try (0..<3).map { _ in try connect(port, request) }
            #expect(await hasReceived(4, lab))
            #expect(await lab.counts(of: "lab")?.answered == 0)
            _ = await begin(lab)
            for client in waiting { #expect(try client.readAnswer().status == 200) }
            #expect(try stalled.readToEnd(patience: .milliseconds(10)).ending == .open)
        }
    }

    @Test func aFaultWithAWindowStrikesInIt() async throws {
        try await withService {
            var fault = Fault(.status(500))
            (fault.at, fault.lasts) = (ages, ages)
            $0.faults = [fault]
        } _: { lab, port in
            let client = try RawClient(port: port)
            #expect(try client.get().status == 200)
            for (seconds, status) in [(Int64(0), 200), (1_500, 500), (3_000, 200)] {
                _ = await begin(lab, .seconds(seconds))
                #expect(try client.get().status == status)
            }
        }
    }

    // MARK: Connections, clients that leave, writers

    @Test func aNewConnectionIsReadFromAfterItsTime() async throws {
        try await withService {
            $0.connection = .milliseconds(200)
        } _: { lab, port in
            let start = LabServer.now
            let client = try RawClient(port: port)
            #expect(try client.get().status == 200)
            #expect(LabServer.now - start >= .milliseconds(200))
            #expect(try client.get().status == 200)
            #expect(await lab.counts(of: "lab")?.answered == 2)
        }
    }

    @Test func whoLeavesBeforeItsConnectionIsReadFromIsNoticed() async throws {
        try await withService(grace: .zero) {
            $0.connection = ages
        } _: { lab, port in
            let client = try connect(port, request)
            #expect(await eventually { await lab.counts(of: "lab")?.open == 1 })
            client.close()
            #expect(await eventually { await lab.counts(of: "lab")?.open == 0 })
        }
    }

    /// The counterpart of `whoLeavesTheLineMakesRoom`.
    @Test func aPlaceIsKeptForWhoHasLeft() async throws {
        try await withService(grace: .zero) {
            ($0.workers, $0.queue, $0.servesAbandoned) = (1, 1, true)
            $0.faults = [Fault(.stall, path: "/stall")]
        } _: { lab, port in
            let first = try connect(port, stall)
            #expect(await hasReceived(1, lab))
            let impatient = try connect(port, request)
            #expect(await hasReceived(2, lab))
            impatient.close()
            #expect(await eventually { await lab.counts(of: "lab")?.abandoned == 1 })
            #expect(try status(port) == 503)
            first.close()
            #expect(await eventually { (try? status(port)) == 200 })
            let counts = try #require(await lab.counts(of: "lab"))
            #expect((counts.abandoned, counts.faultedInAll, counts.lost) == (1, 1, 0))
        }
    }

    @Test func whoHasLeftIsWorkedOnAllTheSame() async throws {
        try await withService(grace: .zero) {
            ($0.workers, $0.servesAbandoned) = (1, true)
            $0.time = .constant(.milliseconds(100))
            $0.faults = [Fault(.stall, path: "/stall")]
        } _: { lab, port in
            let first = try connect(port, stall)
            #expect(await eventually { await lab.counts(of: "lab")?.faultedInAll == 1 })
            let impatient = try connect(port, request)
            #expect(await hasReceived(2, lab))
            impatient.close()
            #expect(await eventually { await lab.counts(of: "lab")?.abandoned == 1 })
            let patient = try connect(port, request)
            #expect(await hasReceived(3, lab))
            let freed = LabServer.now
            first.close()
            #expect(try patient.readAnswer().status == 200)
            #expect(LabServer.now - freed >= .milliseconds(200))
        }
    }

    @Test func anOutageForgetsWhoHasLeft() async throws {
        try await withService(grace: .zero) {
            ($0.workers, $0.servesAbandoned) = (1, true)
            $0.time = .constant(ages)
            $0.episodes = [Episode(.outage, lasts: ages)]
        } _: { lab, port in
            for count in 1...2 {
                let client = try connect(port, request)
                #expect(await hasReceived(count, lab))
                client.close()
                #expect(await eventually { await lab.counts(of: "lab")?.abandoned == count })
            }
            _ = await begin(lab)
            let counts = try #require(await lab.counts(of: "lab"))
            #expect((counts.lost, counts.pending) == (0, 0))
        }
    }

    /// The slow one is over no earlier than its delay: if the fast one was answered before that, it has overtaken it for
    /// certain; if the machine was too slow for that, the next delay is longer.
    @Test func whoIsOvertakenByAnotherWriterIsAnswered409() async throws {
        var isDecided = false
        for delay in [Span.milliseconds(200), .seconds(2), .seconds(20)] where !isDecided {
            try await withService {
                $0.isOptimistic = true
                $0.faults = [Fault(.delay(delay), path: "/slow")]
            } _: { lab, port in
                let sent = LabServer.now
                let slow = try connect(port, "GET /slow HTTP/1.1\r\nHost: lab\r\n\r\n")
                #expect(await hasReceived(1, lab))
                let fast = try RawClient(port: port)
                #expect(try fast.get().status == 200)
                isDecided = LabServer.now < sent + delay
                let status = try slow.readAnswer().status
                if isDecided { #expect(status == 409) }
                // Nobody overtakes one who is alone.
                #expect(try fast.get().status == 200)
            }
        }
        #expect(isDecided)
    }
}
