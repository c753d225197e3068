import Core
import Model
import Testing

@testable import Plans

/// `resources` of a lab: what they read as.
struct ResourceTests {
    private func lab(_ resources: String) throws -> LabDescription {
        let text = """
            lab:
              resources:
                \(resources)
              services:
                shop: {}
            """
        return try #require(try PlanInputs.plan(text).lab)
    }

    private static func database(_ change: (inout DatabaseDescription) -> Void) -> DatabaseDescription {
        var database = DatabaseDescription()
        change(&database)
        return database
    }

    private static func recovery(_ change: (inout RecoveryDescription) -> Void) -> RecoveryDescription {
        var recovery = RecoveryDescription()
        change(&recovery)
        return recovery
    }

    @Test(
        arguments: [
            ("{}", database { _ in }), ("{ shards: 4 }", database { $0.shards = 4 }),
            ("{ connections: 50, queue: 0 }", database { ($0.connections, $0.queue) = (50, 0) }),
            ("{ patience: 500ms }", database { $0.patience = .milliseconds(500) }),
            ("{ read: 40ms }", database { $0.read = .constant(.milliseconds(40)) }),
            ("{ write: { mean: 20ms } }", database { $0.write = .exponential(mean: .milliseconds(20)) }),
            (
                "{ replicas: 2, lag: 100ms to 300ms }",
                database {
                    $0.replicas = 2
                    $0.lag = .uniform(from: .milliseconds(100), to: .milliseconds(300))
                }
            ),
            ("{ applying: 50% }", database { $0.applying = 0.5 }),
            ("{ recovery: {} }", database { $0.recovery = RecoveryDescription() }),
            (
                "{ recovery: { every: 5s, minimum: 50, double: 40%, grow: 15%, watch: 5% } }",
                database {
                    $0.recovery = recovery {
                        ($0.every, $0.minimum) = (.seconds(5), 50)
                        ($0.double, $0.grow, $0.watch) = (0.4, 0.15, 0.05)
                    }
                }
            ),
            (
                "{ recovery: { delay: 2s, most: 4, calm: 5 } }",
                database { $0.recovery = recovery { ($0.delay, $0.most, $0.calm) = (.seconds(2), 4, 5) } }
            ),
        ] as [(String, DatabaseDescription)])
    func aDatabaseIsReadAsItIsWritten(yaml: String, database: DatabaseDescription) throws {
        let lab = try lab("catalogue: { database: \(yaml) }")
        #expect(lab.resources == [ResourceDescription(name: "catalogue", kind: .database(database))])
        #expect(lab.flaw == nil)
    }

    private static func cache(_ change: (inout CacheDescription) -> Void) -> CacheDescription {
        var cache = CacheDescription(of: "rows")
        change(&cache)
        return cache
    }

    @Test(
        arguments: [
            ("", cache { _ in }), (", pattern: aside", cache { _ in }),
            (", pattern: through", cache { $0.pattern = .through }),
            (
                ", pattern: behind, pending: 500, flush: 1s, attempts: 5",
                cache {
                    $0.pattern = .behind
                    ($0.pending, $0.flush, $0.attempts) = (500, .seconds(1), 5)
                }
            ),
            (", nodes: 3, capacity: 5_000", cache { ($0.nodes, $0.capacity) = (3, 5_000) }),
            (", evict: lfu", cache { $0.eviction = .lfu }), (", evict: lru", cache { $0.eviction = .lru }),
            (", ttl: 5m, time: 1ms", cache { ($0.ttl, $0.time) = (.seconds(300), .constant(.milliseconds(1))) }),
            (", warm: 1_000, batch: 100", cache { ($0.warm, $0.warmBatch) = (1_000, 100) }),
            (", tags: 20, tuning: 5m", cache { ($0.tags, $0.tuning) = (20, .seconds(300)) }),
            (
                ", nodes: 2, losses: [{ at: 30s, node: 1 }, { at: 1m }]",
                cache {
                    $0.nodes = 2
                    $0.losses = [CacheLoss(at: .seconds(30), node: 1), CacheLoss(at: .seconds(60), node: nil)]
                }
            ),
        ] as [(String, CacheDescription)])
    func aCacheIsReadAsItIsWritten(yaml: String, cache: CacheDescription) throws {
        let lab = try lab("{ pages: { cache: { of: rows\(yaml) } }, rows: { database: {} } }")
        #expect(lab.resources.first == ResourceDescription(name: "pages", kind: .cache(cache)))
        #expect(lab.flaw == nil)
    }

