package import Core

/// Something behind the services of a lab that requests have to wait for: a database, a cache, a queue of messages, a store
/// of objects, another service.
package struct ResourceDescription: Hashable, Sendable {
    /// Unique in a lab.
    package var name: String
    package var kind: Kind

    package enum Kind: Hashable, Sendable {
        case database(DatabaseDescription)
        case cache(CacheDescription)
        case queue(QueueDescription)
        case store(StoreDescription)
        case service(BackServiceDescription)
    }

    package init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }
}

/// Servers that keep rows by key: per shard a primary, which takes the writes, and replicas that follow it.
package struct DatabaseDescription: Hashable, Sendable {
    /// Keys are spread over so many shards by hash; default 1.
    package var shards = 1
    /// Queries that one server works on at once, as many as it has connections; default 20.
    package var connections = 20
    /// Queries that may wait at one server; one more fails at once. Default 1,000.
    package var queue = 1_000
    /// How long a query waits at most before it fails; nil: as long as it takes.
    package var patience: Span?
    /// How long a read takes, and a write.
    package var read: TimeDistribution = .constant(.milliseconds(5))
    package var write: TimeDistribution = .constant(.milliseconds(5))
    /// Read replicas of each shard; reads go to them in turn, when there are any. Default 0.
    package var replicas = 0
    /// How long after its end on the primary a write reaches a replica, none before an earlier one; it can be read there as
    /// soon as a connection of the replica is free to apply it. Default none: replicas are in step, and no read is stale.
    package var lag: TimeDistribution = .constant(.zero)
    /// What applying a write costs a replica, as a share of its time on the primary, 0 to 1: a connection is busy with it, before
    /// any query that waits. Default 1.
    package var applying = 1.0
    /// When it becomes bigger by itself; nil: never.
    package var recovery: RecoveryDescription?

    package init() {}
}

/// Nodes that keep copies of a database's rows.
package struct CacheDescription: Hashable, Sendable {
    /// The database behind it.
    package var database: String
    package var pattern = CachePattern.aside
    /// Keys are spread over so many nodes by hash; default 1.
    package var nodes = 1
    /// Entries that one node keeps; default 1,000.
    package var capacity = 1_000
    package var eviction = Eviction.lru
    /// How long an entry is good after it was written; nil: for ever.
    package var ttl: Span?
    /// How long one look, or one write, takes; default 500 µs.
    package var time: TimeDistribution = .constant(.microseconds(500))
    /// Keys `1` to this are loaded when the load begins, the first first; default 0: none.
    package var warm = 0
    /// How many of them are read from the database at once; default 50.
    package var warmBatch = 50
    /// For `behind`: writes that may wait; one more is written through. Default 1,000.
    package var pending = 1_000
    /// For `behind`: how long the writer waits before each round, in which it writes what waits, 50 rows at once; and how
    /// often it tries a write in all. Default 100 ms and 3.
    package var flush: Span = .milliseconds(100)
    package var attempts = 3
    /// Entries belong to so many groups, for invalidation by tag: the hash of the key modulo this; default 100.
    package var tags = 100
    /// When its size and its eviction are looked at and changed; nil: never. See `CacheTuning`.
    package var tuning: Span?
    /// When a node loses what it keeps, since the load began.
    package var losses: [CacheLoss] = []

    package init(of database: String) { self.database = database }
}

package struct CacheLoss: Hashable, Sendable {
    package var at: Span
    /// From 0; nil: every node. The writes that wait in a cache that writes behind are lost when every node is.
    package var node: Int?

    package init(at: Span, node: Int?) {
        self.at = at
        self.node = node
    }
}

package enum CachePattern: Hashable, Sendable, CaseIterable {
    /// A miss is read from the database and kept; a write goes to the database and drops the entry.
    case aside
    /// A write goes to the database, then to the entry; the request waits for both.
    case through
    /// A write goes to the entry; the database hears of it later.
    case behind
}

package enum Eviction: Hashable, Sendable, CaseIterable {
    case lru, lfu
}

/// Messages that somebody delivers later, in batches.
package struct QueueDescription: Hashable, Sendable {
    /// Messages in one batch at most; default 1.
    package var batch = 1
    /// How often what waits is sent even if no batch is full; nil, the default: at once whenever a sender is idle.
    package var flush: Span?
    /// Batches that are sent at the same time; default 1.
    package var senders = 1
    /// How long a batch takes, and each message in it on top.
    package var time: TimeDistribution = .constant(.milliseconds(50))
    package var perMessage: Span = .zero
    /// Share of the batches whose sending fails, 0 to 1; default 0.
    package var failures = 0.0
    /// How often a batch is tried in all before its messages become dead letters; default 3.
    package var attempts = 3
    /// Messages that may wait; one more is refused. Default 100,000.
    package var capacity = 100_000

    package init() {}
}

/// Where large objects are uploaded to.
package struct StoreDescription: Hashable, Sendable {
    /// Bytes per second of one upload; default 10 MB.
    package var bandwidth: Double = 10_000_000
    /// How long an upload takes before its first byte.
    package var time: TimeDistribution = .constant(.zero)
    /// Uploads at once; more wait. Default 64.
    package var uploads = 64
    /// The chance that an upload fails for every MB (1,000,000 bytes) of it, 0 to 1: `1 - (1 - p)^MB`. Default 0.
    package var failuresPerMB = 0.0

    package init() {}
}

/// A service that only other services call.
package struct BackServiceDescription: Hashable, Sendable {
    /// Calls served at once; default 16.
    package var workers = 16
    /// Calls that may wait; one more is refused. Default 1,000.
    package var queue = 1_000
    package var time: TimeDistribution = .constant(.milliseconds(10))
    /// Share of the calls that fail when they are over, 0 to 1; default 0.
    package var failures = 0.0
    /// What happens to it while the run lasts.
    package var episodes: [Episode] = []
    package var recovery: RecoveryDescription?

    package init() {}
}

/// Rules that make a resource bigger when too much fails (guide, "recovery by error rate"): for a database the connections of
/// each server, for a service its workers. Queries that found no room or lost their patience count as failures, and of calls
/// those that failed, were refused or timed out. While more were asked for and are not there yet, nothing changes.
///
/// Every `every` the share of failures since the last look is compared: above `double` it gets twice its workers, above
/// `grow` half as many more, above `watch` the next look comes in half the time. Fewer than `minimum` calls say nothing. It
/// shrinks by a third after `calm` looks without a failure share above `watch`, never below what it began with.
package struct RecoveryDescription: Hashable, Sendable {
    package var every: Span = .seconds(10)
    package var minimum = 20
    package var double = 0.5
    package var grow = 0.2
    package var watch = 0.1
    /// How long new workers take to be there; default none.
    package var delay: Span = .zero
    /// Never more than so many times what it began with; default 8.
    package var most = 8
    package var calm = 3

    package init() {}
}
