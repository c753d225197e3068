import Core
import Glibc
import Model
import Testing

/// The measured hit share of Zipf keys against what theory says of it.
@Suite struct CacheHitShareTests {
    /// Che's approximation (Che, Tung and Wang 2002, "Hierarchical web caching systems"): in an LRU cache of C entries a key of
    /// chance p is hit with `1 - exp(-p T)`, where T makes the sum of that over all keys C.
    private func che(_ zipf: Zipf, entries: Int) -> Double {
        var (low, high) = (0.0, 1e9)
        for _ in 0..<200 {
            let middle = (low + high) / 2
            let filled = zipf.chances.reduce(0) { $0 + 1 - exp(-$1 * middle) }
            if filled < Double(entries) { low = middle } else { high = middle }
        }
        return zipf.chances.reduce(0) { $0 + $1 * (1 - exp(-$1 * low)) }
    }

    @Test(arguments: [(50, 0.8), (200, 0.8), (1_000, 0.8), (50, 1.1), (200, 1.1), (1_000, 1.1)])
    func anLRUCacheHitsAsOftenAsChesFormulaSays(entries: Int, skew: Double) {
        let zipf = Zipf(keys: 5_000, skew: skew)
        var cache = CacheModel(CacheDescription(capacity: entries))
        let share = cache.serve(60_000, of: zipf, seed: 3)
        #expect(abs(share - che(zipf, entries: entries)) < 0.012)
        #expect(cache.entries == entries)
    }

    @Test(arguments: Eviction.allCases)
    func aLargerCacheHitsMoreOften(eviction: Eviction) {
        let zipf = Zipf(keys: 2_000, skew: 0.9)
        let shares = [20, 50, 125, 300, 750, 2_000].map { capacity in
            var cache = CacheModel(CacheDescription(eviction, capacity: capacity))
            return cache.serve(30_000, of: zipf, seed: 4)
        }
        for (smaller, larger) in zip(shares, shares.dropFirst()) { #expect(larger > smaller + 0.03) }
        #expect(shares[5] > 0.97)
    }

    /// No cache beats the one that holds the most popular keys; LFU comes nearer to it than LRU while popularity stays.
    @Test(arguments: [(30, 0.8), (100, 0.8), (400, 0.8), (30, 1.1), (100, 1.1), (400, 1.1)])
    func underAStablePopularityLFUIsBetweenLRUAndTheBest(capacity: Int, skew: Double) {
        let zipf = Zipf(keys: 3_000, skew: skew)
        var lru = CacheModel(CacheDescription(.lru, capacity: capacity))
        var lfu = CacheModel(CacheDescription(.lfu, capacity: capacity))
        let (low, high) = (lru.serve(60_000, of: zipf, seed: 5), lfu.serve(60_000, of: zipf, seed: 5))
        let best = zipf.chances.prefix(capacity).reduce(0, +)
        #expect(high > low + 0.01)
        // Four standard deviations of a share of 30,000 reads.
        #expect(high < best + 0.012)
    }

    /// The other side of LFU: what was popular once stays.
    @Test func whenPopularityMovesLRUFollowsAndLFUIsSlow() {
        let zipf = Zipf(keys: 1_000, skew: 1.1)
        var after: [Eviction: Double] = [:]
        for eviction in Eviction.allCases {
            var cache = CacheModel(CacheDescription(eviction, capacity: 100))
            _ = cache.serve(40_000, of: zipf, seed: 6)
            let before = cache.counts
            _ = cache.serve(2_000, of: zipf, seed: 7, from: 100_001)
            after[eviction] = Double(cache.counts.hits - before.hits) / 2_000
        }
        #expect(after[.lru]! > after[.lfu]! + 0.1)
    }

    @Test func aScanEmptiesLRUAndLeavesLFUItsOftenUsed() {
        for (eviction, kept) in [(Eviction.lru, 0), (.lfu, 99)] {
            var cache = CacheModel(CacheDescription(eviction, capacity: 100))
            for _ in 0..<3 { for key in 1...100 { cache.read("\(key)") } }
            for key in 1_000..<3_000 { cache.read("\(key)") }
            let before = cache.counts.hits
            for key in 1...100 { _ = cache.look("\(key)", at: Instant(nanoseconds: 2)) }
            #expect(cache.counts.hits - before == kept)
        }
    }

    @Test func nodesTogetherHitAboutAsOftenAsOneOfTheirSize() {
        let zipf = Zipf(keys: 3_000, skew: 0.9)
        var one = CacheModel(CacheDescription(capacity: 300))
        var three = CacheModel(CacheDescription(capacity: 100, nodes: 3))
        let share = one.serve(60_000, of: zipf, seed: 8)
        #expect(abs(three.serve(60_000, of: zipf, seed: 8) - share) < 0.03)
        for node in 0..<3 { #expect(three.counts(of: node).reads > 10_000) }
    }
}
