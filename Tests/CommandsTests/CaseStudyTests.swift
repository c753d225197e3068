import Foundation
import Testing

/// The plans of the case studies, in virtual time and shortened: each claim in its sign and rough size, and the benefit smaller
/// or gone where theory says so. `Reports/case-studies` has the figures of the whole runs.
@Suite("The plans of the case studies", .serialized, .timeLimit(.minutes(15)))
struct CaseStudyTests {
    /// What a simulation left behind.
    struct Result {
        var record: Record
        /// Totals of the resources, by name and column.
        var resources: [String: [String: Double]]
        /// Rows of the response time, by scope.
        var response: [String: [String: String]]
        var moved: [Double]

        subscript(resource: String, column: String) -> Double { resources[resource]?[column] ?? -1 }

        func milliseconds(_ column: String, of scope: String = "run") -> Double {
            Double(response[scope]?["\(column)_ms"] ?? "") ?? -1
        }

        private func ledger(_ column: String) -> Double { Double(record.outcome?.ledger[column] ?? 0) }
        var failed: Double { ledger("failed") / max(ledger("made"), 1) }
    }

    private struct Resources: Decodable {
        struct Resource: Decodable {
            struct Column: Decodable { var name: String }
            var name: String
            var columns: [Column]
            var totals: [Double]
        }
        struct Shards: Decodable {
            struct Change: Decodable { var share: Double }
            var moved: [Change]
        }
        var resources: [Resource]?
        var shards: Shards?
    }

    private static func simulate(
        _ plan: String, _ variant: String? = nil, _ settings: [String] = [], seed: Int = 1
    ) async throws -> Result {
        try await withFolder { folder in
            let words =
                [
                    "simulate", "\(GaleProcess.plans)/case-studies/\(plan).yaml", "--quiet", "--out", "bundle",
                    "--seed", String(seed),
                ]
                + (variant.map { ["--variant", $0] } ?? []) + settings.flatMap { ["--set", $0] }
            let outcome = try await GaleProcess.run(words, in: folder)
            // 99 when no call succeeded, as where a store always fails.
            try #require([0, 99].contains(outcome.status), "\(outcome)")
            let bundle = folder + "/bundle"
            let record = try Record.read(bundle)
            #expect(record.outcome?.labRequests == record.onTheWire)
            let text = try Data(contentsOf: URL(fileURLWithPath: bundle + "/run.json"))
            let read = try JSONDecoder().decode(Resources.self, from: text)
            let resources = (read.resources ?? []).map { resource in
                let columns = zip(resource.columns.map(\.name), resource.totals)
                return (resource.name, Dictionary(columns) { first, _ in first })
            }
            let rows = BundleTable("summary.csv", of: bundle).rows.filter { $0["clock"] == "response" }
            return Result(
                record: record, resources: Dictionary(resources) { first, _ in first },
                response: Dictionary(rows.map { ($0["scope"] ?? "", $0) }) { first, _ in first },
                moved: read.shards?.moved.map(\.share) ?? [])
        }
    }

