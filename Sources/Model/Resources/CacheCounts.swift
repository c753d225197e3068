/// What a cache, or one node of it, has seen.
package struct CacheCounts: Hashable, Sendable {
    /// Looks, of which so many found an entry that was still good.
    package var reads = 0
    package var hits = 0
    /// Entries written, whether there was one of that key or not.
    package var puts = 0
    /// Entries that made room for others.
    package var evicted = 0
    /// Entries whose time was over.
    package var expired = 0
    /// Entries dropped by key, related keys, prefix or tag.
    package var invalidated = 0
    /// Entries that went with a node.
    package var lost = 0

    package init() {}

    package var misses: Int { reads - hits }

    /// Hits as a share of the reads, 0 to 1; 0 when there were none.
    package var hitShare: Double { reads > 0 ? Double(hits) / Double(reads) : 0 }

    mutating func add(_ other: CacheCounts) {
        reads += other.reads
        hits += other.hits
        puts += other.puts
        evicted += other.evicted
        expired += other.expired
        invalidated += other.invalidated
        lost += other.lost
    }
}
