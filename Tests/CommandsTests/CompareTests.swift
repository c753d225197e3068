import Foundation
import Testing

/// `gale compare` in virtual time, run as a person would.
@Suite("Comparisons", .serialized, .timeLimit(.minutes(30)))
struct CompareTests {
    /// Three variants whose differences are known, and one that is none.
    private static let plan = """
        name: shop
        target: lab/shop
        load: [{ rate: 100/s, for: 1s, warm-up: true }, { rate: 110/s, for: 10s, arrivals: poisson }]
        lab:
          services: { shop: { workers: 4, time: { p50: 20ms, p99: 60ms } } }
        variants:
          twin: {}
          eight: { lab: { services: { shop: { workers: 8 } } } }
          longer: { lab: { services: { shop: { time: { p50: 22ms, p99: 66ms } } } } }
        """

    /// As much of comparison.json as the tests look at.
    private struct Comparison: Decodable {
        struct Trial: Decodable {
            struct Figures: Decodable {
                var calls: Int
                var values: [String: Double]
            }
            var pair: Int
            var seed: UInt64
            var labSeed: UInt64
            var figures: Figures
        }
        struct Variant: Decodable {
            var name: String
            var trials: [Trial]
        }
        struct Change: Decodable {
            var variant: String
            var figure: String
            var change: Double?
            var verdict: String
            var deviation: Double?
        }
        var format: Int
        var variants: [Variant]
        var changes: [Change]

        func change(_ variant: String, _ figure: String) -> Change? {
            changes.first { $0.variant == variant && $0.figure == figure }
        }
    }

    private func comparison(in folder: String) throws -> Comparison {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(
            Comparison.self, from: Data(contentsOf: URL(fileURLWithPath: folder + "/comparison.json")))
    }

    private func withPlan(_ text: String = plan, _ body: (String) async throws -> Void) async throws {
        try await withFolder { folder in
            try text.write(toFile: folder + "/shop.yaml", atomically: true, encoding: .utf8)
            try await body(folder)
        }
    }

    // MARK: What it finds

