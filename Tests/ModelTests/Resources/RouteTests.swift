import Core
import Model
import Testing

@Suite struct RouteTests {
    @Test(
        arguments: [
            ("GET", "/products/17", "17"), ("GET", "/products/17?full=1", "17"),
            ("GET", "/products/a%20b#top", "a%20b"),
            ("GET", "/products/", nil), ("GET", "/products", nil), ("GET", "/products/1/2", nil),
            ("POST", "/products/1", nil),
            ("PUT", "/health", ""), ("GET", "/health?x", ""), ("GET", "/healthy", nil), ("GET", "", nil),
            ("POST", "/Zürich/ü", "ü"),
        ] as [(String, String, String?)])
    func aRouteIsFoundByMethodAndPath(method: String, path: String, key: String?) {
        let work = [WorkStep.work(.constant(.milliseconds(1)))]
        let host = BackstageHost(
            [], routes: [("GET /products/{id}", work), ("/health", work), ("POST /Zürich/{x}", work)])
        #expect(host.backstage.task(of: 0, method: method, path: path)?.key == key)
    }

    @Test func theFirstThatFitsHolds() {
        let host = BackstageHost(
            [],
            routes: [
                ("GET /a/b", [.work(.constant(.milliseconds(1)))]),
                ("GET /a/{id}", [.work(.constant(.milliseconds(2)))]),
            ])
        #expect(host.one("GET", "/a/b")?.took == .milliseconds(1))
        #expect(host.one("GET", "/a/c")?.took == .milliseconds(2))
        #expect(!host.backstage.isEmpty)
        #expect(BackstageHost([], routes: []).backstage.isEmpty)
        #expect(host.backstage.task(of: 3, method: "GET", path: "/a/b") == nil)
    }

    @Test func stepsTakeTheSumOfTheirTimesAndBranchesTheLongest() {
        func work(_ time: Int64) -> WorkStep { .work(.constant(.milliseconds(time))) }
        for (steps, took) in [
            ([work(1), work(2), work(3)], 6), ([.parallel([[work(1), work(4)], [work(3)]]), work(1)], 6),
            ([.parallel([[.parallel([[work(5)], [work(7)]])], [work(6), work(2)]])], 8), ([], 0), ([.parallel([])], 0),
            ([.parallel([[], []]), work(1)], 1),
        ] as [([WorkStep], Int64)] {
            let host = BackstageHost([], routes: [("/x", steps)])
            #expect(host.one("GET", "/x")?.took == .milliseconds(took))
        }
    }

    @Test func aBranchThatFailsFailsTheStepWhenAllAreDone() {
        let host = BackstageHost(
            [service("payment") { $0.failures = 1 }, database { $0.queue = 0 }],
            routes: [
                (
                    "/x",
                    [
                        .parallel([
                            [.work(.constant(.milliseconds(50)))], [.call("payment", ServiceCall())],
                            [.work(.constant(.milliseconds(20)))],
                        ]), .write("db", time: nil),
                    ]
                )
            ])
        let done = host.one("GET", "/x")
        #expect(done?.took == .milliseconds(50))
        #expect(done?.result.status == 502)
        #expect(host.total("db", .queries) == 0)
    }

    /// A hundred thousand steps without time are walked in one go.
    @Test func longChainsWithoutTimeNeedNoStack() {
        let chain = [WorkStep](repeating: .parallel([[.work(.constant(.zero))]]), count: 100_000)
        let host = BackstageHost([], routes: [("/x", chain)])
        #expect(host.one("GET", "/x")?.took == .zero)
    }

    @Test func aHostThatComesLateDoesNotSlowTheModelDown() {
        let host = BackstageHost(
            [database { $0.connections = 1 }], routes: [("/x/{id}", [.read("db", time: nil), .read("db", time: nil)])])
        for _ in 0..<3 { host.start("GET", "/x/1") }
        var ends: [Double] = []
        host.backstage.run(at: host.now + .seconds(1)) { ends.append(($2 - host.now).milliseconds) }
        #expect(ends == [20, 25, 30])
    }

    /// A worker that is free takes the next request, in the same call.
    @Test func whatIsStartedWhileOneIsHandedOutGoesOnInTheSameCall() throws {
        let host = BackstageHost([database()], routes: [("/x/{id}", [.write("db", time: nil)])])
        let task = try #require(host.backstage.task(of: 0, method: "GET", path: "/x/1"))
        var ends: [Int64] = []
        var versions: [Int?] = []
        host.backstage.start(task, bodyBytes: 0, ticket: 0, at: host.now)
        host.backstage.run(at: host.now + .milliseconds(22)) { ticket, result, at in
            ends.append((at - host.now).nanoseconds / 1_000_000)
            versions.append(result.version)
            host.backstage.start(task, bodyBytes: 0, ticket: ticket + 1, at: at)
        }
        #expect(ends == [5, 10, 15, 20])
        #expect(versions == [1, 2, 3, 4])
        #expect(host.backstage.underWay.errands == 1)
    }
}
