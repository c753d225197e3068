import Core
import Testing

@testable import Model

/// Labs and routes drawn at random, with every kind of resource and step: what must hold whatever they are.
@Suite struct RandomProgramTests {
    /// A lab with small, slow, failing resources.
    private struct Lab {
        var random: SeededRandom
        var resources: [ResourceDescription] = []
        var routes: [(String, [WorkStep])] = []

        init(seed: UInt64) {
            random = SeededRandom(seed: seed, named: "random-lab")
            resources = [
                ResourceDescription(name: "db", kind: .database(database())),
                ResourceDescription(name: "cache", kind: .cache(cache())),
                ResourceDescription(name: "queue", kind: .queue(queue())),
                ResourceDescription(name: "store", kind: .store(store())),
                ResourceDescription(name: "service", kind: .service(service())),
            ]
            for route in 0..<4 { routes.append(("/\(route)/{id}", steps(depth: 0))) }
        }

        private mutating func chance(_ share: Double) -> Bool { random.nextUnit() <= share }
        private mutating func among(_ range: ClosedRange<Int>) -> Int {
            range.lowerBound + Int(random.below(UInt64(range.count)))
        }
        private mutating func span(_ most: Int) -> Span { .milliseconds(Int64(among(0...most))) }

        private mutating func time() -> TimeDistribution {
            switch among(0...3) {
            case 0: .constant(.zero)
            case 1: .exponential(mean: .milliseconds(5))
            case 2: .uniform(from: .zero, to: .milliseconds(20))
            default: .constant(span(10))
            }
        }

        private mutating func database() -> DatabaseDescription {
            var own = DatabaseDescription()
            own.shards = among(1...3)
            own.connections = among(1...4)
            own.queue = among(0...10)
            own.patience = chance(0.5) ? span(20) : nil
            (own.read, own.write, own.lag) = (time(), time(), time())
            own.replicas = among(0...2)
            own.applying = Double(among(0...2)) / 2
            own.recovery = recovery()
            return own
        }

        private mutating func recovery() -> RecoveryDescription? {
            guard chance(0.3) else { return nil }
            var own = RecoveryDescription()
            own.every = .milliseconds(Int64(among(1...500)))
            own.minimum = among(0...10)
            own.delay = span(300)
            own.calm = among(1...3)
            return own
        }

        private mutating func cache() -> CacheDescription {
            var own = CacheDescription(of: "db")
            own.pattern = CachePattern.allCases[among(0...2)]
            own.nodes = among(1...3)
            own.capacity = among(1...20)
            own.eviction = Eviction.allCases[among(0...1)]
            own.ttl = chance(0.5) ? span(500) : nil
            own.time = time()
            own.warm = among(0...30)
            own.warmBatch = among(1...5)
            own.pending = among(1...10)
            own.flush = span(100)
            own.attempts = among(1...3)
            own.tuning = chance(0.3) ? span(300) : nil
            own.losses = (0..<among(0...3)).map { _ in CacheLoss(at: span(2_000), node: chance(0.5) ? 0 : nil) }
            return own
        }

        private mutating func queue() -> QueueDescription {
            var own = QueueDescription()
            own.batch = among(1...10)
            own.flush = chance(0.5) ? span(300) : nil
            own.senders = among(1...3)
            own.time = time()
            own.failures = chance(0.5) ? 0.4 : 0
            own.attempts = among(1...3)
            own.capacity = among(1...50)
            return own
        }

        private mutating func store() -> StoreDescription {
            var own = StoreDescription()
            own.bandwidth = 1_000_000
            own.time = time()
            own.uploads = among(1...4)
            own.failuresPerMB = chance(0.5) ? 0.9 : 0
            return own
        }

        private mutating func service() -> BackServiceDescription {
            var own = BackServiceDescription()
            own.workers = among(1...3)
            own.queue = among(0...5)
            own.time = time()
            own.failures = chance(0.5) ? 0.3 : 0
            own.recovery = recovery()
            if chance(0.4) { own.episodes.append(Episode(.outage, at: span(1_000), lasts: .milliseconds(300))) }
            if chance(0.3) { own.episodes.append(Episode(.workers(among(1...5)), at: span(1_000), lasts: span(500))) }
            if chance(0.3) { own.episodes.append(Episode(.pause, at: span(1_000), lasts: .milliseconds(200))) }
            return own
        }

        private mutating func steps(depth: Int) -> [WorkStep] {
            (0..<among(depth == 0 ? 1...4 : 0...3)).map { _ in step(depth: depth) }
        }

        private mutating func step(depth: Int) -> WorkStep {
            let own = chance(0.2) ? time() : nil
            switch among(0...(depth < 3 ? 9 : 8)) {
            case 0: return .read("db", time: own)
            case 1: return .write("db", time: own)
            case 2: return .read("cache", time: own)
            case 3: return .write("cache", time: own)
            case 4:
                let all: [Invalidation] = [.key, .related(2), .prefix, .tag]
                return .invalidate("cache", all[among(0...3)])
            case 5: return .send("queue", messages: among(0...5))
            case 6:
                var upload = Upload()
                upload.bytes = chance(0.5) ? among(0...20_000) : nil
                upload.attempts = among(1...3)
                upload.wait = span(5)
                upload.compression = chance(0.5) ? 0.5 : 1
                return .upload("store", upload)
            case 7:
                var call = ServiceCall()
                call.timeout = chance(0.5) ? span(15) : nil
                call.attempts = among(1...3)
                call.wait = span(5)
                if chance(0.5) {
                    call.breaker = CallBreaker()
                    call.breaker?.failures = 2
                    call.breaker?.open = .milliseconds(100)
                }
                call.fallback = chance(0.5) ? 202 : nil
                return .call("service", call)
            case 8: return .work(time())
            default: return .parallel((0..<among(0...3)).map { _ in steps(depth: depth + 1) })
            }
        }
    }

