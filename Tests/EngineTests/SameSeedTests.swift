import Core
import Foundation
import Testing

@Suite("Same seed, same requests")
struct SameSeedTests {
    /// A folder with a CSV and a JSON lines file, for the length of a test.
    private func inFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gale-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let products = "id,name\n" + (0..<40).map { "\($0),\"thing, \($0)\"\n" }.joined()
        try products.write(to: folder.appending(path: "products.csv"), atomically: true, encoding: .utf8)
        let orders = (0..<7).map { "{\"size\":\($0),\"gift\":\($0 % 2 == 0)}\n" }.joined()
        try orders.write(to: folder.appending(path: "orders.jsonl"), atomically: true, encoding: .utf8)
        return try body(folder.path)
    }

    /// Every kind of data source, think times, a repetition, and values from responses.
    private func plan(_ load: String, client: String = "{}") -> String {
        """
        client: \(client)
        data:
          product: { csv: products.csv, order: shuffled }
          order: { json-lines: orders.jsonl, order: random }
          colour: { list: [red, green, blue] }
          pair: { list: [{ a: 1, b: x }, { a: 2, b: y }], order: random }
          n: { counter: 10, step: 5 }
          quantity: { integer: 1 to 10 }
          size: { choice: { small: 5, large: 1 } }
          id: { uuid: random }
          now: { timestamp: seconds }
          token: { string: 16, of: hex }
          key: { zipf: 1 to 100000, exponent: 1.1 }
          amount: { normal: 50, deviation: 10, from: 0, to: 100 }
          user: { list: [ann, ben, cat, dan, eve], per: user }
        load: \(load)
        scenarios:
          main:
            think: 10ms to 90ms
            steps:
              - get: /products/{{product.id}}
                query: { colour: "{{colour}}", name: "{{product.name}}", n: "{{n}}" }
                headers: { X-Token: "{{token}}", X-User: "{{user}}" }
                extract: { item: { json: "$.items[*]", pick: random } }
              - repeat: 1 to 3
                steps:
                  - post: /orders/{{key}}
                    json: { order: "{{order.size}}", gift: "{{order.gift}}", quantity: "{{quantity}}", size: "{{size}}",
                            id: "{{id}}", amount: "{{amount}}", pair: "{{pair.a}}{{pair.b}}", item: "{{item}}" }
              - put: /times/{{now}}
                text: "{{id}}"
        """
    }

    private func requests(_ plan: String, seed: UInt64, in folder: String) throws -> [SentRequest] {
        let target = ScriptedTarget { n, _ in
            Reply(after: .milliseconds(Int64(5 + n % 3)), body: #"{"items":[1,"two",3.5,null,true]}"#)
        }
        try PlanRun.of(plan, seed: seed, directory: folder, target: target)
        return target.log
    }

    @Test(
        "one seed gives the same requests, byte by byte and in time order; another seed gives others",
        arguments: [
            "[{ rate: 40/s, for: 3s, arrivals: poisson }]", "[{ users: 7, for: 3s, think: 20ms }]",
            "[{ users: 3, count: 60 }]",
            "[{ rate: 20/s, for: 1s, warm-up: true }, { users: 2 to 6, for: 2s }, { rate: 30/s, for: 1s }]",
        ])
    func sameSeed(load: String) throws {
        try inFolder { folder in
            let first = try requests(plan(load), seed: 7, in: folder)
            #expect(first.count > 100)
            #expect(try requests(plan(load), seed: 7, in: folder) == first)
            let other = try requests(plan(load), seed: 8, in: folder)
            #expect(Set(other.map(\.message)).isDisjoint(with: first.filter { $0.method == "POST" }.map(\.message)))
        }
    }

    @Test("one client and four send the same requests at the same times in an open phase", arguments: [2, 4, 7])
    func clients(count: Int) throws {
        try inFolder { folder in
            // Answers must not depend on the order within one instant, which is the clients' own.
            func log(_ client: String) throws -> [SentRequest] {
                let target = ScriptedTarget(body: #"{"items":[1,"two",3.5]}"#)
                try PlanRun.of(
                    plan("[{ rate: 100/s, for: 2s, arrivals: poisson }]", client: client), directory: folder,
                    target: target)
                return target.log
            }
            let one = try log("{ clients: 1 }")
            let many = try log("{ clients: \(count) }")
            #expect(one.count > 600)
            #expect(one.map(\.description).sorted() == many.map(\.description).sorted())
        }
    }

    @Test("scenarios of different weight send the same requests from one client and from four")
    func weights() throws {
        func log(_ clients: Int) throws -> [String] {
            let target = ScriptedTarget()
            try PlanRun.of(
                """
                client: { clients: \(clients) }
                data: { n: { counter: 0 }, m: { counter: 0 } }
                load: [{ rate: 100/s, for: 3s }, { rate: 50/s, for: 1s }]
                scenarios:
                  browse: { weight: 3, steps: [{ get: "/browse/{{n}}" }] }
                  buy: { steps: [{ get: "/buy/{{n}}/{{m}}" }] }
                  rest: [{ get: /rest }]
                """, target: target)
            return target.paths.sorted()
        }
        #expect(try log(1) == log(4))
    }
}
