import Core
import Model
import Testing

/// What is wrong with resources and routes that were made in code.
struct ResourceFlawTests {
    private static func lab(
        _ resources: [(String, ResourceDescription.Kind)], _ steps: [WorkStep] = [], path: String = "/a"
    ) -> LabDescription {
        var service = ServiceDescription(name: "shop")
        if !steps.isEmpty || path != "/a" {
            service.routes = [RouteDescription(method: "GET", path: path, steps: steps)]
        }
        return LabDescription(
            services: [service], resources: resources.map { ResourceDescription(name: $0.0, kind: $0.1) })
    }

    private static func database(_ change: (inout DatabaseDescription) -> Void) -> LabDescription {
        var database = DatabaseDescription()
        change(&database)
        return lab([("rows", .database(database))])
    }

    private static func cache(_ change: (inout CacheDescription) -> Void) -> LabDescription {
        var cache = CacheDescription(of: "rows")
        change(&cache)
        return lab([("pages", .cache(cache)), ("rows", .database(DatabaseDescription()))])
    }

    private static func queue(_ change: (inout QueueDescription) -> Void) -> LabDescription {
        var queue = QueueDescription()
        change(&queue)
        return lab([("notices", .queue(queue))])
    }

    private static func store(_ change: (inout StoreDescription) -> Void) -> LabDescription {
        var store = StoreDescription()
        change(&store)
        return lab([("images", .store(store))])
    }

    private static func service(_ change: (inout BackServiceDescription) -> Void) -> LabDescription {
        var service = BackServiceDescription()
        change(&service)
        return lab([("payment", .service(service))])
    }

    private static func recovery(_ change: (inout RecoveryDescription) -> Void) -> LabDescription {
        var recovery = RecoveryDescription()
        change(&recovery)
        return database { $0.recovery = recovery }
    }

    private static let everything: [(String, ResourceDescription.Kind)] = [
        ("rows", .database(DatabaseDescription())), ("pages", .cache(CacheDescription(of: "rows"))),
        ("notices", .queue(QueueDescription())), ("images", .store(StoreDescription())),
        ("payment", .service(BackServiceDescription())),
    ]

    private static func step(_ step: WorkStep) -> LabDescription { lab(everything, [step]) }

    private static func upload(_ change: (inout Upload) -> Void) -> LabDescription {
        var upload = Upload()
        change(&upload)
        return step(.upload("images", upload))
    }

    private static func call(_ change: (inout ServiceCall) -> Void) -> LabDescription {
        var call = ServiceCall()
        change(&call)
        return step(.call("payment", call))
    }

    private static func breaker(_ change: (inout CallBreaker) -> Void) -> LabDescription {
        var breaker = CallBreaker()
        change(&breaker)
        return call { $0.breaker = breaker }
    }

