import Analysis
import Core
import Testing

@Suite("A limit against a baseline is judged by pairs of runs")
struct BaselineJudgeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var budget: Budget
        var pairs: [BaselinePair]
        var expected: Verdict
        /// A part of the reason.
        var reason: String?
        var testDescription: String { text }
    }

    private static func budget(
        _ statistic: Statistic, _ comparison: Comparison = .below, allows change: Double
    ) -> Budget {
        Budget(
            statistic: statistic, comparison: comparison, limit: 0, baseline: change,
            text: "\(statistic) \(comparison.rawValue) baseline")
    }

    /// Values of the second of each pair; the first is always `before`.
    private static func pairs(_ before: Double, _ values: [Double], calls: Int = 10_000) -> [BaselinePair] {
        values.map { BaselinePair(baseline: before, new: $0, calls: calls) }
    }

    /// The vectors of the reference: ratios of pairs.
    private static let slower = [1.052, 1.047, 1.061, 1.039, 1.055, 1.044, 1.058, 1.049]
    private static let mixed = [1.06, 0.97, 1.02, 0.95, 1.04]
    private static let same = [1.003, 0.998, 1.001, 0.997, 1.002, 0.999]

    private static func times(_ before: Double, _ ratios: [Double], calls: Int = 10_000) -> [BaselinePair] {
        pairs(before, ratios.map { before * $0 }, calls: calls)
    }

    @Test(arguments: [
        Case(
            text: "p99 is surely slower, and in the mean beyond what is allowed",
            budget: budget(.percentile(99), allows: 0.05),
            pairs: times(100e6, slower), expected: .broken),
        Case(
            text: "it is slower, and 8 % would be allowed", budget: budget(.percentile(99), allows: 0.08),
            pairs: times(100e6, slower), expected: .met),
        Case(
            text: "it is slower, and 5.5 % would be allowed: nobody can tell",
            budget: budget(.percentile(99), allows: 0.055),
            pairs: times(100e6, slower), expected: .undecided, reason: "can't tell: it takes about"),
        Case(
            text: "noise, with the pairs that it takes", budget: budget(.percentile(95), allows: 0.05),
            pairs: times(100e6, mixed), expected: .undecided, reason: "can't tell: it takes about 5 more pairs"),
        Case(
            text: "nothing changed", budget: budget(.percentile(99), allows: 0.02), pairs: times(100e6, same),
            expected: .met),
        Case(
            text: "four pairs decide nothing", budget: budget(.percentile(99), allows: 0.05),
            pairs: times(100e6, [2, 2, 2, 2]), expected: .undecided,
            reason: "4 pairs of runs decide nothing; it takes 5, 1 more"),
        Case(
            text: "no pair at all", budget: budget(.percentile(99), allows: 0.05), pairs: [], expected: .undecided,
            reason: "there is no pair of runs to compare"),
        Case(
            text: "a percentile needs ten calls beyond it in each run", budget: budget(.percentile(99), allows: 0.05),
            pairs: times(100e6, slower, calls: 999), expected: .undecided,
            reason: "a run has 999 calls, and p99 takes 1,000, 1 more in each"),
        Case(
            text: "p99.9 needs ten thousand, and has them", budget: budget(.percentile(99.9), allows: 0.05),
            pairs: times(100e6, slower, calls: 10_000), expected: .broken),
        Case(
            text: "faster was asked for, and is", budget: budget(.percentile(99), allows: -0.05),
            pairs: times(100e6, slower.map { 1 / ($0 * 1.05) }), expected: .met),
        Case(
            text: "faster was asked for, and it is the same", budget: budget(.percentile(99), allows: -0.05),
            pairs: times(100e6, same), expected: .broken),
        Case(
            text: "not slower at all cannot be shown", budget: budget(.percentile(99), allows: 0),
            pairs: times(100e6, same),
            expected: .undecided, reason: "allow a change such as `+ 5%`"),
        Case(
            text: "slower, where nothing is allowed", budget: budget(.percentile(99), allows: 0),
            pairs: times(100e6, slower),
            expected: .broken),
        Case(
            text: "the mean and the maximum are relative, too", budget: budget(.maximum, allows: 0.05),
            pairs: times(100e6, slower, calls: 10), expected: .broken),
        Case(
            text: "errors are compared in points", budget: budget(.errors, allows: 0.005),
            pairs: pairs(0.01, [0.011, 0.012, 0.010, 0.011, 0.012]), expected: .met),
        Case(
            text: "errors that rose by a point", budget: budget(.errors, allows: 0.005),
            pairs: pairs(0.01, [0.021, 0.019, 0.020, 0.022, 0.018]), expected: .broken),
        Case(
            text: "no errors before and none after", budget: budget(.errors, .atMost, allows: 0),
            pairs: pairs(0, [0, 0, 0, 0, 0]), expected: .met),
        Case(
            text: "goodput may fall by 2 %, and falls by a tenth", budget: budget(.goodput, .above, allows: -0.02),
            pairs: pairs(1_000, [900, 905, 895, 902, 898]), expected: .broken),
        Case(
            text: "goodput within what is allowed", budget: budget(.goodput, .above, allows: -0.02),
            pairs: pairs(1_000, [995, 1_001, 999, 998, 1_002]), expected: .met),
        Case(
            text: "goodput that is gone", budget: budget(.goodput, .above, allows: -0.02),
            pairs: pairs(1_000, [0, 0, 0, 0, 0]), expected: .broken),
        Case(
            text: "amplification is relative", budget: budget(.amplification, allows: 0.1),
            pairs: times(1.1, slower), expected: .met),
        Case(
            text: "a latency of 0 has no relative change", budget: budget(.mean, allows: 0.05),
            pairs: pairs(0, [1, 1, 1, 1, 1]), expected: .undecided, reason: "a value of 0 has no relative change"),
        Case(
            text: "new runs without a call are broken", budget: budget(.percentile(99), allows: 0.05),
            pairs: (0..<5).map { _ in
                BaselinePair(
                    baseline: BudgetSample(value: 100e6, samples: 10_000), new: BudgetSample(value: nil, samples: 0))
            }, expected: .broken, reason: "no data: no call came to an end"),
        Case(
            text: "a baseline without a call decides nothing", budget: budget(.percentile(99), allows: 0.05),
            pairs: (0..<5).map { _ in
                BaselinePair(
                    baseline: BudgetSample(value: nil, samples: 0), new: BudgetSample(value: 100e6, samples: 10_000))
            }, expected: .undecided, reason: "5 pairs of runs have no data"),
        Case(
            text: "invalid runs are left out", budget: budget(.percentile(99), allows: 0.05),
            pairs: times(100e6, slower)
                + [
                    BaselinePair(
                        baseline: BudgetSample(value: 100e6, samples: 10_000),
                        new: BudgetSample(value: 900e6, samples: 10_000, excluded: "the run is invalid"))
                ], expected: .broken, reason: "1 pair is left out: the run is invalid"),
    ])
    func judged(_ example: Case) {
        let result = BaselineJudge.judge(example.budget, pairs: example.pairs)
        #expect(result.verdict == example.expected)
        if let reason = example.reason {
            #expect(result.reason?.contains(reason) == true, "\(result.reason ?? "nothing")")
        }
        #expect(result.verdict != .undecided || result.reason != nil, "what is undecided says why")
        #expect(result.verdict != .met || result.change != nil || result.value == 0, "what is met says the change")
    }

    @Test("The change and its interval are those of the reference")
    func vectors() throws {
        let result = BaselineJudge.judge(
            Self.budget(.percentile(99), allows: 0.05), pairs: Self.times(100e6, Self.slower))
        let change = try #require(result.change)
        #expect(abs(change.change - 0.050603) < 1e-6)
        #expect(abs(change.low - 0.044476) < 1e-6)
        #expect(abs(change.high - 0.056765) < 1e-6)
        #expect(change.pairs == 8)
        #expect(result.note == "+5.1 % (+4.4 % to +5.7 %) against 100 ms, 8 pairs")
        let noisy = BaselineJudge.judge(
            Self.budget(.percentile(99), allows: 0.05), pairs: Self.times(100e6, Self.mixed))
        let other = try #require(noisy.change)
        #expect(abs(other.change - 0.007133) < 1e-6)
        #expect(abs(other.low + 0.049315) < 1e-6)
        #expect(abs(other.high - 0.066933) < 1e-6)
    }

    @Test("A change of a rate is a share of the baseline, one of errors is in points")
    func units() throws {
        let goodput = BaselineJudge.judge(
            Self.budget(.goodput, .above, allows: -0.02), pairs: Self.pairs(1_000, [900, 905, 895, 902, 898]))
        #expect(abs((goodput.change?.change ?? 0) + 0.1) < 1e-9)
        #expect(goodput.note?.hasPrefix("-10.0 % (") == true)
        let errors = BaselineJudge.judge(
            Self.budget(.errors, allows: 0.005), pairs: Self.pairs(0.01, [0.021, 0.019, 0.020, 0.022, 0.018]))
        #expect(abs((errors.change?.change ?? 0) - 0.01) < 1e-9)
        #expect(errors.note?.contains("points (") == true)
        #expect(errors.valueText == "2 %")
    }

    /// A lower bound is an upper bound of the opposite change: judged on values turned round, it says the same.
    @Test("Both directions are judged alike", arguments: 0..<40 as Range<UInt64>)
    func directions(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let values = (0..<6).map { _ in 1_000 + Double(random.next() % 200) - 100 }
        let allowed = Double(random.next() % 11) / 100 - 0.05
        let upper = BaselineJudge.judge(
            Self.budget(.goodput, .below, allows: allowed), pairs: Self.pairs(1_000, values))
        let lower = BaselineJudge.judge(
            Self.budget(.goodput, .above, allows: -allowed), pairs: Self.pairs(1_000, values.map { 2_000 - $0 }))
        #expect(upper.verdict == lower.verdict)
    }
}
