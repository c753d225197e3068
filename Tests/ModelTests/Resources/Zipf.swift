import Core
import Glibc
import Model

/// Independent draws of keys `1`, `2`, … with chances proportional to `1 / rank^skew`.
struct Zipf {
    let chances: [Double]
    private let sums: [Double]

    init(keys: Int, skew: Double) {
        let weights = (1...keys).map { pow(Double($0), -skew) }
        let total = weights.reduce(0, +)
        let chances = weights.map { $0 / total }
        var sum = 0.0
        sums = chances.map { chance in
            sum += chance
            return sum
        }
        self.chances = chances
    }

    func draw(using random: inout SeededRandom) -> Int {
        let unit = random.nextUnit()
        var (low, high) = (0, sums.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] < unit { low = middle + 1 } else { high = middle }
        }
        return low + 1
    }
}

extension CacheModel {
    /// Reads keys as a cache-aside client does, and puts what is missed.
    /// - Returns: the hit share of the second half of the reads, when the cache has settled.
    mutating func serve(_ reads: Int, of zipf: Zipf, seed: UInt64, from first: Int = 1) -> Double {
        var random = SeededRandom(seed: seed, named: "keys")
        var settled = counts
        for number in 0..<reads {
            if number == reads / 2 { settled = counts }
            read(String(first - 1 + zipf.draw(using: &random)), at: Instant(nanoseconds: Int64(number)))
        }
        return Double(counts.hits - settled.hits) / Double(counts.reads - settled.reads)
    }

    mutating func read(_ key: String, at now: Instant = Instant(nanoseconds: 1)) {
        if look(key, at: now) == nil { put(key, 1, at: now) }
    }
}

extension CacheDescription {
    init(_ eviction: Eviction = .lru, capacity: Int, nodes: Int = 1, ttl: Span? = nil, tags: Int = 100) {
        self.init(of: "rows")
        self.eviction = eviction
        self.capacity = capacity
        self.nodes = nodes
        self.ttl = ttl
        self.tags = tags
    }
}
