import Foundation
import TestSupport
import Testing

/// Endpoints that misbehave while calls go on, and what the client's policies make of it.
@Suite("Endpoints that fail", .serialized, .timeLimit(.minutes(5)))
struct EndpointTests {
    // MARK: Real servers that come and go

    /// Two servers, each a process of its own, under a load that does not end by itself.
    /// - Parameter lasts: whether the first is left alone, so that its log is whole.
    private func withTwo(
        client: String, lasts: Bool = true, in folder: String,
        _ body: (_ lasting: NginxPool, _ failing: NginxPool, _ bundle: String) async throws -> Void
    ) async throws {
        let addresses = try NginxPoolTests.addresses(2)
        let plan = """
            target: http://shop.internal/
            endpoints: [\(addresses.joined(separator: ", "))]
            client: \(client)
            load: [{ rate: 200/s, for: 60s }]
            """
        try await NginxPool.with([addresses[0]], in: folder) { lasting in
            try await NginxPool.with([addresses[1]], in: folder) { failing in
                let process = try GaleProcess.begin(plan: plan, in: folder)
                do {
                    #expect(await written { lasting.log.count >= 50 && failing.log.count >= 50 })
                    try await body(lasting, failing, folder + "/bundle")
                } catch {
                    process.signal(SIGKILL)
                    throw error
                }
                process.signal(SIGINT)
                let outcome = await process.wait()
                #expect(outcome.status == 130, "\(outcome)")
                #expect(try Record.read(folder + "/bundle").contradictions.isEmpty)
                let rows = EndpointRow.all(of: folder + "/bundle")
                if lasts {
                    #expect(await written { lasting.log.count >= rows[addresses[0]]?.onTheWire ?? 0 })
                }
                // What a killed server had taken and not answered is in no log.
                #expect(failing.log.count <= rows[addresses[1]]?.onTheWire ?? 0)
                #expect(lasting.log.count <= rows[addresses[0]]?.onTheWire ?? 0)
            }
        }
    }

    private func getsMore(_ pool: NginxPool, _ more: Int = 20) async -> Bool {
        let before = pool.log.count
        return await written { pool.log.count >= before + more }
    }

    @Test(
        "one of two is killed and comes back: it is left alone in between, the other takes over, and no call is lost",
        .enabled(if: Nginx.isAvailable, "nginx is not installed"),
        arguments: [
            ("breaker: { failures: 3, open: 300ms, successes: 1 }", [("breaker", "open")], [("breaker", "closed")]),
            (
                "health: { outliers: { consecutive: 3, ejection: 500ms, interval: 200ms, most: 50% } }",
                [("ejection", "ejected")], [("ejection", "returned")]
            ),
            (
                "health: { check: { path: /health, interval: 50ms, unhealthy: 2, healthy: 2 } }",
                [("health", "unhealthy")], [("health", "healthy")]
            ),
        ] as [(String, [(String, String)], [(String, String)])])
    func killed(policy: String, falls: [(String, String)], rises: [(String, String)]) async throws {
        try await withFolder { folder in
            let client = """
                { retry: { attempts: 3, budget: none, backoff: { base: 5ms } }, timeout: { connect: 1s }, \(policy) }
                """
            try await withTwo(client: client, in: folder) { lasting, failing, bundle in
                let address = failing.addresses[0]
                await failing.stop()
                for (kind, what) in falls {
                    #expect(await written { EventRow.has(kind, what, address, in: bundle) }, "\(kind) \(what)")
                }
                #expect(await getsMore(lasting, 100))
                try await failing.start()
                for (kind, what) in rises {
                    #expect(await written { EventRow.has(kind, what, address, in: bundle) }, "\(kind) \(what)")
                }
                #expect(await getsMore(failing))
            }
            let record = try Record.read(folder + "/bundle")
            #expect(record.outcome?.ledger["made"] == record.outcome?.ledger["succeeded"])
            #expect((record.policies?["rescued"] ?? 0) > 0)
            // The other never gave cause for anything.
            #expect(EndpointRow.all(of: folder + "/bundle").values.count { $0["failed"] > 0 } <= 1)
        }
    }

    @Test(
        "one of two hangs and wakes up: attempts time out and are made at the other",
        .enabled(if: Nginx.isAvailable, "nginx is not installed"))
    func hung() async throws {
        try await withFolder { folder in
            let client = """
                { timeout: { total: 10s, attempt: 300ms }, retry: { attempts: 4, budget: none, backoff: { base: 5ms } },
                  health: { outliers: { consecutive: 5, ejection: 500ms, interval: 200ms, most: 50% } } }
                """
            try await withTwo(client: client, in: folder) { lasting, failing, bundle in
                failing.hang()
                #expect(await written { EventRow.has("ejection", "ejected", failing.addresses[0], in: bundle) })
                #expect(await getsMore(lasting, 100))
                failing.resume()
                #expect(await written { EventRow.has("ejection", "returned", failing.addresses[0], in: bundle) })
                #expect(await getsMore(failing))
            }
            let record = try Record.read(folder + "/bundle")
            #expect(record.outcome?.ledger["made"] == record.outcome?.ledger["succeeded"])
            #expect((record.policies?["retry_timeout"] ?? 0) > 0)
        }
    }

