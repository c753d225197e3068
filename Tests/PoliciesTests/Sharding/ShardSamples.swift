import Core

@testable import Policies

/// What the tests of sharders have in common.
enum ShardSamples {
    static let rules: [ShardSettings.Rule] = [.modulo, .ring(nodes: 150), .maglev(size: 65_537), .rendezvous]

    static func shards(_ numbers: some Sequence<Int>, weight: (Int) -> Int = { _ in 1 }) -> [Sharder.Shard] {
        numbers.map { Sharder.Shard(place: $0, id: "10.0.\($0 / 250).\($0 % 250):8080", weight: weight($0)) }
    }

    static func sharder(
        _ rule: ShardSettings.Rule, _ numbers: some Sequence<Int>, weight: (Int) -> Int = { _ in 1 },
        bound: Double? = nil
    ) -> Sharder {
        var settings = ShardSettings(rule)
        settings.bound = bound
        var sharder = Sharder(settings)
        sharder.setShards(shards(numbers, weight: weight))
        return sharder
    }

    static func key(_ number: Int) -> [UInt8] { Array("user-\(number)".utf8) }

    /// How many of so many keys each place owns.
    static func counts(_ sharder: Sharder, keys: Int, places: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: places)
        for number in 0..<keys {
            if let place = sharder.owner(of: key(number)) { counts[place] += 1 }
        }
        return counts
    }

    static func imbalance(_ counts: [Int]) -> Double {
        var balance = ShardBalance()
        for (place, count) in counts.enumerated() { balance.add(count, at: place) }
        return balance.imbalance
    }
}