    private static func queue(_ change: (inout QueueDescription) -> Void) -> ResourceDescription.Kind {
        var queue = QueueDescription()
        change(&queue)
        return .queue(queue)
    }

    private static func store(_ change: (inout StoreDescription) -> Void) -> ResourceDescription.Kind {
        var store = StoreDescription()
        change(&store)
        return .store(store)
    }

    private static func service(_ change: (inout BackServiceDescription) -> Void) -> ResourceDescription.Kind {
        var service = BackServiceDescription()
        change(&service)
        return .service(service)
    }

    @Test(
        arguments: [
            ("{ queue: {} }", queue { _ in }),
            ("{ queue: { batch: 100, flush: 30s } }", queue { ($0.batch, $0.flush) = (100, .seconds(30)) }),
            ("{ queue: { senders: 4, capacity: 10 } }", queue { ($0.senders, $0.capacity) = (4, 10) }),
            (
                "{ queue: { time: 20ms, per-message: 1ms } }",
                queue { ($0.time, $0.perMessage) = (.constant(.milliseconds(20)), .milliseconds(1)) }
            ),
            ("{ queue: { failures: 1%, attempts: 5 } }", queue { ($0.failures, $0.attempts) = (0.01, 5) }),
            ("{ store: {} }", store { _ in }),
            ("{ store: { bandwidth: 2MB/s } }", store { $0.bandwidth = 2_000_000 }),
            (
                "{ store: { time: 20ms, uploads: 4, failures-per-mb: 5% } }",
                store { ($0.time, $0.uploads, $0.failuresPerMB) = (.constant(.milliseconds(20)), 4, 0.05) }
            ),
            ("{ service: {} }", service { _ in }),
            ("{ service: { workers: 8, queue: 10 } }", service { ($0.workers, $0.queue) = (8, 10) }),
            (
                "{ service: { time: 100ms, failures: 2% } }",
                service { ($0.time, $0.failures) = (.constant(.milliseconds(100)), 0.02) }
            ),
            (
                "{ service: { episodes: [{ outage: 10s, at: 30s }] } }",
                service { $0.episodes = [Episode(.outage, at: .seconds(30), lasts: .seconds(10))] }
            ),
            (
                "{ service: { recovery: { delay: 5s } } }",
                service { $0.recovery = recovery { $0.delay = .seconds(5) } }
            ),
        ] as [(String, ResourceDescription.Kind)])
    func anotherResourceIsReadAsItIsWritten(yaml: String, kind: ResourceDescription.Kind) throws {
        let lab = try lab("thing: \(yaml)")
        #expect(lab.resources == [ResourceDescription(name: "thing", kind: kind)])
        #expect(lab.flaw == nil)
    }

    @Test func resourcesKeepTheirOrder() throws {
        let lab = try lab("{ b: { queue: {} }, c: { cache: { of: a } }, a: { database: {} } }")
        #expect(lab.resources.map(\.name) == ["b", "c", "a"])
    }

    @Test(
        arguments: [
            ("1B/s", 1), ("512kB/s", 512_000), ("10MB/s", 10_000_000), ("1.5MiB/s", 1_572_864), ("0.5kB/s", 500),
            ("1024GiB/s", 1_099_511_627_776),
        ] as [(String, Double)])
    func aBandwidthIsASizePerSecond(text: String, bytes: Double) throws {
        #expect(try Units.bandwidth(text) == bytes)
        #expect(try Units.bandwidth(Units.text(bandwidth: bytes)) == bytes)
    }

    @Test(
        arguments: [
            ("10", .noUnit, "write `10B/s`, if that is what you mean"), ("10MB", .unit, "write `10MB/s`"),
            ("10Mb/s", .unit, "write it like `10MB/s`"), ("0.1B/s", .range, "write one within these bounds"),
            ("1025GiB/s", .range, "write one within these bounds"), ("-1B/s", .range, "drop the `-`"),
            ("fast", .number, "write it like `10MB/s`"),
        ] as [(String, UnitProblem.Kind, String)])
    func aWrongBandwidthIsAnsweredWithARemedy(text: String, kind: UnitProblem.Kind, remedy: String) {
        let problem = #expect(throws: UnitProblem.self) { try Units.bandwidth(text) }
        #expect(problem?.kind == kind)
        #expect(problem?.remedy == remedy)
    }
}
