import Foundation
import TestSupport
import Testing

/// A real server's own log against the ledger.
@Suite(
    "Against nginx", .serialized, .timeLimit(.minutes(5)), .enabled(if: Nginx.isAvailable, "nginx is not installed"))
struct NginxTests {
    @Test(
        "its access log has a line for every request of the ledger, and no other",
        arguments: [["--users", "16", "--count", "3000"], ["--rate", "300/s", "--for", "3s", "--poisson"]])
    func counts(load: [String]) async throws {
        try await withFolder { folder in
            var bundle = ""
            try await Nginx.with(location: "return 200 hello;", in: folder) { nginx in
                bundle = folder + "/bundle"
                let outcome = try await GaleProcess.run(
                    ["run", "http://127.0.0.1:\(nginx.port)/a?b=1", "--quiet", "--out", bundle] + load, in: folder)
                // 75: a busy machine may make the run invalid; its counts must be right all the same.
                #expect([0, 75].contains(outcome.status), "\(outcome)")
            }
            let record = try Record.read(bundle)
            let log = Nginx.log(in: folder)
            #expect(log.count == record.onTheWire)
            #expect(log.allSatisfy { $0[0] == "200" && $0[1] == "GET" && $0[2] == "/a?b=1" })
            // Its own number of requests per connection: each first request is a connection that we opened.
            let opened = record.outcome?.ledger["connections_opened"] ?? 0
            #expect(log.count { $0[3] == "1" } == opened)
        }
    }

    @Test(
        "a journey of the house has as many lines in its access log as the ledger says, setup and warm-up included",
        arguments: ["checkout", "journey", "generated-data", "checks", "users-with-cookies", "upload", "replay"])
    func journeys(name: String) async throws {
        // One answer for everything: where a plan expects another, its checks fail, and the books must close all the same.
        let answer = #"{"id":17,"token":"t","query":{"q":"shoe"},"body":{"amount":2}}"#
        try await withFolder { folder in
            try await Nginx.with(location: "default_type application/json; return 200 '\(answer)';", in: folder) {
                nginx in
                let plan = GaleProcess.plans + "/\(name).yaml"
                let outcome = try await GaleProcess.run(
                    ["run", plan, "--target", "http://127.0.0.1:\(nginx.port)", "--quiet", "--out", "bundle"],
                    in: folder)
                #expect([0, 75, 99].contains(outcome.status), "\(outcome)")
            }
            let record = try Record.read(folder + "/bundle")
            #expect(record.onTheWire > 0)
            #expect(Nginx.log(in: folder).count == record.onTheWire)
        }
    }

    @Test("a compressed answer is decoded and counted as whole; statuses are nginx's")
    func compressedAndStatuses() async throws {
        try await withFolder { folder in
            let page = folder + "/html"
            try FileManager.default.createDirectory(atPath: page, withIntermediateDirectories: true)
            try String(repeating: "compress me ", count: 20_000)
                .write(toFile: page + "/page.txt", atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder)
            try await Nginx.with(location: "root \(page);", in: folder) { nginx in
                let plan = """
                    target: http://127.0.0.1:\(nginx.port)
                    client: { decompress: true }
                    load: [ { users: 4, count: 200 } ]
                    scenarios:
                      page: [ { get: /page.txt } ]
                      missing: [ { get: /missing.txt, expect: { status: 404 } } ]
                    """
                try plan.write(toFile: folder + "/plan.yaml", atomically: true, encoding: .utf8)
                let outcome = try await GaleProcess.run(
                    ["run", "plan.yaml", "--quiet", "--out", "bundle"], in: folder)
                #expect(outcome.status == 0, "\(outcome)")
            }
            let record = try Record.read(folder + "/bundle")
            let ledger = try #require(record.outcome).ledger
            #expect(ledger["succeeded"] == 200)
            let pages = record.steps[0].statuses?["200"] ?? 0
            #expect(pages + (record.steps[1].statuses?["404"] ?? 0) == 200)
            // 240 kB each, were they not compressed.
            #expect((ledger["bytes_received"] ?? 0) < pages * 20_000 + 200 * 1_000)
        }
    }
}
