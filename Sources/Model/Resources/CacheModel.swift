package import Core

/// A cache: nodes that keep versions of rows, each key on one of them, as a value. What a look or a write costs is the host's.
///
/// An entry is good for the time to live from its last write on, and gone after that. Reads and writes of an entry both
/// count as uses of it, see `EvictionOrder`. Memory is bounded by capacity times nodes, times `CacheTuning.most` when it
/// is tuned.
package struct CacheModel: Sendable {
    private var nodes: [CacheNode]
    private let tags: Int
    private var tuning: CacheTuning
    /// What tuning has changed, in order; a dozen at most.
    package private(set) var decisions: [CacheDecision] = []

    /// - Precondition: the description has no flaw.
    package init(_ description: CacheDescription) {
        let node = CacheNode(
            capacity: max(1, description.capacity), eviction: description.eviction, ttl: description.ttl)
        nodes = Array(repeating: node, count: max(1, description.nodes))
        tags = max(1, description.tags)
        tuning = CacheTuning(capacity: max(1, description.capacity))
    }

    /// Entries of each node at most.
    package var capacity: Int { nodes[0].capacity }
    package var eviction: Eviction { nodes[0].eviction }
    /// Entries there are now, on all nodes. One whose time is over counts until its node is used again.
    package var entries: Int { nodes.reduce(0) { $0 + $1.entries } }
    /// Entries as a share of the room there is, 0 to 1.
    package var filled: Double { Double(entries) / (Double(capacity) * Double(nodes.count)) }
    /// Of all nodes.
    package var counts: CacheCounts { nodes.reduce(into: CacheCounts()) { $0.add($1.counts) } }
    /// Of one node, from 0.
    package func counts(of node: Int) -> CacheCounts { nodes[node].counts }

    /// The node that keeps a key, from 0: its portable hash modulo the nodes.
    package func node(of key: String) -> Int { KeyHash.place(of: key, among: nodes.count, salt: 1) }

    /// The group of a key, from 0: its portable hash modulo `tags`, independent of its node.
    package func tag(of key: String) -> Int { KeyHash.place(of: key, among: tags, salt: 2) }

    /// Reads a key.
    /// - Returns: the version that was put; nil for a miss.
    package mutating func look(_ key: String, at now: Instant) -> Int? {
        nodes[node(of: key)].look(key, at: now)
    }

    /// Keeps a version of a key, whatever version there was before: a late reader may bring an old one, as in life.
    package mutating func put(_ key: String, _ version: Int, at now: Instant) {
        nodes[node(of: key)].put(key, version, tag: tag(of: key), at: now)
    }

    /// Drops one entry.
    /// - Returns: whether there was one.
    @discardableResult
    package mutating func drop(_ key: String) -> Bool { nodes[node(of: key)].drop(key) }

    /// Drops the entries that `what` says, seen from `key`. A key that does not end in a number has no related ones, and one
    /// without `:` and `-` has no prefix: then it is the key alone that is dropped.
    /// - Returns: how many there were.
    @discardableResult
    package mutating func invalidate(_ what: Invalidation, of key: String) -> Int {
        switch what {
        case .key: return drop(key) ? 1 : 0
        case .related(let count): return RelatedKeys(of: key, count: count).reduce(0) { $0 + (drop($1) ? 1 : 0) }
        case .prefix:
            if PrefixIndex.segments(of: key).isEmpty { return drop(key) ? 1 : 0 }
            return onAllNodes { $0.drop(beginningAs: key) }
        case .tag:
            let tag = tag(of: key)
            return onAllNodes { $0.drop(tag: tag) }
        }
    }

    /// A node loses what it keeps and goes on empty; nil: every node does.
    /// - Returns: how many entries were lost.
    @discardableResult
    package mutating func lose(node: Int?) -> Int {
        guard let node else { return onAllNodes { $0.loseAll() } }
        return nodes.indices.contains(node) ? nodes[node].loseAll() : 0
    }

    /// Looks at what happened since the last call and changes size or eviction. The host calls it every `tuning`.
    /// - Returns: what was changed; nil: nothing.
    package mutating func tune(at now: Instant) -> CacheDecision? {
        let decision = tuning.decide(counts: counts, filled: filled, capacity: capacity, eviction: eviction, at: now)
        guard let decision else { return nil }
        for index in nodes.indices { nodes[index].change(capacity: decision.capacity, eviction: decision.eviction) }
        decisions.append(decision)
        return decision
    }

    private mutating func onAllNodes(_ change: (inout CacheNode) -> Int) -> Int {
        nodes.indices.reduce(0) { $0 + change(&nodes[$1]) }
    }
}
