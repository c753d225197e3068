/// `client.shard:` which endpoint a key belongs to.
package struct ShardSettings: Hashable, Sendable {
    package enum Rule: Hashable, Sendable {
        /// Whole numbers by upper bounds, ascending: a key up to `bounds[i]` belongs to shard i, one beyond to the last.
        /// There are `bounds.count + 1` shards.
        case range(bounds: [Int])
        /// Hash modulo the number of shards.
        case modulo
        /// Consistent hashing on a ring with so many virtual nodes per shard; default 150.
        case ring(nodes: Int)
        /// Maglev's table of a prime size; default 65,537.
        case maglev(size: Int)
        /// Rendezvous: the shard with the highest hash of key and shard.
        case rendezvous
    }

    package var rule: Rule = .ring(nodes: 150)
    /// Bounded load: no shard takes more than this factor of the mean load in flight; the key then goes on to the next
    /// shard. Greater than 1; nil: unbounded.
    package var bound: Double?
    /// The report warns when (max − mean) / mean of the calls per shard is above it; default 0.3.
    package var imbalance = 0.3

    package init(_ rule: Rule = .ring(nodes: 150)) { self.rule = rule }
}

extension ShardSettings {
    /// As a report says it: `ring of 150 nodes per shard, at most 1.25 of the mean load`.
    package var words: String {
        let text =
            switch rule {
            case .range(let bounds): "ranges up to " + bounds.map(String.init).joined(separator: ", ") + " and beyond"
            case .modulo: "hash modulo the number of shards"
            case .ring(let nodes): "ring of \(nodes) nodes per shard"
            case .maglev(let size): "Maglev table of \(size) entries"
            case .rendezvous: "rendezvous hashing"
            }
        return bound.map { "\(text), at most \($0) of the mean load" } ?? text
    }
}
