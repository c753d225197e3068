import Analysis
import Core
import Glibc
import Testing

@Suite("Paired comparisons")
struct PairedComparisonTests {
    private func compare(_ ratios: [Double], margin: Double = 0.05, alpha: Double = 0.05) -> PairedComparison? {
        PairedComparison(
            first: ratios.map { _ in 200 }, other: ratios.map { 200 * $0 }, rule: .ratio, margin: margin, alpha: alpha)
    }

    @Test("eight pairs around 5 % are slower, with their interval")
    func surelySlower() throws {
        let found = try #require(compare([1.052, 1.047, 1.061, 1.039, 1.055, 1.044, 1.058, 1.049]))
        #expect((found.change * 100).fixed(4) == "5.0603")
        #expect((found.low * 100).fixed(4) == "4.4476")
        #expect((found.high * 100).fixed(4) == "5.6765")
        #expect(found.verdict == .higher)
        #expect(found.isMarginExceeded)
        #expect(found.pairsNeeded == nil)
    }

    @Test("five scattered pairs cannot tell, and say that five more would")
    func undecided() throws {
        let found = try #require(compare([1.06, 0.97, 1.02, 0.95, 1.04]))
        #expect((found.change * 100).fixed(4) == "0.7133")
        #expect((found.low * 100).fixed(4) == "-4.9315")
        #expect((found.high * 100).fixed(4) == "6.6933")
        #expect(found.verdict == .undecided)
        #expect(found.pairsNeeded == 10)
    }

    @Test(
        "the pairs that find a change of 5 % four times out of five",
        arguments: [(0.02, 4), (0.03, 6), (0.05, 11), (0.065, 16)])
    func pairsNeeded(deviation: Double, pairs: Int) {
        #expect(PairedDifferences.pairsNeeded(deviation: deviation, margin: log(1.05), alpha: 0.05) == pairs)
    }

    @Test("a spread that no number of pairs overcomes has no number")
    func beyondReach() {
        #expect(PairedDifferences.pairsNeeded(deviation: 10, margin: log(1.05), alpha: 0.05) == nil)
        #expect(PairedDifferences.pairsNeeded(deviation: 1, margin: 0, alpha: 0.05) == nil)
        #expect(PairedDifferences.pairsNeeded(deviation: 0, margin: 1, alpha: 0.05) == 2)
    }

    @Test(
        "the verdict follows from the interval and the margin",
        arguments: [
            ([0.90, 0.91, 0.90, 0.89, 0.90], ComparisonVerdict.lower), ([1.01, 0.99, 1.00, 1.01, 0.99], .same),
            // A difference that is sure is named, also when it is smaller than the margin.
            ([1.010, 1.011, 1.010, 1.009, 1.010], .higher), ([1.2, 0.8, 1.1, 0.9, 1.0], .undecided),
        ])
    func verdicts(ratios: [Double], verdict: ComparisonVerdict) throws {
        let found = try #require(compare(ratios))
        #expect(found.verdict == verdict)
        #expect((found.pairsNeeded != nil) == (verdict == .undecided))
    }

    @Test("the two sides changed round give the mirrored interval")
    func mirrored() throws {
        let (first, other) = ([10.0, 11, 12, 10.5], [12.0, 12.5, 15, 11.5])
        let found = try #require(PairedComparison(first: first, other: other, rule: .ratio, margin: 0.05))
        let mirror = try #require(PairedComparison(first: other, other: first, rule: .ratio, margin: 0.05))
        #expect(((1 + found.low) * (1 + mirror.high) - 1).magnitude < 1e-12)
        #expect((found.p - mirror.p).magnitude < 1e-12)
    }

