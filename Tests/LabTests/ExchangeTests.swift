import Core
import FoundationEssentials
import Lab
import Model
import TestSupport
import Testing

/// What the lab says to requests when nothing goes wrong.
@Suite struct ExchangeTests {
    private let text = "0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWX.\n"

    @Test func aGoodAnswerIsTheseBytes() async throws {
        try await withService { _, port in
            let client = try RawClient(port: port)
            try client.send("GET / HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n")
            let (bytes, ending) = try client.readToEnd()
            #expect(
                String(decoding: bytes, as: UTF8.self)
                    == "HTTP/1.1 200 OK\r\nServer: gale-lab\r\nContent-Type: text/plain\r\nContent-Length: 64\r\n"
                    + "Connection: close\r\n\r\n\(text)")
            #expect(ending == .closed)
        }
    }

    @Test(arguments: [0, 1, 63, 64, 65, 1_000, 300_000])
    func theBodyHasItsBytesAndIsTheSameEveryTime(bytes: Int) async throws {
        try await withService {
            $0.bodyBytes = bytes
        } _: { _, port in
            let client = try RawClient(port: port)
            let first = try client.get()
            #expect(first.body.count == bytes)
            #expect(first.body.prefix(64).elementsEqual(text.utf8.prefix(bytes)))
            #expect(try client.get().body == first.body)
        }
    }

    @Test func aHeadGetsTheHeadOfAGetAndNoBody() async throws {
        try await withService { _, port in
            let client = try RawClient(port: port)
            let get = try client.get()
            let head = try client.get(method: "HEAD")
            #expect(head.statusLine == get.statusLine)
            #expect(head.headers == get.headers)
            // Were a body there, it would stand before the next status line.
            #expect(try client.get().status == 200)
        }
    }

    @Test(arguments: [201 as Int32, 204, 304, 404, 503])
    func theStatusIsTheServices(status: Int32) async throws {
        try await withService {
            $0.status = status
        } _: { _, port in
            let client = try RawClient(port: port)
            let answer = try client.get()
            #expect(answer.status == Int(status))
            let isBare = status == 204 || status == 304
            #expect(answer.header("Content-Length") == (isBare ? nil : "64"))
            #expect(try client.get().status == Int(status))
        }
    }

    @Test func oneConnectionServesManyRequests() async throws {
        try await withService { lab, port in
            let client = try RawClient(port: port)
            for _ in 0..<100 { #expect(try client.get().status == 200) }
            let counts = try #require(await lab.counts(of: "lab"))
            #expect(counts.connections == 1)
            #expect(counts.received == 100)
            #expect(counts.answered == 100)
        }
    }

    @Test(arguments: [
        ("HTTP/1.1", "", "keep-alive"), ("HTTP/1.1", "Connection: close\r\n", "close"), ("HTTP/1.0", "", "close"),
        ("HTTP/1.0", "Connection: keep-alive\r\n", "keep-alive"),
        ("HTTP/1.1", "Upgrade: h2c\r\nConnection: Upgrade\r\n", "close"),
    ])
    func theConnectionIsKeptAsTheClientAsks(version: String, header: String, answer: String) async throws {
        try await withService { _, port in
            let client = try RawClient(port: port)
            try client.send("GET / \(version)\r\nHost: lab\r\n\(header)\r\n")
            #expect(try client.readAnswer().header("Connection") == answer)
            if answer == "keep-alive" {
                #expect(try client.get().status == 200)
            } else {
                #expect(try client.readToEnd().ending == .closed)
            }
        }
    }

    @Test(arguments: [
        ("with a length", "Content-Length: 5\r\n\r\nhello"),
        ("of nothing", "Content-Length: 0\r\n\r\n"),
        ("in chunks", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
        ("in chunks with trailers", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"),
    ])
    func aRequestBodyIsReadAndThrownAway(name: String, rest: String) async throws {
        try await withService { lab, port in
            let client = try RawClient(port: port)
            for _ in 0..<3 {
                try client.send("POST /orders HTTP/1.1\r\nHost: lab\r\n\(rest)")
                #expect(try client.readAnswer().status == 200)
            }
            #expect(await lab.counts(of: "lab")?.received == 3)
        }
    }

    @Test func aLargeBodyIsAnsweredWhenAllOfItIsRead() async throws {
        try await withService { lab, port in
            let client = try RawClient(port: port)
            try client.send("PUT / HTTP/1.1\r\nHost: lab\r\nContent-Length: 3000000\r\n\r\n")
            for _ in 0..<29 { try client.send([UInt8](repeating: 120, count: 100_000)) }
            #expect(await eventually { await lab.counts(of: "lab")?.received == 1 })
            #expect(await lab.counts(of: "lab")?.answered == 0)
            try client.send([UInt8](repeating: 120, count: 100_000))
            #expect(try client.readAnswer().status == 200)
        }
    }

    @Test func whoExpectsToBeToldToGoOnIsTold() async throws {
        try await withService { _, port in
            let client = try RawClient(port: port)
            try client.send("POST / HTTP/1.1\r\nHost: lab\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
            let goOn = try client.readAnswer()
            #expect(goOn.statusLine == "HTTP/1.1 100 Continue")
            #expect(goOn.headers.isEmpty)
            try client.send("hello")
            #expect(try client.readAnswer().status == 200)
        }
    }

    @Test func requestsSentAheadAreAnsweredInOrder() async throws {
        try await withService {
            $0.faults = [
                Fault(.delay(.milliseconds(20)), path: "/slow"), Fault(.status(404), path: "/missing"),
                Fault(.redirect(location: "/there"), path: "/moved"),
            ]
        } _: { _, port in
            let client = try RawClient(port: port)
            let paths = ["/missing", "/slow", "/", "/moved", "/slow", "/missing"]
            try client.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: lab\r\n\r\n" }.joined())
            #expect(try paths.map { _ in try client.readAnswer().status } == [404, 200, 200, 302, 200, 404])
        }
    }

    @Test func manyRequestsSentAheadAreAllAnswered() async throws {
        try await withService {
            $0.time = .constant(.microseconds(50))
        } _: { lab, port in
            let client = try RawClient(port: port)
            try client.send(String(repeating: "GET / HTTP/1.1\r\nHost: lab\r\n\r\n", count: 2_000))
            for _ in 0..<2_000 { #expect(try client.readAnswer().status == 200) }
            #expect(await lab.counts(of: "lab")?.answered == 2_000)
        }
    }

    @Test(arguments: [
        "this is not HTTP\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: lab\r\nContent-Length: many\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: lab\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ])
    func whatIsNoRequestIsAnswered400AndTheConnectionClosed(_ nonsense: String) async throws {
        try await withService { lab, port in
            let client = try RawClient(port: port)
            try client.send(nonsense)
            let (bytes, ending) = try client.readToEnd()
            #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            #expect(ending == .closed)
            #expect(await lab.counts(of: "lab")?.malformed == 1)
        }
    }

    @Test func nonsenseBehindARequestWaitsForItsAnswer() async throws {
        try await withService {
            $0.time = .constant(.milliseconds(10))
        } _: { _, port in
            let client = try RawClient(port: port)
            try client.send("GET / HTTP/1.1\r\nHost: lab\r\n\r\nnonsense\r\n\r\n")
            #expect(try client.readAnswer().status == 200)
            #expect(try client.readAnswer().status == 400)
        }
    }

    @Test func aTargetMayNameItsHost() async throws {
        try await withService {
            $0.faults = [Fault(.status(410), path: "/gone")]
        } _: { _, port in
            let client = try RawClient(port: port)
            #expect(try client.get("http://lab:1/gone/for/good").status == 410)
            #expect(try client.get("http://lab").status == 200)
        }
    }

    private struct Counts: Decodable {
        var received, answered, rejected, abandoned, pending, malformed, connections, open: Int
        var faulted, struckConnections: [String: Int]
    }

    @Test func theCountsCanBeAskedForAndAreNotCounted() async throws {
        try await withService {
            $0.faults = [Fault(.status(500), path: "/a"), Fault(.status(501), path: "/b")]
        } _: { lab, port in
            let client = try RawClient(port: port)
            for path in ["/", "/a", "/a", "/b"] { _ = try client.get(path) }
            let answer = try client.get("/_lab/counts")
            #expect(answer.header("Content-Type") == "application/json")
            let counts = try JSONDecoder().decode(Counts.self, from: Data(answer.body))
            #expect(counts.received == 4)
            #expect(counts.answered == 1)
            #expect(counts.faulted == ["status": 3])
            #expect(counts.connections == 1)
            #expect(counts.open == 1)
            #expect(counts.pending == 0)
            #expect(await lab.counts(of: "lab")?.received == 4)
        }
    }
}
