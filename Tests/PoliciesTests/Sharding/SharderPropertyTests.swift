import Core
import Testing

@testable import Policies

@Suite("What all sharders have in common")
struct SharderPropertyTests {
    @Test("there is no owner without shards", arguments: ShardSamples.rules + [.range(bounds: [5])])
    func empty(rule: ShardSettings.Rule) {
        let key = Array("3".utf8)
        for sharder in [Sharder(ShardSettings(rule)), ShardSamples.sharder(rule, [])] {
            #expect(sharder.owner(of: key) == nil)
            #expect(sharder.place(for: key) { _ in true } == nil)
        }
        var gone = ShardSamples.sharder(rule, 0..<2)
        #expect(gone.owner(of: key) != nil)
        gone.setShards([])
        #expect(gone.owner(of: key) == nil)
    }

    @Test("the order in which shards are given does not matter", arguments: ShardSamples.rules)
    func order(rule: ShardSettings.Rule) {
        var random = SeededRandom(seed: 3)
        let straight = ShardSamples.sharder(rule, 0..<30) { $0 % 4 }
        for _ in 0..<3 {
            let shuffled = ShardSamples.sharder(rule, (0..<30).shuffled(using: &random)) { $0 % 4 }
            for number in 0..<2_000 {
                let key = ShardSamples.key(number)
                #expect(shuffled.owner(of: key) == straight.owner(of: key))
            }
        }
    }

    @Test("the owner follows the id, not the place", arguments: ShardSamples.rules)
    func places(rule: ShardSettings.Rule) {
        let straight = ShardSamples.sharder(rule, 0..<10)
        var moved = Sharder(ShardSettings(rule))
        moved.setShards(ShardSamples.shards(0..<10).map { .init(place: 4_095 - $0.place, id: $0.id) })
        for number in 0..<500 {
            let key = ShardSamples.key(number)
            #expect(moved.owner(of: key) == straight.owner(of: key).map { 4_095 - $0 })
        }
    }

    @Test(
        "a key goes to its owner or, in an order of its own, to another open place", arguments: ShardSamples.rules,
        [1, 2, 10, 100])
    func spill(rule: ShardSettings.Rule, n: Int) {
        var random = SeededRandom(seed: UInt64(n))
        let sharder = ShardSamples.sharder(rule, 0..<n) { $0 % 3 == 2 ? 2 : 1 }
        for number in 0..<200 {
            let key = ShardSamples.key(number)
            let owner = sharder.owner(of: key)
            #expect(sharder.place(for: key) { _ in true } == owner)
            let open = Set((0..<n).filter { _ in random.below(3) == 0 })
            let place = sharder.place(for: key) { open.contains($0) }
            #expect((place == nil) == open.isEmpty)
            if let place { #expect(open.contains(place)) }
            if let owner, open.contains(owner) { #expect(place == owner) }
            // What is open beside does not change who is before whom.
            if let place { #expect(sharder.place(for: key) { $0 == place } == place) }
            #expect(sharder.place(for: key) { open.contains($0) } == place)
        }
    }

    @Test("closing places one after the other comes to each once, and asks none twice", arguments: ShardSamples.rules)
    func sequence(rule: ShardSettings.Rule) {
        let sharder = ShardSamples.sharder(rule, 0..<20)
        for number in 0..<50 {
            let key = ShardSamples.key(number)
            var closed: Set<Int> = []
            while let place = sharder.place(for: key, isOpen: { !closed.contains($0) }) {
                #expect(closed.insert(place).inserted)
            }
            #expect(closed.count == 20)
            var asked: [Int: Int] = [:]
            _ = sharder.place(for: key) { place in
                asked[place, default: 0] += 1
                return false
            }
            #expect(asked == Dictionary(uniqueKeysWithValues: (0..<20).map { ($0, 1) }))
        }
    }

    @Test(
        "the keys of a closed shard are spread over others", arguments: ShardSamples.rules.filter { $0 != .modulo })
    func spread(rule: ShardSettings.Rule) {
        let sharder = ShardSamples.sharder(rule, 0..<10)
        var next: [Int: Int] = [:]
        for number in 0..<20_000 where sharder.owner(of: ShardSamples.key(number)) == 0 {
            if let place = sharder.place(for: ShardSamples.key(number), isOpen: { $0 != 0 }) {
                next[place, default: 0] += 1
            }
        }
        #expect(next.count == 9)
        let keys = next.values.reduce(0, +)
        for count in next.values { #expect(abs(Double(count) / Double(keys) - 1.0 / 9) < 0.07) }
    }

    @Test(
        "a ring and rendezvous spill to whom the key would belong without its owner",
        arguments: [.ring(nodes: 150), .rendezvous] as [ShardSettings.Rule])
    func successor(rule: ShardSettings.Rule) {
        let all = ShardSamples.sharder(rule, 0..<10)
        let others = ShardSamples.sharder(rule, 1..<10)
        for number in 0..<2_000 {
            let key = ShardSamples.key(number)
            #expect(all.place(for: key) { $0 != 0 } == others.owner(of: key))
        }
    }

    @Test(
        "a shard of weight 0 owns nothing and gets nothing, unless all have 0",
        arguments: [.ring(nodes: 150), .maglev(size: 65_537), .rendezvous] as [ShardSettings.Rule])
    func drained(rule: ShardSettings.Rule) {
        let one = ShardSamples.sharder(rule, 0..<3) { $0 == 1 ? 0 : -$0 + 3 }
        for number in 0..<500 {
            #expect(one.owner(of: ShardSamples.key(number)) != 1)
            #expect(one.place(for: ShardSamples.key(number)) { $0 == 1 } == nil)
        }
        let all = ShardSamples.sharder(rule, 0..<3) { _ in 0 }
        let even = ShardSamples.sharder(rule, 0..<3)
        for number in 0..<500 {
            #expect(all.owner(of: ShardSamples.key(number)) == even.owner(of: ShardSamples.key(number)))
        }
    }

    @Test("any weight is taken", arguments: ShardSamples.rules)
    func weights(rule: ShardSettings.Rule) {
        let weights = [Int.min, .max, 1, 0]
        let sharder = ShardSamples.sharder(rule, 0..<4, weight: { weights[$0] }, bound: 1.25)
        #expect(sharder.owner(of: ShardSamples.key(1)) != nil)
        #expect(sharder.limit(of: 1, inFlight: 9) >= 1)
    }

    @Test("4,096 shards are taken", arguments: ShardSamples.rules)
    func many(rule: ShardSettings.Rule) {
        let sharder = ShardSamples.sharder(rule, 0..<4_096)
        let owners = Set((0..<300).map { sharder.owner(of: ShardSamples.key($0)) })
        #expect(owners.count > 250)
        #expect(sharder.place(for: ShardSamples.key(1)) { _ in false } == nil)
    }

    @Test("owners are the same for ever")
    func golden() {
        let keys = ["", "a", "user-1", "user-2", "user-3", "1000", "a key that is longer than thirty-two bytes"]
        let owners = ShardSamples.rules.map { rule in
            keys.map { ShardSamples.sharder(rule, 0..<10).owner(of: Array($0.utf8)) }
        }
        #expect(
            owners == [
                [1, 5, 6, 9, 6, 7, 3], [4, 7, 7, 8, 8, 6, 8], [4, 7, 6, 1, 6, 4, 8], [6, 2, 7, 8, 2, 2, 0],
            ])
    }
}
