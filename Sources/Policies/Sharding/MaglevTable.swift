/// Maglev's table (Eisenbud et al. 2016, "Maglev: a fast and reliable software network load balancer", section 3.4):
/// each shard has its own order of all entries, and in turns each takes the first of them that is still free. So the
/// numbers of entries differ by 1 at most, and a lookup is one division.
struct MaglevTable: Sendable {
    /// The largest table; Envoy's limit.
    static let mostEntries = 5_000_011

    /// The shard of each entry; as many as a prime number.
    private(set) var entries: [UInt16]
    /// Shards that have entries.
    private let owners: Int

    /// - Parameters:
    ///   - ids: in ascending order. XXH64 of the id with seed 0 gives the shard's first entry, with seed 1 its stride.
    ///   - weights: of each shard; one takes weight / largest weight of the turns, one of 0 none.
    ///   - size: entries; the next prime when it is none, at most 5,000,011.
    init(_ ids: [[UInt8]], weights: [Int], size: Int) {
        let size = Self.entryCount(for: size)
        entries = []
        guard let heaviest = weights.max(), heaviest > 0 else {
            owners = 0
            return
        }
        let none = UInt16.max
        entries = [UInt16](repeating: none, count: size)
        var takers: [Taker] = []
        for (shard, (id, weight)) in zip(ids, weights).enumerated() where weight > 0 {
            let start = Int(StableHash.of(id) % UInt64(size))
            let stride = Int(StableHash.of(id, seed: 1) % UInt64(size - 1)) + 1
            takers.append(Taker(shard: UInt16(shard), weight: weight, entry: start, stride: stride))
        }
        var free = size
        var turn = 0
        while free > 0 {
            turn += 1
            for index in takers.indices where takers[index].isDue(turn, heaviest: heaviest) {
                // The stride of a prime table comes to every entry, so a free one is found.
                while entries[takers[index].entry] != none { takers[index].advance(in: size) }
                entries[takers[index].entry] = takers[index].shard
                takers[index].advance(in: size)
                free -= 1
                if free == 0 { break }
            }
        }
        // A table that is smaller than the number of shards has none for some.
        var taken = ShardSet()
        owners = entries.count { taken.insert(Int($0)) }
    }

    /// - Precondition: there are shards.
    func owner(of hash: UInt64) -> Int { Int(entries[index(hash)]) }

    /// The first open shard in the entries behind the key's own.
    func next(after owner: Int, for hash: UInt64, where isOpen: (Int) -> Bool) -> Int? {
        var left = owners &- 1
        if left <= 0 { return nil }
        var index = index(hash)
        // The first other one takes it nearly always, and needs no memory of who was asked.
        var shard = owner
        while shard == owner {
            index = following(index)
            shard = Int(entries[index])
        }
        if isOpen(shard) { return shard }
        left &-= 1
        var asked = ShardSet()
        _ = asked.insert(owner)
        _ = asked.insert(shard)
        while left > 0 {
            index = following(index)
            shard = Int(entries[index])
            guard asked.insert(shard) else { continue }
            if isOpen(shard) { return shard }
            left &-= 1
        }
        return nil
    }

    private func following(_ index: Int) -> Int { index &+ 1 == entries.count ? 0 : index &+ 1 }

    private func index(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash % UInt64(entries.count)) }

    /// How many entries a table has that is asked for with so many: the next prime number, 2 to 5,000,011.
    static func entryCount(for size: Int) -> Int {
        var candidate = min(max(2, size), mostEntries)
        while !isPrime(candidate) { candidate += 1 }
        return candidate
    }

    private static func isPrime(_ number: Int) -> Bool {
        var divisor = 2
        while divisor * divisor <= number {
            if number % divisor == 0 { return false }
            divisor += 1
        }
        return number >= 2
    }

    private struct Taker {
        let shard: UInt16
        let weight: Int
        var entry: Int
        let stride: Int
        /// Turns taken times the largest weight.
        private var taken = 0

        init(shard: UInt16, weight: Int, entry: Int, stride: Int) {
            self.shard = shard
            self.weight = weight
            self.entry = entry
            self.stride = stride
        }

        mutating func isDue(_ turn: Int, heaviest: Int) -> Bool {
            guard turn * weight >= taken else { return false }
            taken += heaviest
            return true
        }

        mutating func advance(in size: Int) {
            entry += stride
            if entry >= size { entry -= size }
        }
    }
}