    @Test("shares are compared as they are, because they may be zero")
    func differences() throws {
        let found = try #require(
            PairedComparison(
                first: [0, 0, 0.01, 0], other: [0.01, 0.02, 0.005, 0.03], rule: .difference, margin: 0.001))
        #expect((found.change - 0.01375).magnitude < 1e-12)
        #expect((found.low - -0.0100075887).magnitude < 1e-8)
        #expect((found.high - 0.0375075887).magnitude < 1e-8)
        #expect(found.verdict == .undecided)
    }

    @Test("equal values on both sides are the same, whatever the rule", arguments: [ComparisonRule.ratio, .difference])
    func equal(rule: ComparisonRule) throws {
        let found = try #require(PairedComparison(first: [3, 4, 5], other: [3, 4, 5], rule: rule, margin: 0.05))
        #expect(found.verdict == .same)
        #expect(found.change == 0)
        #expect(found.p == 1)
    }

    @Test("a change within the resolution of the recording is no change, however often it is seen")
    func resolution() throws {
        let first = [1_000.0, 1_000, 1_000]
        let other = [1_001.0, 1_001, 1_001]
        #expect(PairedComparison(first: first, other: other, rule: .ratio, margin: 0.05)?.verdict == .higher)
        let found = PairedComparison(first: first, other: other, rule: .ratio, margin: 0.05, resolution: 0.002)
        #expect(found?.verdict == .same)
    }

    @Test("what cannot be compared is nothing")
    func refusals() {
        #expect(compare([1.05]) == nil)
        #expect(compare([1, 0, 1]) == nil)
        #expect(compare([1, .infinity, 1]) == nil)
        #expect(PairedComparison(first: [1, 2], other: [1], rule: .ratio, margin: 0.05) == nil)
        #expect(PairedComparison(first: [0, 0], other: [0, 0], rule: .difference, margin: 0.05)?.verdict == .same)
    }

    // MARK: False alarms and power, by simulation with a seed

    private static let runs = 2_000

    private struct Gaussian {
        var random: SeededRandom

        /// Box and Muller 1958.
        mutating func next() -> Double {
            (-2 * log(random.nextUnit())).squareRoot() * cos(2 * Double.pi * random.nextUnit())
        }
    }

    private func share(
        pairs: Int, deviation: Double, change: Double, of verdicts: Set<ComparisonVerdict>
    ) -> Double {
        var noise = Gaussian(random: SeededRandom(seed: 1, named: "\(pairs)/\(deviation)/\(change)"))
        let hits = (0..<Self.runs).count { _ in
            let ratios = (0..<pairs).map { _ in (1 + change) * exp(deviation * noise.next()) }
            return compare(ratios).map { verdicts.contains($0.verdict) } ?? false
        }
        return Double(hits) / Double(Self.runs)
    }

    @Test("of two that are the same at most 6 % are called different", arguments: [5, 8, 10])
    func falseAlarms(pairs: Int) {
        let alarms = share(pairs: pairs, deviation: 0.03, change: 0, of: [.lower, .higher])
        #expect(alarms <= 0.06)
        #expect(alarms >= 0.03)
    }

    @Test("5 % more is found by six pairs that scatter by 3 % in at least 85 % of the cases")
    func power() {
        let found = share(pairs: 6, deviation: 0.03, change: 0.05, of: [.higher])
        #expect(found >= 0.85)
        #expect(found <= 0.92)
    }

    @Test("heavy tails, Student's with three degrees of freedom, make no more false alarms")
    func heavyTails() {
        var noise = Gaussian(random: SeededRandom(seed: 3, named: "tails"))
        let alarms = (0..<Self.runs).count { _ in
            let ratios = (0..<8).map { _ in
                let spread = ((0..<3).reduce(0.0) { sum, _ in sum + pow(noise.next(), 2) } / 3).squareRoot()
                return exp(0.03 * noise.next() / spread)
            }
            let verdict = compare(ratios)?.verdict
            return verdict == .lower || verdict == .higher
        }
        #expect(Double(alarms) / Double(Self.runs) <= 0.06)
    }

    @Test("four looks at 1.65 % each call at most 6 % different; four at 5 % each call many more")
    func looks() {
        func alarms(alpha: Double) -> Double {
            var noise = Gaussian(random: SeededRandom(seed: 2, named: "looks"))
            let hits = (0..<Self.runs).count { _ in
                let ratios = (0..<20).map { _ in exp(0.03 * noise.next()) }
                return Looks.pairs.contains { pairs in
                    let verdict = compare(Array(ratios.prefix(pairs)), alpha: alpha)?.verdict
                    return verdict == .lower || verdict == .higher
                }
            }
            return Double(hits) / Double(Self.runs)
        }
        #expect(Looks.pairs == [5, 10, 15, 20])
        #expect(alarms(alpha: Looks.alpha) <= 0.06)
        #expect(alarms(alpha: 0.05) > 0.09)
    }
}
