/// Consistent hashing (Karger et al. 1997): each shard has points on a ring of hashes, and a key belongs to the shard
/// of the first point at or after its own hash. A shard that goes leaves its keys to others and moves no more.
struct HashRing: Sendable {
    /// A ring has at most so many points; with more, all shards have fewer in proportion.
    static let mostPoints = 1 << 20

    /// Ascending: the first 52 bits of a point's hash, then the 12 bits of its shard. In 2^52 places two points hardly
    /// meet; of those that do the shard with the lesser id is first, whoever else is on the ring.
    private let points: [UInt64]
    /// Shards that have points.
    private let owners: Int

    /// - Parameters:
    ///   - ids: in ascending order. Point k of a shard is XXH64 of its id with seed k.
    ///   - weights: of each shard; those of 0 get no point, the least of the others `nodes` points and a heavier one more
    ///     in proportion. So equal weights have exactly `nodes` points each.
    init(_ ids: [[UInt8]], weights: [Int], nodes: Int) {
        let least = Double(weights.lazy.filter { $0 > 0 }.min() ?? 1)
        let sum = weights.reduce(0.0) { $0 + Double($1) } / least
        let perWeight = min(Double(max(1, nodes)), Double(Self.mostPoints) / max(1, sum)) / least
        var points: [UInt64] = []
        for (shard, (id, weight)) in zip(ids, weights).enumerated() where weight > 0 {
            for k in 0..<max(1, Int((perWeight * Double(weight)).rounded())) {
                points.append(StableHash.of(id, seed: UInt64(k)) & ~0xFFF | UInt64(shard))
            }
        }
        points.sort()
        self.points = points
        owners = weights.count { $0 > 0 }
    }

    /// How many points a shard has.
    func pointCount(of shard: Int) -> Int { points.count { Self.shard($0) == shard } }

    /// - Precondition: there are shards.
    func owner(of hash: UInt64) -> Int { Self.shard(points[start(hash)]) }

    /// The first open shard on the way round from the key's owner.
    func next(after owner: Int, for hash: UInt64, where isOpen: (Int) -> Bool) -> Int? {
        var left = owners &- 1
        if left <= 0 { return nil }
        var index = start(hash)
        // The first other one takes it nearly always, and needs no memory of who was asked.
        var shard = owner
        while shard == owner {
            index = following(index)
            shard = Self.shard(points[index])
        }
        if isOpen(shard) { return shard }
        left &-= 1
        var asked = ShardSet()
        _ = asked.insert(owner)
        _ = asked.insert(shard)
        while left > 0 {
            index = following(index)
            shard = Self.shard(points[index])
            guard asked.insert(shard) else { continue }
            if isOpen(shard) { return shard }
            left &-= 1
        }
        return nil
    }

    private func following(_ index: Int) -> Int { index &+ 1 == points.count ? 0 : index &+ 1 }

    private static func shard(_ point: UInt64) -> Int { Int(truncatingIfNeeded: point & 0xFFF) }

    /// The index of the first point at or after the hash; that of the first point of all when there is none.
    private func start(_ hash: UInt64) -> Int {
        let key = hash & ~0xFFF
        return points.withUnsafeBufferPointer { points in
            var low = 0
            var length = points.count
            // A condition for each half, not a branch: nobody could foretell it.
            while length > 1 {
                let half = length / 2
                low &+= points[low &+ half &- 1] < key ? half : 0
                length &-= half
            }
            if points[low] < key { low &+= 1 }
            return low == points.count ? 0 : low
        }
    }
}
