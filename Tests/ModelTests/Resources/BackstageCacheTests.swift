import Core
import Testing

@testable import Model

/// Caches, queues and stores as requests meet them; their own rules are tested beside them.
@Suite struct BackstageCacheTests {
    private let routes: [(String, [WorkStep])] = [
        ("GET /rows/{id}", [.read("cache", time: nil)]), ("PUT /rows/{id}", [.write("cache", time: nil)]),
        ("DELETE /rows/{id}", [.invalidate("cache", .key)]), ("GET /db/{id}", [.read("db", time: nil)]),
        ("PUT /db/{id}", [.write("db", time: nil)]),
    ]

    private func host(
        database own: ResourceDescription = database(), seed: UInt64 = 1,
        _ change: (inout CacheDescription) -> Void = { _ in }
    ) -> BackstageHost {
        var cache = CacheDescription(of: "db")
        cache.time = .constant(.milliseconds(1))
        change(&cache)
        return BackstageHost(
            [ResourceDescription(name: "cache", kind: .cache(cache)), own], routes: routes, seed: seed)
    }

    /// How long a first read, a second, a write, a read after it, take; queries of the database.
    @Test(
        arguments: [
            (CachePattern.aside, [6, 1, 6, 6], 3), (.through, [6, 1, 6, 1], 2), (.behind, [6, 1, 1, 1], 1),
        ] as [(CachePattern, [Int64], Double)])
    func eachPatternTakesItsTime(pattern: CachePattern, milliseconds: [Int64], queries: Double) {
        let host = host { $0.pattern = pattern }
        let requests = ["GET", "GET", "PUT", "GET"].map { host.one($0, "/rows/a") }
        #expect(requests.map { $0?.took } == milliseconds.map { .milliseconds($0) })
        #expect(requests.map { $0?.result.version } == [0, 0, 1, 1])
        #expect(host.total("db", .queries) == queries)
        #expect(host.done.count { $0.result.isStale } == 0)
    }

    @Test func aWriteBesideTheCacheLeavesAStaleEntryUntilItIsInvalidated() {
        let host = host()
        _ = host.one("GET", "/rows/a")
        _ = host.one("PUT", "/db/a")
        let stale = host.one("GET", "/rows/a")?.result
        #expect(stale?.isStale == true)
        #expect(stale?.version == 0)
        #expect(host.total("cache", .stale) == 1)
        _ = host.one("DELETE", "/rows/a")
        let fresh = host.one("GET", "/rows/a")?.result
        #expect(fresh?.isStale == false)
        #expect(fresh?.version == 1)
    }

