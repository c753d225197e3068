import Core
import Model
import Testing

@Suite struct CacheTuningTests {
    private let now = Instant(nanoseconds: 1_000)

    @Test func aFullCacheThatMissesGrowsByHalfEachTimeUpToEightTimes() {
        var cache = CacheModel(CacheDescription(capacity: 100))
        let zipf = Zipf(keys: 20_000, skew: 0.7)
        var capacities: [Int] = []
        var shares: [Double] = []
        for round in 0..<8 {
            _ = cache.serve(5_000, of: zipf, seed: UInt64(round))
            if let decision = cache.tune(at: now) {
                #expect(decision.rule == .growFull)
                #expect(decision.filled >= 0.95)
                shares.append(decision.hitShare)
            }
            capacities.append(cache.capacity)
        }
        #expect(capacities == [150, 225, 337, 505, 757, 800, 800, 800])
        #expect(cache.decisions.count == 6)
        #expect(shares[5] > shares[0] + 0.1)
    }

    /// The guide's rule fires while the cache is not full. Then nobody is evicted, and more room changes no hit.
    @Test func whatTheGuidesRuleGivesChangesNoHit() {
        var (tuned, plain) = (
            CacheModel(CacheDescription(capacity: 1_000)), CacheModel(CacheDescription(capacity: 1_000))
        )
        let zipf = Zipf(keys: 600, skew: 0.1)
        for round in 0..<4 {
            _ = tuned.serve(100, of: zipf, seed: UInt64(round))
            _ = plain.serve(100, of: zipf, seed: UInt64(round))
            let decision = tuned.tune(at: now)
            if round == 0 {
                #expect(decision?.rule == .grow)
                #expect(decision?.capacity == 1_500)
            }
        }
        #expect(tuned.capacity > 1_000)
        #expect(tuned.counts == plain.counts)
    }

    @Test func aFullCacheThatHitsGoesFromLRUToLFUAndKeepsWhatItHas() {
        var cache = CacheModel(CacheDescription(capacity: 100))
        for _ in 0..<30 { for key in 1...90 { cache.read("\(key)") } }
        let decision = cache.tune(at: now)
        #expect(decision?.rule == .changeEviction)
        #expect(decision?.at == now)
        #expect(decision?.eviction == .lfu)
        #expect(decision?.filled == 0.9)
        #expect(cache.entries == 90)
        #expect(cache.capacity == 100)
        // The uses it had under LRU count: a scan does not drive it out.
        for key in 1_000...2_000 { cache.read("\(key)") }
        let before = cache.counts.hits
        for key in 1...90 { cache.read("\(key)") }
        #expect(cache.counts.hits - before == 90)
    }

    /// The uses counted under LRU: whoever was used least goes first, and of two used as often the one used longer ago.
    @Test(arguments: [(1, "bcde"), (2, "cde"), (3, "ce"), (4, "e")])
    func afterTheChangeEntriesGoInTheOrderOfTheirUses(new: Int, remain: String) {
        var cache = CacheModel(CacheDescription(capacity: 5))
        for (key, count) in [("e", 50), ("d", 40), ("c", 40), ("b", 20), ("a", 10)] {
            for _ in 0..<count { cache.read(key) }
        }
        #expect(cache.tune(at: now)?.rule == .changeEviction)
        for number in 0..<new { for _ in 0..<100 { cache.read("new \(number)") } }
        #expect(["a", "b", "c", "d", "e"].filter { cache.look($0, at: now) != nil }.joined() == remain)
    }

    @Test func aCacheThatIsLFUAlreadyStaysSo() {
        var cache = CacheModel(CacheDescription(.lfu, capacity: 100))
        for _ in 0..<30 { for key in 1...90 { cache.read("\(key)") } }
        #expect(cache.tune(at: now) == nil)
        #expect(cache.eviction == .lfu)
    }

    @Test(arguments: [
        ("nobody reads", 0, 0), ("nineteen reads say nothing", 19, 0), ("hits are neither few nor many", 100, 88),
    ])
    func nothingChangesWhen(what: String, reads: Int, hits: Int) {
        var cache = CacheModel(CacheDescription(capacity: 100))
        for read in 0..<reads {
            if read < hits { cache.put("a", 1, at: now) } else { cache.drop("a") }
            _ = cache.look("a", at: now)
        }
        #expect(cache.tune(at: now) == nil, "\(what)")
        #expect(cache.decisions.isEmpty)
    }

    @Test func aLookCountsOnlyWhatCameSinceTheLastOne() {
        var cache = CacheModel(CacheDescription(capacity: 1_000))
        for key in 1...50 { cache.read("\(key)") }
        #expect(cache.tune(at: now)?.hitShare == 0)
        for _ in 1...2 { for key in 1...50 { cache.read("\(key)") } }
        #expect(cache.tune(at: now) == nil)
        for key in 51...70 { cache.read("\(key)") }
        #expect(cache.tune(at: now)?.hitShare == 0)
    }

    @Test func aNodeOfOneEntryGrowsToo() {
        var cache = CacheModel(CacheDescription(capacity: 1))
        for round in 0..<12 {
            for key in 0..<200 { cache.read("\(round)-\(key)") }
            _ = cache.tune(at: now)
        }
        #expect(cache.capacity == 8)
    }
}
