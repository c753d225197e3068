import Foundation
import TestSupport
import Testing

/// Sources that change their mind, or lose it, while a run goes on.
@Suite(
    "Sources of endpoints", .serialized, .timeLimit(.minutes(5)),
    .enabled(if: Nginx.isAvailable, "nginx is not installed"))
struct EndpointSourceTests {
    /// A run whose plan lasts a minute, which `body` watches and ends.
    private func watch(
        _ endpoints: String, client: String = "{}", _ pool: NginxPool, in folder: String,
        _ body: (String) async throws -> Void
    ) async throws {
        let plan = """
            target: http://shop.internal/
            endpoints: \(endpoints)
            client: \(client)
            load: [{ rate: 100/s, for: 60s }]
            """
        let process = try GaleProcess.begin(plan: plan, in: folder)
        do {
            try await body(folder + "/bundle")
        } catch {
            process.signal(SIGKILL)
            throw error
        }
        process.signal(SIGINT)
        let outcome = await process.wait()
        #expect(outcome.status == 130, "\(outcome)")
        let record = try Record.read(folder + "/bundle")
        #expect(record.contradictions.isEmpty)
        #expect(record.outcome?.ledger["made"] == record.outcome?.ledger["succeeded"])
        #expect(await written { pool.log.count >= record.onTheWire })
        let (counts, rows) = (pool.counts, EndpointRow.all(of: folder + "/bundle"))
        for address in Set(counts.keys).union(rows.keys) {
            #expect(rows[address]?.onTheWire ?? 0 == counts[address] ?? 0, "\(address)")
        }
    }

    /// Waits until an address has had so many requests more.
    private func getsMore(_ pool: NginxPool, _ address: String, _ more: Int = 10) async -> Bool {
        let before = pool.counts[address] ?? 0
        return await written { (pool.counts[address] ?? 0) >= before + more }
    }