    /// What comes in reaches the database, later; a crash before that loses answered writes, and then every read is stale.
    @Test func writesBehindArriveUnlessTheCacheIsLostBefore() {
        for (lossAt, version) in [(nil, 1), (.milliseconds(50), 0), (.milliseconds(500), 1)] as [(Span?, Int)] {
            let host = host {
                $0.pattern = .behind
                $0.losses = lossAt.map { [CacheLoss(at: $0, node: nil)] } ?? []
            }
            for key in 0..<10 { #expect(host.one("PUT", "/rows/\(key)")?.result.version == 1) }
            #expect(host.total("cache", .writes) == 10)
            host.pass(.seconds(1))
            #expect(host.total("cache", .lost) == (version == 0 ? 10 : 0))
            let read = host.one("GET", "/db/3")?.result
            #expect(read?.version == version)
            #expect(read?.isStale == (version == 0))
            #expect(host.backstage.underWay == (0, 0, 0, 0))
        }
    }

    @Test func withoutRoomToWaitAWriteGoesThrough() {
        let host = host {
            $0.pattern = .behind
            $0.pending = 2
        }
        let took = (0..<4).map { host.one("PUT", "/rows/\($0)")?.took }
        #expect(took == [.milliseconds(1), .milliseconds(1), .milliseconds(6), .milliseconds(6)])
        host.pass(.seconds(1))
        #expect(host.total("db", .writes) == 4)
        for key in 0..<4 { #expect(host.one("GET", "/db/\(key)")?.result.version == 1) }
    }

    /// A database that cannot keep up gets its writes in rounds, tries again, and loses some in the end.
    @Test func theBooksOfAWriterCloseAlsoWhenTheDatabaseFails() {
        let small = database {
            $0.connections = 1
            $0.queue = 3
            $0.write = .constant(.milliseconds(40))
        }
        let host = host(database: small) {
            $0.pattern = .behind
            $0.pending = 40
        }
        host.offer(600, rate: 200, seed: 1) { ("PUT", "/rows/\($0 % 200)") }
        host.pass(.seconds(60))
        let behind = host.backstage.caches[0].behind?.counts ?? WriteBehindCounts()
        #expect(behind.added == behind.coalesced + behind.written + behind.lost)
        #expect(behind.lost > 0)
        #expect(behind.retried > 0)
        #expect(host.total("cache", .lost) == Double(behind.lost))
        #expect(host.total("db", .queries) == host.total("db", .done) + host.total("db", .failed))
        #expect(host.backstage.underWay == (0, 0, 0, 0))
    }

    @Test func aWarmCacheMissesNothing() {
        let host = host {
            $0.warm = 100
            $0.warmBatch = 10
        }
        host.pass(.milliseconds(50))
        #expect(host.total("db", .queries) == 100)
        #expect(host.total("cache", .entries) == 100)
        for key in 1...100 { #expect(host.one("GET", "/rows/\(key)")?.took == .milliseconds(1)) }
        #expect(host.total("cache", .hitShare) == 1)
    }

    /// The load on the database is the miss share times the reads: the benefit falls with the hit share.
    @Test func whatACacheSavesFallsWithItsHitShare() {
        var before = 0.0
        for capacity in [1_000, 400, 100, 10] {
            let host = host { $0.capacity = capacity }
            var keys = SeededRandom(seed: 4)
            host.offer(3_000, rate: 200, seed: 1) { _ in ("GET", "/rows/\(keys.below(500))") }
            let (reads, hits) = (host.total("cache", .reads), host.total("cache", .hits))
            #expect(host.total("db", .queries) == reads - hits)
            let busy = host.total("db", .busy)
            #expect(busy > before * 1.05)
            before = busy
        }
    }

    @Test func tuningIsCounted() {
        let host = host {
            $0.capacity = 10
            $0.tuning = .seconds(1)
        }
        var keys = SeededRandom(seed: 4)
        host.offer(2_000, rate: 200, seed: 1) { _ in ("GET", "/rows/\(keys.below(100))") }
        #expect(host.total("cache", .tuned) >= 3)
    }

    // MARK: Queues

    @Test func messagesAreSentInBatchesWhileTheRequestGoesOn() {
        var queue = QueueDescription()
        queue.batch = 10
        queue.flush = .seconds(1)
        queue.capacity = 25
        let host = BackstageHost(
            [ResourceDescription(name: "mail", kind: .queue(queue))],
            routes: [("/x", [.send("mail", messages: 5)])])
        host.pass(.milliseconds(500))
        for _ in 0..<3 { #expect(host.one("GET", "/x")?.took == .zero) }
        host.pass(.milliseconds(499))
        // A full batch goes at once, the five others at the flush.
        #expect(host.total("mail", .delivered) == 10)
        host.pass(.milliseconds(60))
        #expect(host.total("mail", .delivered) == 15)
        #expect(abs(host.total("mail", .time) - (10 * 0.05 + 5 * 0.55) / 15) < 1e-6)
        for _ in 0..<20 { host.start("GET", "/x") }
        host.finish()
        #expect(host.done.count { $0.result.status == 503 } > 0)
        #expect(host.total("mail", .refused) == Double(5 * host.done.count { $0.result.status == 503 }))
    }

    @Test func batchesThatFailAreTriedAgainAndMessagesDieInTheEnd() {
        var queue = QueueDescription()
        queue.failures = 0.5
        queue.attempts = 2
        queue.senders = 4
        let host = BackstageHost(
            [ResourceDescription(name: "mail", kind: .queue(queue))],
            routes: [("/x", [.send("mail", messages: 1)])])
        host.offer(1_000, rate: 20, seed: 1) { _ in ("GET", "/x") }
        host.pass(.seconds(10))
        let dead = host.total("mail", .dead)
        // A quarter, ± 4 standard deviations.
        #expect(abs(dead / 1_000 - 0.25) < 0.055)
        #expect(host.total("mail", .delivered) + dead == 1_000)
    }

    // MARK: Stores

    @Test(
        arguments: [
            (bytes: nil, left: 1, milliseconds: 100), (500_000, 1, 50),
            // 20 ms of compression, then 40 % of the bytes.
            (nil, 0.4, 60),
        ] as [(bytes: Int?, left: Double, milliseconds: Int64)])
    func anUploadTakesTheTimeOfItsBytes(bytes: Int?, left: Double, milliseconds: Int64) {
        var own = Upload()
        own.bytes = bytes
        own.compression = left
        let host = BackstageHost(
            [ResourceDescription(name: "images", kind: .store(StoreDescription()))],
            routes: [("/x", [.upload("images", own)])])
        #expect(host.one("PUT", "/x", bodyBytes: 1_000_000)?.took == .milliseconds(milliseconds))
    }

    @Test(arguments: [(attempts: 1, failed: 0.15), (2, 0.022_5), (4, 0.000_506)])
    func uploadsThatFailAreTriedAgain(attempts: Int, failed: Double) {
        var store = StoreDescription()
        store.failuresPerMB = 0.15
        store.uploads = 8
        var upload = Upload()
        upload.bytes = 1_000_000
        upload.attempts = attempts
        upload.wait = .milliseconds(10)
        let host = BackstageHost(
            [ResourceDescription(name: "images", kind: .store(store))], routes: [("/x", [.upload("images", upload)])])
        host.offer(2_000, rate: 50, seed: 1) { _ in ("PUT", "/x") }
        let share = host.total("images", .failed) / 2_000
        #expect(abs(share - failed) < 4 * (failed * (1 - failed) / 2_000).squareRoot())
        #expect(host.done.count { $0.result.status == 500 } == Int(host.total("images", .failed)))
        #expect(host.backstage.underWay == (0, 0, 0, 0))
    }
}
