import Foundation
import TestSupport
import Testing

/// Keys and their shards, as real servers see them.
@Suite(
    "Shards of nginx", .serialized, .timeLimit(.minutes(5)), .enabled(if: Nginx.isAvailable, "nginx is not installed"))
struct ShardTests {
    @Test(
        "a key is always at the same shard, also in a batch; what has no key reaches all",
        arguments: ["hash", "ring", "maglev", "rendezvous", "{ by: range, bounds: [10, 25] }"])
    func keys(rule: String) async throws {
        try await withFolder { folder in
            let addresses = try NginxPoolTests.addresses(3)
            let plan = """
                target: http://shop.internal/
                endpoints: [\(addresses.joined(separator: ", "))]
                client: { shard: \(rule) }
                load: [{ users: 4, count: 400 }]
                data:
                  user: { integer: 1 to 40 }
                  users: { list: [[1, 2, 11, 12, 30, 40], [9, 10, 26], [17]] }
                scenarios:
                  keyed: { weight: 6, steps: [{ get: "/user/{{user}}", key: "{{user}}" }] }
                  scatter: [{ get: /all, gather: { total: { sum: $.n } } }]
                  batch: [{ get: "/batch/{{users}}", batch: users, gather: { total: { sum: $.n } } }]
                """
            let answer = #"default_type application/json; return 200 '{"n":1}';"#
            let log = try await NginxPool.with(addresses, location: answer, in: folder) { pool in
                let outcome = try await GaleProcess.run(plan: plan, in: folder)
                #expect([0, 75].contains(outcome.status), "\(outcome)")
                let record = try Record.read(folder + "/bundle")
                #expect(await written { pool.log.count >= record.onTheWire })
                return pool.log
            }
            let record = try Record.read(folder + "/bundle")
            #expect(record.contradictions.isEmpty)
            #expect(log.count == record.onTheWire)
            #expect(record.outcome?.ledger["succeeded"] == 400)

            var shards: [String: Set<String>] = [:]
            for line in log where line.path.hasPrefix("/user/") {
                shards[String(line.path.dropFirst(6)), default: []].insert(line.server)
            }
            #expect(shards.count > 30)
            #expect(shards.values.allSatisfy { $0.count == 1 })
            #expect(Set(shards.values.joined()).count == 3)

            // A batch is divided by the same rule: `/batch/[1,2]`, its brackets percent-encoded.
            for line in log where line.path.hasPrefix("/batch/") {
                let list = line.path.removingPercentEncoding ?? ""
                for key in list.dropFirst(8).dropLast().split(separator: ",") {
                    shards[String(key), default: []].insert(line.server)
                }
            }
            #expect(shards.values.allSatisfy { $0.count == 1 })
            #expect(Set(["1", "2", "9", "10", "11", "12", "17", "26", "30", "40"]).isSubset(of: shards.keys))

            let scattered = Dictionary(grouping: log.filter { $0.path == "/all" }, by: \.server).mapValues(\.count)
            #expect(scattered.count == 3 && Set(scattered.values).count == 1, "\(scattered)")

            let rows = EndpointRow.all(of: folder + "/bundle")
            for address in addresses {
                let keyed = log.count { $0.server == address && $0.path.hasPrefix("/user/") }
                #expect(rows[address]?["keyed"] == keyed)
            }
            if rule.hasPrefix("{") {
                #expect(shards["1"] == [addresses[0]] && shards["10"] == [addresses[0]])
                #expect(shards["11"] == [addresses[1]] && shards["26"] == [addresses[2]])
            }
        }
    }

    @Test("a key goes on to another shard when its own is gone, and only the keys of that shard do")
    func moved() async throws {
        try await withFolder { folder in
            let addresses = try NginxPoolTests.addresses(4)
            let list = folder + "/endpoints.txt"
            try addresses.joined(separator: "\n").write(toFile: list, atomically: true, encoding: .utf8)
            let plan = """
                target: http://shop.internal/
                endpoints: { file: endpoints.txt, refresh: 100ms }
                client: { shard: ring }
                load: [{ rate: 300/s, for: 60s }]
                data: { user: { integer: 1 to 60 } }
                scenarios: { main: [{ get: "/{{user}}", key: "{{user}}" }] }
                """
            func shards(_ lines: some Sequence<NginxPool.Line>) -> [String: Set<String>] {
                lines.reduce(into: [:]) { $0[$1.path, default: []].insert($1.server) }
            }
            try await NginxPool.with(addresses, in: folder) { pool in
                let process = try GaleProcess.begin(plan: plan, in: folder)
                #expect(await written { shards(pool.log).count >= 55 })
                try addresses.dropLast().joined(separator: "\n")
                    .write(toFile: list, atomically: true, encoding: .utf8)
                #expect(await written { EventRow.has("endpoints", "removed", addresses[3], in: folder + "/bundle") })
                let count = pool.log.count
                #expect(await written { pool.log.count > count + 300 })
                process.signal(SIGINT)
                let outcome = await process.wait()
                #expect(outcome.status == 130, "\(outcome)")

                let after = shards(pool.log[count...])
                #expect(!after.values.contains { $0.contains(addresses[3]) })
                for (key, old) in shards(pool.log[..<count]) where !old.contains(addresses[3]) {
                    #expect(after[key].map { $0 == old } ?? true, "\(key)")
                }
                #expect(try Record.read(folder + "/bundle").contradictions.isEmpty)
            }
        }
    }
}
