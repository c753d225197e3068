import Foundation
import TestSupport
import Testing

/// Endpoints that are real servers: their own log, address by address, against `endpoints.csv`.
@Suite(
    "Against a pool of nginx", .serialized, .timeLimit(.minutes(5)),
    .enabled(if: Nginx.isAvailable, "nginx is not installed"))
struct NginxPoolTests {
    /// Addresses of 127.0.0.1 that are free.
    static func addresses(_ count: Int) throws -> [String] { try freePorts(count).map { "127.0.0.1:\($0)" } }

    /// Runs a plan against nginx at these addresses, and compares what it counted with what the bundle says.
    /// - Returns: the lines of its log.
    private func compare(
        _ addresses: [String], location: String = "return 200 hello;", plan: String, in folder: String
    ) async throws -> [NginxPool.Line] {
        let log = try await NginxPool.with(addresses, location: location, in: folder) { pool in
            let outcome = try await GaleProcess.run(plan: plan, in: folder)
            // 75: a busy machine may make the run invalid; its counts must be right all the same.
            #expect([0, 75].contains(outcome.status), "\(outcome)")
            let record = try Record.read(folder + "/bundle")
            #expect(await written { pool.log.count >= record.onTheWire })
            #expect(record.contradictions.isEmpty)
            #expect(record.outcome?.ledger["made"] == record.outcome?.ledger["succeeded"])
            return pool.log
        }
        let rows = EndpointRow.all(of: folder + "/bundle")
        let counts = Dictionary(grouping: log, by: \.server).mapValues(\.count)
        for address in addresses {
            #expect(rows[address]?.onTheWire == counts[address] ?? 0, "\(address)")
        }
        #expect(log.count == rows.values.reduce(0) { $0 + $1.onTheWire })
        return log
    }

    @Test(
        "by every rule each of three has as many lines in its log as the bundle says, and is asked for the target's host",
        arguments: [
            "round-robin", "weighted-round-robin", "least-connections", "p2c", "peak-ewma", "random",
            "load-report",
        ])
    func rules(rule: String) async throws {
        try await withFolder { folder in
            let addresses = try Self.addresses(3)
            let plan = """
                target: http://shop.internal/base
                endpoints: [\(addresses.joined(separator: ", "))]
                client:
                  balance: \(rule)
                  health: { check: { path: /health, interval: 20ms } }
                load: [{ users: 6, count: 60, warm-up: true }, { users: 6, count: 300 }]
                scenarios: { main: [{ get: "/a?b=1" }, { post: /c, json: { d: 1 } }] }
                """
            let log = try await compare(addresses, plan: plan, in: folder)
            #expect(log.allSatisfy { $0.host == "shop.internal" })
            #expect(Set(log.map(\.path)) == ["/base/a?b=1", "/base/c", "/health"])
            #expect(log.count { $0.path != "/health" } == 720)
            let rows = EndpointRow.all(of: folder + "/bundle")
            #expect(rows.values.allSatisfy { $0["attempts"] > 0 && $0["warm_up_requests"] > 0 && $0["checks"] > 0 })
        }
    }