    @Test(
        "a file is edited: endpoints come and go, connections to the gone end, a broken or empty file changes nothing")
    func file() async throws {
        try await withFolder { folder in
            let ports = try freePorts(3)
            let addresses = ports.map { "127.0.0.1:\($0)" }
            func write(_ text: String) throws {
                try text.write(toFile: folder + "/endpoints.txt", atomically: true, encoding: .utf8)
            }
            try write("\(addresses[0])\n\(addresses[1]) # the second\n")
            try await NginxPool.with(addresses, in: folder) { pool in
                try await watch("{ file: endpoints.txt, refresh: 100ms }", pool, in: folder) { bundle in
                    #expect(await getsMore(pool, addresses[0]))
                    #expect(await getsMore(pool, addresses[1]))
                    #expect(pool.counts[addresses[2]] == nil)

                    try write(addresses.joined(separator: "\n"))
                    #expect(await getsMore(pool, addresses[2]))
                    #expect(await written { EventRow.has("endpoints", "added", addresses[2], in: bundle) })

                    #expect(connections(to: ports[1]) > 0)
                    try write("\(addresses[0])\n\(addresses[2]) weight=2 zone=b\n")
                    #expect(await written { EventRow.has("endpoints", "removed", addresses[1], in: bundle) })
                    #expect(EventRow.has("endpoints", "changed", addresses[2], in: bundle))
                    #expect(await written { connections(to: ports[1]) == 0 })
                    let gone = pool.counts[addresses[1]]

                    try write("\(addresses[0])\nthis is no endpoint\n")
                    #expect(await written { EventRow.has("endpoints", "kept", in: bundle) })
                    let kept = EventRow.all(of: bundle).first { $0.what == "kept" }
                    #expect(kept?.detail.contains("line 2") == true, "\(String(describing: kept))")
                    #expect(await getsMore(pool, addresses[2]))

                    try write("# nobody\n")
                    #expect(
                        await written {
                            EventRow.all(of: bundle).contains { $0.kind == "endpoints" && $0.detail.contains("empty") }
                        })
                    #expect(await getsMore(pool, addresses[2]))

                    try FileManager.default.removeItem(atPath: folder + "/endpoints.txt")
                    #expect(
                        await written { EventRow.all(of: bundle).contains { $0.detail.contains("No such file") } })
                    #expect(await getsMore(pool, addresses[0]))
                    #expect(pool.counts[addresses[1]] == gone)

                    try write(addresses[1])
                    #expect(await getsMore(pool, addresses[1]))
                    #expect(await written { EventRow.has("endpoints", "removed", addresses[0], in: bundle) })
                }
            }
        }
    }

    @Test("the addresses of a name follow its server; one that fails, lies, knows nobody or is silent changes nothing")
    func addresses() async throws {
        let hosts = ["127.0.0.2", "127.0.0.3"]
        try await withFolder { folder in
            let port = try freePorts(1, on: hosts)[0]
            let addresses = hosts.map { "\($0):\(port)" }
            func records(_ hosts: [String]) -> [TestNameServer.Record] {
                // A name server's own address is nobody's endpoint.
                [.unasked("127.0.0.9", of: "ns.test")] + hosts.map { .address($0, of: "shop.test") }
            }
            try await NginxPool.with(addresses, in: folder) { pool in
                try await TestNameServer.with(.knows(records([hosts[0]]))) { server in
                    let source = "{ dns: \"shop.test:\(port)\", server: \"127.0.0.1:\(server.port)\", refresh: 100ms }"
                    try await watch(source, pool, in: folder) { bundle in
                        #expect(await getsMore(pool, addresses[0]))
                        #expect(pool.counts[addresses[1]] == nil)

                        server.become(.knows(records(hosts)))
                        #expect(await getsMore(pool, addresses[1]))
                        #expect(await written { EventRow.has("endpoints", "added", addresses[1], in: bundle) })

                        server.become(.knows(records([hosts[1]])))
                        #expect(await written { EventRow.has("endpoints", "removed", addresses[0], in: bundle) })
                        let gone = pool.counts[addresses[0]]

                        for (mood, words) in [
                            (.knows([]), "has no address"), (.fails(3), "there is no name"),
                            (.babbles, "cannot be read"), (.isSilent, "no name server had an answer"),
                        ] as [(TestNameServer.Mood, String)] {
                            server.become(mood)
                            let isSaid = await written {
                                EventRow.all(of: bundle).contains { $0.what == "kept" && $0.detail.contains(words) }
                            }
                            #expect(isSaid, "\(words): \(EventRow.all(of: bundle))")
                            #expect(await getsMore(pool, addresses[1]))
                        }
                        #expect(pool.counts[addresses[0]] == gone)

                        server.become(.knows(records([hosts[0]])))
                        #expect(await getsMore(pool, addresses[0]))
                    }
                }
            }
            #expect(Set(EndpointRow.all(of: folder + "/bundle").keys) == Set(addresses))
        }
    }

    @Test("a public address that comes up during a run gets nothing: its attempts fail before a connection is opened")
    func publicAddress() async throws {
        try await withFolder { folder in
            let address = try NginxPoolTests.addresses(1)[0]
            func write(_ text: String) throws {
                try text.write(toFile: folder + "/endpoints.txt", atomically: true, encoding: .utf8)
            }
            try write(address)
            let plan = """
                target: http://shop.internal/
                endpoints: { file: endpoints.txt, refresh: 100ms }
                client: { health: { check: { path: /health, interval: 100ms } } }
                load: [{ rate: 100/s, for: 60s }]
                """
            try await NginxPool.with([address], in: folder) { pool in
                let process = try GaleProcess.begin(plan: plan, in: folder)
                #expect(await getsMore(pool, address))
                try write("\(address)\n198.18.0.1:80\n")
                let bundle = folder + "/bundle"
                #expect(await written { EventRow.has("health", "unhealthy", "198.18.0.1:80", in: bundle) })
                process.signal(SIGINT)
                let outcome = await process.wait()
                #expect(outcome.status == 130, "\(outcome)")
            }
            let record = try Record.read(folder + "/bundle")
            #expect(record.contradictions.isEmpty)
            #expect(record.failures.keys.allSatisfy { $0 == "host_refused" })
            let row = try #require(EndpointRow.all(of: folder + "/bundle")["198.18.0.1:80"])
            #expect(row.onTheWire == 0 && row["connections_opened"] == 0 && row["failed"] == row["attempts"])
        }
    }

    @Test("SRV records say ports and weights, and only those of the first priority are used")
    func services() async throws {
        let hosts = ["127.0.0.2", "127.0.0.3", "127.0.0.4"]
        try await withFolder { folder in
            let ports = try freePorts(3, on: hosts)
            let addresses = zip(hosts, ports).map { "\($0):\($1)" }
            let name = "_http._tcp.shop.test"
            func service(_ index: Int, weight: UInt16, priority: UInt16 = 1) -> [TestNameServer.Record] {
                let host = "host\(index).shop.test"
                return [
                    .service(name, weight: weight, port: ports[index], target: host, priority: priority),
                    .address(hosts[index], of: host),
                ]
            }
            let records = service(0, weight: 1) + service(1, weight: 3) + service(2, weight: 9, priority: 2)
            let log = try await NginxPool.with(addresses, in: folder) { pool in
                try await TestNameServer.with(.knows(records)) { server in
                    let plan = """
                        target: http://shop.internal/
                        endpoints: { srv: \(name), server: "127.0.0.1:\(server.port)", refresh: 200ms }
                        client: { balance: weighted-round-robin }
                        load: [{ users: 4, count: 400 }]
                        """
                    let outcome = try await GaleProcess.run(plan: plan, in: folder)
                    #expect([0, 75].contains(outcome.status), "\(outcome)")
                    #expect(await written { pool.log.count >= 400 })
                    return pool.log
                }
            }
            #expect(addresses.map { address in log.count { $0.server == address } } == [100, 300, 0])
            #expect(log.allSatisfy { $0.host == "shop.internal" })
        }
    }

    @Test(
        "a source that has no endpoint at the start ends the run before it begins, and says why",
        arguments: [
            (.knows([]), "the name shop.test has no address"), (.fails(3), "there is no name shop.test"),
            (.fails(5), "no name server had an answer for shop.test"), (.babbles, "cannot be read"),
            (.isSilent, "no name server had an answer for shop.test"),
        ] as [(TestNameServer.Mood, String)])
    func noAddress(mood: TestNameServer.Mood, words: String) async throws {
        try await withFolder { folder in
            try await TestNameServer.with(mood) { server in
                let plan = """
                    target: http://shop.internal/
                    endpoints: { dns: "shop.test:80", server: "127.0.0.1:\(server.port)" }
                    load: [{ rate: 1/s, for: 1s }]
                    """
                let outcome = try await GaleProcess.run(plan: plan, in: folder)
                #expect(outcome.status == 75, "\(outcome)")
                #expect(outcome.errors.contains("no endpoints: ") && outcome.errors.contains(words), "\(outcome)")
                #expect(!FileManager.default.fileExists(atPath: folder + "/bundle"))
                #expect(server.questions > 0)
            }
        }
    }

    @Test(
        "a file without endpoints ends the run before it begins; a wrong one is a mistake of the plan",
        arguments: [
            ("", 75, "has none"), ("# nobody\n\n", 75, "has none"), ("127.0.0.1\n", 64, "line 1"),
            ("127.0.0.1:80 weight=much\n", 64, "line 1"), ("127.0.0.1:80\n127.0.0.1:80\n", 64, "line 2"),
            ("198.18.0.1:80\n", 64, "--allow-host 198.18.0.1"),
        ] as [(String, Int32, String)])
    func badFile(text: String, status: Int32, words: String) async throws {
        try await withFolder { folder in
            try text.write(toFile: folder + "/endpoints.txt", atomically: true, encoding: .utf8)
            let plan = """
                target: http://127.0.0.1:1/
                endpoints: { file: endpoints.txt }
                load: [{ rate: 1/s, for: 1s }]
                """
            let outcome = try await GaleProcess.run(plan: plan, in: folder)
            #expect(outcome.status == status, "\(outcome)")
            #expect(outcome.errors.contains(words), "\(outcome)")
            #expect(!FileManager.default.fileExists(atPath: folder + "/bundle"))
        }
    }
}
