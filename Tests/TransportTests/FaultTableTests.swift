import Core
import Lab
import Model
import TestSupport
import Testing
import Transport

/// Every row of the fault table, over a real socket: what the target does, and the name under which it is counted.
@Suite("Faults over HTTP/1.1", .serialized)
struct FaultTableTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let fault: FaultKind
        let failure: FailureKind
        var reached = true
        var testDescription: String { "\(fault.name) is \(failure.name)" }
    }

    static let rows: [Row] = [
        Row(fault: .reset, failure: .reset),
        Row(fault: .resetInBody, failure: .reset),
        Row(fault: .close, failure: .empty_reply),
        Row(fault: .stall, failure: .attempt_timeout),
        Row(fault: .stallInBody, failure: .attempt_timeout),
        Row(fault: .trickle(every: .milliseconds(100)), failure: .attempt_timeout),
        Row(fault: .truncate, failure: .truncated),
        Row(fault: .truncateHeaders, failure: .truncated),
        Row(fault: .truncateChunked, failure: .truncated),
        Row(fault: .truncateGzip, failure: .truncated),
        Row(fault: .corruptGzip, failure: .bad_encoding),
        Row(fault: .gzipBomb(bytes: 50_000_000), failure: .too_large),
        Row(fault: .badStatusLine, failure: .bad_response),
        Row(fault: .badHeader, failure: .bad_response),
        Row(fault: .badContentLength, failure: .bad_response),
        Row(fault: .badChunk, failure: .bad_chunk),
        Row(fault: .oversizedHeader(bytes: 1 << 20), failure: .header_too_large),
        Row(fault: .oversizedHeaders(bytes: 1 << 20), failure: .header_too_large),
    ]

    @Test("one fault, one name", arguments: rows)
    func fault(_ row: Row) async throws {
        try await withService { service in
            service.faults = [Fault(row.fault)]
            service.bodyBytes = 2_000
        } _: { lab, port in
            let attempt = try await TransportHost.with {
                $0.maximumBodyBytes = 1 << 20
            } _: { host in
                try await host.send(Request(url: "http://127.0.0.1:\(port)/"), within: .milliseconds(700))
            }
            #expect(attempt.failure == row.failure, "\(attempt)")
            #expect(attempt.reachedServer)
            #expect(attempt.end > attempt.sent)
            let received = try #require(await lab.counts(of: "lab")).received
            #expect(received == 1 + Int(attempt.resends))
        }
    }

    @Test("a redirect loop ends at the limit; without redirects it is an answer like any other")
    func redirectLoop() async throws {
        try await withService {
            $0.faults = [Fault(.redirectLoop)]
        } _: { lab, port in
            let request = Request(url: "http://127.0.0.1:\(port)/")
            let answer = try await TransportHost.with { host in try await host.send(request) }
            #expect(answer.failure == nil)
            #expect(answer.status == 302)
            let looped = try await TransportHost.with {
                $0.redirects = 5
            } _: { host in
                try await host.send(request)
            }
            #expect(looped.failure == .too_many_redirects)
            #expect(looped.redirects == 5)
            let counts = try #require(await lab.counts(of: "lab"))
            #expect(counts.received == 1 + 6)
        }
    }

    @Test("a connection closed as soon as it is accepted is a failure of the target's")
    func closeOnAccept() async throws {
        try await withService {
            $0.faults = [Fault(.closeOnAccept)]
        } _: { _, port in
            let attempt = try await TransportHost.with { host in
                try await host.send(Request(url: "http://127.0.0.1:\(port)/"))
            }
            #expect([.empty_reply, .reset, .send_failed].contains(attempt.failure), "\(attempt)")
        }
    }

    @Test("nobody listens: connect_refused, at once, and nothing reached a server")
    func refused() async throws {
        var port: UInt16 = 0
        try await withService { _, open in port = open }
        let attempt = try await TransportHost.with { [port] host in
            try await host.send(Request(url: "http://127.0.0.1:\(port)/"))
        }
        #expect(attempt.failure == .connect_refused)
        #expect(!attempt.reachedServer)
        #expect(attempt.status == 0)
    }

    @Test("a name that nobody knows: dns_failed")
    func unknownName() async throws {
        let attempt = try await TransportHost.with { host in
            try await host.send(Request(url: "http://nobody.invalid/"), within: .seconds(15))
        }
        #expect(attempt.failure == .dns_failed, "\(attempt)")
    }

    @Test("a body beyond the limit: too_large, and no more than the limit is kept")
    func tooLarge() async throws {
        try await withService {
            $0.bodyBytes = 1 << 20
        } _: { _, port in
            let attempt = try await TransportHost.with {
                $0.maximumBodyBytes = 100_000
            } _: { host in
                try await host.send(Request(url: "http://127.0.0.1:\(port)/"))
            }
            #expect(attempt.failure == .too_large)
        }
    }

    @Test("a status that says the fault of the server is a whole answer to the transport")
    func status() async throws {
        try await withService {
            $0.faults = [Fault(.status(503))]
        } _: { _, port in
            let attempt = try await TransportHost.with { host in
                try await host.send(Request(url: "http://127.0.0.1:\(port)/"))
            }
            #expect(attempt.failure == nil)
            #expect(attempt.status == 503)
        }
    }
}
