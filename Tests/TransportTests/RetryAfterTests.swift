import Core
import Foundation
import TestSupport
import Testing
import Transport

/// What a server says about when to come again.
@Suite("Retry-After", .serialized, .enabled(if: Nginx.isAvailable, "nginx is missing"))
struct RetryAfterTests {
    @Test(
        "seconds and dates are read from 429 and 503 only, never below 0",
        arguments: [
            (503, "7", 7...7), (429, "120", 120...120), (500, "7", 0...0), (200, "7", 0...0), (503, "soon", 0...0),
            (503, "-5", 0...0), (503, "99999999999", Int32.max...Int32.max),
            (503, "Wed, 21 Oct 2015 07:28:00 GMT", 0...0), (503, "Wed, 21 Oct 2065 07:28:00 GMT", 1_000...Int32.max),
        ] as [(Int, String, ClosedRange<Int32>)])
    func read(status: Int, value: String, seconds: ClosedRange<Int32>) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gale-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let location = """
            if ($arg_plain) { add_header X-Plain 1 always; return 503 later; } add_header Retry-After "\(value)" always; return \(status) later;
            """
        try await Nginx.with(location: location, in: folder.path) { nginx in
            try await TransportHost.with { host in
                let attempt = try await host.send(Request(url: "http://127.0.0.1:\(nginx.port)/"))
                #expect(attempt.status == Int32(status))
                #expect(seconds.contains(attempt.retryAfter), "\(attempt.retryAfter)")
                // The next answer on the same handle says nothing of the kind.
                let next = try await host.send(Request(url: "http://127.0.0.1:\(nginx.port)/?plain=1"))
                #expect(next.status == 503 && next.retryAfter == 0)
            }
        }
    }
}
