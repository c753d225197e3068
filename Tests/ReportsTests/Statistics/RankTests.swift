import Analysis
import Testing

@Suite("Ranks and several claims")
struct RankTests {
    @Test(
        "a quantile lies between two order statistics, with 95 %",
        arguments: [
            (1_000, 0.5, 469, 532), (100_000, 0.99, 98_938, 99_062), (20, 0.5, 6, 15), (100, 0.95, 90, 100),
            (50, 0.99, 48, 51),
        ])
    func ranks(count: Int, share: Double, low: Int, high: Int) {
        let ranks = QuantileRanks(count: count, share: share)
        #expect(ranks.low == low)
        #expect(ranks.high == high)
    }

    struct Samples: Sendable {
        var first: [Double]
        var second: [Double]
        var u: Double
        var p: Double
    }

    private static let samples = [
        Samples(first: [1.1, 2.2, 3.3, 4.4], second: [5, 6, 7, 8], u: 16, p: 0.02857142857142857),
        Samples(first: [1, 3, 5, 7, 9], second: [2, 4, 6, 8, 10, 12], u: 20, p: 0.42857142857142855),
        Samples(first: [1.2, 3.4, 2.2], second: [2.0, 5.5, 9.9, 3.3], u: 9, p: 0.4),
        // With ties, counted out over all 70 choices.
        Samples(first: [1, 2, 2, 3], second: [2, 3, 3, 4], u: 13, p: 0.2857142857142857),
        Samples(first: [7, 7, 7], second: [7, 7], u: 3, p: 1),
    ]

    @Test("Mann and Whitney's test is exact", arguments: samples)
    func mannWhitney(_ samples: Samples) throws {
        let test = try #require(MannWhitney(samples.first, samples.second))
        #expect(test.u == samples.u)
        #expect((test.p - samples.p).magnitude < 1e-12)
        let mirrored = try #require(MannWhitney(samples.second, samples.first))
        #expect((mirrored.p - samples.p).magnitude < 1e-12)
    }

    @Test("Mann and Whitney's test refuses what it cannot say anything about")
    func refusals() {
        #expect(MannWhitney([], [1]) == nil)
        #expect(MannWhitney([1], [.nan]) == nil)
        #expect(MannWhitney(Array(repeating: 1, count: 40), Array(repeating: 2, count: 40)) == nil)
    }

    private static let claims: [([Double], [Double])] = [
        ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]), ([0.5, 0.9], [1, 1]), ([], []), ([0.02], [0.02]),
        ([0.01, 0.01, 0.01], [0.03, 0.03, 0.03]),
    ]

    @Test("Holm's correction multiplies the least by all, the next by one less, and never falls", arguments: claims)
    func holm(values: [Double], adjusted: [Double]) {
        let found = Holm.adjusted(values)
        #expect(found.count == adjusted.count)
        for (value, expected) in zip(found, adjusted) { #expect((value - expected).magnitude < 1e-12) }
    }
}
