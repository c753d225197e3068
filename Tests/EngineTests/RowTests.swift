import Core
import Recording
import Testing

@Suite("Rows of data sources")
struct RowTests {
    /// `/17` as 17.
    private func numbers(_ target: ScriptedTarget, _ prefix: String = "/") -> [Int] {
        target.paths.filter { $0.hasPrefix(prefix) }.compactMap { Int($0.dropFirst(prefix.count)) }
    }

    private static let loads = [
        "[{ rate: 20/s, for: 2s }]", "[{ rate: 20/s, for: 2s, arrivals: poisson }]", "[{ users: 5, count: 40 }]",
        "[{ users: 4, for: 1s }]",
        "[{ rate: 20/s, for: 1s, warm-up: true }, { users: 3, count: 11 }, { rate: 10/s, for: 1s }, { users: 5, for: 300ms }]",
    ]

    @Test("no row comes twice, whatever the order and the clients", arguments: ["sequential", "shuffled"], loads)
    func noRowTwice(order: String, load: String) throws {
        for clients in 1...3 {
            let target = ScriptedTarget { n, _ in Reply(after: .milliseconds(Int64(20 + 13 * (n % 4)))) }
            let rows = (0..<400).map(String.init).joined(separator: ", ")
            let run = try PlanRun.of(
                """
                client: { clients: \(clients) }
                data: { row: { list: [\(rows)], order: \(order), at-end: stop } }
                load: \(load)
                scenarios: { main: [{ get: "/{{row}}" }] }
                """, target: target)
            let seen = numbers(target)
            #expect(seen.count >= 30)
            #expect(Set(seen).count == seen.count, "\(clients) clients")
            #expect(!run.dataEnded)
        }
    }

    @Test("in order, the first rows come first", arguments: [1, 2, 3])
    func inOrder(clients: Int) throws {
        let target = ScriptedTarget()
        try PlanRun.of(
            """
            client: { clients: \(clients) }
            data: { n: { counter: 1 } }
            load: [{ rate: 10/s, for: 1s }, { users: 2, count: 10 }, { rate: 10/s, for: 1s }]
            scenarios: { main: [{ get: "/{{n}}" }] }
            """, target: target)
        #expect(numbers(target).sorted() == Array(1...30))
        #expect(numbers(target).prefix(10) == Array(1...10)[...])
    }

    @Test(
        "`at-end: stop` ends the load; arrivals without a row are not counted",
        arguments: ["rate: 10/s, for: 60s", "users: 3, for: 60s, think: 100ms", "users: 3, count: 1000"], [1, 2, 3])
    func atEnd(phase: String, clients: Int) throws {
        let target = ScriptedTarget()
        let rows = (0..<24).map(String.init).joined(separator: ", ")
        let run = try PlanRun.of(
            """
            client: { clients: \(clients) }
            data: { row: { list: [\(rows)], at-end: stop } }
            load: [{ \(phase) }, { rate: 10/s, for: 10s }]
            scenarios: { main: [{ get: "/{{row}}" }] }
            """, target: target)
        #expect(run.dataEnded)
        #expect(!run.wasStopped)
        #expect(numbers(target).sorted() == Array(0..<24))
        #expect(run.ledger.scheduled == 24)
        #expect(run.ledger.completed == 24)
        #expect(run.total < .seconds(5))
    }

    @Test(
        "the load ends for every client when the data of one have ended",
        arguments: ["{ rate: 10/s, for: 600s }", "{ users: 4, for: 600s, think: 100ms }"])
    func atEndEverywhere(load: String) throws {
        func log(_ clients: Int) throws -> [SentRequest] {
            let target = ScriptedTarget()
            let run = try PlanRun.of(
                """
                client: { clients: \(clients) }
                data: { row: { list: [a, b, c], at-end: stop } }
                load: [\(load)]
                scenarios:
                  rare: { weight: 1, steps: [{ get: "/{{row}}" }] }
                  often: { weight: 20, steps: [{ get: /often }] }
                """, target: target)
            #expect(run.dataEnded)
            return target.log
        }
        let one = try log(1)
        let four = try log(4)
        #expect(one.filter { $0.target != "/often" }.count <= 3)
        #expect((10...200).contains(one.count))
        // In the instant of the end, users may begin before they hear of it.
        #expect(abs(one.count - four.count) <= (load.contains("users") ? 3 : 0))
    }

    @Test("`next` draws anew, and when there is nothing left, the flow is cut off and the load ends")
    func next() throws {
        let target = ScriptedTarget()
        let plan = """
            data: { n: { counter: 0 }, row: { list: [0, 1, 2, 3, 4], at-end: stop } }
            load: [{ users: 1, for: 60s }]
            scenarios:
              main:
                - get: /{{row}}/{{n}}
                - { next: row }
                - transaction: again
                  steps:
                    - { get: "/{{row}}/{{n}}" }
                    - { next: [row, n] }
                    - { get: "/{{row}}/{{n}}" }
            """
        let run = try PlanRun.of(plan, target: target)
        #expect(target.paths == ["/0/0", "/1/0", "/2/1", "/3/2", "/4/2"])
        #expect(run.dataEnded)
        #expect(run.ledger.completed == 1)
        #expect(run.ledger.stopped == 1)
        #expect(run.transactions["again"]?.counts.succeeded == 1, "the one that was cut off is not measured")
    }

