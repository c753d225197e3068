import Core
import Model
import Testing

/// The cache against a second one that looks at every entry each time, over random histories.
@Suite struct CacheReferenceTests {
    /// One node as anybody would write it down.
    private struct Reference {
        struct Entry {
            var key: String
            var version: Int
            var until: Instant
            var uses = 1
            var lastUse: Int
        }
        var eviction: Eviction
        let capacity: Int
        let ttl: Span?
        var entries: [Entry] = []
        var counts = CacheCounts()
        private var uses = 0

        init(eviction: Eviction, capacity: Int, ttl: Span?) {
            self.eviction = eviction
            self.capacity = capacity
            self.ttl = ttl
        }

        mutating func look(_ key: String, at now: Instant) -> Int? {
            expire(at: now)
            counts.reads += 1
            uses += 1
            guard let index = entries.firstIndex(where: { $0.key == key }) else { return nil }
            counts.hits += 1
            entries[index].uses += 1
            entries[index].lastUse = uses
            return entries[index].version
        }

        mutating func put(_ key: String, _ version: Int, at now: Instant) {
            expire(at: now)
            counts.puts += 1
            uses += 1
            let until = ttl.map { now + $0 } ?? .never
            if let index = entries.firstIndex(where: { $0.key == key }) {
                entries[index].version = version
                entries[index].until = until
                entries[index].uses += 1
                entries[index].lastUse = uses
                return
            }
            if entries.count == capacity {
                let first = entries.min { left, right in
                    if eviction == .lfu, left.uses != right.uses { return left.uses < right.uses }
                    return left.lastUse < right.lastUse
                }!
                entries.removeAll { $0.key == first.key }
                counts.evicted += 1
            }
            entries.append(Entry(key: key, version: version, until: until, lastUse: uses))
        }

        mutating func drop(where isDropped: (String) -> Bool) -> Int {
            let before = entries.count
            entries.removeAll { isDropped($0.key) }
            counts.invalidated += before - entries.count
            return before - entries.count
        }

        private mutating func expire(at now: Instant) {
            let before = entries.count
            entries.removeAll { $0.until <= now }
            counts.expired += before - entries.count
        }
    }

    private func prefix(of key: String) -> String? {
        key.lastIndex { $0 == ":" || $0 == "-" }.map { String(key[...$0]) }
    }

    @Test(arguments: 0..<150)
    func afterEveryStepBothKnowTheSame(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed), named: "history")
        let nodes = Int(random.below(3)) + 1
        let capacity = Int(random.below(12)) + 1
        let ttl: Span? = random.below(2) == 0 ? nil : .seconds(Int64(random.below(40)) + 1)
        let eviction = random.below(2) == 0 ? Eviction.lru : .lfu
        var cache = CacheModel(CacheDescription(eviction, capacity: capacity, nodes: nodes, ttl: ttl, tags: 5))
        var references = Array(
            repeating: Reference(eviction: eviction, capacity: capacity, ttl: ttl), count: nodes)
        let stems = ["", "a:", "a:b:", "a:b-", "c-"]
        var now = Instant(nanoseconds: 0)
        for step in 1...400 {
            now = now + .seconds(Int64(random.below(3)))
            let key = stems[Int(random.below(5))] + "\(random.below(8))"
            let node = cache.node(of: key)
            switch random.below(20) {
            case 0..<9: #expect(cache.look(key, at: now) == references[node].look(key, at: now))
            case 9..<15:
                cache.put(key, step, at: now)
                references[node].put(key, step, at: now)
            case 15: #expect(cache.drop(key) == (references[node].drop { $0 == key } == 1))
            case 16:
                let number = Int(String(key.last!))!
                let related = (number...number + 2).map { key.dropLast() + "\($0)" }
                let dropped = references.indices.reduce(0) { $0 + references[$1].drop { related.contains($0[...]) } }
                #expect(cache.invalidate(.related(2), of: key) == dropped)
            case 17:
                let start = prefix(of: key)
                let dropped = references.indices.reduce(0) {
                    $0 + references[$1].drop { other in start.map { other.hasPrefix($0) } ?? (other == key) }
                }
                #expect(cache.invalidate(.prefix, of: key) == dropped)
            case 18:
                let tag = cache.tag(of: key)
                let dropped = references.indices.reduce(0) { $0 + references[$1].drop { cache.tag(of: $0) == tag } }
                #expect(cache.invalidate(.tag, of: key) == dropped)
            default:
                guard random.below(4) == 0 else { continue }
                let lost = references[node].entries.count
                references[node].entries = []
                references[node].counts.lost += lost
                #expect(cache.lose(node: node) == lost)
            }
            for node in 0..<nodes { #expect(cache.counts(of: node) == references[node].counts) }
            #expect(cache.entries == references.reduce(0) { $0 + $1.entries.count })
            #expect(cache.entries <= capacity * nodes)
        }
    }
}
