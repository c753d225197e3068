import Analysis
import Core
import Recording
import Reports
import Testing

@Suite("Diffs of bundles")
struct DiffTests {
    /// A run of which only what a test says is special: every figure is the factor times the same value.
    private static func run(
        _ path: String, seed: UInt64, start: Double, factor: Double = 1, calls: Int = 2_000, simulated: Bool = false,
        change: (inout RunIdentity) -> Void = { _ in }
    ) -> DiffRun {
        var identity = Self.identity
        identity.isSimulated = simulated
        change(&identity)
        var figures = TrialFigures(calls: calls)
        for (figure, value) in values { figures[figure] = value * factor }
        figures[.errors] = 0.01
        figures[.goodput] = 100
        return DiffRun(
            path: path, identity: identity, seed: seed, started: "", startedEpoch: start, seconds: 60,
            figures: figures, response: CompactHistogram(), within: WithinRun([]))
    }

    private static let values: [ComparedFigure: Double] = [
        .p50: 20, .p75: 30, .p90: 45, .p95: 60, .p99: 120, .p999: 300, .mean: 25, .amplification: 1.05,
        .targetLoad: 105, .cpu: 40,
    ]

    private static let identity: RunIdentity = {
        let record = RunRecord(
            gale: "0.1.0", state: .finished, name: "checkout", target: "http://t", seed: 1, started: "",
            startedEpoch: 0,
            plan: .init(file: "checkout.yaml", hash: "1", text: "target: http://t\nclient: {}\n", overrides: []),
            environment: EnvironmentRecord(
                kernel: "Linux 6", cpu: "a CPU", cores: 2, memoryBytes: 8_000_000_000, libcurl: "8", tls: "TLS",
                build: "release", insecure: false),
            phases: [.init(text: "100/s for 20s", open: true, warmUp: false, start: 0, end: 20)],
            steps: [.init(scenario: "browse", step: "home")], budgets: [])
        return RunIdentity(record)
    }()

    /// Pairs right after each other, every other one the other way round.
    private func sides(
        _ ratios: [Double], simulated: Bool = false, change: (inout RunIdentity) -> Void = { _ in }
    ) -> ([DiffRun], [DiffRun]) {
        var sides: ([DiffRun], [DiffRun]) = ([], [])
        for (pair, ratio) in ratios.enumerated() {
            let start = Double(pair) * 200
            let late = pair % 2 == 0
            sides.0.append(
                Self.run("a/\(pair)", seed: UInt64(pair), start: start + (late ? 0 : 70), simulated: simulated))
            sides.1.append(
                Self.run(
                    "b/\(pair)", seed: UInt64(pair), start: start + (late ? 70 : 0), factor: ratio,
                    simulated: simulated, change: change))
        }
        return sides
    }

    private static let slower = [1.052, 1.047, 1.061, 1.039, 1.055, 1.044, 1.058, 1.049]
    private static let unclear = [1.06, 0.97, 1.02, 0.95, 1.04]

    // MARK: Verdicts

    @Test("eight interleaved pairs around 5 % are worse, with the interval of the reference")
    func worse() throws {
        let (a, b) = sides(Self.slower)
        let diff = DiffSamples.diff(a, b)
        let found = try #require(diff.change(.p99))
        #expect(found.change.map { ($0 * 100).fixed(4) } == "5.0603")
        #expect(found.low.map { ($0 * 100).fixed(4) } == "4.4476")
        #expect(found.high.map { ($0 * 100).fixed(4) } == "5.6765")
        #expect(diff.headline == .p99)
        #expect(diff.verdict.outcome == .worse && diff.isWorse)
        #expect(diff.verdict.causes == [.p99])
        #expect(diff.exitStatus(gate: false) == 0)
        #expect(diff.exitStatus(gate: true) == 99)
        #expect(diff.remedy == nil)
    }

    @Test("five scattered pairs cannot tell, and say that five more would")
    func undecided() throws {
        let (a, b) = sides(Self.unclear)
        let diff = DiffSamples.diff(a, b)
        let found = try #require(diff.change(.p99))
        #expect(found.low.map { ($0 * 100).fixed(4) } == "-4.9315")
        #expect(found.pairsMissing == 5)
        #expect(diff.verdict.outcome == .undecided)
        #expect(diff.exitStatus(gate: true) == 0)
        #expect(diff.remedy?.contains("$(seq 10)") == true)
    }

