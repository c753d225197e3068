package import Core

/// The writes of a cache that its database has yet to hear of: bounded, in the order of their coming, one for each key.
///
/// Two writes of one key are never under way at once, so that the later cannot be overtaken by the earlier.
package struct WriteBehind: Sendable {
    package struct Write: Hashable, Sendable {
        package var key: String
        package var version: Int
        /// When it was taken in; of writes of one key that were replaced, the first.
        package var since: Instant
        /// How often it has failed.
        package var failures = 0
        fileprivate var crashes: Int
    }

    private let limit: Int
    private let attempts: Int
    /// Keys that wait, the first first; each is in `writes`.
    private var line: [String] = []
    private var writes: [String: Write] = [:]
    private var sent: [String: Write] = [:]

    package private(set) var counts = WriteBehindCounts()
    /// From `add` to the end of the write in the database.
    package private(set) var lags = DelayHistogram()

    /// - Parameters:
    ///   - limit: writes that may wait or be under way; at least 1.
    ///   - attempts: how often a write is tried in all; at least 1.
    package init(limit: Int, attempts: Int) {
        self.limit = max(1, limit)
        self.attempts = max(1, attempts)
    }

    /// Writes that wait now: what a crash would lose.
    package var waiting: Int { line.count }
    /// Writes that the database is busy with.
    package var underWay: Int { sent.count }
    /// When the oldest of those that wait was taken in; nil when none does.
    package var oldest: Instant? { line.lazy.compactMap { writes[$0]?.since }.min() }

    /// Takes a write in. One of the same key that still waits is replaced, and needs no room.
    /// - Returns: false when there is no room.
    package mutating func add(_ key: String, _ version: Int, at now: Instant) -> Bool {
        if writes[key] != nil {
            writes[key]?.version = version
            writes[key]?.failures = 0
            counts.coalesced += 1
        } else if line.count + sent.count < limit {
            writes[key] = Write(key: key, version: version, since: now, crashes: counts.crashes)
            line.append(key)
        } else {
            counts.refused += 1
            return false
        }
        counts.added += 1
        return true
    }

    /// The version of a key that the database has yet to hear of; nil when it has heard of all.
    package func version(of key: String) -> Int? {
        if let write = writes[key] { return write.version }
        guard let write = sent[key], write.crashes == counts.crashes else { return nil }
        return write.version
    }

    /// The oldest writes, at most `most` of them. Each must be answered by `written` or `failed`. A key of which a write is
    /// still under way keeps its place and waits for the next round.
    package mutating func takeRound(most: Int = .max) -> [Write] {
        var round: [Write] = []
        var kept: [String] = []
        var taken = 0
        while taken < line.count, round.count < most {
            let key = line[taken]
            taken += 1
            if sent[key] == nil, let write = writes.removeValue(forKey: key) {
                sent[key] = write
                round.append(write)
            } else {
                kept.append(key)
            }
        }
        line.replaceSubrange(..<taken, with: kept)
        return round
    }

    /// The database has it.
    package mutating func written(_ write: Write, at now: Instant) {
        guard sent.removeValue(forKey: write.key) != nil else { return }
        counts.written += 1
        lags.record(now - write.since)
    }

    /// It waits again, behind the others; or it is given up for a later one of its key that waits, or after its last attempt,
    /// or because nobody is left to try since a crash.
    package mutating func failed(_ write: Write) {
        guard var write = sent.removeValue(forKey: write.key) else { return }
        write.failures += 1
        if write.crashes != counts.crashes {
            counts.crashed += 1
        } else if writes[write.key] != nil {
            // The database is behind since the first of them.
            writes[write.key]?.since = write.since
            counts.coalesced += 1
        } else if write.failures >= attempts {
            counts.lost += 1
        } else {
            counts.retried += 1
            writes[write.key] = write
            line.append(write.key)
        }
    }

    /// All that waits is lost. What is under way may still end well, but is not tried again.
    /// - Returns: how many writes were lost at once.
    package mutating func crash() -> Int {
        let lost = line.count
        counts.crashes += 1
        counts.crashed += lost
        line = []
        writes = [:]
        return lost
    }
}

/// What became of the writes: `added` is `coalesced` + `written` + `lost` + `crashed`, and those that wait or are under way.
package struct WriteBehindCounts: Hashable, Sendable {
    package var added = 0
    /// Given up because a later one of the same key was there before they were written.
    package var coalesced = 0
    /// Not taken in.
    package var refused = 0
    package var written = 0
    /// Attempts after a failure.
    package var retried = 0
    /// Given up after the last attempt.
    package var lost = 0
    /// Lost in a crash.
    package var crashed = 0
    package var crashes = 0

    package init() {}
}