    @Test("all pass the check, with all of their variants")
    func check() async throws {
        let folder = GaleProcess.plans + "/case-studies"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }
        #expect(names.count >= 10)
        for name in names.sorted() {
            let outcome = try await GaleProcess.run(["check", folder + "/" + name], in: "/")
            #expect(outcome.status == 0, "\(outcome)")
            #expect(!outcome.errors.contains("warning"), "\(outcome)")
        }
    }

    // MARK: Commerce

    /// A tenth of everything: the same lines with a tenth of the calls. The database answers 10 queries a second.
    private static let tenth = [
        "load.0.rate=5/s", "load.1.rate=5/s", "load.1.spike=15/s", "load.1.for=3m", "data.product.zipf=1 to 1_000",
        "lab.resources.payment.service.workers=2", "lab.services.shop.workers=10",
    ]
    private static let slow = "lab.resources.catalogue.database.connections=2"
    private static let well = "lab.resources.payment.service.episodes.0.at=1h"
    private static let surge = tenth + [slow, well]
    private static func without(_ key: String) -> [String] { tenth.filter { !$0.hasPrefix(key) } }
    private static let page = "browse/product"
    private static func room(_ entries: Int) -> String { "lab.resources.pages.cache.capacity=\(entries)" }

    @Test("a cache or replicas take the line away in a surge, and the cache most of the queries")
    func overload() async throws {
        let base = try await Self.simulate("commerce", nil, Self.surge)
        let cache = try await Self.simulate("commerce", "cache", Self.surge + [Self.room(200)])
        let replicas = try await Self.simulate("commerce", "replicas", Self.surge)
        #expect(base.milliseconds("p95", of: Self.page) > 15_000)
        #expect(cache.milliseconds("p95", of: Self.page) < 0.1 * base.milliseconds("p95", of: Self.page))
        #expect(replicas.milliseconds("p95", of: Self.page) < 0.1 * base.milliseconds("p95", of: Self.page))
        #expect((0.6...0.75).contains(cache["pages", "hit_share"]))
        #expect(cache["catalogue", "queries"] < 0.38 * base["catalogue", "queries"])
        // The same queries, on more servers.
        #expect(replicas["catalogue", "queries"] == base["catalogue", "queries"])
    }

    @Test("the benefit of a cache falls with its hit share: with its room, and with how often keys come again")
    func hitShare() async throws {
        var found: [(hits: Double, p95: Double)] = []
        for settings in [[Self.room(200)], [Self.room(10)], [Self.room(2)]] {
            let result = try await Self.simulate("commerce", "cache", Self.surge + settings)
            found.append((result["pages", "hit_share"], result.milliseconds("p95", of: Self.page)))
        }
        #expect(found[0].hits > found[1].hits && found[1].hits > found[2].hits)
        #expect(found[0].p95 < found[1].p95 / 2 && found[1].p95 < found[2].p95 / 2)
        let even = try await Self.simulate(
            "commerce", "cache", Self.surge + [Self.room(50), "data.product.exponent=0.001"])
        // Room for 50 of 1,000 keys that are asked for equally often.
        #expect((0.03...0.06).contains(even["pages", "hit_share"]))
        #expect(even.milliseconds("p95", of: Self.page) > 10_000)
    }

    @Test("replicas stop helping when writes dominate: every one of them applies every write")
    func writes() async throws {
        let settings = Self.surge + ["scenarios.update.weight=80", "scenarios.browse.weight=10"]
        let base = try await Self.simulate("commerce", nil, settings)
        let replicas = try await Self.simulate("commerce", "replicas", settings)
        #expect(base.milliseconds("p95") > 15_000)
        #expect(replicas.milliseconds("p95") > 0.6 * base.milliseconds("p95"))
    }

    @Test("replicas do nothing for the response time without overload")
    func calm() async throws {
        // A quarter of what twice the connections can do.
        let settings =
            Self.without("load.1.spike") + [
                "load.1.spike=6/s", "lab.resources.catalogue.database.connections=4", Self.well,
            ]
        let base = try await Self.simulate("commerce", nil, settings)
        let replicas = try await Self.simulate("commerce", "replicas", settings)
        let ratio =
            replicas.milliseconds("p95", of: Self.page) / base.milliseconds("p95", of: Self.page)
        #expect((0.85...1.1).contains(ratio))
    }

    @Test("orders are accepted while payment is down with a breaker and a fallback, and pages do not wait for it")
    func payment() async throws {
        // Without a surge: it hangs for two minutes.
        let down =
            Self.without("load.1.spike") + [
                "load.1.spike=5/s", Self.slow, "lab.resources.payment.service.episodes.0.at=90s",
            ]
        let base = try await Self.simulate("commerce", nil, down)
        let fallback = try await Self.simulate("commerce", "fallback", down)
        #expect(base["payment", "timed_out"] > 20)
        #expect(base.failed > 0.02)
        #expect(base.milliseconds("p95", of: Self.page) > 20_000)
        #expect(fallback.failed == 0)
        #expect(fallback.milliseconds("p95", of: Self.page) < 2_000)
        #expect(fallback["payment", "fallbacks"] > 40)
        #expect((1...6).contains(fallback["payment", "openings"]))
        // The breaker keeps most of the calls from a service that does not answer.
        #expect(fallback["payment", "stopped"] > 3 * fallback["payment", "timed_out"])
    }

    // MARK: Social

    @Test("three parts at once take as long as the longest, all queries at once a tenth; with more load less is gained")
    func timeline() async throws {
        let short = ["load.0.for=15s", "load.1.for=45s"]
        func median(_ variant: String?, _ settings: [String] = []) async throws -> Double {
            try await Self.simulate("social-timeline", variant, short + settings).milliseconds("p50")
        }
        let base = try await median(nil)
        #expect((9_000...10_500).contains(base))
        #expect((0.55...0.65).contains(try await median("three-parts") / base))
        #expect(try await median("all-at-once") < 0.2 * base)
        // A third more than the database can answer.
        let crowded = ["load.1.rate=11/s"]
        #expect(try await median("all-at-once", crowded) > 0.25 * (try await median(nil, crowded)))
    }

    @Test(
        "of uploads that fail one in seven, three attempts leave one in three hundred, and none helps a store that always fails"
    )
    func uploads() async throws {
        func result(_ variant: String?, _ settings: [String] = []) async throws -> Result {
            try await Self.simulate("social-uploads", variant, settings.isEmpty ? ["load.1.for=3m"] : settings)
        }
        let base = try await result(nil)
        let (retry, both) = (try await result("retry"), try await result("both"))
        #expect((0.13...0.17).contains(base.failed))
        #expect(retry.failed < 0.01)
        #expect(both.failed < 0.003)
        #expect((0.045...0.085).contains(try await result("compression").failed))
        // What it costs, and what compression saves.
        #expect(retry["images", "bytes"] > 1.1 * base["images", "bytes"])
        #expect(retry.milliseconds("p95") > 1.5 * base.milliseconds("p95"))
        #expect(both["images", "bytes"] < 0.5 * base["images", "bytes"])
        let broken = ["load.1.for=30s", "lab.resources.images.store.failures-per-mb=100%"]
        #expect(try await result("retry", broken).failed == 1)
        #expect(try await result("both", broken).failed == 1)
    }

    @Test("batches come half a flush interval late, whatever the load; one by one the delay grows with the line")
    func notifications() async throws {
        func result(_ variant: String?, _ settings: [String] = []) async throws -> Result {
            try await Self.simulate("social-notifications", variant, settings)
        }
        let base = try await result(nil)
        let batches = try await result("batches")
        #expect((100...200).contains(base["notifications", "time"]))
        #expect((200...400).contains(base["notifications", "p99"]))
        #expect((14...18).contains(batches["notifications", "time"]))
        #expect(batches["notifications", "time"] < 0.2 * base["notifications", "time"])
        for (flush, mean) in [(10, 5.65), (60, 31.4)] {
            let own = try await result(
                "batches",
                [
                    "load.0.for=4m", "load.1.for=1m", "lab.resources.notifications.queue.flush=\(flush)s",
                    "lab.resources.notifications.queue.batch=1000",
                ])
            #expect((0.9 * mean...1.1 * mean).contains(own["notifications", "time"]))
        }
        // One a second is half of what one sender can do: one by one they come at once.
        let calm = ["load.0.rate=1/s", "load.0.for=4m", "load.1.for=1m"]
        #expect(try await result(nil, calm)["notifications", "time"] < 2)
        #expect(try await result("batches", calm)["notifications", "time"] > 10)
    }

    // MARK: Small studies

    @Test("write-through keeps what was written, write-behind does not wait, and a crash costs it answered writes")
    func patterns() async throws {
        func result(_ variant: String?) async throws -> Result {
            try await Self.simulate(
                "cache-patterns", variant,
                [
                    "load.0.for=10s", "load.1.for=50s", "load.0.rate=100/s", "load.1.rate=100/s",
                    "lab.resources.pages.cache.losses.0.at=40s",
                ])
        }
        let (aside, through, behind) = (try await result(nil), try await result("through"), try await result("behind"))
        #expect(through["pages", "hit_share"] > aside["pages", "hit_share"] + 0.05)
        #expect(behind.milliseconds("p50", of: "update/price") < 0.1 * aside.milliseconds("p50", of: "update/price"))
        #expect(aside["pages", "lost"] == 0 && through["pages", "lost"] == 0)
        #expect(behind["pages", "lost"] > 0)
        #expect(try await result("replicas")["pages", "stale"] > 10 * (aside["pages", "stale"] + 1))
    }

    @Test("without invalidation reads are stale; by pattern they are not, and hits are fewer than by key")
    func invalidation() async throws {
        func result(_ variant: String?) async throws -> Result {
            try await Self.simulate(
                "invalidation", variant, ["load.0.for=5s", "load.1.for=30s", "scenarios.update.weight=3"])
        }
        let (none, key, prefix) = (try await result(nil), try await result("key"), try await result("prefix"))
        #expect(none["pages", "stale"] > 0.05 * none["pages", "reads"])
        #expect(key["pages", "stale"] < 0.001 * key["pages", "reads"])
        #expect(key["pages", "hit_share"] > none["pages", "hit_share"] - 0.05)
        #expect(prefix["pages", "stale"] < 0.001 * prefix["pages", "reads"])
        #expect(prefix["pages", "hit_share"] < key["pages", "hit_share"] - 0.1)
    }

    @Test("a warm cache spares the first seconds the line at the database")
    func warm() async throws {
        let cold = try await Self.simulate("cold-and-warm", nil, ["load.1.for=20s"])
        let warm = try await Self.simulate("cold-and-warm", "warm", ["load.1.for=20s"])
        #expect(warm.milliseconds("p95") < 0.3 * cold.milliseconds("p95"))
        #expect(warm["pages", "hit_share"] > cold["pages", "hit_share"] + 0.1)
    }

    @Test("a shard that joins moves four fifths of the keys of a hash and one fifth of those of a ring")
    func sharding() async throws {
        let settings = ["load.0.rate=2/s"]
        let (hash, ring) = (
            try await Self.simulate("sharding", nil, settings), try await Self.simulate("sharding", "ring", settings)
        )
        try #require(hash.moved.count >= 2 && ring.moved.count >= 2)
        #expect((0.78...0.82).contains(hash.moved[0]))
        #expect((0.15...0.25).contains(ring.moved[0]))
        #expect((0.15...0.25).contains(ring.moved[1]))
    }

    @Test("more workers end the failures of a surge; a breaker before them hides it from the rules that add them")
    func recovery() async throws {
        func result(_ variant: String?) async throws -> Result {
            try await Self.simulate(
                "auto-recovery", variant,
                [
                    "load.0.rate=6/s", "load.1.rate=6/s", "load.1.spike=30/s", "load.1.lasts=2m", "load.1.for=4m",
                    "lab.resources.payment.service.workers=2", "lab.resources.payment.service.queue=4",
                ])
        }
        let (base, grows) = (try await result(nil), try await result("recovery"))
        #expect(base.failed > 0.4)
        #expect(grows.failed < 0.5 * base.failed)
        #expect(try await result("both").failed > 2 * grows.failed)
        // Looks at two calls each, and a fall after one good look.
        #expect(try await result("no-minimum")["payment", "grown"] > grows["payment", "grown"] + 4)
        #expect(try await result("no-hysteresis")["payment", "grown"] > grows["payment", "grown"] + 2)
    }

    @Test("slow searches make pages slow that were not changed, and a time-out for payments does nothing about that")
    func slowCalls() async throws {
        func result(_ variant: String?) async throws -> Result {
            try await Self.simulate("slow-calls", variant, ["load.0.for=5s", "load.1.for=1m"])
        }
        let (base, index, pending) = (try await result(nil), try await result("index"), try await result("pending"))
        #expect(base.milliseconds("p95", of: Self.page) > 1_000)
        #expect(index.milliseconds("p95", of: Self.page) < 0.2 * base.milliseconds("p95", of: Self.page))
        #expect(pending.milliseconds("p95", of: Self.page) > 0.5 * base.milliseconds("p95", of: Self.page))
        #expect(base.failed > 0 && pending.failed == 0)
    }
}
