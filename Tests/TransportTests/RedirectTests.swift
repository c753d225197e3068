import Core
import Lab
import Model
import TestSupport
import Testing

@testable import Transport

@Suite("Redirects")
struct RedirectTests {
    private let post = Request(
        method: "POST", url: "https://a.test/x",
        headers: [
            Header(name: "X-Api-Key", value: "secret"), Header(name: "Accept", value: "*/*"),
            Header(name: "Content-Type", value: "text/plain"),
        ], body: [1, 2])

    @Test(
        "302 and 303 turn a POST into a GET without body; 307 and 308 keep it",
        arguments: [(Int32(301), "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
    func methods(status: Int32, method: String) {
        let next = post.redirected(to: "https://a.test/y", status: status)
        #expect(next.method == method)
        #expect((next.body == nil) == (method == "GET"))
        #expect(next.headers.contains { $0.name == "X-Api-Key" }, "the same host keeps its headers")
    }

    @Test(
        "another origin gets no header that was meant for the first",
        arguments: ["https://b.test/y", "https://a.test:8443/y", "http://a.test/y"])
    func crossOrigin(location: String) {
        let next = post.redirected(to: location, status: 307)
        #expect(next.headers.map(\.name) == ["Accept", "Content-Type"])
    }

    @Test(
        "what is no HTTP, or would leave TLS, is refused",
        arguments: ["file:///etc/passwd", "ftp://a.test/", "http://a.test/"])
    func refused(location: String) throws {
        let prepared = try PreparedRequest(post, settings: TransportSettings())
        #expect(throws: RedirectRefusal.refused) { try prepared.hop(to: location, status: 302, limit: 5).get() }
    }

    @Test("a redirect is followed to its answer, and the hop is counted")
    func followed() async throws {
        try await withService {
            $0.faults = [Fault(.redirect(location: "/there"), path: "/here")]
        } _: { lab, port in
            let attempt = try await TransportHost.with {
                $0.redirects = 3
            } _: { host in
                try await host.send(Request(url: "http://127.0.0.1:\(port)/here"))
            }
            #expect(attempt.status == 200)
            #expect(attempt.redirects == 1)
            #expect(await lab.counts(of: "lab")?.received == 2)
        }
    }
}