    @Test("eight workers are faster than four, and a tenth more service time is slower")
    func knownDifferences() async throws {
        try await withPlan { folder in
            let words = ["compare", "shop.yaml", "--simulate", "--trials", "10", "--out", "out", "--no-bundles"]
            let outcome = try await GaleProcess.run(words, in: folder)
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.contains("faster"))
            #expect(outcome.output.contains("slower"))
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder + "/out").sorted()
                    == ["comparison.csv", "comparison.json", "comparison.md"])
            let found = try comparison(in: folder + "/out")
            #expect(found.format == 1)
            #expect(found.variants.map(\.name) == ["base", "twin", "eight", "longer"])
            for figure in ["p50_ms", "p99_ms"] {
                #expect(found.change("eight", figure)?.verdict == "lower", "\(figure)")
                #expect(found.change("longer", figure)?.verdict == "higher", "\(figure)")
            }
            // More than the tenth: the line before the workers grows, too.
            #expect(found.change("longer", "p50_ms")?.change ?? 0 > 0.1)
            #expect(found.change("twin", "goodput")?.verdict == "same")
            // Warm-up phases are in no figure.
            #expect(found.variants[0].trials.allSatisfy { $0.figures.calls < 1_300 })
        }
    }

    @Test("the trials of a pair have the same arrivals, and a lab of their own")
    func seeds() async throws {
        try await withPlan { folder in
            let outcome = try await GaleProcess.run(
                ["compare", "shop.yaml", "--simulate", "--trials", "3", "--out", "out", "--quiet"], in: folder)
            #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome)")
            let found = try comparison(in: folder + "/out")
            for pair in 0..<3 {
                let trials = found.variants.map { $0.trials[pair] }
                #expect(Set(trials.map(\.seed)).count == 1)
                #expect(Set(trials.map(\.labSeed)).count == 4)
                #expect(Set(trials.map(\.figures.calls)).count == 1)
            }
            #expect(Set(found.variants[0].trials.map(\.seed)).count == 3)
            // Its bundle names the seeds with which it can be run again.
            let trial = found.variants[2].trials[1]
            let again = try await GaleProcess.run(
                [
                    "simulate", "shop.yaml", "--variant", "eight", "--seed", "\(trial.seed)", "--lab-seed",
                    "\(trial.labSeed)", "--out", "again", "--quiet",
                ], in: folder)
            #expect(again.status == 0, "\(again)")
            for file in ["run.json", "intervals.hlog", "report.md"] {
                let paths = ["out/trials/eight-2/", "again/"].map { folder + "/" + $0 + file }
                #expect(
                    try Data(contentsOf: URL(fileURLWithPath: paths[0]))
                        == Data(contentsOf: URL(fileURLWithPath: paths[1])))
            }
        }
    }

    @Test("the same build, plan and seed make the same files, byte by byte")
    func same() async throws {
        try await withPlan { folder in
            for out in ["first", "second"] {
                let outcome = try await GaleProcess.run(
                    [
                        "compare", "shop.yaml", "--simulate", "--variant", "twin", "--variant", "base", "--trials", "3",
                        "--for", "2s", "--seed", "9", "--quiet", "--out", out,
                    ], in: folder)
                #expect(outcome.status == 0, "\(outcome)")
            }
            let manager = FileManager.default
            let files = try manager.subpathsOfDirectory(atPath: folder + "/first").sorted()
            #expect(files == (try manager.subpathsOfDirectory(atPath: folder + "/second").sorted()))
            #expect(files.contains("trials/base-3/report.md"))
            for file in files {
                #expect(
                    manager.contentsEqual(atPath: folder + "/first/" + file, andPath: folder + "/second/" + file),
                    "\(file)")
            }
        }
    }

    @Test("it ends early when the headline is sure, after one of the looks")
    func untilSure() async throws {
        try await withPlan { folder in
            let outcome = try await GaleProcess.run(
                [
                    "compare", "shop.yaml", "--simulate", "--variant", "base", "--variant", "eight", "--until-sure",
                    "--out", "out", "--no-bundles",
                ], in: folder)
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.contains("98.35 % interval"))
            let found = try comparison(in: folder + "/out")
            #expect([5, 10].contains(found.variants[0].trials.count))
            #expect(found.change("eight", "p99_ms")?.verdict == "lower")
        }
    }

    @Test("two plans are compared by their files' names")
    func twoPlans() async throws {
        try await withPlan { folder in
            try Self.plan.replacingOccurrences(of: "workers: 4", with: "workers: 2")
                .write(toFile: folder + "/two.yaml", atomically: true, encoding: .utf8)
            let outcome = try await GaleProcess.run(
                ["compare", "shop.yaml", "two.yaml", "--simulate", "--trials", "3", "--out", "out"], in: folder)
            #expect(outcome.status == 0, "\(outcome)")
            let found = try comparison(in: folder + "/out")
            #expect(found.variants.map(\.name) == ["shop", "two"])
            #expect(found.change("two", "p50_ms")?.verdict == "higher")
        }
    }

    /// Pairs share the luck of their arrivals; what is left when one is taken from the other is less than two strangers have.
    @Test("a pair's common arrivals take noise out of the difference")
    func pairing() async throws {
        // Near saturation arrivals make most of the noise.
        let text = Self.plan.replacingOccurrences(of: "110/s", with: "150/s")
            .replacingOccurrences(of: "{ p50: 20ms, p99: 60ms }", with: "{ p50: 24ms, p99: 26ms }")
            .replacingOccurrences(of: "{ p50: 22ms, p99: 66ms }", with: "{ p50: 23ms, p99: 28ms }")
        try await withPlan(text) { folder in
            let outcome = try await GaleProcess.run(
                [
                    "compare", "shop.yaml", "--simulate", "--variant", "base", "--variant", "longer", "--trials", "12",
                    "--for", "5s",
                    "--out", "out", "--no-bundles", "--quiet",
                ], in: folder)
            #expect(outcome.status == 0, "\(outcome)")
            let found = try comparison(in: folder + "/out")
            let paired = try #require(found.change("longer", "p95_ms")?.deviation)
            let unpaired = found.variants.reduce(0.0) { $0 + Self.variance(of: $1.trials.map(\.figures)) }
            #expect(paired * paired < unpaired / 4)
        }
    }

    /// Of the logarithms of p95.
    private static func variance(of trials: [Comparison.Trial.Figures]) -> Double {
        let logs: [Double] = trials.compactMap { $0.values["p95_ms"] }.map { log($0) }
        let count = Double(logs.count)
        let mean: Double = logs.reduce(0, +) / count
        var squares = 0.0
        for value in logs { squares += (value - mean) * (value - mean) }
        return squares / (count - 1)
    }

    // MARK: False alarms

    /// Of comparisons of two identical variants few may say faster or slower: of 200 at most 18, by the headline (p99). The
    /// binomial with 5 % has 18 or fewer with 99.3 %. `GALE_COMPARISONS=200` runs all of them; else there are 10, of which at
    /// most 3 (99.9 %) may.
    @Test("two identical variants are seldom called different")
    func falseAlarms() async throws {
        let all = ProcessInfo.processInfo.environment["GALE_COMPARISONS"].flatMap(Int.init) ?? 10
        var alarms: [String: Int] = [:]
        try await withPlan { folder in
            for seed in 1...all {
                let outcome = try await GaleProcess.run(
                    [
                        "compare", "shop.yaml", "--simulate", "--variant", "base", "--variant", "twin", "--seed",
                        "\(seed)",
                        "--out", "out", "--no-bundles", "--quiet",
                    ], in: folder)
                #expect(outcome.status == 0, "\(outcome)")
                for change in try comparison(in: folder + "/out").changes
                where ["lower", "higher"].contains(change.verdict) {
                    alarms[change.figure, default: 0] += 1
                }
            }
        }
        print("of \(all) comparisons of two identical variants said faster or slower: \(alarms)")
        let most = all == 200 ? 18 : max(3, all / 5)
        #expect(alarms["p99_ms"] ?? 0 <= most)
        #expect(alarms["p50_ms"] ?? 0 <= most)
    }

    // MARK: What it refuses

    private static let refused: [([String], String)] = [
        (["shop.yaml", "--simulate", "--variant", "base"], "there is nothing to compare `base` with"),
        (["shop.yaml", "--simulate", "--variant", "twin", "--variant", "twin"], "`twin` stands there twice"),
        (["shop.yaml", "--simulate", "--variant", "base", "--variant", "nine"], "the plan has no variant `nine`"),
        (["shop.yaml", "--simulate", "--trials", "2"], "--trials: `2` pairs of trials"),
        (["shop.yaml", "--simulate", "--trials", "5", "--until-sure"], "--trials: with --until-sure"),
        (["shop.yaml", "--simulate", "--delta", "5"], "--delta: `5` is no share"),
        (["shop.yaml", "--simulate", "--delta", "0%"], "--delta: `0%` is no share"),
        (
            ["shop.yaml", "shop.yaml", "--simulate", "--variant", "twin"],
            "--variant: several plans are compared as they are"
        ),
        (["http://127.0.0.1:1/", "--trials", "3"], "`http://127.0.0.1:1/` is a URL"),
        (
            ["shop.yaml", "--target", "old=http://127.0.0.1:1", "--target", "http://127.0.0.1:2"],
            "--target: some have a name"
        ),
        (["shop.yaml", "--target", "old=http://127.0.0.1:1"], "there is nothing to compare `old` with"),
        (
            ["shop.yaml", "--simulate", "--target", "old=lab", "--target", "new=http://127.0.0.1:1"],
            "is no service of the plan's lab"
        ),
        (["shop.yaml", "--simulate", "--out", "taken"], "`taken` is there and is no comparison"),
    ]

    @Test("a wrong command line is refused with a remedy", arguments: refused)
    func refusals(words: [String], message: String) async throws {
        try await withPlan { folder in
            try FileManager.default.createDirectory(atPath: folder + "/taken", withIntermediateDirectories: true)
            try "mine".write(toFile: folder + "/taken/file", atomically: true, encoding: .utf8)
            let outcome = try await GaleProcess.run(["compare"] + words, in: folder)
            #expect(outcome.status == 64, "\(outcome)")
            #expect(outcome.errors.contains(message), "\(outcome.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["shop.yaml", "taken"])
        }
    }
}