    @Test(
        "all at once: calls fail or are turned away, and succeed again when the servers are back",
        .enabled(if: Nginx.isAvailable, "nginx is not installed"))
    func all() async throws {
        try await withFolder { folder in
            let client = "{ breaker: { failures: 3, open: 300ms, successes: 1 } }"
            try await withTwo(client: client, lasts: false, in: folder) { lasting, failing, bundle in
                await lasting.stop()
                await failing.stop()
                for pool in [lasting, failing] {
                    #expect(await written { EventRow.has("breaker", "open", pool.addresses[0], in: bundle) })
                }
                #expect(await written { EventRow.has("panic", "begin", in: bundle) })
                try await lasting.start()
                try await failing.start()
                for pool in [lasting, failing] {
                    #expect(await written { EventRow.has("breaker", "closed", pool.addresses[0], in: bundle) })
                    #expect(await getsMore(pool))
                }
                #expect(await written { EventRow.has("panic", "end", in: bundle) })
            }
            let record = try Record.read(folder + "/bundle")
            #expect((record.outcome?.ledger["failed"] ?? 0) > 0)
            #expect((record.policies?["rejected_breaker_open"] ?? 0) > 0)
        }
    }

    // MARK: The lab's faults

    @Test(
        "with retries every call succeeds although one of three endpoints does nothing right",
        arguments: [
            ("b: { faults: [{ fault: stall }] }", "lab/b", ["retry_timeout"]),
            ("b: { faults: [{ fault: reset }] }", "lab/b", ["retry_reset"]),
            ("b: { faults: [{ fault: close-on-accept }] }", "lab/b", ["retry_reset"]),
            ("b: { faults: [{ fault: status, status: 500 }] }", "lab/b", ["retry_status_5xx"]),
            ("b: { faults: [{ fault: status, status: 503, share: 50% }] }", "lab/b", ["retry_status_5xx"]),
            ("b: {}", "CLOSED", ["retry_connect"]),
        ] as [(String, String, [String])])
    func faults(service: String, endpoint: String, reasons: [String]) async throws {
        try await withFolder { folder in
            let second = endpoint == "CLOSED" ? "127.0.0.1:\(try freePorts(1)[0])" : endpoint
            let plan = """
                target: lab/a
                endpoints: [lab/a, \(second), lab/c]
                client:
                  timeout: { total: 10s, attempt: 500ms }
                  retry: { attempts: 3, on: [connect, reset, timeout, 5xx], budget: none, backoff: { base: 1ms } }
                  health: { check: { path: /health, interval: 100ms, unhealthy: 1_000 } }
                load: [{ users: 6, count: 12, warm-up: true }, { users: 6, count: 60 }]
                scenarios: { main: [{ get: / }] }
                lab: { services: { a: {}, c: {}, \(service) } }
                """
            let outcome = try await GaleProcess.run(plan: plan, in: folder)
            #expect([0, 75].contains(outcome.status), "\(outcome)")
            let record = try Record.read(folder + "/bundle")
            #expect(record.contradictions.isEmpty)
            #expect(record.outcome?.ledger["succeeded"] == 60)
            #expect(record.outcome?.warmUp["succeeded"] == 12)
            for reason in reasons { #expect((record.policies?[reason] ?? 0) > 0, "\(record.policies ?? [:])") }
            let rows = EndpointRow.all(of: folder + "/bundle")
            #expect((rows[second]?["failed"] ?? 0) > 0)
            #expect(rows["lab/a"]?["failed"] == 0 && rows["lab/c"]?["failed"] == 0)
            // The lab's own count is that of attempts and checks together.
            #expect(record.onTheWire == rows.values.reduce(0) { $0 + $1.onTheWire })
            if service.contains("close-on-accept") {
                // It reads nothing, and so does not know what was sent to it.
                #expect(record.outcome?.labRequests ?? 0 < record.onTheWire)
            } else {
                #expect(record.outcome?.labRequests == record.onTheWire)
            }
        }
    }

    @Test("a slow endpoint is hedged: the other answers first, and the slow attempt is cut off")
    func slow() async throws {
        try await withFolder { folder in
            let plan = """
                target: lab/a
                endpoints: [lab/a, lab/b]
                client: { hedge: { after: 100ms, budget: 100% }, timeout: { total: 20s } }
                load: [{ users: 4, count: 40 }]
                lab: { services: { a: {}, b: { workers: 100, faults: [{ fault: delay, by: 5s }] } } }
                """
            let outcome = try await GaleProcess.run(plan: plan, in: folder)
            #expect([0, 75].contains(outcome.status), "\(outcome)")
            let record = try Record.read(folder + "/bundle")
            #expect(record.contradictions.isEmpty)
            #expect(record.outcome?.ledger["succeeded"] == 40)
            #expect((record.policies?["hedges_won"] ?? 0) > 0)
            #expect((EndpointRow.all(of: folder + "/bundle")["lab/b"]?["cancelled"] ?? 0) > 0)
            #expect(record.outcome?.labRequests == record.onTheWire)
        }
    }

    @Test("`gale lab` counts what a run against its addresses says that it sent")
    func counts() async throws {
        try await withFolder { folder in
            let ports = try freePorts(2)
            let plan = """
                target: http://127.0.0.1:\(ports[0])/
                endpoints: ["127.0.0.1:\(ports[0])", "127.0.0.1:\(ports[1])"]
                client: { balance: p2c, health: { check: { path: /health, interval: 20ms } } }
                load: [{ users: 4, count: 40, warm-up: true }, { users: 4, count: 200 }]
                lab: { services: { a: { port: \(ports[0]) }, b: { port: \(ports[1]), time: 1ms } } }
                """
            try plan.write(toFile: folder + "/lab.yaml", atomically: true, encoding: .utf8)
            let lab = try GaleProcess(["lab", "lab.yaml"], in: folder)
            #expect(await written { ports.allSatisfy { (try? RawClient(port: $0)) != nil } })
            let outcome = try await GaleProcess.run(plan: plan, in: folder)
            #expect([0, 75].contains(outcome.status), "\(outcome)")
            lab.signal(SIGINT)
            let counted = await lab.wait()
            #expect(counted.status == 0, "\(counted)")
            let record = try Record.read(folder + "/bundle")
            #expect(counted.output.hasSuffix("received \(record.onTheWire)\n"), "\(counted) \(record.onTheWire)")
            #expect(record.onTheWire > 240)
        }
    }

    // MARK: Runs that come to nothing

    @Test(
        "nobody is reachable: exit status 99, with breakers or without",
        arguments: ["{ retry: 3, breaker: {} }", "{ retry: 3, health: { check: /, outliers: {} }, hedge: 10ms }"])
    func unreachable(client: String) async throws {
        try await withFolder { folder in
            let addresses = try NginxPoolTests.addresses(2)
            let plan = """
                target: http://shop.internal/
                endpoints: [\(addresses.joined(separator: ", "))]
                client: \(client)
                load: [{ users: 2, count: 40 }]
                """
            let outcome = try await GaleProcess.run(plan: plan, in: folder)
            #expect(outcome.status == 99, "\(outcome)")
            let record = try Record.read(folder + "/bundle")
            #expect(record.contradictions.isEmpty)
            let ledger = try #require(record.outcome).ledger
            #expect(ledger["succeeded"] == 0 && ledger["reached"] == 0)
            #expect((ledger["failed"] ?? 0) + (ledger["rejected"] ?? 0) == 40)
            #expect(record.failures.keys.allSatisfy { $0.hasPrefix("connect") }, "\(record.failures)")
        }
    }

    @Test("one public endpoint that nobody has named is enough for a refusal, and nothing is sent to the others")
    func publicEndpoint() async throws {
        try await withFolder { folder in
            let plan = """
                target: http://127.0.0.1:1/
                endpoints: ["127.0.0.1:1", "198.18.0.1:80"]
                load: [{ rate: 1/s, for: 1s }]
                """
            let outcome = try await GaleProcess.run(plan: plan, in: folder)
            #expect(outcome.status == 64, "\(outcome)")
            #expect(outcome.errors.contains("--allow-host 198.18.0.1"), "\(outcome)")
            #expect(!FileManager.default.fileExists(atPath: folder + "/bundle"))
        }
    }

    @Test("a call whose key is missing fails as such, and is sent to nobody")
    func missingKey() async throws {
        try await withFolder { folder in
            let plan = """
                target: lab/a
                endpoints: [lab/a, lab/b]
                client: { shard: ring }
                load: [{ users: 2, count: 20 }]
                scenarios:
                  main:
                    steps:
                      - { get: /first, key: "1" }
                      - { get: /never, key: "1", if: status == 599, extract: { user: $.id } }
                      - { get: /user, key: "{{user}}" }
                lab: { services: { a: { answer: echo }, b: { answer: echo } } }
                """
            let outcome = try await GaleProcess.run(plan: plan, in: folder)
            #expect([0, 75].contains(outcome.status), "\(outcome)")
            let record = try Record.read(folder + "/bundle")
            #expect(record.contradictions.isEmpty)
            #expect(record.failures == ["missing_value": 20])
            #expect(record.outcome?.labRequests == 20)
        }
    }
}
