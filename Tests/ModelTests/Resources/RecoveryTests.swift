import Core
import Testing

@testable import Model

@Suite struct RecoveryTests {
    private func rules(_ change: (inout RecoveryDescription) -> Void = { _ in }) -> RecoveryDescription {
        var rules = RecoveryDescription()
        change(&rules)
        return rules
    }

    /// So many calls with so many failures, then a look; what was asked for is there at once.
    private func look(_ recovery: inout Recovery, _ calls: Int, failed: Int) -> Recovery.Look {
        for number in 0..<calls { recovery.ended(failed: number < failed) }
        let look = recovery.look()
        recovery.arrived()
        return look
    }

    @Test(
        arguments: [
            (calls: 100, failed: 51, workers: 20, seconds: 10.0), (100, 50, 15, 10), (100, 21, 15, 10),
            (100, 20, nil, 5),
            (100, 11, nil, 5), (100, 10, nil, 10), (100, 0, nil, 10), (20, 20, 20, 10), (19, 19, nil, 10),
            (0, 0, nil, 10),
        ] as [(calls: Int, failed: Int, workers: Int?, seconds: Double)])
    func theShareOfFailuresDecides(calls: Int, failed: Int, workers: Int?, seconds: Double) {
        var recovery = Recovery(rules(), workers: 10)
        let look = look(&recovery, calls, failed: failed)
        #expect(look.workers == workers)
        #expect(look.next.seconds == seconds)
        #expect(recovery.steps == (workers == nil ? 0 : 1))
    }

    @Test func itGrowsUpToItsBoundAndShrinksWhenItHasBeenCalm() {
        var recovery = Recovery(rules { $0.most = 3 }, workers: 10)
        #expect(look(&recovery, 50, failed: 50).workers == 20)
        #expect(look(&recovery, 50, failed: 50).workers == 30)
        #expect(look(&recovery, 50, failed: 50).workers == nil)
        // Two calm looks are not enough, and trouble, or calls too few to say anything, change the count as they should.
        for failed in [0, 0, 8, 0, 5] { #expect(look(&recovery, 50, failed: failed).workers == nil) }
        #expect(look(&recovery, 3, failed: 0).workers == nil)
        #expect(look(&recovery, 50, failed: 0).workers == 20)
        for expected in [nil, nil, 14, nil, nil, 10, nil, nil, nil] as [Int?] {
            #expect(look(&recovery, 50, failed: 0).workers == expected)
        }
        #expect(recovery.steps == 5)
    }

    @Test func whileMoreWereAskedForNothingChanges() {
        var recovery = Recovery(rules { $0.delay = .seconds(60) }, workers: 10)
        for (expected, arrives) in [(20, false), (nil, false), (nil, true), (40, true)] as [(Int?, Bool)] {
            for _ in 0..<30 { recovery.ended(failed: true) }
            #expect(recovery.look().workers == expected)
            if arrives { recovery.arrived() }
        }
    }

    /// A service of which half the calls are refused becomes large enough, and small again when the surge is over.
    @Test func aServiceThatIsOverloadedGetsWorkersAndGivesThemBack() {
        let host = BackstageHost(
            [
                service("payment") {
                    $0.workers = 2
                    $0.queue = 2
                    $0.time = .exponential(mean: .milliseconds(100))
                    $0.recovery = rules {
                        $0.every = .seconds(2)
                        $0.delay = .seconds(1)
                    }
                }
            ], routes: [("/x", [.call("payment", ServiceCall())])])
        func workers(_ second: Int) -> Double {
            let record = host.backstage.report(at: host.now).resources[0]
            let column = ResourceMetric.columns(of: "service").firstIndex(of: .workers) ?? 0
            return record.seconds?[second][column] ?? 0
        }
        host.offer(2_000, rate: 80, seed: 1) { _ in ("GET", "/x") }
        let grown = workers(Int(host.seconds) - 1)
        #expect(grown >= 8)
        // Looks at 2 s ask for what is there at 3 s.
        #expect(workers(0) == 2)
        #expect(workers(2) == 2)
        #expect(workers(3) == 4)
        let refused = host.total("payment", .refused)
        #expect(refused > 100)
        host.offer(800, rate: 15, seed: 2) { _ in ("GET", "/x") }
        host.pass(.seconds(1))
        #expect(workers(Int(host.seconds) - 1) < grown)
        #expect(host.total("payment", .grown) >= 4)
    }

    @Test func aDatabaseThatIsOverloadedGetsConnections() {
        func failed(_ recovery: RecoveryDescription?) -> Double {
            let host = BackstageHost(
                [
                    database {
                        $0.connections = 2
                        $0.queue = 5
                        $0.read = .constant(.milliseconds(100))
                        $0.recovery = recovery
                    }
                ], routes: [("/x/{id}", [.read("db", time: nil)])])
            host.offer(2_000, rate: 50, seed: 1) { ("GET", "/x/\($0)") }
            return host.total("db", .failed) / host.total("db", .queries)
        }
        #expect(failed(nil) > 0.5)
        #expect(failed(rules { $0.every = .seconds(2) }) < 0.15)
    }
}
