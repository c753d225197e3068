import Testing

@testable import Policies

@Suite("How many keys a change of the shards moves")
struct SharderMovesTests {
    private static let keys = 10_000

    private struct Moves {
        var fromGone = 0
        var toNew = 0
        var collateral = 0
        var share: Double { Double(fromGone + toNew + collateral) / Double(SharderMovesTests.keys) }
    }

    private static func moves(_ rule: ShardSettings.Rule, from before: [Int], to after: [Int]) -> Moves {
        let (old, new) = (ShardSamples.sharder(rule, before), ShardSamples.sharder(rule, after))
        var moves = Moves()
        for number in 0..<keys {
            let key = ShardSamples.key(number)
            guard let was = old.owner(of: key), let now = new.owner(of: key), was != now else { continue }
            if !after.contains(was) {
                moves.fromGone += 1
            } else if !before.contains(now) {
                moves.toNew += 1
            } else {
                moves.collateral += 1
            }
        }
        return moves
    }

    @Test("modulo moves nearly all", arguments: [(10, 9, 0.9), (10, 11, 0.909), (3, 4, 0.75)])
    func modulo(before: Int, after: Int, share: Double) {
        let moves = Self.moves(.modulo, from: Array(0..<before), to: Array(0..<after))
        #expect(abs(moves.share - share) < 0.01)
    }

    @Test(
        "a ring and rendezvous move the keys of the shard that goes and no other",
        arguments: [.ring(nodes: 150), .rendezvous] as [ShardSettings.Rule], 0..<10)
    func leaving(rule: ShardSettings.Rule, gone: Int) {
        let moves = Self.moves(rule, from: Array(0..<10), to: (0..<10).filter { $0 != gone })
        #expect(moves.collateral == 0)
        #expect(moves.toNew == 0)
        // 10 % with a standard deviation of 0.78 points; rendezvous has only that of its keys.
        #expect(abs(moves.share - 0.1) < 0.03)
    }

    @Test(
        "a ring and rendezvous move keys only to the shard that comes",
        arguments: [.ring(nodes: 150), .rendezvous] as [ShardSettings.Rule])
    func coming(rule: ShardSettings.Rule) {
        let moves = Self.moves(rule, from: Array(0..<10), to: Array(0..<11))
        #expect(moves.collateral == 0)
        #expect(moves.fromGone == 0)
        #expect(abs(moves.share - 1.0 / 11) < 0.03)
    }

    @Test("Maglev moves few others: 10.2 % of the entries when one of 10 goes, 0.21 % of which need not")
    func maglev() {
        var (shares, collateral) = (0.0, 0.0)
        for gone in 0..<10 {
            let moves = Self.moves(.maglev(size: 65_537), from: Array(0..<10), to: (0..<10).filter { $0 != gone })
            shares += moves.share / 10
            collateral += Double(moves.collateral) / Double(Self.keys) / 10
        }
        #expect(abs(shares - 0.102) < 0.005, "\(shares)")
        #expect(abs(collateral - 0.0021) < 0.0015, "\(collateral)")
    }

    @Test("a weight that grows takes keys and gives none, with rendezvous")
    func growing() {
        let old = ShardSamples.sharder(.rendezvous, 0..<10) { $0 == 4 ? 2 : 3 }
        let new = ShardSamples.sharder(.rendezvous, 0..<10) { $0 == 4 ? 6 : 3 }
        var moved = 0
        for number in 0..<Self.keys {
            let (was, now) = (old.owner(of: ShardSamples.key(number)), new.owner(of: ShardSamples.key(number)))
            if was == now { continue }
            #expect(now == 4)
            moved += 1
        }
        #expect(abs(Double(moved) / Double(Self.keys) - (6.0 / 33 - 2.0 / 29)) < 0.02)
    }

    @Test("the share for the report is that of 10,000 keys", arguments: ShardSamples.rules)
    func share(rule: ShardSettings.Rule) {
        let old = ShardSamples.sharder(rule, 0..<10)
        let new = ShardSamples.sharder(rule, 1..<10)
        let expected = rule == .modulo ? 0.9 : 0.1
        #expect(abs(new.movedShare(from: old) - expected) < 0.03)
        #expect(new.movedShare(from: new) == 0)
        #expect(new.movedShare(from: Sharder(ShardSettings(rule))) == 1)
        #expect(Sharder(ShardSettings(rule)).movedShare(from: Sharder(ShardSettings(rule))) == 0)
    }
}
