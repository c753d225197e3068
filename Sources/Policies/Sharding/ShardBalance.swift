/// How evenly calls fall on shards.
package struct ShardBalance: Hashable, Sendable {
    /// Calls by place; nil for a place that is no shard.
    private var counts: [Int?] = []

    /// No shard yet.
    package init() {}

    /// Makes a place a shard; one without calls counts as well. What it has so far is kept.
    package mutating func addShard(_ place: Int) { add(0, at: place) }

    /// Counts calls to a place, which is a shard from then on.
    package mutating func add(_ calls: Int, at place: Int) {
        while counts.count <= place { counts.append(nil) }
        counts[place] = (counts[place] ?? 0) &+ calls
    }

    /// Adds what another client counted.
    package mutating func add(_ other: ShardBalance) {
        for (place, count) in other.counts.enumerated() {
            if let count { add(count, at: place) }
        }
    }

    /// Calls of a place; nil when it is no shard.
    package func count(of place: Int) -> Int? { counts.indices.contains(place) ? counts[place] : nil }

    /// The mean of the calls per shard; 0 without shards.
    package var mean: Double {
        let known = counts.compactMap { $0 }
        return known.isEmpty ? 0 : known.reduce(0) { $0 + Double($1) } / Double(known.count)
    }

    /// (max − mean) / mean; 0 when all have the same, also nothing. With n shards at most n − 1.
    package var imbalance: Double {
        guard let most = counts.lazy.compactMap({ $0 }).max(), mean > 0 else { return 0 }
        return (Double(most) - mean) / mean
    }
}