    @Test(
        "the outcome follows from the headline and the margin",
        arguments: [
            ([0.90, 0.91, 0.90, 0.89, 0.90], DiffVerdict.Outcome.faster), ([1.01, 0.99, 1.00, 1.01, 0.99], .same),
            ([1.020, 1.021, 1.020, 1.019, 1.020], .slower), ([1.2, 0.8, 1.1, 0.9, 1.0], .undecided),
        ])
    func outcomes(ratios: [Double], outcome: DiffVerdict.Outcome) {
        let (a, b) = sides(ratios)
        let diff = DiffSamples.diff(a, b)
        #expect(diff.verdict.outcome == outcome)
        #expect(!diff.isWorse)
        #expect(diff.exitStatus(gate: true) == 0)
    }

    @Test("more errors by the margin, or less goodput, is worse, whatever the headline says")
    func otherCauses() {
        let (a, b) = sides([1.01, 0.99, 1.00, 1.01, 0.99])
        let failing = b.enumerated().map { index, run in
            var run = run
            run.figures[.errors] = 0.02 + 0.0001 * Double(index)
            return run
        }
        #expect(DiffSamples.diff(a, failing).verdict.causes == [.errors])
        let lost = b.enumerated().map { index, run in
            var run = run
            run.figures[.goodput] = 90 + 0.01 * Double(index)
            return run
        }
        #expect(DiffSamples.diff(a, lost).verdict.causes == [.goodput])
        #expect(DiffSamples.diff(a, lost).exitStatus(gate: true) == 99)
        // More goodput and fewer errors are not.
        #expect(DiffSamples.diff(failing, a).verdict.outcome == .same)
        #expect(DiffSamples.diff(lost, a).verdict.outcome == .same)
    }

    @Test("the other figures are judged together, the headline stands for itself")
    func together() throws {
        let (a, b) = sides([1.02, 1.00, 1.03, 0.99, 1.02])
        let diff = DiffSamples.diff(a, b)
        for found in diff.changes {
            guard let p = found.p, found.verdict != .tooFewCalls else { continue }
            let together = try #require(found.pTogether)
            #expect(found.figure == .p99 ? together == p : together >= p)
        }
    }

    @Test(
        "the headline is the highest percentile with calls enough",
        arguments: [(1_000, ComparedFigure.p99), (999, .p95), (199, .p90), (99, .p75), (39, .p50)])
    func headline(calls: Int, headline: ComparedFigure) {
        var (a, b) = sides(Self.slower)
        for index in a.indices { a[index].figures.calls = calls }
        for index in b.indices { b[index].figures.calls = calls + 5 }
        let diff = DiffSamples.diff(a, b)
        #expect(diff.headline == headline)
        #expect(diff.isWorse)
        #expect(diff.change(.p999)?.verdict == .tooFewCalls)
    }

    // MARK: Pairs

    @Test("runs are paired by seed when every run has a partner, whatever the order they are named in")
    func bySeed() {
        let (a, b) = sides(Self.slower)
        let diff = DiffSamples.diff(a, b.reversed())
        #expect(diff.pairing.rule == "seed")
        #expect(diff.pairing.pairs.allSatisfy { $0.aSeed == $0.bSeed })
        #expect(diff.isWorse)
    }

    @Test("runs with other seeds are paired in the order of their starts, and that is said")
    func byStart() {
        var (a, b) = sides(Self.slower)
        for index in b.indices { b[index].seed += 100 }
        a.reverse()
        let diff = DiffSamples.diff(a, b)
        #expect(diff.pairing.rule == "start")
        #expect(diff.pairing.pairs.map { $0.a.dropFirst(2) } == diff.pairing.pairs.map { $0.b.dropFirst(2) })
        #expect(diff.comparability.differences.map(\.kind) == [.seeds])
        #expect(diff.isWorse)
    }

    @Test("runs without a partner, copies and faulty runs are left out with the reason")
    func leftOut() {
        var (a, b) = sides(Self.slower)
        b.removeLast()
        a.append(a[0])
        b[2].faults = ["Requests were sent late."]
        let diff = DiffSamples.diff(a, b)
        #expect(diff.pairing.pairs.count == 6)
        let reasons = Dictionary(grouping: diff.leftOut, by: \.path).mapValues { $0.map(\.reason) }
        #expect(reasons["a/7"] == ["no run of B has its seed"])
        #expect(reasons["a/0"] == ["the same run is there already"])
        #expect(reasons["b/2"] == ["Requests were sent late."])
        #expect(reasons["a/2"] == ["the run that it would be compared with is left out"])
    }

