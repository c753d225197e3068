import Core
import Model
import Simulation
import Testing

/// The table of the transport onto sockets, row by row: each fault has the name that libcurl gives it.
@Suite("Faults in virtual time")
struct FaultTableTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let fault: FaultKind
        let failure: FailureKind?
        var status: Int32 = 200
        /// Whether the connection can carry another request.
        var keeps = false
        var testDescription: String { "\(fault.name) is \(failure?.name ?? "an answer")" }
    }

    static let rows: [Row] = [
        Row(fault: .reset, failure: .reset, status: 0),
        Row(fault: .resetInBody, failure: .reset),
        Row(fault: .close, failure: .empty_reply, status: 0),
        Row(fault: .stall, failure: .attempt_timeout, status: 0),
        Row(fault: .stallInBody, failure: .attempt_timeout),
        Row(fault: .trickle(every: .milliseconds(100)), failure: .attempt_timeout, status: 0),
        Row(fault: .trickle(every: .microseconds(100)), failure: nil, keeps: true),
        Row(fault: .truncate, failure: .truncated),
        Row(fault: .truncateHeaders, failure: .truncated),
        Row(fault: .truncateChunked, failure: .truncated),
        Row(fault: .truncateGzip, failure: .truncated, keeps: true),
        Row(fault: .corruptGzip, failure: .bad_encoding),
        Row(fault: .gzipBomb(bytes: 50_000_000), failure: .too_large),
        Row(fault: .gzipBomb(bytes: 50_000), failure: nil, keeps: true),
        Row(fault: .badStatusLine, failure: .bad_response, status: 0),
        Row(fault: .badHeader, failure: .bad_response),
        Row(fault: .badContentLength, failure: .bad_response),
        Row(fault: .badChunk, failure: .bad_chunk),
        Row(fault: .oversizedHeader(bytes: 1 << 20), failure: .header_too_large),
        Row(fault: .oversizedHeaders(bytes: 1 << 20), failure: .header_too_large),
        Row(fault: .status(503), failure: nil, status: 503, keeps: true),
        Row(fault: .delay(.milliseconds(20)), failure: nil, keeps: true),
        Row(fault: .closeAfter, failure: nil),
        Row(fault: .redirect(location: "/elsewhere"), failure: nil, status: 302, keeps: true),
        Row(fault: .redirectLoop, failure: nil, status: 302, keeps: true),
    ]

    @Test("one fault, one name, and what becomes of the connection", arguments: rows)
    func fault(_ row: Row) {
        let host = SimulatedHost {
            $0.faults = [Fault(row.fault)]
            $0.bodyBytes = 2_000
            $0.time = .constant(.milliseconds(3))
        }
        host.client { $0.maximumBodyBytes = 1 << 20 }
        let attempt = host.run { await $0.get(within: .milliseconds(700)) }
        #expect(attempt.failure == row.failure)
        #expect(attempt.status == row.status)
        #expect(attempt.reachedServer)
        #expect(attempt.resends == 0)
        #expect((attempt.firstByte != .unset) == (row.status != 0))
        if row.failure == .attempt_timeout { #expect(attempt.took == .milliseconds(700)) }
        #expect(host.transports[0].openConnections == (row.keeps ? 1 : 0))
        let counts = host.lab.counts(of: 0)
        #expect(counts.received == 1)
        // A slow answer is a fault that struck, whatever the client makes of it.
        #expect(counts.faulted == [row.fault: 1])
        #expect(counts.pending == 0)
        #expect(host.lab.isAtRest)
    }

    @Test("a connection that dies unheard and had been used before: the request is sent again, as libcurl does")
    func sentAgain() {
        let host = SimulatedHost { $0.faults = [Fault(.reset, path: "/bad")] }
        host.client()
        let (attempt, open) = host.run { host in
            _ = await host.get()
            let attempt = await host.get("/bad")
            return (attempt, host.transports[0].openConnections)
        }
        #expect(attempt.failure == .reset)
        #expect(attempt.resends == 1)
        #expect(attempt.connectionsOpened == 1)
        #expect(open == 0)
        #expect(host.lab.counts(of: 0).received == 3)
    }

    @Test("a HEAD has no body: what is wrong with it alone is not seen")
    func head() {
        for fault in [FaultKind.truncate, .corruptGzip, .badChunk, .resetInBody] {
            let host = SimulatedHost { $0.faults = [Fault(fault)] }
            host.client()
            let attempt = host.run { await $0.send(Request(method: "HEAD", url: $0.base() + "/")) }
            #expect(attempt.failure == nil, "\(fault.name)")
            #expect(attempt.status == 200)
        }
    }

    @Test("a redirect loop ends at the limit; without redirects it is an answer like any other")
    func redirectLoop() {
        let host = SimulatedHost { $0.faults = [Fault(.redirectLoop)] }
        host.client()
        host.client { $0.redirects = 5 }
        let (answer, looped) = host.run { host in (await host.get(), await host.get(from: 1)) }
        #expect(answer.failure == nil)
        #expect(answer.status == 302)
        #expect(looped.failure == .too_many_redirects)
        #expect(looped.redirects == 5)
        #expect(host.lab.counts(of: 0).received == 1 + 6)
    }

    @Test("a redirect is relative to what was asked for, and may lead to another service")
    func redirects() {
        var shop = ServiceDescription(name: "shop")
        shop.faults = [
            Fault(.redirect(location: "../b?c=1"), path: "/x/"),
            Fault(.redirect(location: "http://10.0.0.2:80/far"), path: "/away"),
            Fault(.redirect(location: "http://nobody.invalid/"), path: "/lost"),
        ]
        let host = SimulatedHost([shop, ServiceDescription(name: "stock")])
        host.client { $0.redirects = 3 }
        let attempts = host.run { host in
            [await host.get("/x/y"), await host.get("/away"), await host.get("/lost")]
        }
        #expect(attempts.map(\.status) == [200, 200, 0])
        #expect(attempts.map(\.redirects) == [1, 1, 0])
        #expect(attempts.map(\.failure) == [nil, nil, .dns_failed])
        #expect(host.lab.counts(of: 1).received == 1)
    }

    @Test("a body beyond the limit: too_large, and no more than the limit is kept")
    func tooLarge() {
        let host = SimulatedHost { $0.bodyBytes = 1 << 20 }
        host.client { $0.maximumBodyBytes = 100_000 }
        #expect(host.run { await $0.get() }.failure == .too_large)
    }

    @Test("faults of connections strike before any request is read")
    func connections() {
        let host = SimulatedHost { $0.faults = [Fault(.closeOnAccept)] }
        host.client()
        let attempt = host.run { await $0.get() }
        #expect(attempt.failure == .empty_reply)
        let secure = SimulatedHost { $0.faults = [Fault(.tlsStall)] }
        secure.client { $0.connectTimeout = .milliseconds(300) }
        let (plain, tls) = secure.run { host in
            let url = host.base().replacing("http:", with: "https:")
            return (await host.get(within: .seconds(1)), await host.send(Request(url: url), within: .seconds(1)))
        }
        #expect(plain.failure == .attempt_timeout)
        #expect(plain.took == .seconds(1))
        #expect(tls.failure == .tls_timeout)
        #expect(tls.took == .milliseconds(300))
        #expect(!tls.reachedServer)
        #expect(secure.lab.counts(of: 0).received == 0)
        #expect(secure.lab.counts(of: 0).struckConnections == [.tlsStall: 2])
    }

    @Test("a name that nobody has is not found, an address where nobody is refuses")
    func nobody() {
        let host = SimulatedHost { _ in }
        host.client()
        let (name, address) = host.run { host in
            (
                await host.send(Request(url: "http://nobody.invalid/")),
                await host.send(Request(url: "http://10.9.9.9/"))
            )
        }
        #expect(name.failure == .dns_failed)
        #expect(address.failure == .connect_refused)
        #expect(!address.reachedServer)
    }
}
