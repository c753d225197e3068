import Analysis
import Core
import Glibc
import Testing

/// A share of what `make proof` computes with 2,000 comparisons: `GALE_COMPARISONS` says how many.
@Suite("How often a diff is wrong, and how much it finds")
struct DiffCampaignTests {
    private static let count = getenv("GALE_COMPARISONS").flatMap { Int(String(cString: $0)) } ?? 200
    /// What chance may add to a share near 5 % of so many comparisons: two standard deviations.
    private static let slack = 2 * (0.05 * 0.95 / Double(count)).squareRoot()

    private func share(_ campaign: DiffCampaign, of outcomes: Set<DiffVerdict.Outcome>) -> Double {
        let hits = (0..<Self.count).count { outcomes.contains(campaign.diff($0).verdict.outcome) }
        return Double(hits) / Double(Self.count)
    }

    private static let different: Set<DiffVerdict.Outcome> = [.worse, .slower, .faster]

    @Test("of two of the same at most 6 % are called different", arguments: [5, 10])
    func falseAlarms(pairs: Int) {
        let alarms = share(DiffCampaign(pairs: pairs), of: Self.different)
        #expect(alarms <= (Self.count >= 2_000 ? 0.06 : 0.05 + Self.slack), "\(alarms)")
        print("diff: \(pairs) pairs of the same: \(alarms) called different")
    }

    @Test("5 % slower is found by 20 pairs of noisy runs in at least 85 % of the cases")
    func power() {
        let found = share(DiffCampaign(pairs: 20, change: 0.05), of: [.worse, .slower])
        #expect(found >= 0.85, "\(found)")
        print("diff: 20 pairs, 5 % slower: \(found) found")
    }

    @Test("6 pairs are enough where runs differ by 3 %")
    func quiet() {
        // √2 times the noise of a run is that of a difference: 3 %.
        let campaign = DiffCampaign(pairs: 6, change: 0.05, secondNoise: 0.018, runNoise: 0.02)
        let found = share(campaign, of: [.worse, .slower])
        #expect(found >= 0.85, "\(found)")
        print("diff: 6 pairs of quiet runs, 5 % slower: \(found) found")
    }

    @Test("the interval within two runs holds the true change in about 95 of 100 cases", arguments: [60, 300])
    func within(seconds: Int) throws {
        let campaign = DiffCampaign(seconds: seconds)
        let count = Self.count / 4
        let diffs = (0..<count).map { campaign.single($0) }
        for figure in [ComparedFigure.p50, .p99, .mean] {
            var held = 0
            for diff in diffs {
                let found = try #require(diff.change(figure))
                let (low, high) = (try #require(found.low), try #require(found.high))
                if low <= 0, high >= 0 { held += 1 }
                #expect(diff.verdict.outcome == .withheld)
            }
            let share = Double(held) / Double(count)
            #expect(share >= 0.88, "\(figure.name) \(share)")
            print("diff: within two runs of \(seconds) s the interval of \(figure.name) holds the truth in \(share)")
        }
    }
}