    @Test("two pairs are too few, and a gate is undecided then")
    func twoPairs() {
        let (a, b) = sides([1.2, 1.21])
        let diff = DiffSamples.diff(a, b)
        #expect(diff.verdict.outcome == .withheld)
        #expect(diff.changes.allSatisfy { !$0.isDifferent && $0.verdict != .same })
        #expect(diff.exitStatus(gate: false) == 0)
        #expect(diff.exitStatus(gate: true) == 75)
        let (c, d) = sides([1.2, 1.21, 1.22])
        #expect(DiffSamples.diff(c, d).isWorse)
    }

    @Test("all of A before all of B is no verdict, simulations apart")
    func notInterleaved() {
        var (a, b) = sides(Self.slower)
        for index in a.indices {
            a[index].startedEpoch = Double(index) * 100
            b[index].startedEpoch = Double(index + a.count) * 100
        }
        let diff = DiffSamples.diff(a, b)
        #expect(diff.pairing.interleaving == "apart")
        #expect(diff.verdict.outcome == .withheld)
        #expect(diff.verdict.reasons.contains { $0.contains("not interleaved") })
        #expect(diff.exitStatus(gate: true) == 75)
        let simulated = sides(Self.slower, simulated: true)
        let same = DiffSamples.diff(
            simulated.0.map { at($0, 0) }, simulated.1.map { at($0, 0) })
        #expect(same.pairing.interleaving == "simulated")
        #expect(same.isWorse)
    }

    private func at(_ run: DiffRun, _ start: Double) -> DiffRun {
        var run = run
        run.startedEpoch = start
        return run
    }

    @Test("the two runs of a pair may lie ten minutes apart, not an hour")
    func gap() {
        for (gap, interleaving) in [(600.0, "interleaved"), (3_600, "apart")] {
            var (a, b) = sides(Self.slower)
            for index in a.indices {
                let start = Double(index) * 10_000
                a[index].startedEpoch = start + (index % 2 == 0 ? 0 : 60 + gap)
                b[index].startedEpoch = start + (index % 2 == 0 ? 60 + gap : 0)
            }
            #expect(DiffSamples.diff(a, b).pairing.interleaving == interleaving)
        }
    }

    @Test("the same side first in every pair is a note")
    func sameOrder() {
        var (a, b) = sides(Self.slower)
        for index in a.indices {
            a[index].startedEpoch = Double(index) * 200
            b[index].startedEpoch = Double(index) * 200 + 80
        }
        let diff = DiffSamples.diff(a, b)
        #expect(diff.pairing.interleaving == "same_order")
        #expect(diff.comparability.differences.contains { $0.text.contains("first in every pair") })
        #expect(diff.isWorse)
    }

    // MARK: Comparability

    struct Change: Sendable, CustomTestStringConvertible {
        var kind: Comparability.Kind
        var outcome: DiffVerdict.Outcome
        var text: String
        var change: @Sendable (inout RunIdentity) -> Void
        var testDescription: String { text }
    }

    @Test(
        "what differs is said, and other load or scenarios are not comparable",
        arguments: [
            Change(
                kind: .load, outcome: .incomparable, text: "load: 100/s for 20s (open) in A, 90/s for 20s (open) in B"
            ) {
                $0.load = ["90/s for 20s (open)"]
            },
            Change(kind: .scenarios, outcome: .incomparable, text: "browse/search, which B has") {
                $0.steps.append("browse/search")
            },
            Change(kind: .timeScale, outcome: .incomparable, text: "time scale: 1 in A, 60 in B") { $0.timeScale = 60 },
            Change(kind: .kind, outcome: .incomparable, text: "kind of run: over a network in A, simulated in B") {
                $0.isSimulated = true
            },
            Change(kind: .cpu, outcome: .withheld, text: "CPU: a CPU in A, another in B") {
                $0.environment?.cpu = "another"
            },
            Change(kind: .build, outcome: .withheld, text: "build of Gale: release in A, debug in B") {
                $0.environment?.build = "debug"
            },
            Change(kind: .libcurl, outcome: .worse, text: "libcurl: 8 in A, 9 in B") { $0.environment?.libcurl = "9" },
            Change(kind: .gale, outcome: .worse, text: "version of Gale: 0.1.0 in A, 0.2.0 in B") { $0.gale = "0.2.0" },
            Change(kind: .variant, outcome: .worse, text: "variant: none in A, cache in B") { $0.variant = "cache" },
            Change(kind: .plan, outcome: .worse, text: "plan: the texts differ under `client`") {
                $0.planHash = "2"
                $0.planText = "# other\ntarget: http://u\nclient: { retry: none }\nbudgets:\n  - p99 < 1s\n"
            },
        ])
    func differences(change: Change) {
        let (a, b) = sides(Self.slower, change: change.change)
        let diff = DiffSamples.diff(a, b)
        #expect(diff.comparability.differences.contains { $0.kind == change.kind && $0.text.contains(change.text) })
        #expect(diff.comparability.differences.count == 1)
        #expect(diff.verdict.outcome == change.outcome)
        #expect(diff.exitStatus(gate: true) == (change.outcome == .worse ? 99 : 75))
        #expect(diff.change(.p99)?.change != nil, "the figures are shown all the same")
    }

