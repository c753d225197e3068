import Analysis
import Testing

@Suite("Spearman's rank correlation with time")
struct SpearmanTests {
    @Test(
        "Values of the textbook",
        arguments: [
            ([1, 2, 3, 4, 5], 1.0), ([5, 4, 3, 2, 1], -1), ([10, 1_000, 1_001, 5_000], 1),
            // 1 − 6·Σd²/(n³ − n) with d = 1, 1, 0, 0: 1 − 12/60.
            ([2, 1, 3, 4], 0.8),
            // Σd² = 4 + 1 + 1 + 4 + 0 over n = 5: 1 − 60/120.
            ([3, 1, 4, 2, 5], 0.5),
            // Equals share their mean rank 0.5: ranks 0.5, 0.5, 2, 3; 4.5 / √(5 · 4.5).
            ([7, 7, 8, 9], 0.948_683_298),
            ([4, 4, 4], 0), ([1], 0), ([], 0),
        ] as [([Double], Double)])
    func values(values: [Double], expected: Double) {
        #expect(abs(Spearman.withTime(values) - expected) < 1e-9)
    }
}