    @Test(
        "data that end within flows, also after the last arrival, end the load",
        arguments: [
            "{ rate: 10/s, for: 1s }", "{ rate: 10/s, for: 1s }, { rate: 10/s, for: 60s }", "{ users: 2, for: 60s }",
        ], [1, 2])
    func endWithinFlows(load: String, clients: Int) throws {
        let target = ScriptedTarget(after: .milliseconds(300))
        let run = try PlanRun.of(
            """
            client: { clients: \(clients) }
            data: { row: { list: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], at-end: stop } }
            load: [\(load)]
            scenarios: { main: [{ get: /a, think: 800ms }, { next: row }, { get: "/{{row}}" }] }
            """, target: target)
        #expect(run.dataEnded)
        #expect(run.total < .seconds(20))
        #expect(run.ledger.stopped > 0)
        let seen = numbers(target)
        #expect(Set(seen).count == seen.count)
    }

    @Test("`per: user` keeps its row as long as the user lives; other sources move on")
    func perUser() throws {
        let target = ScriptedTarget()
        try PlanRun.of(
            """
            client: { clients: 2 }
            data:
              account: { list: [ann, ben, cat, dan], per: user }
              n: { counter: 0 }
            load: [{ users: 4, count: 12 }, { users: 3, count: 6 }]
            scenarios: { main: [{ get: "/{{account}}", headers: { N: "{{n}}" } }, { next: account }, { get: "/{{account}}/again" }] }
            """, target: target)
        let calls = Dictionary(grouping: target.paths, by: \.self).mapValues(\.count)
        #expect(
            calls == [
                "/ann": 5, "/ben": 5, "/cat": 5, "/dan": 3, "/ann/again": 5, "/ben/again": 5, "/cat/again": 5,
                "/dan/again": 3,
            ])
        let users = Dictionary(grouping: target.log.filter { $0.header("N") != nil }, by: \.target)
        for requests in users.values {
            let rows = requests.map { $0.header("N") ?? "" }
            #expect(Set(rows).count == rows.count)
        }
    }

    @Test("an arrival that is dropped leaves the rows of the others as they are")
    func dropped() throws {
        func paths(_ inFlight: Int) throws -> (paths: [String], dropped: Int) {
            let target = ScriptedTarget { n, _ in Reply(after: n % 7 == 0 ? .milliseconds(350) : .milliseconds(50)) }
            let run = try PlanRun.of(
                """
                client: { in-flight: \(inFlight) }
                data: { n: { counter: 0 } }
                load: [{ rate: 20/s, for: 3s }]
                scenarios: { main: [{ get: "/{{n}}" }] }
                """, target: target)
            return (target.paths, run.ledger.droppedInFlight)
        }
        let all = try paths(1_000)
        let some = try paths(1)
        #expect(all.dropped == 0)
        #expect(some.dropped > 10)
        #expect(some.paths.count == 60 - some.dropped)
        // Sixty arrivals, one row each: those that started have the rows of their own places.
        #expect(Set(some.paths).isSubset(of: all.paths))
        #expect(some.paths.last.flatMap { Int($0.dropFirst()) } ?? 0 > 60 - some.dropped)
    }

    @Test(
        "flows that outlive their phase draw rows that nobody else has",
        arguments: [
            "{ rate: 20/s, for: 1s }, { users: 3, for: 2s }", "{ users: 3, for: 1s }, { rate: 20/s, for: 2s }",
            "{ users: 3, for: 1s }, { users: 5, for: 2s }", "{ rate: 20/s, for: 1s }, { users: 1, count: 20 }",
            "{ rate: 20/s, for: 1s }, { rate: 30/s, for: 1s }",
        ], [1, 3])
    func outlive(load: String, clients: Int) throws {
        let target = ScriptedTarget(after: .milliseconds(150))
        try PlanRun.of(
            """
            client: { clients: \(clients) }
            data: { n: { counter: 0 } }
            load: [\(load)]
            scenarios: { main: [{ get: "/{{n}}" }, { repeat: 4, steps: [{ next: n }, { get: "/{{n}}" }] }] }
            """, target: target)
        let seen = numbers(target)
        #expect(seen.count > 60)
        #expect(Set(seen).count == seen.count)
    }

    @Test("rows that setup and teardown take are nobody else's")
    func aside() throws {
        let target = ScriptedTarget()
        try PlanRun.of(
            """
            client: { clients: 3 }
            data: { n: { counter: 0 } }
            setup: [{ get: "/{{n}}" }, { next: n }, { get: "/{{n}}" }]
            teardown: [{ get: "/{{n}}" }]
            load: [{ users: 4, count: 20 }]
            scenarios: { main: [{ get: "/{{n}}" }] }
            """, target: target)
        #expect(numbers(target).sorted() == Array(0..<23))
        #expect(numbers(target).prefix(2) == [0, 1])
        #expect(numbers(target).last == 22)
    }
}
