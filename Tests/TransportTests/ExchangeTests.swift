import Core
import Lab
import Model
import TestSupport
import Testing
import Transport

/// Calls whose parts are made for each of them, and whose responses are looked at; the lab says back what it was asked.
@Suite("Exchanges")
struct ExchangeTests {
    private func echoes(
        keeping limit: Int = 1 << 20, _ fills: [@Sendable (Exchange) -> Void], of request: (UInt16) -> Request
    ) async throws -> [TransportHost.Answer] {
        try await withService {
            $0.echoes = true
        } _: { _, port in
            try await TransportHost.with { host in
                try await host.exchange(request(UInt16(port)), keeping: limit, fills)
            }
        }
    }

    private static func lines(_ lines: String...) -> [UInt8] { lines.flatMap { Array($0.utf8) + [0] } }

    @Test(
        "target, headers and body of an exchange go out in place of the prepared ones, and leave no trace in the next")
    func parts() async throws {
        let answers = try await echoes([
            {
                $0.target = Array("/p/17?q=a%20b".utf8)
                $0.headers = Self.lines("X-One: 1", "X-Two: 2")
                $0.body = Array("own".utf8)
                $0.hasBody = true
            },
            { _ in },
            {
                $0.hasBody = true
                $0.target = Array("/empty".utf8)
            },
        ]) {
            Request(
                method: "POST", url: "http://127.0.0.1:\($0)/prepared",
                headers: [Header(name: "X-Kept", value: "always")],
                body: Array("prepared".utf8))
        }
        #expect(answers.allSatisfy { $0.attempt.failure == nil && $0.attempt.status == 200 })
        #expect(answers[0].body.contains(#""path":"/p/17","query":{"q":"a b"}"#))
        #expect(answers[0].body.contains(#""x-kept":"always""#))
        #expect(answers[0].body.contains(#""x-one":"1","x-two":"2""#))
        #expect(answers[0].body.contains(#""body":"own""#))
        #expect(answers[1].body.contains(#""path":"/prepared""#))
        #expect(answers[1].body.contains(#""body":"prepared""#))
        #expect(!answers[1].body.contains("x-one"))
        #expect(answers[2].body.contains(#""path":"/empty""#))
        #expect(answers[2].body.contains(#""content-length":"0""#))
    }

    @Test(
        "any method may be made for a call",
        arguments: [
            ("GET", false), ("HEAD", false), ("POST", true), ("PUT", true), ("DELETE", false), ("PURGE", false),
        ])
    func methods(method: String, hasBody: Bool) async throws {
        let answers = try await echoes([
            {
                $0.method = Array(method.utf8)
                if hasBody {
                    $0.hasBody = true
                    $0.body = Array("x".utf8)
                }
            },
            { $0.method = Array("OPTIONS".utf8) },
        ]) {
            Request(url: "http://127.0.0.1:\($0)/", body: hasBody ? [] : nil)
        }
        #expect(answers.allSatisfy { $0.attempt.failure == nil && $0.attempt.status == 200 })
        #expect(answers[0].body.contains("\"method\":\"\(method)\"") == (method != "HEAD"))
        #expect(answers[1].body.contains(#""method":"OPTIONS""#))
    }

    @Test("a body goes out as gzip, made beforehand or for the call")
    func gzip() async throws {
        let text = String(repeating: "gale ", count: 100)
        let answers = try await echoes([
            { _ in },
            {
                $0.hasBody = true
                $0.body = Array("own \(text)".utf8)
            },
        ]) {
            Request(method: "POST", url: "http://127.0.0.1:\($0)/", body: Array(text.utf8), compresses: true)
        }
        #expect(answers.allSatisfy { $0.body.contains(#""content-encoding":"gzip""#) })
        #expect(answers[0].body.contains("\"body\":\"\(text)\""))
        #expect(answers[1].body.contains("\"body\":\"own \(text)\""))
        #expect(answers.allSatisfy { $0.attempt.bytesSent < 400 })
    }

    @Test("header lines are kept, without the status line; of the body as much as was asked for")
    func response() async throws {
        let answers = try await echoes(keeping: 10, [{ _ in }]) {
            Request(url: "http://127.0.0.1:\($0)/?_status=202&_cookie=a%3Db")
        }
        let answer = try #require(answers.first)
        #expect(answer.attempt.status == 202)
        #expect(answer.headers.contains("X-Request-Id: 1\r\n"))
        #expect(answer.headers.contains("Set-Cookie: a=b\r\n"))
        #expect(!answer.headers.contains("HTTP/1.1"))
        #expect(answer.body.utf8.count == 10)
        #expect(answer.size > 100)
    }

    @Test("redirects are followed from the target that was really asked for")
    func redirects() async throws {
        let answers = try await withService {
            $0.faults = [Fault(.redirectLoop)]
        } _: { _, port in
            try await TransportHost.with({ $0.redirects = 2 }) { host in
                try await host.exchange(
                    Request(url: "http://127.0.0.1:\(port)/prepared"), [{ $0.target = Array("/own/path".utf8) }])
            }
        }
        let answer = try #require(answers.first)
        #expect(answer.attempt.failure == .too_many_redirects)
        #expect(answer.headers.contains("/own/path"))
        #expect(!answer.headers.contains("/prepared"))
    }

    @Test("a compressed answer is kept as it was before it was compressed")
    func inflated() async throws {
        let answers = try await withService {
            $0.faults = [Fault(.gzipBomb(bytes: 5_000))]
        } _: { _, port in
            try await TransportHost.with { host in
                try await host.exchange(Request(url: "http://127.0.0.1:\(port)/"), keeping: 100, [{ _ in }])
            }
        }
        let answer = try #require(answers.first)
        #expect(answer.size == 5_000)
        #expect(answer.body.utf8.count == 100)
        #expect(answer.body.utf8.allSatisfy { $0 == 0 })
    }

    @Test("a host that nobody has allowed is refused at the socket, also behind a name that leads elsewhere")
    func guarded() async throws {
        // 198.18.0.0/15 is for benchmarks between two networks (RFC 2544): nobody is there, and nothing is sent.
        let refused = try await TransportHost.with(resolved: "shop.example:80:198.18.0.1") { host in
            try await host.send(Request(url: "http://shop.example/"), within: .seconds(2))
        }
        #expect(refused.failure == .host_refused)
        #expect(!refused.reachedServer)
        let metadata = try await TransportHost.with { host in
            try await host.send(Request(url: "http://169.254.169.254/latest"), within: .seconds(2))
        }
        #expect(metadata.failure == .host_refused)
    }
}
