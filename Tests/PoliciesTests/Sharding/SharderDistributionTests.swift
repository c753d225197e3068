import Testing

@testable import Policies

@Suite("How sharders distribute keys")
struct SharderDistributionTests {
    /// Layouts differ by the ids; the mean over 20 of them is compared with that of 1,000 simulated ones.
    private static let layouts = 12

    private static func layout(_ n: Int, nodes: Int, number: Int) -> [Int] {
        let shards = (0..<n).map { Sharder.Shard(place: $0, id: "node-\(number)-\($0):80") }
        var sharder = Sharder(ShardSettings(.ring(nodes: nodes)))
        sharder.setShards(shards)
        return ShardSamples.counts(sharder, keys: 20_000, places: n)
    }

    /// Share ~ Beta: CV = √((N − 1) / (N · V + 1)); keys add √(N / K) of their own.
    @Test(
        "a ring's shares spread as virtual nodes do",
        arguments: [(3, 150, 1.068), (5, 150, 1.096), (10, 150, 1.129), (20, 150, 1.158), (10, 40, 1.25)])
    func ringSpread(n: Int, nodes: Int, mostOfMean: Double) {
        var squares = 0.0
        var most = 0.0
        for number in 0..<Self.layouts {
            let counts = Self.layout(n, nodes: nodes, number: number)
            let mean = 20_000.0 / Double(n)
            for count in counts { squares += (Double(count) / mean - 1) * (Double(count) / mean - 1) }
            most += 1 + ShardSamples.imbalance(counts)
        }
        let variation = (squares / Double(n * Self.layouts)).squareRoot()
        let own = Double(n - 1) / Double(n * nodes + 1)
        let expected = (own + Double(n - 1) / 20_000).squareRoot()
        #expect(abs(variation / expected - 1) < 0.25, "\(variation) for \(expected)")
        #expect(
            abs(most / Double(Self.layouts) - mostOfMean) < 0.2 * (mostOfMean - 1) + 0.02,
            "\(most / Double(Self.layouts))")
    }

    @Test(
        "Maglev's entries differ by 1 at most", arguments: [(1, 65_537), (3, 13), (10, 65_537), (100, 65_537), (7, 7)])
    func maglevEntries(n: Int, size: Int) {
        let ids = ShardSamples.shards(0..<n).map { Array($0.id.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
        let table = MaglevTable(ids, weights: ids.map { _ in 1 }, size: size)
        var counts = [Int](repeating: 0, count: n)
        for entry in table.entries { counts[Int(entry)] += 1 }
        #expect(counts.reduce(0, +) == size)
        #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
        if n == 10 { #expect(Set(counts) == [6_553, 6_554]) }
    }

    @Test("Maglev's entries go by weight")
    func maglevWeights() {
        let ids = ["a", "b", "c", "d"].map { Array($0.utf8) }
        let table = MaglevTable(ids, weights: [5, 3, 2, 0], size: 10_007)
        var counts = [Int](repeating: 0, count: 4)
        for entry in table.entries { counts[Int(entry)] += 1 }
        for (count, share) in zip(counts, [0.5, 0.3, 0.2, 0]) {
            #expect(abs(Double(count) - 10_007 * share) <= 3, "\(counts)")
        }
    }

    @Test(
        "a table's size becomes the next prime number",
        arguments: [(-4, 2), (2, 2), (4, 5), (65_537, 65_537), (65_538, 65_539), (.max, 5_000_011)])
    func prime(size: Int, entries: Int) {
        #expect(MaglevTable.entryCount(for: size) == entries)
        if entries < 100 { #expect(MaglevTable([[1]], weights: [1], size: size).entries.count == entries) }
    }

    @Test(
        "keys fall evenly: χ² below its 99.9 % point for 9 degrees of freedom",
        arguments: [.modulo, .maglev(size: 65_537), .rendezvous] as [ShardSettings.Rule])
    func even(rule: ShardSettings.Rule) {
        let counts = ShardSamples.counts(ShardSamples.sharder(rule, 0..<10), keys: 50_000, places: 10)
        let chiSquare = counts.reduce(0.0) { $0 + (Double($1) - 5_000) * (Double($1) - 5_000) / 5_000 }
        #expect(chiSquare < 27.88, "\(counts)")
    }

    @Test(
        "keys fall by weight",
        arguments: [.ring(nodes: 1_000), .maglev(size: 65_537), .rendezvous] as [ShardSettings.Rule])
    func weighted(rule: ShardSettings.Rule) {
        let weights = [5, 3, 1, 1, 0]
        let sharder = ShardSamples.sharder(rule, 0..<5) { weights[$0] }
        let counts = ShardSamples.counts(sharder, keys: 50_000, places: 5)
        for (count, weight) in zip(counts, weights) {
            // A ring of 1,000 virtual nodes has a standard deviation of 3 % of a share.
            #expect(abs(Double(count) - 5_000 * Double(weight)) <= 5_000 * Double(weight) * 0.1, "\(counts)")
        }
    }

    @Test(
        "equal weights have exactly the virtual nodes that were asked for",
        arguments: [
            ([1, 1, 1], [150, 150, 150]), ([7, 7], [150, 150]), ([1, 2, 3], [150, 300, 450]), ([2, 3], [150, 225]),
            ([0, 1, 4], [0, 150, 600]),
        ])
    func nodeCounts(weights: [Int], nodes: [Int]) {
        let ids = weights.indices.map { Array("node-\($0)".utf8) }
        let ring = HashRing(ids, weights: weights, nodes: 150)
        #expect(weights.indices.map { ring.pointCount(of: $0) } == nodes)
    }

    @Test("a ring stays within its points whatever the weights")
    func mostPoints() {
        let ids = (0..<3).map { Array("node-\($0)".utf8) }
        let ring = HashRing(ids, weights: [1, 1_000_000, 1_000_000], nodes: .max)
        let counts = (0..<3).map { ring.pointCount(of: $0) }
        #expect(counts.reduce(0, +) <= HashRing.mostPoints + 3)
        #expect(counts[0] == 1)
        #expect(counts[1] == counts[2])
    }
}