    private func run(_ seed: UInt64) -> BackstageHost {
        var lab = Lab(seed: seed)
        let host = BackstageHost(lab.resources, routes: lab.routes, seed: seed)
        let requests = 60
        for _ in 0..<requests {
            host.pass(.milliseconds(Int64(lab.random.below(30))))
            host.start("GET", "/\(lab.random.below(4))/\(lab.random.below(20))", bodyBytes: 10_000)
        }
        host.finish()
        // What goes on by itself: rounds of writes, lags, batches, losses.
        host.pass(.seconds(10))
        return host
    }

    @Test func everyTicketComesBackOnceAndNothingIsLeftBehind() {
        for seed in 1...1_000 as ClosedRange<UInt64> {
            let host = run(seed)
            #expect(host.done.count == 60, "seed \(seed)")
            #expect(Set(host.done.map(\.ticket)).count == 60, "seed \(seed)")
            #expect(host.backstage.underWay == (0, 0, 0, 0), "seed \(seed)")
            #expect(host.backstage.caches[0].writes.count == 0, "seed \(seed)")
            #expect(host.backstage.queues[0].batches.count == 0, "seed \(seed)")
            #expect(host.done.allSatisfy { $0.took >= .zero }, "seed \(seed)")
            booksClose(host, seed)
        }
    }

    private func booksClose(_ host: BackstageHost, _ seed: UInt64) {
        let report = host.backstage.report(at: host.now)
        func sum(_ resource: String, _ metrics: ResourceMetric...) -> Double {
            metrics.reduce(0) { $0 + host.total(resource, $1, in: report) }
        }
        #expect(sum("db", .queries) == sum("db", .done, .failed), "seed \(seed)")
        #expect(sum("queue", .sent) == sum("queue", .delivered, .dead), "seed \(seed)")
        #expect(sum("store", .uploads) == sum("store", .done, .failed), "seed \(seed)")
        #expect(sum("service", .calls) == sum("service", .done, .failed, .refused, .timedOut), "seed \(seed)")
        let behind = host.backstage.caches[0].behind?.counts ?? WriteBehindCounts()
        #expect(
            behind.added == behind.coalesced + behind.written + behind.lost + behind.crashed, "seed \(seed)")
        // What is counted by second is what is counted in all, and shares are shares.
        var flaws: [String] = []
        for record in report.resources {
            for (column, metric) in ResourceMetric.columns(of: record.kind).enumerated() {
                let seconds = (record.seconds ?? []).map { $0[column] }
                let most = metric == .busy || metric == .hitShare || metric == .filled ? 1.0 : .infinity
                if !seconds.allSatisfy({ $0 >= 0 && $0 <= most }) { flaws.append("\(record.name) \(metric)") }
                if case .count = metric.style, abs(seconds.reduce(0, +) - record.totals[column]) > 1e-6 {
                    flaws.append("\(record.name) \(metric) by second")
                }
            }
        }
        #expect(flaws.isEmpty, "seed \(seed)")
    }

    @Test func theSameSeedGivesTheSameReportToTheBit() {
        for seed in 1...30 as ClosedRange<UInt64> {
            let (one, other) = (run(seed), run(seed))
            #expect(one.done == other.done, "seed \(seed)")
            #expect(one.backstage.report(at: one.now) == other.backstage.report(at: other.now), "seed \(seed)")
        }
    }

    /// However often the host looks, and however late: the model is the same.
    @Test func whenTheHostLooksChangesNothing() {
        for seed in 1...30 as ClosedRange<UInt64> {
            var reports: [ResourceReport] = []
            for late in [false, true] {
                let lab = Lab(seed: seed)
                let host = BackstageHost(lab.resources, routes: lab.routes, seed: seed)
                for _ in 0..<40 { host.start("GET", "/1/7", bodyBytes: 10_000) }
                let end = host.now + .seconds(20)
                if !late { host.pass(until: end) }
                var count = 0
                host.backstage.run(at: end) { _, _, _ in count += 1 }
                #expect(count == (late ? 40 : 0))
                reports.append(host.backstage.report(at: end))
            }
            #expect(reports[0] == reports[1], "seed \(seed)")
        }
    }

    /// Each thing has its stream: another time of one service leaves the queries of a database what they were.
    @Test func toChangeOneThingLeavesTheOthersAsTheyWere() {
        func reads(callTime: TimeDistribution) -> [Span] {
            let host = BackstageHost(
                [
                    service("payment") { $0.time = callTime },
                    database { $0.read = .exponential(mean: .milliseconds(5)) },
                ], routes: [("/rows/{id}", [.read("db", time: nil)]), ("/pay", [.call("payment", ServiceCall())])])
            return (0..<50).compactMap {
                _ = host.one("GET", "/pay")
                return host.one("GET", "/rows/\($0)")?.took
            }
        }
        #expect(reads(callTime: .constant(.milliseconds(1))) == reads(callTime: .exponential(mean: .seconds(1))))
    }
}
