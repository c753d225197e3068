import Core
import Model
import Testing

@Suite struct DatabaseTests {
    private let read: [(String, [WorkStep])] = [
        ("GET /rows/{id}", [.read("db", time: nil)]), ("PUT /rows/{id}", [.write("db", time: nil)]),
    ]

    // MARK: Queueing

    /// M/M/c: the share of arrivals that wait, by Erlang's second formula, from the blocking of his first by recursion.
    private func erlangC(servers: Int, load: Double) -> Double {
        var blocking = 1.0
        for count in 1...servers { blocking = load * blocking / (Double(count) + load * blocking) }
        return blocking / (1 - load / Double(servers) * (1 - blocking))
    }

    /// Means over four seeds of 4,000 queries each. Tolerances, as shares of the formulas, are four standard deviations of such
    /// a mean, measured over 120 seeds; over these the mean is that of the formulas to 0.5 %, for the waiting to 1.2 %.
    @Test(arguments: [
        (connections: 1, load: 0.7, time: 0.10, waiting: 0.15), (4, 3.2, 0.09, 0.20), (10, 7.0, 0.035, 0.41),
    ])
    func aDatabaseWithoutReplicasIsAQueueOfErlang(
        connections: Int, load: Double, time: Double, waiting tolerance: Double
    ) {
        let mean = 0.1
        var (times, waiting, busy) = (0.0, 0.0, 0.0)
        for seed in 1...4 as ClosedRange<UInt64> {
            let host = BackstageHost(
                [
                    database {
                        $0.connections = connections
                        $0.queue = 100_000
                        $0.read = .exponential(mean: Span(seconds: mean))
                    }
                ], routes: read, seed: seed)
            host.offer(4_000, rate: load / mean, seed: seed) { ("GET", "/rows/\($0 % 50)") }
            times += host.total("db", .time) / 4
            waiting += host.total("db", .waiting) / 4
            busy += host.total("db", .busy) / 4
        }
        let wait = erlangC(servers: connections, load: load) / (Double(connections) - load) * mean
        #expect(abs(times - wait - mean) < time * (wait + mean))
        #expect(abs(waiting - wait * load / mean) < tolerance * wait * load / mean)
        #expect(abs(busy - load / Double(connections)) < 0.03 * busy)
    }

    @Test(arguments: [
        (connections: 2, queue: 3, arrivals: 8, failed: 3), (1, 0, 2, 1), (1, 10, 5, 0), (5, 0, 5, 0),
    ])
    func whatFindsNoRoomFailsAtOnce(connections: Int, queue: Int, arrivals: Int, failed: Int) {
        let host = BackstageHost(
            [
                database {
                    $0.connections = connections
                    $0.queue = queue
                }
            ], routes: read)
        for _ in 0..<arrivals { host.start("GET", "/rows/1") }
        host.finish()
        #expect(host.done.count { $0.result.status == 503 && $0.took == .zero } == failed)
        #expect(host.done.count { $0.result.status == nil } == arrivals - failed)
        #expect(host.total("db", .failed) == Double(failed))
    }

    @Test func aQueryThatWaitsLongerThanItsPatienceFails() {
        let host = BackstageHost(
            [
                database {
                    $0.connections = 1
                    $0.read = .constant(.milliseconds(10))
                    $0.patience = .milliseconds(25)
                }
            ], routes: read)
        for _ in 0..<5 { host.start("GET", "/rows/1") }
        host.finish()
        // They would begin after 0, 10, 20, 30, 40 ms.
        #expect(host.done.map(\.result.status) == [nil, nil, 503, 503, nil])
        #expect(host.done.map { $0.took.milliseconds } == [10, 20, 25, 25, 30])
        #expect(host.backstage.underWay == (0, 0, 0, 0))
    }

    /// Each server has its own connections, so two shards do two things at once.
    @Test(arguments: [(shards: 1, milliseconds: 80.0), (2, 40.0)])
    func shardsShareTheWorkByKey(shards: Int, milliseconds: Double) {
        let host = BackstageHost(
            [
                database {
                    $0.shards = shards
                    $0.connections = 1
                    $0.write = .constant(.milliseconds(10))
                }
            ], routes: read)
        let places = (0..<100).map { KeyHash.place(of: "\($0)", among: 2, salt: 0x5348_4152_44) }
        let keys = (0..<100).filter { places[$0] == 0 }.prefix(4) + (0..<100).filter { places[$0] == 1 }.prefix(4)
        for key in keys { host.start("PUT", "/rows/\(key)") }
        host.finish()
        #expect(host.done.map { $0.took.milliseconds }.max() == milliseconds)
    }

    // MARK: Replicas

