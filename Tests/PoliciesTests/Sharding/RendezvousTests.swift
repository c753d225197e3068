import Core
import Testing

@testable import Policies

@Suite("Rendezvous ranks")
struct RendezvousTests {
    @Test(
        "give a key to the shard with the least −ln u / w, as if every logarithm were taken",
        arguments: [1, 2, 5, 1_000_000])
    func logarithms(heaviest: UInt64) {
        var random = SeededRandom(seed: 9, stream: heaviest)
        let ids = (0..<60).map { Array("10.0.0.\($0):8443".utf8) }
        let weights = ids.map { _ in Int(1 + random.below(heaviest)) }
        let ranks = RendezvousRanks(ids, weights: weights)
        let most = Double(weights.max() ?? 1)
        for _ in 0..<3_000 {
            let key = random.next()
            let costs = zip(ids, weights).map { id, weight in
                let rank = StableHash.mixed(key, StableHash.of(id))
                let unit = (Double(rank >> 12) + 0.5) * 0x1p-52
                return -PortableMath.logarithm(unit) * (most / Double(weight))
            }
            // With equal weights the highest hash is the least logarithm; its lowest bits may tell two apart that u does not.
            let owner = ranks.owner(of: key)
            #expect(costs[owner] == costs.min())
            let closed = ranks.next(after: owner, for: key) { $0 % 2 == 0 }
            let others = costs.indices.filter { $0 != owner && $0 % 2 == 0 }
            #expect(closed.map { costs[$0] } == others.map { costs[$0] }.min())
        }
    }
}
