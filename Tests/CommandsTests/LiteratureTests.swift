import Foundation
import Testing

/// The plans of the literature, in virtual time and shortened: each shows the effect that was published, in its sign and
/// rough size. `Reports/literature.md` has the figures of the whole runs.
@Suite("The plans of the literature", .serialized, .timeLimit(.minutes(15)))
struct LiteratureTests {
    /// What a simulation left behind.
    struct Result {
        var record: Record
        var endpoints: [String: EndpointRow]
        /// Of the run without its warm-up.
        var seconds: [[String: String]]
        /// Of the response time, by the names of `summary.csv`, in milliseconds.
        var response: [String: String]
        var transactions: [[String: String]]
        var moved: [Double]

        var ledger: [String: Int] { record.outcome?.ledger ?? [:] }

        /// Calls that failed, as a share of all.
        var failed: Double { Double(ledger["failed"] ?? 0) / Double(max(ledger["made"] ?? 0, 1)) }

        func share(of address: String) -> Double {
            let sum = endpoints.values.reduce(0) { $0 + $1["attempts"] }
            return Double(endpoints[address]?["attempts"] ?? 0) / Double(max(sum, 1))
        }

        /// The fullest endpoint's attempts over the mean.
        var fullest: Double {
            let attempts = endpoints.values.map { $0["attempts"] }
            return Double(attempts.max() ?? 0) * Double(attempts.count) / Double(max(attempts.reduce(0, +), 1))
        }

        func milliseconds(_ column: String) -> Double { Double(response[column] ?? "") ?? -1 }

        /// Attempts per call.
        var amplification: Double {
            Double(["first_tries", "retries", "hedges"].reduce(0) { $0 + (ledger[$1] ?? 0) })
                / Double(max(ledger["made"] ?? 0, 1))
        }

        /// The sum of a column from a second of the run up to before another one.
        func sum(_ column: String, _ range: Range<Double>) -> Int {
            seconds.filter { range.contains(Double($0["time"] ?? "") ?? -1) }.reduce(0) {
                $0 + (Int($1[column] ?? "") ?? 0)
            }
        }
    }