    @Test("plans that differ in budgets and target alone are the same")
    func aside() {
        let (a, b) = sides(Self.slower) {
            $0.planHash = "2"
            $0.target = "http://u"
            $0.planText = "target: http://u\n# better\nclient: {}\nbudgets:\n  - p99 < 1s\n"
        }
        #expect(DiffSamples.diff(a, b).comparability.differences.isEmpty)
    }

    // MARK: One run of each

    @Test("one run of each has intervals and no verdict, and the command that would tell")
    func single() throws {
        let diff = try DiffSamples.diff("diff-single")
        #expect(diff.basis == .withinRun)
        #expect(diff.verdict.outcome == .withheld)
        #expect(diff.exitStatus(gate: true) == 75)
        let found = try #require(diff.change(.p99))
        let (low, high) = (try #require(found.low), try #require(found.high))
        #expect(low < 0.1 && high > 0.1)
        #expect(found.verdict == .withheld)
        #expect(diff.a.blocks == 12 && diff.a.blockSeconds == 5)
        let remedy =
            "gale compare checkout.yaml --target a=https://shop.staging.example --target b=https://new.staging.example "
            + "--trials 10"
        #expect(diff.remedy == remedy)
    }

    @Test("invalid runs, one of each, are shown, and nothing of them is called")
    func singleInvalid() {
        var (a, b) = sides([1.5])
        a[0].faults = ["Requests were sent late."]
        b[0].faults = ["the run was interrupted"]
        let diff = DiffSamples.diff(a, b)
        #expect(diff.pairing.pairs.count == 1)
        #expect(diff.change(.p99)?.change.map { $0.fixed(6) } == "0.500000")
        #expect(diff.verdict.outcome == .withheld)
    }

    @Test("nothing to compare is no data, in every format")
    func nothing() throws {
        for sides in [([], []), (self.sides([1]).0, []), ([], self.sides([1]).1)] as [([DiffRun], [DiffRun])] {
            let diff = DiffSamples.diff(sides.0, sides.1)
            #expect(diff.basis == .nothing)
            #expect(diff.verdict.outcome == .withheld)
            #expect(diff.exitStatus(gate: true) == 75)
            #expect(!(try DiffReport.json(diff)).isEmpty)
            #expect(DiffReport.markdown(diff).contains("CAN'T TELL"))
            #expect(DiffReport.terminal(diff, colour: true).contains("CAN'T TELL"))
            #expect(DiffReport.csv(diff).hasPrefix("scope,"))
        }
    }

    // MARK: What moved

    @Test("the contributions of the steps add up to the change of the mean")
    func contributions() throws {
        let diff = try DiffSamples.diff("diff-worse")
        let steps = diff.moved.filter { $0.kind == .step }
        #expect(steps.count == 2)
        let pairs = diff.pairing.pairs.count
        #expect(pairs == 4)
        let sum = steps.reduce(0) { $0 + $1.changeMs }
        let shares = steps.reduce(0) { $0 + ($1.share ?? 0) }
        // Each of the means is of a histogram, whose steps are a thousandth.
        #expect((shares - 1).magnitude < 0.05, "\(shares)")
        #expect(sum > 0)
        #expect(steps.map(\.changeMs) == steps.map(\.changeMs).sorted(by: >))
        let inside = diff.moved.filter { $0.kind == .phase || $0.kind == .outside }.reduce(0) { $0 + $1.changeMs }
        #expect((inside - sum).magnitude < 0.05 * sum)
        #expect(DiffReport.moved(diff).contains { $0.contains("first byte rose from") })
    }

    @Test("steps and endpoints have their own changes, judged together over all of them")
    func parts() throws {
        let diff = try DiffSamples.diff("diff-worse")
        #expect(diff.steps.map(\.name) == ["browse/home", "buy/cart"])
        #expect(!diff.endpoints.isEmpty)
        for part in diff.steps {
            #expect(part.changes.map(\.figure) == ComparedFigure.ofParts)
            #expect(part[.p50]?.verdict == .higher)
            let (p, together) = (try #require(part[.p50]?.p), try #require(part[.p50]?.pTogether))
            #expect(together >= p)
        }
    }

    // MARK: Distribution

    @Test("the overlay has both curves on one axis, and every call in a bin")
    func overlay() throws {
        let overlay = try DiffSamples.diff("diff-single").distribution
        #expect(overlay.percents.first == 0)
        #expect(overlay.percents.last.map { $0 > 99.9 && $0 < 100 } == true)
        #expect(overlay.percents == overlay.percents.sorted())
        #expect(overlay.aMs.count == overlay.percents.count && overlay.bMs.count == overlay.percents.count)
        #expect(overlay.aMs == overlay.aMs.sorted() && overlay.bMs == overlay.bMs.sorted())
        #expect(overlay.boundsMs.count == overlay.aShares.count + 1)
        #expect(overlay.boundsMs == overlay.boundsMs.sorted())
        #expect(overlay.aShares.count <= DistributionOverlay.mostBins)
        for shares in [overlay.aShares, overlay.bShares] {
            #expect((shares.reduce(0, +) - 1).magnitude < 1e-9)
        }
        let ratios = zip(overlay.boundsMs, overlay.boundsMs.dropFirst()).map { $1 / $0 }
        #expect(ratios.allSatisfy { ($0 / ratios[0] - 1).magnitude < 0.01 })
    }

    // MARK: Files

    @Test("every format equals its golden", arguments: DiffSamples.names)
    func goldens(name: String) throws {
        let diff = try DiffSamples.diff(name)
        try Golden.check(DiffReport.markdown(diff), "\(name).md")
        try Golden.check(DiffReport.csv(diff), "\(name).csv")
        try Golden.check(DiffReport.terminal(diff, colour: false, path: "Reports/diff/diff.md"), "\(name).txt")
        try Golden.check(String(decoding: try DiffReport.json(diff), as: UTF8.self), "\(name).json")
        let chart = try #require(DiffReport.chart(diff))
        try Golden.check(String(decoding: chart, as: UTF8.self), "\(name).svg")
        _ = try MarkupReader.read(String(decoding: chart, as: UTF8.self))
    }

    @Test("names from plans and paths are harmless in every format")
    func hostile() throws {
        let diff = try DiffSamples.diff("diff-incomparable")
        let texts = [
            DiffReport.markdown(diff), DiffReport.csv(diff), DiffReport.terminal(diff, colour: false),
            DiffReport.sentence(diff),
        ]
        for text in texts { #expect(!text.unicodeScalars.contains("\u{1B}")) }
        #expect(!texts[0].contains("<script") && !texts[0].contains("<img") && !texts[0].contains("<b>"))
        #expect(!texts[1].split(separator: "\n").contains { $0.contains(",=") })
        #expect(diff.verdict.outcome == .incomparable)
        #expect(diff.leftOut.contains { $0.reason.contains("sent late") })
    }

    @Test("Docs/diff.md names every key of diff.json and every column of diff.csv")
    func documented() throws {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let text = try #require(Golden.read("/\(root)/Docs/diff.md"))
        var keys = Set(DiffReport.columns)
        for name in DiffSamples.names {
            let json = String(decoding: try DiffReport.json(try DiffSamples.diff(name)), as: UTF8.self)
            for line in json.split(separator: "\n") {
                let parts = line.drop { $0 == " " }.split(separator: "\"", maxSplits: 1)
                if parts.count == 2, parts[1].hasPrefix(" :") { keys.insert(String(parts[0])) }
            }
        }
        #expect(keys.count > 60)
        let missing = keys.filter { !text.contains("`\($0)`") }.sorted()
        #expect(missing == [])
        for kind in Comparability.Kind.allCases { #expect(text.contains("`\(kind.rawValue)`")) }
        for outcome in DiffVerdict.Outcome.allCases { #expect(text.contains("`\(outcome.rawValue)`")) }
    }
}
