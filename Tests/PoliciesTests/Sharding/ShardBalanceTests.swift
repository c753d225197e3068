import Testing

@testable import Policies

@Suite("The balance of shards")
struct ShardBalanceTests {
    private static func balance(_ counts: [Int]) -> ShardBalance {
        var balance = ShardBalance()
        for (place, count) in counts.enumerated() { balance.add(count, at: place) }
        return balance
    }

    @Test(
        "is (max − mean) / mean",
        arguments: [
            ([10, 10, 10], 10, 0), ([20, 10, 0], 10, 1), ([13, 10, 7], 10, 0.3), ([40, 0, 0, 0], 10, 3), ([], 0, 0),
            ([0, 0], 0, 0), ([5], 5, 0),
        ] as [([Int], Double, Double)])
    func imbalance(counts: [Int], mean: Double, imbalance: Double) {
        #expect(Self.balance(counts).mean == mean)
        #expect(abs(Self.balance(counts).imbalance - imbalance) < 1e-12)
    }

    @Test("counts a shard without calls, but no place that is none")
    func places() {
        var balance = ShardBalance()
        balance.add(30, at: 5)
        #expect(balance.imbalance == 0)
        balance.addShard(2)
        #expect(balance.imbalance == 1)
        #expect(balance.count(of: 2) == 0)
        #expect(balance.count(of: 3) == nil)
        #expect(balance.count(of: 99) == nil)
    }

    @Test("adds up over clients")
    func sum() {
        var balance = Self.balance([1, 2])
        balance.add(Self.balance([10, 20, 30]))
        #expect(balance == Self.balance([11, 22, 30]))
    }
}
