import Core
import Lab
import Model
import TestSupport
import Testing

/// The faults whose answer is said at once: the bytes that a client sees, to the last one, and how they end.
@Suite struct FaultBytesTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var kind: FaultKind
        var bytes: String
        var ending: RawClient.Ending
        var testDescription: String { kind.name }

        init(_ kind: FaultKind, _ bytes: String, then ending: RawClient.Ending) {
            self.kind = kind
            self.bytes = bytes
            self.ending = ending
        }
    }

    /// The head of an answer up to its own headers.
    private static let ok = "HTTP/1.1 200 OK\r\nServer: gale-lab\r\n"
    private static let plain = ok + "Content-Type: text/plain\r\n"
    private static let keep = "Connection: keep-alive\r\n\r\n"
    /// The body of ten bytes, and the half of it.
    private static let (body, half) = ("0123456789", "01234")

    static let rows: [Row] = [
        Row(.reset, "", then: .reset),
        Row(.close, "", then: .closed),
        Row(.resetInBody, plain + "Content-Length: 10\r\n" + keep + half, then: .reset),
        Row(.stall, "", then: .open),
        Row(.stallInBody, plain + "Content-Length: 10\r\n" + keep + half, then: .open),
        Row(.truncate, plain + "Content-Length: 10\r\n" + keep + half, then: .closed),
        Row(.truncateHeaders, plain + "Content-Le", then: .closed),
        Row(.truncateChunked, plain + "Transfer-Encoding: chunked\r\n" + keep + "a\r\n\(body)\r\n", then: .closed),
        Row(.badChunk, plain + "Transfer-Encoding: chunked\r\n" + keep + "zz\r\n\(body)\r\n0\r\n\r\n", then: .closed),
        Row(.badStatusLine, "THIS IS NO STATUS LINE\r\nContent-Length: 0\r\n\r\n", then: .closed),
        Row(.badHeader, ok + "This header line has no colon\r\nConnection: close\r\n\r\n" + body, then: .closed),
        Row(.badContentLength, ok + "Content-Length: many\r\nConnection: close\r\n\r\n" + body, then: .closed),
        Row(.corruptGzip, plain + "Content-Encoding: gzip\r\nContent-Length: 10\r\n" + keep + body, then: .open),
        Row(.closeAfter, plain + "Content-Length: 10\r\n" + keep + body, then: .closed),
        Row(
            .status(503),
            "HTTP/1.1 503 Service Unavailable\r\nServer: gale-lab\r\nContent-Type: text/plain\r\n"
                + "Content-Length: 10\r\n" + keep + body, then: .open),
        Row(
            .redirect(location: "https://elsewhere.invalid/x"),
            "HTTP/1.1 302 Found\r\nServer: gale-lab\r\nLocation: https://elsewhere.invalid/x\r\n"
                + "Content-Length: 0\r\n" + keep, then: .open),
        Row(
            .redirectLoop,
            "HTTP/1.1 302 Found\r\nServer: gale-lab\r\nLocation: /shop?page=2\r\nContent-Length: 0\r\n" + keep,
            then: .open),
        Row(
            .oversizedHeader(bytes: 20),
            ok + "X-Filler: aaaaaaaaaa\r\nContent-Length: 10\r\n" + keep + body, then: .open),
    ]

    @Test(arguments: rows)
    func aClientSeesTheseBytes(_ row: Row) async throws {
        try await withService(grace: .zero) {
            $0.bodyBytes = 10
            $0.faults = [Fault(row.kind)]
        } _: { lab, port in
            let client = try RawClient(port: port)
            try client.send("GET /shop?page=2 HTTP/1.1\r\nHost: lab\r\n\r\n")
            // How long silence is listened to decides nothing but how sure we are of it.
            let (bytes, ending) = try client.readToEnd(
                patience: row.ending == .open ? .milliseconds(100) : .seconds(10))
            #expect(String(decoding: bytes, as: UTF8.self) == row.bytes)
            #expect(ending == row.ending)
            let counts = try #require(await lab.counts(of: "lab"))
            #expect(counts.faulted == [row.kind: 1])
            #expect(counts.received == 1)
            #expect(counts.answered == 0)
        }
    }

    /// A HEAD has no body, so of a fault in the body nothing is left but the head and the ending.
    @Test(arguments: rows.filter { [.resetInBody, .truncate, .truncateChunked, .corruptGzip].contains($0.kind) })
    func aHeadGetsNoBodyFromAFaultEither(_ row: Row) async throws {
        try await withService {
            $0.bodyBytes = 10
            $0.faults = [Fault(row.kind)]
        } _: { _, port in
            let client = try RawClient(port: port)
            try client.send("HEAD / HTTP/1.1\r\nHost: lab\r\n\r\n")
            let (bytes, ending) = try client.readToEnd(
                patience: row.ending == .open ? .milliseconds(100) : .seconds(10))
            #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("\r\n\r\n"))
            #expect(row.bytes.utf8.starts(with: bytes))
            #expect(ending == row.ending)
        }
    }

    /// Half of a body that is no longer than a byte would be nothing, or all.
    @Test(arguments: [FaultKind.truncate, .resetInBody], [0, 1])
    func aBodyTooShortToCutIsMadeLonger(kind: FaultKind, bodyBytes: Int) async throws {
        try await withService {
            $0.bodyBytes = bodyBytes
            $0.faults = [Fault(kind)]
        } _: { _, port in
            let client = try RawClient(port: port)
            try client.send("GET / HTTP/1.1\r\nHost: lab\r\n\r\n")
            let text = String(decoding: try client.readToEnd().bytes, as: UTF8.self)
            #expect(text.contains("Content-Length: 2\r\n"))
            #expect(text.hasSuffix("\r\n\r\n0"))
        }
    }

    /// Half of a body that fills many socket buffers.
    @Test func halfOfALargeBodyComesWhole() async throws {
        try await withService {
            $0.bodyBytes = 8_000_000
            $0.faults = [Fault(.truncate)]
        } _: { _, port in
            let client = try RawClient(port: port)
            try client.send("GET / HTTP/1.1\r\nHost: lab\r\n\r\n")
            let (bytes, ending) = try client.readToEnd()
            let head = "HTTP/1.1 200 OK\r\nServer: gale-lab\r\nContent-Type: text/plain\r\nContent-Length: 8000000\r\n"
            #expect(bytes.count == head.utf8.count + Self.keep.utf8.count + 4_000_000)
            #expect(ending == .closed)
        }
    }

    @Test(arguments: [1, 12, 999, 1_000, 1_001, 350_000])
    func oversizedHeadersTogetherHaveTheirBytes(bytes: Int) async throws {
        try await withService {
            $0.faults = [Fault(.oversizedHeaders(bytes: bytes))]
        } _: { _, port in
            let answer = try RawClient(port: port).get()
            let filler = answer.headers.filter { $0.hasPrefix("X-Filler") || $0.hasPrefix("x") }
            // A header line of one byte is none; it takes two.
            #expect(filler.reduce(0) { $0 + $1.utf8.count } == max(bytes, bytes % 1_000 == 1 ? bytes + 1 : bytes))
            #expect(filler.allSatisfy { $0.utf8.count <= 1_000 })
            #expect(answer.body.count == 64)
        }
    }

    @Test func oneOversizedHeaderHasItsBytes() async throws {
        try await withService {
            $0.faults = [Fault(.oversizedHeader(bytes: 1_000_000))]
        } _: { _, port in
            let answer = try RawClient(port: port).get()
            #expect(answer.headers.map(\.utf8.count).max() == 1_000_000)
            #expect(answer.body.count == 64)
        }
    }

    @Test func aTrickleIsTheGoodAnswerByteByByte() async throws {
        try await withService {
            $0.bodyBytes = 10
            $0.faults = [Fault(.trickle(every: .microseconds(500)))]
        } _: { lab, port in
            let client = try RawClient(port: port)
            let clock = SuspendingClock()
            let start = clock.now
            try client.send("GET / HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n")
            let (bytes, ending) = try client.readToEnd()
            let took = clock.now - start
            #expect(
                String(decoding: bytes, as: UTF8.self)
                    == Self.plain + "Content-Length: 10\r\nConnection: close\r\n\r\n" + Self.body)
            #expect(ending == .closed)
            // A timer may be late, and never early.
            #expect(took >= .microseconds(500 * (bytes.count - 1)))
            #expect(await lab.counts(of: "lab")?.faulted.values.first == 1)
        }
    }

    @Test func aTrickleKeepsAConnectionThatWasToBeKept() async throws {
        try await withService {
            $0.bodyBytes = 1
            $0.faults = [Fault(.trickle(every: .microseconds(50)), path: "/slow")]
        } _: { _, port in
            let client = try RawClient(port: port)
            #expect(try client.get("/slow").body.count == 1)
            #expect(try client.get().body.count == 1)
        }
    }

    @Test func aDelayedAnswerIsTheGoodOneLater() async throws {
        try await withService {
            $0.time = .constant(.milliseconds(10))
            $0.faults = [Fault(.delay(.milliseconds(30)))]
        } _: { lab, port in
            let client = try RawClient(port: port)
            let clock = SuspendingClock()
            let start = clock.now
            #expect(try client.get().status == 200)
            #expect(clock.now - start >= .milliseconds(40))
            #expect(await lab.counts(of: "lab")?.faulted == [.delay(.milliseconds(30)): 1])
        }
    }

    @Test func anAnswerBeforeAResetArrivesFirst() async throws {
        try await withService {
            $0.faults = [Fault(.reset, path: "/bad")]
        } _: { _, port in
            let client = try RawClient(port: port)
            try client.send("GET / HTTP/1.1\r\nHost: lab\r\n\r\nGET /bad HTTP/1.1\r\nHost: lab\r\n\r\n")
            #expect(try client.readAnswer().status == 200)
            let (bytes, ending) = try client.readToEnd()
            #expect(bytes.isEmpty)
            #expect(ending == .reset)
        }
    }

    @Test(arguments: [FaultKind.closeOnAccept, .tlsStall])
    func aConnectionIsStruckBeforeItsFirstRequest(_ kind: FaultKind) async throws {
        try await withService {
            $0.faults = [Fault(kind)]
        } _: { lab, port in
            let client = try RawClient(port: port)
            let isStall = kind == .tlsStall
            if isStall { try client.send("GET / HTTP/1.1\r\nHost: lab\r\n\r\n") }
            let (bytes, ending) = try client.readToEnd(patience: isStall ? .milliseconds(100) : .seconds(10))
            #expect(bytes.isEmpty)
            #expect(ending == (isStall ? .open : .closed))
            let counts = try #require(await lab.counts(of: "lab"))
            #expect(counts.struckConnections == [kind: 1])
            #expect(counts.connections == 1)
            #expect(counts.received == 0)
        }
    }

    @Test func aShareStrikesTheRequestsOfTheSeed() async throws {
        var service = ServiceDescription(name: "lab")
        service.faults = [Fault(.status(500), share: 0.3)]
        var model = ServiceModel<Int>(service, seed: 21)
        let expected = (0..<200).map { number in
            guard case .started(let job, _) = model.arrived(number, path: "/", at: Instant(nanoseconds: 0)) else {
                return 0
            }
            _ = model.finished(job, at: Instant(nanoseconds: 0))
            return job.fault == nil ? 200 : 500
        }
        try await withLab([service], seed: 21) { lab in
            let client = try RawClient(port: lab.addresses[0].port)
            #expect(try (0..<200).map { _ in try client.get().status } == expected)
        }
        #expect(Set(expected) == [200, 500])
    }
}