    private static func simulate(_ plan: String, _ variant: String? = nil, _ options: String...) async throws -> Result
    {
        try await withFolder { folder in
            let words =
                ["simulate", "\(GaleProcess.plans)/literature/\(plan).yaml", "--quiet", "--out", "bundle"]
                + (variant.map { ["--variant", $0] } ?? []) + options
            let outcome = try await GaleProcess.run(words, in: folder)
            // Shortened, a plan may break a budget of its own.
            try #require([0, 99].contains(outcome.status), "\(outcome)")
            let bundle = folder + "/bundle"
            let record = try Record.read(bundle)
            #expect(record.contradictions == [])
            #expect(record.outcome?.labRequests == record.onTheWire)
            let summary = BundleTable("summary.csv", of: bundle).rows
            let json = try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(fileURLWithPath: bundle + "/run.json")))
            let shards = (json as? [String: Any])?["shards"] as? [String: Any]
            return Result(
                record: record, endpoints: EndpointRow.all(of: bundle),
                seconds: BundleTable("timeline.csv", of: bundle).rows.filter { $0["kind"] == "run" },
                response: summary.first { $0["scope"] == "run" && $0["clock"] == "response" } ?? [:],
                transactions: summary.filter { $0["clock"] == "transaction" },
                moved: (shards?["moved"] as? [[String: Any]] ?? []).compactMap { $0["share"] as? Double })
        }
    }

    @Test("all pass the check, with all of their variants")
    func check() async throws {
        let folder = GaleProcess.plans + "/literature"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }
        #expect(names.count >= 12)
        for name in names.sorted() {
            let outcome = try await GaleProcess.run(["check", folder + "/" + name], in: "/")
            #expect(outcome.status == 0, "\(outcome)")
            #expect(!outcome.errors.contains("warning"), "\(outcome)")
        }
    }

    @Test("one slow host among eleven: 95 % with round robin, 99 % with the least loaded, 99.9 % with peak EWMA")
    func slowHost() async throws {
        func slow(_ variant: String?) async throws -> Double {
            try await Self.simulate(
                "slow-host", variant, "--set", "load.0.rate=300/s", "--for", "16s",
                "--set", "lab.services.api.episodes.0.at=4s", "--set", "lab.services.api.episodes.0.for=8s"
            ).failed
        }
        let roundRobin = try await slow(nil)
        let leastLoaded = try await slow("least-loaded")
        let peakEWMA = try await slow("peak-ewma")
        #expect((0.04...0.05).contains(roundRobin))
        #expect(leastLoaded < roundRobin / 2)
        #expect(peakEWMA < leastLoaded)
        #expect(peakEWMA < 0.01)
    }

    @Test("a black hole gets a tenth with round robin, two tenths with P2C, most with least connections")
    func blackHole() async throws {
        func share(_ variant: String?) async throws -> Double {
            try await Self.simulate("black-hole", variant, "--for", "15s").share(of: "lab/api/0")
        }
        #expect((0.095...0.105).contains(try await share(nil)))
        #expect((0.15...0.22).contains(try await share("p2c")))
        #expect((0.45...0.7).contains(try await share("least-connections")))
        #expect(try await share("peak-ewma") < 0.02)
        #expect(try await share("ejecting") < 0.02)
    }

    @Test("two choices keep the queue of a slow host short, and round robin does not")
    func queueing() async throws {
        func run(_ variant: String?) async throws -> Result {
            try await Self.simulate(
                "two-choices-queueing", variant, "--set", "load.0.for=2s", "--set", "load.1.for=15s")
        }
        let twoChoices = try await run(nil)
        let least = try await run("least-connections")
        let roundRobin = try await run("round-robin")
        #expect((60...180).contains(twoChoices.milliseconds("p99_ms")))
        #expect(least.milliseconds("p99_ms") < twoChoices.milliseconds("p99_ms"))
        #expect(least.milliseconds("mean_ms") < twoChoices.milliseconds("mean_ms"))
        #expect(roundRobin.milliseconds("p99_ms") > 1_000)
    }

    @Test("the fullest of a thousand bins has three or four of a thousand balls with two choices, and more with one")
    func balls() async throws {
        let two = try await Self.simulate("two-choices-balls").fullest
        let one = try await Self.simulate("two-choices-balls", "random").fullest
        #expect((2...4).contains(two))
        #expect((4...10).contains(one))
        #expect(one > two)
    }

    @Test(
        "a retry storm does not end, unless nobody tries again, work that has expired is dropped, or the newest goes first"
    )
    func retryStorm() async throws {
        // A tenth of the rates: the same seconds with a tenth of the calls. The pause ends at 40 s.
        func run(_ variant: String?) async throws -> Result {
            try await Self.simulate(
                "retry-storm", variant, "--set", "load.0.rate=28/s", "--set",
                "lab.services.database.time=33333333ns", "--for", "200s")
        }
        let unlimited = try await run(nil)
        #expect(unlimited.sum("succeeded", 20..<30) == 280)
        #expect(unlimited.sum("succeeded", 50..<200) == 0)
        #expect((5_500...5_700).contains(unlimited.sum("reached", 90..<190)))
        // 2,500 of what waits must be gone, with 20 per second to spare: 125 s.
        let noRetry = try await run("no-retry")
        #expect(noRetry.sum("succeeded", 50..<150) == 0)
        #expect(noRetry.sum("succeeded", 180..<190) == 280)
        #expect(try await run("budget-20").sum("succeeded", 60..<200) == 0)
        #expect(try await run("drop-expired").sum("succeeded", 120..<130) >= 270)
        #expect(try await run("newest-first").sum("succeeded", 60..<70) >= 270)
    }

    @Test("a hedge at p95 makes 5 % more attempts and takes a third off the p99")
    func hedging() async throws {
        func run(_ variant: String?) async throws -> Result {
            try await Self.simulate("hedging", variant, "--set", "load.0.for=3s", "--set", "load.1.for=10s")
        }
        let hedged = try await run(nil)
        #expect((1.035...1.065).contains(hedged.amplification))
        #expect((58...76).contains(hedged.milliseconds("p99_ms")))
        #expect((85...120).contains(try await run("no-hedge").milliseconds("p99_ms")))
        let bimodal = try await run("bimodal")
        #expect((1.004...1.018).contains(bimodal.amplification))
        #expect(bimodal.milliseconds("p99.9_ms") < 40)
    }

    @Test(
        "of the calls that ask a hundred leaves 63 % are slow when one answer in a hundred is, and hardly any with hedges"
    )
    func fanOut() async throws {
        #expect((0.53...0.73).contains(try await Self.simulate("fan-out", nil, "--for", "5s").failed))
        let hedged = try await Self.simulate("fan-out", "hedged", "--for", "3s")
        let page = try #require(hedged.transactions.first)
        #expect(page["scope"] == "search/page")
        #expect(page["count"] == "150")
        #expect(Double(page["p90_ms"] ?? "") ?? 1_000 < 40)
        #expect((1.004...1.016).contains(hedged.amplification))
    }

    @Test(
        "of a hundred clients that want one row, full jitter makes a third of the calls, and no jitter takes ten times as long"
    )
    func conflicts() async throws {
        func run(_ variant: String?) async throws -> Result { try await Self.simulate("backoff-conflicts", variant) }
        let (full, none) = (try await run(nil), try await run("none"))
        let (exponential, equal) = (try await run("exponential"), try await run("equal"))
        let decorrelated = try await run("decorrelated")
        for result in [full, none, exponential, equal, decorrelated] { #expect(result.ledger["succeeded"] == 100) }
        #expect((6...10).contains(full.amplification))
        #expect((18...32).contains(none.amplification))
        #expect(full.amplification < exponential.amplification / 1.5)
        #expect(full.amplification < decorrelated.amplification)
        #expect(none.milliseconds("max_ms") < full.milliseconds("max_ms"))
        #expect(exponential.milliseconds("max_ms") > 4 * full.milliseconds("max_ms"))
        #expect(equal.milliseconds("max_ms") > decorrelated.milliseconds("max_ms"))
    }

    @Test("full jitter spreads the first retry over the whole pause, and no jitter brings all back at once")
    func peaks() async throws {
        func run(_ variant: String?) async throws -> Result {
            try await Self.simulate("backoff-peaks", variant, "--set", "load.0.burst=1000", "--rate", "1000/s")
        }
        let full = try await run(nil)
        // A quarter of them in a quarter of the second.
        #expect((200...300).contains(full.milliseconds("p75_ms") - full.milliseconds("p50_ms")))
        let none = try await run("none")
        #expect(none.milliseconds("max_ms") - none.milliseconds("min_ms") < 1.1)
        let added = try await run("added")
        #expect((15...35).contains(added.milliseconds("p75_ms") - added.milliseconds("p50_ms")))
    }

    @Test("a host that leaves moves a tenth of the keys of a ring or of Maglev, and nine tenths with modulo")
    func shards() async throws {
        func run(_ variant: String?) async throws -> Result {
            try await Self.simulate("shards", variant, "--set", "load.0.rate=150/s")
        }
        let (ring, maglev, modulo) = (try await run(nil), try await run("maglev"), try await run("modulo"))
        #expect(ring.moved.count == 1 && maglev.moved.count == 1 && modulo.moved.count == 1)
        #expect((0.06...0.14).contains(try #require(ring.moved.first)))
        #expect((0.09...0.125).contains(try #require(maglev.moved.first)))
        #expect((0.87...0.93).contains(try #require(modulo.moved.first)))
        // Chance adds some: 900 keys per host.
        #expect(maglev.fullest < 1.12)
        #expect((1.03...1.4).contains(ring.fullest))
        #expect(try await run("ring-1").fullest > 1.5)
    }

    @Test("a throttle with K = 2 sends 200 for 100 that are accepted, and none sends all 1,000")
    func throttling() async throws {
        func seen(_ variant: String?) async throws -> Int {
            try await Self.simulate("throttling", variant, "--for", "16s", "--set", "load.0.for=16s")
                .sum("reached", 6..<16)
        }
        #expect((9_500...10_500).contains(try await seen("no-throttle")))
        func throttled(_ variant: String?) async throws -> Int {
            try await Self.simulate("throttling", variant, "--for", "16s", "--set", "client.throttle.window=4s")
                .sum("reached", 6..<16)
        }
        #expect((1_850...2_250).contains(try await throttled(nil)))
        #expect((1_000...1_250).contains(try await throttled("k-1.1")))
    }

    @Test("three attempts make three times the load when all fails, and a budget of 10 % makes 1.1")
    func amplification() async throws {
        func attempts(_ variant: String?) async throws -> Double {
            try await Self.simulate(
                "amplification", variant, "--set", "load.0.for=3s", "--set", "load.1.for=6s"
            ).amplification
        }
        #expect(try await attempts(nil) == 3)
        #expect((1.65...1.85).contains(try await attempts("half")))
        #expect((1.05...1.11).contains(try await attempts("budget")))
        #expect((1.05...1.11).contains(try await attempts("half-budget")))
    }
}
