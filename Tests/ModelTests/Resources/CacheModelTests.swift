import Core
import Model
import Testing

@Suite struct CacheModelTests {
    private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: 0) + .seconds(seconds) }

    /// What is left of `keys`, asked at an instant without time to live; asking is a use, so it is the last thing done.
    private func left(_ keys: String, in cache: inout CacheModel) -> String {
        keys.split(separator: " ").filter { cache.look(String($0), at: at(1)) != nil }.joined(separator: " ")
    }

    /// Each row: reads through a cache of three, and who is in it after them.
    @Test(arguments: [
        (Eviction.lru, "a b c", "a b c"),
        (.lru, "a b c d", "b c d"),
        (.lru, "a b c a d", "a c d"),
        (.lru, "a b c a b d e", "b d e"),
        (.lru, "a a a a b c d", "b c d"),
        (.lru, "a b c d a b c d", "b c d"),
        (.lfu, "a b c", "a b c"),
        (.lfu, "a b c d", "b c d"),
        (.lfu, "a a a a b c d", "a c d"),
        (.lfu, "a a b b c d e f", "a b f"),
        (.lfu, "a b c a b d d d e", "b d e"),
        (.lfu, "b a c a b d d d e", "b d e"),
        (.lfu, "c c a a b b d d e", "b d e"),
        (.lfu, "a a b b c c d e f", "b c f"),
    ])
    func readsInOrderLeave(eviction: Eviction, reads: String, remain: String) {
        var cache = CacheModel(CacheDescription(eviction, capacity: 3))
        for key in reads.split(separator: " ") { cache.read(String(key)) }
        #expect(left("a b c d e f", in: &cache) == remain)
    }

    @Test func aWriteIsAUseAndBringsTheNewVersion() {
        var cache = CacheModel(CacheDescription(capacity: 2))
        cache.put("a", 1, at: at(0))
        cache.put("b", 1, at: at(0))
        cache.put("a", 2, at: at(0))
        cache.put("c", 1, at: at(0))
        #expect(cache.look("a", at: at(0)) == 2)
        #expect(cache.look("b", at: at(0)) == nil)
        #expect(cache.counts.puts == 4)
        #expect(cache.counts.evicted == 1)
    }

    @Test func anEntryIsGoodForItsTimeSinceTheLastWriteNotSinceTheLastRead() {
        var cache = CacheModel(CacheDescription(capacity: 10, ttl: .seconds(10)))
        cache.put("a", 1, at: at(0))
        cache.put("b", 1, at: at(5))
        #expect(cache.look("a", at: at(9)) == 1)
        #expect(cache.look("a", at: at(10)) == nil)
        #expect(cache.counts.expired == 1)
        cache.put("b", 2, at: at(12))
        #expect(cache.look("b", at: at(21)) == 2)
        #expect(cache.look("b", at: at(22)) == nil)
        #expect(cache.counts.expired == 2)
        #expect(cache.entries == 0)
        #expect(cache.counts.reads == 4)
        #expect(cache.counts.hits == 2)
        #expect(cache.counts.misses == 2)
        #expect(cache.counts.hitShare == 0.5)
    }

    @Test func whatHasExpiredMakesRoomBeforeAnybodyIsEvicted() {
        var cache = CacheModel(CacheDescription(.lfu, capacity: 2, ttl: .seconds(10)))
        cache.put("old", 1, at: at(0))
        for _ in 0..<5 { _ = cache.look("old", at: at(1)) }
        cache.put("young", 1, at: at(8))
        cache.put("new", 1, at: at(12))
        #expect(cache.look("young", at: at(12)) == 1)
        #expect(cache.look("new", at: at(12)) == 1)
        #expect(cache.counts.evicted == 0)
        #expect(cache.counts.expired == 1)
    }

    @Test func aTimeToLiveBeyondEveryClockIsForEver() {
        var cache = CacheModel(CacheDescription(capacity: 2, ttl: Span(nanoseconds: .max)))
        cache.put("a", 1, at: at(100))
        #expect(cache.look("a", at: Instant(nanoseconds: .max - 1)) == 1)
    }

    private static let keys = [
        "17", "18", "19", "20", "user:17", "user:18", "user:17:posts", "user:17:posts:1", "user:170:posts", "user-17-x",
        "007", "008", "item9", "item10", "plain", ":", "9223372036854775807",
    ]

    /// Each row: what is dropped of the keys above when `key` is invalidated so.
    @Test(arguments: [
        ("17", Invalidation.key, ["17"]),
        ("nobody", .key, []),
        ("17", .related(2), ["17", "18", "19"]),
        ("17", .related(0), ["17"]),
        ("18", .related(1_000), ["18", "19", "20"]),
        ("16", .related(1), ["17"]),
        ("user:17", .related(1), ["user:17", "user:18"]),
        ("007", .related(1), ["007", "008"]),
        ("item9", .related(1), ["item9", "item10"]),
        ("plain", .related(5), ["plain"]),
        ("9223372036854775807", .related(3), ["9223372036854775807"]),
        ("99999999999999999999", .related(3), []),
        ("user:17", .prefix, ["user:17", "user:18", "user:17:posts", "user:17:posts:1", "user:170:posts"]),
        ("user:17:posts", .prefix, ["user:17:posts", "user:17:posts:1"]),
        ("user:17:other", .prefix, ["user:17:posts", "user:17:posts:1"]),
        ("user:17:posts:2", .prefix, ["user:17:posts:1"]),
        ("user-1", .prefix, ["user-17-x"]),
        ("user-99-x", .prefix, []),
        ("plain", .prefix, ["plain"]),
        (":x", .prefix, [":"]),
        ("", .prefix, []),
    ])
    func invalidationDrops(key: String, what: Invalidation, expected: [String]) {
        for nodes in [1, 3] {
            var cache = CacheModel(CacheDescription(capacity: 100, nodes: nodes))
            for key in Self.keys { cache.put(key, 1, at: at(0)) }
            #expect(cache.invalidate(what, of: key) == expected.count)
            let dropped = Self.keys.filter { cache.look($0, at: at(1)) == nil }
            #expect(dropped.sorted() == expected.sorted())
            #expect(cache.counts.invalidated == expected.count)
        }
    }

    @Test func aTagIsDroppedOnAllNodesAndNothingElseIs() {
        var cache = CacheModel(CacheDescription(capacity: 1_000, nodes: 3, tags: 7))
        let keys = (1...500).map { "item:\($0)" }
        for key in keys { cache.put(key, 1, at: at(0)) }
        let group = keys.filter { cache.tag(of: $0) == cache.tag(of: "item:3") }
        #expect(group.count > 40 && group.count < 110)
        #expect(Set(group.map { cache.node(of: $0) }).count == 3)
        #expect(cache.invalidate(.tag, of: "item:3") == group.count)
        #expect(keys.filter { cache.look($0, at: at(1)) == nil } == group)
    }

    @Test func aKeyOfTenThousandSeparatorsIsLikeAnyOther() {
        var cache = CacheModel(CacheDescription(capacity: 2))
        let key = String(repeating: ":", count: 10_000)
        for round in 1...3 {
            cache.put(key, round, at: at(0))
            cache.put(key + "x", round, at: at(0))
            #expect(cache.invalidate(.prefix, of: key + "y") == 2)
            #expect(cache.entries == 0)
        }
    }

    @Test func aNodeLosesItsOwnAndGoesOnEmpty() {
        var cache = CacheModel(CacheDescription(capacity: 100, nodes: 3))
        let keys = (1...90).map(String.init)
        for key in keys { cache.put(key, 1, at: at(0)) }
        let own = keys.filter { cache.node(of: $0) == 1 }
        #expect(own.count > 15)
        #expect(cache.lose(node: 1) == own.count)
        #expect(keys.filter { cache.look($0, at: at(1)) == nil } == own)
        cache.put(own[0], 2, at: at(1))
        #expect(cache.look(own[0], at: at(1)) == 2)
        #expect(cache.lose(node: nil) == 91 - own.count)
        #expect(cache.entries == 0)
        #expect(cache.counts.lost == 91)
        for node in [-1, 3] { #expect(cache.lose(node: node) == 0) }
    }

    /// Worked out in another language: where a key lives must not depend on the machine or the process.
    @Test func aKeyHasItsPlaceOnEveryMachine() {
        let cache = CacheModel(CacheDescription(capacity: 100, nodes: 3))
        #expect((1...12).map { cache.node(of: "\($0)") } == [1, 0, 2, 0, 2, 1, 0, 0, 1, 2, 2, 2])
        #expect((1...12).map { cache.tag(of: "\($0)") } == [52, 66, 41, 88, 24, 38, 79, 76, 67, 79, 69, 83])
    }
}
