import Core
import Lab
import Model
import TestSupport
import Testing

/// Workers, lines, and clients that leave.
@Suite struct WaitingTests {
    private let request = "GET / HTTP/1.1\r\nHost: lab\r\n\r\n"
    private let stall = "GET /stall HTTP/1.1\r\nHost: lab\r\n\r\n"

    /// One worker that `/stall` holds until the client leaves.
    private func withOneWorker(queue: Int, _ body: (LabServer, UInt16) async throws -> Void) async throws {
        try await withService(grace: .zero) {
            $0.workers = 1
            $0.queue = queue
            $0.faults = [Fault(.stall, path: "/stall")]
        } _: { lab, port in
            try await body(lab, port)
        }
    }

    private func connect(_ port: UInt16, _ text: String) throws -> RawClient {
        let client = try RawClient(port: port)
        try client.send(text)
        return client
    }

    private func hasReceived(_ count: Int, _ lab: LabServer) async -> Bool {
        await eventually { await lab.counts(of: "lab")?.received == count }
    }

    @Test func oneMoreThanTheLineHoldsIsAnswered503() async throws {
        try await withOneWorker(queue: 2) { lab, port in
            var clients = [try connect(port, stall)]
            #expect(await hasReceived(1, lab))
            for _ in 0..<2 { clients.append(try connect(port, request)) }
            #expect(await hasReceived(3, lab))
            let refused = try connect(port, request)
            let answer = try refused.readAnswer()
            #expect(answer.status == 503)
            #expect(String(decoding: answer.body, as: UTF8.self) == "The queue is full.\n")
            #expect(await lab.counts(of: "lab")?.rejected == 1)
            #expect(await lab.counts(of: "lab")?.pending == 2)
            // The refused one may ask again on the same connection, and those in the line are served in the end.
            clients[0].close()
            #expect(try clients[1].readAnswer().status == 200)
            #expect(try clients[2].readAnswer().status == 200)
            #expect(try refused.get().status == 200)
        }
    }

    @Test func aStalledClientHoldsItsWorkerUntilItLeaves() async throws {
        try await withOneWorker(queue: 10) { lab, port in
            let first = try connect(port, stall)
            #expect(await hasReceived(1, lab))
            let second = try connect(port, request)
            #expect(await hasReceived(2, lab))
            #expect(await lab.counts(of: "lab")?.answered == 0)
            first.close()
            #expect(try second.readAnswer().status == 200)
            #expect(await lab.counts(of: "lab")?.open == 1)
        }
    }

    @Test(arguments: [FaultKind.stallInBody, .trickle(every: .seconds(1_000))])
    func whoLeavesInTheMiddleOfAnAnswerFreesTheWorker(_ kind: FaultKind) async throws {
        try await withService(grace: .zero) {
            $0.workers = 1
            $0.faults = [Fault(kind, path: "/stall")]
        } _: { lab, port in
            let first = try connect(port, stall)
            #expect(await eventually { await lab.counts(of: "lab")?.faultedInAll == 1 })
            let second = try connect(port, request)
            #expect(await hasReceived(2, lab))
            first.close()
            #expect(try second.readAnswer().status == 200)
        }
    }

    @Test func whoLeavesTheLineMakesRoom() async throws {
        try await withOneWorker(queue: 1) { lab, port in
            let first = try connect(port, stall)
            #expect(await hasReceived(1, lab))
            let impatient = try connect(port, request)
            #expect(await hasReceived(2, lab))
            impatient.close()
            #expect(await eventually { await lab.counts(of: "lab")?.abandoned == 1 })
            let patient = try connect(port, request)
            #expect(await hasReceived(3, lab))
            #expect(await lab.counts(of: "lab")?.rejected == 0)
            first.close()
            #expect(try patient.readAnswer().status == 200)
            let counts = try #require(await lab.counts(of: "lab"))
            #expect(counts.answered == 1)
        }
    }

    @Test func aStalledConnectionIsReleasedWhenItsClientLeaves() async throws {
        try await withService(grace: .zero) {
            $0.workers = 100
            $0.faults = [Fault(.stall)]
        } _: { lab, port in
            let clients = try (0..<50).map { _ in try connect(port, request) }
            #expect(await eventually { await lab.counts(of: "lab")?.open == 50 })
            for client in clients { client.close() }
            #expect(await eventually { await lab.counts(of: "lab")?.open == 0 })
        }
    }

    /// So many requests sent ahead that reading has paused: the leaving must be noticed all the same.
    @Test func aConnectionThatIsNotReadFromIsReleasedToo() async throws {
        try await withOneWorker(queue: 1) { lab, port in
            let client = try connect(port, stall + String(repeating: request, count: 500))
            #expect(await eventually { await lab.counts(of: "lab")?.faultedInAll == 1 })
            client.close()
            #expect(await eventually { await lab.counts(of: "lab")?.open == 0 })
            let counts = try #require(await lab.counts(of: "lab"))
            #expect(counts.pending == 0)
            #expect(counts.abandoned == counts.received - 1)
        }
    }

    /// A server does not know that nobody waits any more: the worker is busy until the service time is over.
    @Test func whoLeavesAWorkerDoesNotFreeIt() async throws {
        try await withService {
            $0.workers = 1
            $0.time = .constant(.milliseconds(100))
        } _: { lab, port in
            let clock = SuspendingClock()
            let start = clock.now
            let impatient = try connect(port, request)
            #expect(await hasReceived(1, lab))
            impatient.close()
            let patient = try connect(port, request)
            #expect(try patient.readAnswer().status == 200)
            #expect(clock.now - start >= .milliseconds(200))
            // On a machine that was busy elsewhere the first answer may have been said before the leaving.
            let counts = try #require(await lab.counts(of: "lab"))
            #expect(counts.answered + counts.abandoned == 2)
        }
    }

    /// Twelve requests at once, four workers, 20 ms each: not before 60 ms, however fast the machine is.
    @Test func noMoreAreServedAtOnceThanThereAreWorkers() async throws {
        try await withService {
            $0.workers = 2
            $0.replicas = 2
            $0.time = .constant(.milliseconds(20))
        } _: { _, port in
            let clock = SuspendingClock()
            let clients = try (0..<12).map { _ in try RawClient(port: port) }
            let start = clock.now
            for client in clients { try client.send(request) }
            for client in clients { #expect(try client.readAnswer().status == 200) }
            #expect(clock.now - start >= .milliseconds(60))
        }
    }

    /// A line of a thousand requests that take no time is walked, not recursed into.
    @Test func aLongLineIsServedWhenItsWorkerIsFree() async throws {
        try await withOneWorker(queue: 1_000) { lab, port in
            let first = try connect(port, stall)
            #expect(await hasReceived(1, lab))
            let clients = try (0..<400).map { _ in try connect(port, request) }
            #expect(await hasReceived(401, lab))
            first.close()
            for client in clients { #expect(try client.readAnswer().status == 200) }
        }
    }
}
