import Analysis
import Core
import Recording
import Testing

@Suite("Ratios over blocks of one run")
struct BlockRatioTests {
    @Test("the ratio is that of the sums, and its error that of a mean when blocks are alike in size and not tied")
    func alike() throws {
        // Residuals ±1 by turns: their correlation is negative and narrows nothing.
        let parts = [9.0, 11, 9, 11, 9, 11, 9, 11]
        let found = try #require(BlockRatio(parts, of: parts.map { _ in 100 }))
        #expect((found.ratio - 0.1).magnitude < 1e-12)
        // √(8 · 8/7) / 800
        #expect((found.error - 0.003779644730092272).magnitude < 1e-12)
        #expect(found.degrees == 7)
    }

    @Test("blocks that resemble the one before count for less")
    func tied() throws {
        let parts = [9.0, 9, 9, 9, 11, 11, 11, 11]
        let found = try #require(BlockRatio(parts, of: parts.map { _ in 100 }))
        // ρ = 5/8, corrected 5/8 + (1 + 20/8)/8, at most 0.9: the variance times 19.
        #expect((found.error - 0.003779644730092272 * 19.0.squareRoot()).magnitude < 1e-12)
        #expect(found.degrees == 3)
    }

    @Test("blocks of other sizes weigh by their size")
    func sizes() throws {
        let wholes = [100.0, 200, 300, 100, 200, 300]
        let found = try #require(BlockRatio(wholes.map { 0.02 * $0 }, of: wholes))
        #expect((found.ratio - 0.02).magnitude < 1e-12)
        #expect(found.error < 1e-12)
    }

    @Test("too few blocks, and what is no number, are nothing")
    func refusals() {
        #expect(BlockRatio([1, 2, 3, 4, 5], of: [10, 10, 10, 10, 10]) == nil)
        #expect(BlockRatio([0, 0, 0, 0, 0, 0], of: [0, 0, 0, 0, 0, 0]) == nil)
        #expect(BlockRatio([1, .infinity, 3, 4, 5, 6], of: [10, 10, 10, 10, 10, 10]) == nil)
        #expect(BlockRatio([1, 2, 3, 4, 5, 6], of: [10, 10]) == nil)
    }

    @Test("a run with calls in no second has no spread, and one of a single value hardly any")
    func extremes() {
        func block(_ count: Int) -> WithinRun.Block {
            var histogram = LatencyHistogram()
            for _ in 0..<count { histogram.record(.milliseconds(5)) }
            return WithinRun.Block(
                seconds: 5, response: CompactHistogram(histogram), ended: count, errors: 0, succeeded: count)
        }
        let empty = WithinRun((0..<8).map { _ in block(0) })
        for figure in ComparedFigure.ofRuns where figure != .goodput { #expect(empty[figure] == nil) }
        let constant = WithinRun((0..<8).map { _ in block(100) })
        #expect(constant[.p50].map { $0.error <= 0.001 } == true)
        #expect(constant[.errors]?.error == 0)
        #expect(WithinRun([]).blocks == 0)
    }
}
