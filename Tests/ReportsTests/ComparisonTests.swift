import Analysis
import Core
import Recording
import Reports
import Testing

@Suite("Comparisons of trials")
struct ComparisonTests {
    // MARK: Order and seeds

    private let schedule = TrialSchedule(seed: 5, variants: ["base", "cache", "replicas"])

    @Test("the variants of a pair have one seed, and the lab of each trial its own")
    func seeds() {
        var seeds: Set<UInt64> = []
        var labs: Set<UInt64> = []
        for pair in 1...100 {
            seeds.insert(schedule.seed(ofPair: pair))
            for variant in 0..<3 {
                labs.insert(schedule.labSeed(ofPair: pair, variant: variant))
                labs.insert(schedule.labSeed(ofPair: pair, variant: variant, attempt: 2))
            }
        }
        #expect(seeds.count == 100)
        #expect(labs.count == 600)
        #expect(labs.isDisjoint(with: seeds))
    }

    @Test("a further variant leaves the seeds of the others as they are")
    func stable() {
        let more = TrialSchedule(seed: 5, variants: ["base", "breaker", "cache", "replicas"])
        #expect(more.seed(ofPair: 4) == schedule.seed(ofPair: 4))
        #expect(more.labSeed(ofPair: 4, variant: 2) == schedule.labSeed(ofPair: 4, variant: 1))
    }

    @Test("each order of the variants is as likely")
    func orders() {
        var counts: [[Int]: Int] = [:]
        for pair in 1...6_000 { counts[schedule.order(ofPair: pair), default: 0] += 1 }
        #expect(counts.count == 6)
        // Four standard deviations of 1,000 are 115.
        #expect(counts.values.allSatisfy { (885...1_115).contains($0) })
    }

    // MARK: Judgement

    private func samples(_ factor: Double, pairs: Int = 6, calls: Int = 2_000, noise: Double = 0.01) -> TrialComparison
    {
        ComparisonSamples.comparison(
            factors: [("base", 1), ("other", factor)], pairs: pairs, calls: calls, noise: noise)
    }

    @Test(
        "the verdict says which way",
        arguments: [
            (1.2, FigureChange.Verdict.higher), (0.8, .lower), (1.0, .same),
        ])
    func verdicts(factor: Double, verdict: FigureChange.Verdict) throws {
        let found = try #require(samples(factor).change(of: "other", .p99))
        #expect(found.verdict == verdict)
        #expect(found.pairs == 6)
        #expect(samples(factor).exitStatus == 0)
    }

    @Test("a change is the ratio of the values that the table shows")
    func centres() throws {
        let comparison = samples(1.2, noise: 0.3)
        let found = try #require(comparison.change(of: "other", .p95)?.change)
        let values = try comparison.variants.map { try #require($0[.p95]) }
        #expect((values[1] / values[0] - 1 - found).magnitude < 1e-12)
        let goodput = try #require(comparison.change(of: "other", .goodput)?.change)
        let rates = try comparison.variants.map { try #require($0[.goodput]) }
        #expect((rates[1] - rates[0] - goodput).magnitude < 1e-9)
    }

    @Test(
        "a percentile with fewer than ten samples above it is not judged, and the headline is the highest that is",
        arguments: [(1_000, ComparedFigure.p99), (999, .p95), (200, .p95), (199, .p50), (5, .p50)])
    func headline(calls: Int, headline: ComparedFigure) {
        let comparison = samples(1.2, calls: calls)
        #expect(comparison.headline == headline)
        for figure in ComparedFigure.ofTrials {
            let verdict = comparison.change(of: "other", figure)?.verdict
            #expect((verdict == .tooFewCalls) == (figure.percent != nil && calls < figure.leastCalls))
        }
    }

    @Test("a pair without one of its trials is no pair, and the comparison is then undecided")
    func leftOut() throws {
        var comparison = samples(1.2)
        comparison.variants[0].trials[1].isValid = false
        comparison.leftOut = [TrialComparison.LeftOut(pair: 2, variant: "base", reason: "send lag")]
        comparison.judge()
        #expect(comparison.pairs == 5)
        #expect(comparison.exitStatus == 75)
    }

    @Test("two pairs are too few, and an interruption is said")
    func tooFew() {
        #expect(samples(1.2, pairs: 2).exitStatus == 75)
        #expect(samples(1.2, pairs: 3).exitStatus == 0)
        var comparison = samples(1.2)
        comparison.isInterrupted = true
        #expect(comparison.exitStatus == 130)
    }

    @Test("the headline stands for itself, the others are judged together")
    func together() throws {
        let comparison = samples(1.02, noise: 0.03)
        for found in comparison.changes {
            let (p, together) = (try #require(found.p), try #require(found.pTogether))
            #expect(found.figure == .p99 ? together == p : together >= p)
        }
    }

    @Test("a comparison without a trial has no data, and no number that JSON cannot hold")
    func empty() throws {
        var comparison = samples(1)
        for place in comparison.variants.indices { comparison.variants[place].trials = [] }
        comparison.judge()
        #expect(comparison.changes.allSatisfy { $0.verdict == .noData })
        #expect(comparison.pairs == 0)
        #expect(comparison.exitStatus == 75)
        #expect(!(try ComparisonFiles.json(comparison)).isEmpty)
    }

    // MARK: Files

    @Test("what was written as JSON is read as the same value")
    func roundTrip() throws {
        for comparison in [samples(1.1), ComparisonSamples.hostile] {
            let bytes = try ComparisonFiles.json(comparison)
            #expect(try GaleJSON.decode(TrialComparison.self, from: bytes) == comparison)
        }
    }

    @Test("every format equals its golden", arguments: ["compared", "compared-hostile"])
    func goldens(name: String) throws {
        let comparison =
            name == "compared"
            ? ComparisonSamples.comparison(factors: [("base", 1), ("cache", 0.6), ("twin", 1), ("noisy", 1.01)])
            : ComparisonSamples.hostile
        try Golden.check(MarkdownComparison.text(comparison), "\(name).md")
        try Golden.check(ComparisonFiles.csv(comparison), "\(name).csv")
        let path = "Reports/checkout/compare-simulated-7/comparison.md"
        try Golden.check(TerminalComparison.text(comparison, colour: false, path: path), "\(name).txt")
    }
}
