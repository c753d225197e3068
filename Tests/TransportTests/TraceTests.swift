import Core
import Lab
import Model
import TestSupport
import Testing
import Transport

/// What of a trace reaches a server.
@Suite("Traces on the wire")
struct TraceTests {
    private static func context(_ number: UInt64) -> TraceContext {
        TraceContext(trace: TraceID(high: 0xA, low: number), parent: 0xB0 + number, isSampled: false)
    }

    private static func header(_ number: UInt64) -> String { #""traceparent":"\#(context(number))""# }

    @Test("each sending has its own, beside the prepared headers and those of the call, and none when there is none")
    func headers() async throws {
        let answers = try await withService {
            $0.echoes = true
        } _: { _, port in
            try await TransportHost.with { host in
                try await host.exchange(
                    Request(url: "http://127.0.0.1:\(port)/", headers: [Header(name: "X-Kept", value: "always")]),
                    traces: [Self.context(1), Self.context(2), Self.context(3), nil, nil, Self.context(6)],
                    [
                        { _ in }, { $0.headers = Array("X-One: 1\0".utf8) }, { _ in }, { _ in },
                        { $0.headers = Array("X-One: 1\0".utf8) }, { $0.target = Array("/own".utf8) },
                    ])
            }
        }
        #expect(answers.allSatisfy { $0.attempt.status == 200 && $0.body.contains(#""x-kept":"always""#) })
        for (index, answer) in answers.enumerated() {
            let has = ![3, 4].contains(index)
            #expect(answer.body.contains("traceparent") == has, "sending \(index)")
            #expect(!has || answer.body.contains(Self.header(UInt64(index + 1))), "sending \(index)")
            #expect(answer.body.contains("x-one") == [1, 4].contains(index), "sending \(index)")
        }
    }

    @Test("what a call added to the headers is gone with the next one, also when that adds something else")
    func nothingStays() async throws {
        let answers = try await withService {
            $0.echoes = true
        } _: { _, port in
            try await TransportHost.with { host in
                try await host.exchange(
                    Request(url: "http://127.0.0.1:\(port)/"), traces: [Self.context(1), nil, Self.context(3)],
                    [
                        {
                            $0.target = Array("/a".utf8)
                            $0.headers = Array("Cookie: sid=secret\0".utf8)
                        },
                        { $0.target = Array("/b".utf8) }, { $0.target = Array("/c".utf8) },
                    ])
            }
        }
        #expect(answers.map { $0.body.contains("secret") } == [true, false, false])
    }

    @Test("a redirect to the same host keeps the trace of its attempt")
    func redirect() async throws {
        let trace = Self.context(9)
        let answers = try await withService {
            $0.echoes = true
            $0.faults = [Fault(.redirect(location: "/there"), path: "/here")]
        } _: { _, port in
            try await TransportHost.with({ $0.redirects = 2 }) { host in
                try await host.exchange(Request(url: "http://127.0.0.1:\(port)/here"), traces: [trace], [{ _ in }])
            }
        }
        #expect(answers.first?.attempt.redirects == 1)
        #expect(answers.first?.body.contains(Self.header(9)) == true)
    }
}
