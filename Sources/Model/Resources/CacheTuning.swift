package import Core

/// Something that the tuning of a cache has changed.
package struct CacheDecision: Hashable, Sendable {
    package enum Rule: String, Hashable, Sendable, CaseIterable {
        /// The guide's: hit share below 0.8 and less than 0.7 filled, so every node gets half as much room again. A cache with
        /// room to spare evicts nothing, so this changes no hit share; it does give room for what is yet to come.
        case grow
        /// Not in the guide, but the one that helps: hit share below 0.8 and at least 0.95 filled.
        case growFull
        /// The guide's: hit share above 0.95 and more than 0.8 filled; LRU becomes LFU.
        case changeEviction
    }

    package var at: Instant
    package var rule: Rule
    /// Of the reads since the last look.
    package var hitShare: Double
    /// Entries as a share of the room, before the change.
    package var filled: Double
    /// From now on; entries of each node.
    package var capacity: Int
    package var eviction: Eviction
}

/// When a cache changes its size and its eviction (guide, "auto-tuning", and one rule of ours).
struct CacheTuning: Sendable {
    /// A node never gets more than so many times what it began with.
    static let most = 8
    /// Fewer reads since the last look say nothing.
    static let leastReads = 20

    private let limit: Int
    private var reads = 0
    private var hits = 0

    /// - Parameter capacity: entries of each node at the beginning.
    init(capacity: Int) {
        let (product, overflow) = capacity.multipliedReportingOverflow(by: Self.most)
        limit = overflow ? .max : product
    }

    mutating func decide(
        counts: CacheCounts, filled: Double, capacity: Int, eviction: Eviction, at now: Instant
    ) -> CacheDecision? {
        let newReads = counts.reads - reads
        guard newReads >= Self.leastReads else { return nil }
        let share = Double(counts.hits - hits) / Double(newReads)
        (reads, hits) = (counts.reads, counts.hits)
        var decision = CacheDecision(
            at: now, rule: .grow, hitShare: share, filled: filled, capacity: capacity, eviction: eviction)
        if share < 0.8, filled < 0.7 || filled >= 0.95 {
            guard capacity < limit else { return nil }
            decision.rule = filled < 0.7 ? .grow : .growFull
            decision.capacity = capacity + min(max(1, capacity / 2), limit - capacity)
            return decision
        }
        guard share > 0.95, filled > 0.8, eviction == .lru else { return nil }
        decision.rule = .changeEviction
        decision.eviction = .lfu
        return decision
    }
}