    @Test(
        arguments: [
            (lab([("", .queue(QueueDescription()))]), "the name of a resource is empty"),
            (lab([("shop", .queue(QueueDescription()))]), "\"shop\" is a resource and a service"),
            (
                lab([("a", .queue(QueueDescription())), ("a", .store(StoreDescription()))]),
                "resource \"a\": the name is taken twice"
            ),
            (lab([("c", .cache(CacheDescription(of: "no")))]), "come from \"no\", which is no database"),
            (
                lab([("c", .cache(CacheDescription(of: "q"))), ("q", .queue(QueueDescription()))]),
                "come from \"q\", which is no database"
            ),
            (database { $0.shards = 0 }, "shards 0 is less than 1"),
            (database { $0.connections = 0 }, "connections 0 is less than 1"),
            (database { $0.queue = -1 }, "queue -1 is less than 0"),
            (database { $0.patience = .zero }, "patience 0 ns is not above 0"),
            (database { $0.replicas = -1 }, "replicas -1 is less than 0"),
            (database { $0.applying = 1.5 }, "applying 1.5 is outside 0 to 1"),
            (database { $0.applying = .nan }, "applying nan is outside 0 to 1"),
            (database { $0.read = .constant(.seconds(-1)) }, "read time"),
            (database { $0.write = .constant(.seconds(-1)) }, "write time"),
            (database { $0.lag = .constant(.seconds(-1)) }, "lag"),
            (recovery { $0.every = .zero }, "recovery every"), (recovery { $0.minimum = 0 }, "recovery minimum 0"),
            (recovery { $0.grow = 0.6 }, "do not ascend"), (recovery { $0.watch = -0.1 }, "do not ascend"),
            (recovery { $0.double = 1.1 }, "do not ascend"), (recovery { $0.delay = .seconds(-1) }, "recovery delay"),
            (recovery { $0.most = 0 }, "recovery to at most 0"), (recovery { $0.calm = 0 }, "recovery calm 0"),
            (cache { $0.nodes = 0 }, "nodes 0"), (cache { $0.capacity = 0 }, "capacity 0"),
            (cache { $0.ttl = .zero }, "ttl 0 ns"), (cache { $0.warm = -1 }, "warm -1"),
            (cache { $0.warmBatch = 0 }, "batch 0"), (cache { $0.pending = -1 }, "pending -1"),
            (cache { $0.flush = .zero }, "flush 0 ns"), (cache { $0.attempts = 0 }, "attempts 0"),
            (cache { $0.tags = 0 }, "tags 0"), (cache { $0.tuning = .zero }, "tuning 0 ns"),
            (cache { $0.time = .constant(.seconds(-1)) }, "time"),
            (cache { $0.losses = [CacheLoss(at: .seconds(-1), node: nil)] }, "nothing happens before that"),
            (cache { $0.losses = [CacheLoss(at: .zero, node: 1)] }, "a loss of node 1"),
            (cache { $0.losses = [CacheLoss(at: .zero, node: -1)] }, "a loss of node -1"),
            (queue { $0.batch = 0 }, "batch 0"), (queue { $0.flush = .zero }, "flush 0 ns"),
            (queue { $0.senders = 0 }, "senders 0"), (queue { $0.perMessage = .seconds(-1) }, "time per message"),
            (queue { $0.failures = 2 }, "failures 2.0"), (queue { $0.attempts = 0 }, "attempts 0"),
            (queue { $0.capacity = 0 }, "capacity 0"), (queue { $0.time = .constant(.seconds(-1)) }, "time"),
            (store { $0.bandwidth = 0 }, "bandwidth 0.0"), (store { $0.bandwidth = .infinity }, "bandwidth inf"),
            (store { $0.uploads = 0 }, "uploads 0"), (store { $0.failuresPerMB = -1 }, "failures per MB -1.0"),
            (store { $0.time = .constant(.seconds(-1)) }, "time"),
            (service { $0.workers = 0 }, "workers 0"), (service { $0.queue = -1 }, "queue -1"),
            (service { $0.failures = 2 }, "failures 2.0"), (service { $0.time = .constant(.seconds(-1)) }, "time"),
            (service { $0.episodes = [Episode(.workers(0))] }, "episode workers"),
            (lab(everything, [], path: "a"), "the path does not begin with /"),
            (lab(everything, [], path: "/b"), "it has no step"),
            (step(.read("notices", time: nil)), "\"notices\" is no database and no cache"),
            (step(.write("no", time: nil)), "\"no\" is no database and no cache"),
            (step(.read("rows", time: .constant(.seconds(-1)))), "query time"),
            (step(.invalidate("rows", .key)), "\"rows\" is no cache"),
            (step(.invalidate("pages", .related(0))), "0 related keys"),
            (step(.send("rows", messages: 1)), "\"rows\" is no queue"),
            (step(.send("notices", messages: 0)), "messages 0"),
            (step(.upload("rows", Upload())), "\"rows\" is no store"),
            (upload { $0.bytes = -1 }, "an upload of -1 bytes"), (upload { $0.attempts = 0 }, "attempts 0"),
            (upload { $0.wait = .seconds(-1) }, "wait"), (upload { $0.compression = 2 }, "compression to 2.0"),
            (upload { $0.compressing = 0 }, "compressing 0.0"),
            (step(.call("rows", ServiceCall())), "\"rows\" is no service behind others"),
            (call { $0.timeout = .zero }, "timeout 0 ns"), (call { $0.attempts = 0 }, "attempts 0"),
            (call { $0.wait = .seconds(-1) }, "wait"), (call { $0.fallback = 99 }, "fallback 99"),
            (breaker { $0.failures = 0 }, "breaker failures 0"), (breaker { $0.open = .zero }, "breaker open"),
            (breaker { $0.successes = 0 }, "breaker successes 0"),
            (step(.parallel([])), "nothing to do"), (step(.parallel([[]])), "nothing to do"),
            (step(.parallel([[.work(.constant(.seconds(-1)))]])), "work"),
        ] as [(LabDescription, String)])
    func aDescriptionThatCannotBeServedSaysWhy(lab: LabDescription, words: String) throws {
        let flaw = try #require(lab.flaw)
        #expect(flaw.description.contains(words), "\(flaw)")
    }

    @Test func whatCanBeServedHasNoFlaw() {
        let steps: [WorkStep] = [
            .read("pages", time: nil), .write("rows", time: .constant(.zero)), .invalidate("pages", .tag),
            .send("notices", messages: 2), .upload("images", Upload()), .call("payment", ServiceCall()),
            .parallel([[.work(.constant(.zero))], [.read("rows", time: nil)]]),
        ]
        #expect(Self.lab(Self.everything, steps).flaw == nil)
        #expect(Self.lab(Self.everything).flaw == nil)
        #expect(Self.recovery { _ in }.flaw == nil)
        #expect(Self.breaker { _ in }.flaw == nil)
    }
}
