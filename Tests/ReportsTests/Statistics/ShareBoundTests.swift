import Analysis
import Core
import Testing

@Suite("Bounds of a share")
struct ShareBoundTests {
    @Test(
        "the fewest samples that prove a share of 1 %, by how many are beyond",
        arguments: [
            (0, 0.01, 459), (1, 0.01, 662), (2, 0.01, 838), (0, 0.05, 299), (1, 0.05, 473), (2, 0.05, 628),
        ])
    func leastSamples(beyond: Int, alpha: Double, samples: Int) {
        #expect(BinomialBound.leastSamples(beyond: beyond, share: 0.01, alpha: alpha) == samples)
        #expect(BinomialBound.upper(beyond: beyond, of: samples, alpha: alpha) <= 0.01)
        #expect(BinomialBound.upper(beyond: beyond, of: samples - 1, alpha: alpha) > 0.01)
    }

    @Test("a share that no number of samples proves has no number")
    func beyondReach() {
        #expect(BinomialBound.leastSamples(beyond: 0, share: 0, alpha: 0.05) == nil)
        #expect(BinomialBound.leastSamples(beyond: 0, share: 1e-9, alpha: 0.05, most: 1_000_000) == nil)
        #expect(BinomialBound.leastSamples(beyond: -1, share: 0.01, alpha: 0.05) == nil)
    }

    @Test(
        "Clopper and Pearson's bounds are those of their tables",
        arguments: [
            (0, 10, 0.0, 0.308497), (1, 10, 0.002529, 0.445016), (5, 10, 0.187086, 0.812914), (10, 10, 0.691503, 1),
        ])
    func clopperPearson(beyond: Int, samples: Int, low: Double, high: Double) {
        #expect((BinomialBound.lower(beyond: beyond, of: samples, alpha: 0.025) - low).magnitude < 1e-6)
        #expect((BinomialBound.upper(beyond: beyond, of: samples, alpha: 0.025) - high).magnitude < 1e-6)
    }

    private func batches(_ beyond: [Int], samples: Int = 1_000) -> [ShareBatch] {
        beyond.map { ShareBatch(samples: samples, beyond: $0) }
    }

    @Test("batches of equal size have Student's bounds of their shares")
    func student() throws {
        let found = try #require(ShareBound(batches([5, 20, 8, 40, 2, 15]), alpha: 0.05))
        #expect(found.samples == 6_000)
        #expect(found.beyond == 90)
        #expect(found.share == 0.015)
        // Mean 0.015, standard deviation 0.013914, t(0.95, 5) = 2.015048.
        #expect((found.low - 0.003554).magnitude < 1e-6)
        #expect((found.high - 0.026446).magnitude < 1e-6)
    }

    @Test("batches that happen to agree prove no more than their samples")
    func agreeing() throws {
        let none = try #require(ShareBound(batches([0, 0, 0], samples: 100), alpha: 0.05))
        #expect((none.high - BinomialBound.upper(beyond: 0, of: 300, alpha: 0.05)).magnitude < 1e-9)
        #expect(none.high < 0.01)
        #expect(none.low == 0)
        let few = try #require(ShareBound(batches([0, 0, 0], samples: 99), alpha: 0.05))
        #expect(few.high > 0.01)
        let same = try #require(ShareBound(batches([3, 3, 3, 3]), alpha: 0.05))
        #expect((same.high - BinomialBound.upper(beyond: 12, of: 4_000, alpha: 0.05)).magnitude < 1e-9)
        #expect((same.low - BinomialBound.lower(beyond: 12, of: 4_000, alpha: 0.05)).magnitude < 1e-9)
    }

    @Test("batches without samples say nothing, and fewer than two with some have no bounds")
    func empty() {
        let empty = ShareBatch(samples: 0, beyond: 0)
        #expect(
            ShareBound(batches([1, 2]) + [empty, empty], alpha: 0.05) == ShareBound(batches([1, 2]), alpha: 0.05))
        #expect(ShareBound([], alpha: 0.05) == nil)
        #expect(ShareBound(batches([1]) + [empty], alpha: 0.05) == nil)
    }

    @Test("counts that cannot be are passed over, and huge ones have bounds")
    func hostile() throws {
        let impossible = [ShareBatch(samples: 5, beyond: 6), ShareBatch(samples: -1, beyond: -2)]
        #expect(ShareBound(impossible + impossible, alpha: 0.05) == nil)
        let huge = ShareBatch(samples: .max, beyond: .max / 2)
        let found = try #require(ShareBound([huge, huge, huge], alpha: 0.05))
        #expect(found.low >= 0 && found.high <= 1)
    }

    @Test("bounds at a smaller risk are wider")
    func risk() throws {
        let counts = batches([5, 20, 8, 40, 2, 15])
        let (wide, narrow) = (
            try #require(ShareBound(counts, alpha: 0.01)), try #require(ShareBound(counts, alpha: 0.05))
        )
        #expect(wide.low < narrow.low)
        #expect(wide.high > narrow.high)
    }

    @Test("samples that come in clusters are worth fewer")
    func clusters() throws {
        let even = try #require(BatchSpread(batches([100, 101, 99, 100, 98, 102])))
        #expect(even.effect == 1)
        let clustered = try #require(BatchSpread(batches([0, 600, 0, 0, 0, 0])))
        // The variance of the share by batches, 0.01, against 0.1 · 0.9 / 6,000.
        #expect((clustered.effect - 0.01 / 0.000015).magnitude < 1e-6)
        #expect(try #require(BatchSpread(batches([0, 0]))).effect == 1)
        let all = batches([0, 0, 0, 0, 0, 0])
        let (alone, together) = (
            try #require(ShareBound(all, alpha: 0.05)), try #require(ShareBound(all, alpha: 0.05, effect: 10))
        )
        #expect((together.high - BinomialBound.upper(beyond: 0, of: 600, alpha: 0.05)).magnitude < 1e-9)
        #expect(together.high > alone.high)
    }
}
