import Core
import Model
import Simulation
import Testing

@Suite("Answers in virtual time")
struct AnswerTests {
    @Test("an exchange takes header lines and the beginning of the body, as libcurl hands them on")
    func exchange() {
        let host = SimulatedHost { $0.bodyBytes = 100 }
        host.client()
        let exchange = Box()
        exchange.value.keepsHeaders = true
        exchange.value.bodyLimit = 11
        let attempt = host.run { await $0.get(exchange: exchange.value) }
        let lines = """
            Server: gale-lab\r
            Content-Type: text/plain\r
            Content-Length: 100\r
            Connection: keep-alive\r

            """
        #expect(String(decoding: exchange.value.responseHeaders, as: UTF8.self) == lines)
        #expect(String(decoding: exchange.value.responseBody, as: UTF8.self) == "0123456789 ")
        #expect(exchange.value.responseSize == 100)
        #expect(attempt.bytesReceived == Int64("HTTP/1.1 200 OK\r\n".utf8.count + lines.utf8.count + 2 + 100))
        let head = "GET / HTTP/1.1\r\nHost: 10.0.0.1:80\r\nAccept: */*\r\n\r\n"
        #expect(attempt.bytesSent == Int64(head.utf8.count))
    }

    @Test("a service that echoes says back what was sent, as the exchange changed it")
    func echo() {
        let host = SimulatedHost { $0.echoes = true }
        host.client()
        let exchange = Box()
        exchange.value.bodyLimit = 10_000
        exchange.value.method = Array("PUT".utf8)
        exchange.value.target = Array("/items?x=1&_status=201".utf8)
        exchange.value.headers = Array("X-Key: abc\0".utf8)
        exchange.value.body = Array("hello".utf8)
        exchange.value.hasBody = true
        let attempt = host.run { await $0.get(exchange: exchange.value) }
        let text = String(decoding: exchange.value.responseBody, as: UTF8.self)
        #expect(attempt.status == 201)
        #expect(text.contains(#""method":"PUT","path":"/items","query":{"x":"1","_status":"201"}"#))
        #expect(text.contains(#""x-key":"abc""#))
        #expect(text.contains(#""body":"hello""#))
        let head = "PUT /items?x=1&_status=201 HTTP/1.1\r\nHost: 10.0.0.1:80\r\nAccept: */*\r\nX-Key: abc\r\n"
        #expect(attempt.bytesSent == Int64((head + "Content-Length: 5\r\n\r\nhello").utf8.count))
    }

    @Test("a report of the load stands in the headers of a service that gives one")
    func load() {
        let host = SimulatedHost { $0.reportsLoad = true }
        host.client()
        let exchange = Box()
        exchange.value.keepsHeaders = true
        _ = host.run { await $0.get(exchange: exchange.value) }
        #expect(
            String(decoding: exchange.value.responseHeaders, as: UTF8.self).contains("endpoint-load-metrics: TEXT "))
    }

    @Test("a full line answers 503 at once, and keeps the connection")
    func busy() {
        let host = SimulatedHost {
            $0.workers = 1
            $0.queue = 1
            $0.time = .constant(.milliseconds(10))
        }
        host.client()
        let attempts = host.run { host in await host.together(3) { host, _ in await host.get() } }
        #expect(attempts.map(\.status) == [200, 200, 503])
        #expect(attempts.map(\.took) == [.milliseconds(10), .milliseconds(20), .zero])
        #expect(host.transports[0].openConnections == 3)
        #expect(host.lab.counts(of: 0).rejected == 1)
    }

    @Test("where a service is optimistic, who was overtaken is answered 409")
    func optimistic() {
        let host = SimulatedHost {
            $0.isOptimistic = true
            $0.time = .constant(.milliseconds(10))
        }
        host.client()
        let attempts = host.run { host in await host.together(3) { host, _ in await host.get() } }
        #expect(attempts.map(\.status).sorted() == [200, 409, 409])
    }

    @Test("a request that would break the connection apart is not prepared")
    func unsendable() {
        let host = SimulatedHost { _ in }
        let transport = host.client()
        let requests = [
            Request(url: "http://a/", headers: [Header(name: "X", value: "a\r\nb")]),
            Request(method: "GE T", url: "http://a/"), Request(url: "ftp://a/"), Request(url: "http:///x"),
        ]
        for request in requests { #expect(throws: InvalidRequest.self) { try transport.prepare(request) } }
    }

    /// An exchange for closures that are sent.
    final class Box: @unchecked Sendable {
        let value = Exchange()
    }
}