    @Test(
        "weights are shares of the load: exactly in turn, and by chance as nearly as chance allows",
        arguments: [
            ("weighted-round-robin", [1, 2, 5], [80, 160, 400], 0),
            ("weighted-round-robin", [0, 1, 3], [0, 160, 480], 0),
            ("weighted-round-robin", [0, 0, 0], [214, 213, 213], 1),
            ("round-robin", [1, 2, 5], [214, 213, 213], 1),
            // Five standard deviations of a binomial distribution: 5 * sqrt(640 * 5/8 * 3/8) is 61.
            ("random", [1, 2, 5], [80, 160, 400], 61),
        ] as [(String, [Int], [Int], Int)])
    func weights(rule: String, weights: [Int], expected: [Int], tolerance: Int) async throws {
        try await withFolder { folder in
            let addresses = try Self.addresses(3)
            let endpoints = zip(addresses, weights).map { "{ address: \"\($0)\", weight: \($1) }" }
            let plan = """
                target: http://shop.internal/
                endpoints: [\(endpoints.joined(separator: ", "))]
                client: { balance: \(rule) }
                load: [{ users: 3, count: 640 }]
                """
            let log = try await compare(addresses, plan: plan, in: folder)
            #expect(log.count == 640)
            for (index, address) in addresses.enumerated() {
                let count = log.count { $0.server == address }
                #expect(abs(count - expected[index]) <= tolerance, "\(weights[index]) has \(count)")
                if expected[index] == 0 { #expect(count == 0) }
            }
        }
    }

    @Test(
        "a hundred of them: in turn each has its three, and with two drawn all are found",
        arguments: [("round-robin", 3...3), ("p2c", 1...20)])
    func hundred(rule: String, share: ClosedRange<Int>) async throws {
        try await withFolder { folder in
            let addresses = try Self.addresses(100)
            let plan = """
                target: http://shop.internal/
                endpoints: [\(addresses.joined(separator: ", "))]
                client: { balance: \(rule), health: { outliers: {} } }
                load: [{ users: 10, count: \(rule == "p2c" ? 1_000 : 300) }]
                """
            let log = try await compare(addresses, plan: plan, in: folder)
            let counts = Dictionary(grouping: log, by: \.server).mapValues(\.count)
            #expect(counts.count == 100)
            #expect(counts.values.allSatisfy { share.contains($0) || rule == "p2c" })
        }
    }

    @Test(
        "one alone has everything, whatever the rule",
        arguments: ["weighted-round-robin", "least-connections", "p2c"])
    func one(rule: String) async throws {
        try await withFolder { folder in
            let addresses = try Self.addresses(1)
            let plan = """
                target: http://shop.internal/
                endpoints: [{ address: "\(addresses[0])", weight: 0 }]
                client: { balance: \(rule), retry: 3, hedge: 10s, breaker: {}, health: { outliers: {} } }
                load: [{ users: 3, count: 50 }]
                """
            #expect(try await compare(addresses, plan: plan, in: folder).count == 50)
        }
    }

    // MARK: Connections

    @Test("an endpoint has no more connections than the pool's limit, and keeps them, however many calls there are")
    func perEndpoint() async throws {
        try await withFolder { folder in
            let addresses = try Self.addresses(2)
            let plan = """
                target: http://shop.internal/
                endpoints: [\(addresses.joined(separator: ", "))]
                client: { pool: { per-endpoint: 3, wait: 20s } }
                load: [{ users: 24, count: 600 }]
                """
            let log = try await compare(addresses, plan: plan, in: folder)
            let rows = EndpointRow.all(of: folder + "/bundle")
            for address in addresses {
                let connections = Set(log.filter { $0.server == address }.map(\.connection)).count
                #expect((1...3).contains(connections), "\(connections) connections")
                #expect(rows[address]?["connections_opened"] == connections)
            }
            #expect((try Record.read(folder + "/bundle").policies?["waited"] ?? 0) > 0)
        }
    }

    @Test("the limit on all connections holds at every moment; who is idle makes room for another endpoint")
    func inAll() async throws {
        try await withFolder { folder in
            let addresses = try Self.addresses(4)
            let plan = """
                target: http://shop.internal/
                endpoints: [\(addresses.joined(separator: ", "))]
                client: { pool: { per-endpoint: 3, connections: 5, wait: 20s } }
                load: [{ users: 24, count: 600 }]
                """
            let log = try await compare(addresses, plan: plan, in: folder)
            #expect((1...5).contains(NginxPool.mostConnections(log)), "\(NginxPool.mostConnections(log))")
            for address in addresses {
                let most = NginxPool.mostConnections(log.filter { $0.server == address })
                #expect((1...3).contains(most), "\(most) connections")
            }
        }
    }

    @Test("a connection takes as many requests as the pool allows, and no more")
    func requests() async throws {
        try await withFolder { folder in
            let addresses = try Self.addresses(2)
            let plan = """
                target: http://shop.internal/
                endpoints: [\(addresses.joined(separator: ", "))]
                client: { pool: { requests: 10 } }
                load: [{ users: 1, count: 200 }]
                """
            let log = try await compare(addresses, plan: plan, in: folder)
            // One user alone: each connection is used up before the next is opened.
            let byConnection = Dictionary(grouping: log) { "\($0.server) \($0.connection)" }
            #expect(byConnection.count == 20)
            #expect(byConnection.values.allSatisfy { $0.count == 10 && $0.map(\.place).max() == 10 })
        }
    }

    @Test("a connection that is too old takes no further request")
    func ages() async throws {
        try await withFolder { folder in
            let addresses = try Self.addresses(2)
            let plan = """
                target: http://shop.internal/
                endpoints: [\(addresses.joined(separator: ", "))]
                client: { pool: { lifetime: 500ms, jitter: 10% } }
                load: [{ users: 4, think: 20ms, for: 2s }]
                scenarios: { main: [{ get: / }] }
                """
            let log = try await compare(addresses, plan: plan, in: folder)
            let byConnection = Dictionary(grouping: log) { "\($0.server) \($0.connection)" }
            #expect(byConnection.count >= 4)
            for lines in byConnection.values {
                // 550 ms at most; the rest is for a machine that lets a request wait between here and there.
                let starts = lines.map(\.start)
                #expect((starts.max() ?? 0) - (starts.min() ?? 0) < 1_200)
            }
        }
    }

    @Test("a connection that was idle for too long takes no further request")
    func idle() async throws {
        try await withFolder { folder in
            let addresses = try Self.addresses(2)
            let plan = """
                target: http://shop.internal/
                endpoints: [\(addresses.joined(separator: ", "))]
                client: { pool: { idle: 200ms } }
                load: [{ users: 4, think: 700ms, for: 2s }]
                """
            let log = try await compare(addresses, plan: plan, in: folder)
            let byConnection = Dictionary(grouping: log) { "\($0.server) \($0.connection)" }
            for lines in byConnection.values {
                let sorted = lines.sorted { $0.start < $1.start }
                for (before, after) in zip(sorted, sorted.dropFirst()) {
                    #expect(after.start - before.end < 600, "\(after.start - before.end) ms idle")
                }
            }
            #expect(byConnection.count >= 4)
        }
    }
}