    /// Twice what one server can do, of which a share are writes. With three replicas reads have three times the room, but what
    /// is written is applied by all of them.
    private func failures(replicas: Int, writes: Double) -> Double {
        let host = BackstageHost(
            [
                database {
                    $0.replicas = replicas
                    $0.connections = 4
                    $0.queue = 20
                    $0.read = .exponential(mean: .milliseconds(20))
                    $0.write = .exponential(mean: .milliseconds(20))
                }
            ], routes: read, seed: 3)
        var kinds = SeededRandom(seed: 9)
        host.offer(8_000, rate: 400, seed: 5) {
            (kinds.nextUnit() <= writes ? "PUT" : "GET", "/rows/\($0 % 100)")
        }
        return host.total("db", .failed) / host.total("db", .queries)
    }

    @Test func replicasHelpReadsAndStopHelpingWhereWritesDominate() {
        #expect(failures(replicas: 0, writes: 0.05) > 0.4)
        #expect(failures(replicas: 3, writes: 0.05) < 0.01)
        let (alone, three) = (failures(replicas: 0, writes: 0.9), failures(replicas: 3, writes: 0.9))
        // The primary has 1.8 times what it can do of writes alone; the replicas take no more than the tenth that are reads.
        #expect(three > 0.3)
        #expect(alone - three < 0.12)
    }

    @Test func theWorkThatReplicasDoForWritesIsTheirShareOfTheWritesTime() {
        for (applying, busy) in [(0.0, 0.5), (0.5, 0.75), (1.0, 1.0)] {
            let host = BackstageHost(
                [
                    database {
                        $0.replicas = 1
                        $0.connections = 1
                        $0.write = .constant(.milliseconds(10))
                        $0.applying = applying
                    }
                ], routes: read)
            for _ in 0..<100 { host.start("PUT", "/rows/1") }
            host.finish()
            // The replica is behind by one write at most.
            #expect(abs(host.total("db", .busy) - busy) < 0.011)
        }
    }

    // MARK: State

    @Test func aReadReturnsWhatWasWrittenBefore() {
        let host = BackstageHost([database()], routes: read)
        #expect(host.one("GET", "/rows/a")?.result.version == 0)
        for version in 1...3 { #expect(host.one("PUT", "/rows/a")?.result.version == version) }
        #expect(host.one("GET", "/rows/a")?.result.version == 3)
        #expect(host.one("GET", "/rows/b")?.result.version == 0)
        #expect(host.total("db", .stale) == 0)
    }

    @Test(arguments: [(lag: 0, stale: false), (50, true)])
    func aReadIsStaleUntilItsReplicaHasTheWrite(lag: Int64, stale: Bool) {
        let host = BackstageHost(
            [
                database {
                    $0.replicas = 2
                    $0.lag = .constant(.milliseconds(lag))
                }
            ], routes: read)
        _ = host.one("PUT", "/rows/a")
        let soon = host.one("GET", "/rows/a")?.result
        #expect(soon?.isStale == stale)
        #expect(soon?.version == (stale ? 0 : 1))
        host.pass(.milliseconds(lag))
        let later = host.one("GET", "/rows/a")?.result
        #expect(later?.isStale == false)
        #expect(later?.version == 1)
        #expect(host.total("db", .stale) == (stale ? 1 : 0))
        #expect(abs(host.total("db", .lag) - Double(lag) / 1_000) < 1e-9)
    }

    @Test func withoutLagNoReadIsEverStale() {
        let host = BackstageHost(
            [
                database {
                    $0.replicas = 3
                    $0.connections = 2
                    $0.read = .exponential(mean: .milliseconds(10))
                }
            ], routes: read)
        host.offer(5_000, rate: 300, seed: 1) { ($0 % 3 == 0 ? "PUT" : "GET", "/rows/\($0 % 7)") }
        #expect(host.total("db", .stale) == 0)
        #expect(host.done.count { $0.result.isStale } == 0)
    }

    /// A change that waits for a connection is not there yet: the lag grows with the load, above the one described.
    @Test func replicasThatAreBusyFallBehind() {
        func lag(rate: Double) -> Double {
            let host = BackstageHost(
                [
                    database {
                        $0.replicas = 1
                        $0.connections = 4
                        $0.queue = 10
                        $0.read = .exponential(mean: .milliseconds(20))
                        $0.lag = .constant(.milliseconds(5))
                    }
                ], routes: read)
            host.offer(4_000, rate: rate, seed: 2) { ($0 % 4 == 0 ? "PUT" : "GET", "/rows/\($0 % 20)") }
            return host.total("db", .lag)
        }
        #expect(abs(lag(rate: 20) - 0.005) < 0.000_5)
        #expect(lag(rate: 400) > 0.007)
    }

    /// Time, then what the database said it takes; the others meet their usual times.
    @Test func aStepMayHaveATimeOfItsOwn() {
        let host = BackstageHost(
            [database()], routes: [("/slow/{id}", [.read("db", time: .constant(.seconds(3)))])] + read)
        #expect(host.one("GET", "/slow/1")?.took == .seconds(3))
        #expect(host.one("GET", "/rows/1")?.took == .milliseconds(5))
    }
}
