/// What is counted of a resource, by second and in all.
package enum ResourceMetric: Int, Hashable, Sendable, CaseIterable {
    // Database.
    case queries, done, stale, lag
    // Of several kinds.
    case writes, failed, time, p99, busy, waiting, workers, grown, pending
    // Cache.
    case reads, hits, hitShare, evicted, expired, invalidated, entries, filled, lost, tuned
    // Queue.
    case sent, delivered, batches, retries, dead, refused
    // Store.
    case uploads, failedAttempts, bytes
    // Called service.
    case calls, timedOut, stopped, fallbacks, openings
    // Sums that others are quotients of; no columns.
    case lags, changes

    /// How the values of a second, or of the whole run, come from what was seen.
    enum Style {
        /// How often it happened.
        case count
        /// The mean over time.
        case level
        /// The value at the end.
        case last
        /// The quotient of two counts; 0 when the second is.
        case quotient(ResourceMetric, ResourceMetric)
        /// The mean and the 99th percentile of the times that were recorded.
        case meanTime, p99Time
    }

    /// As it stands at the head of a column.
    package var name: String { Self.table[rawValue].name }

    /// `1` for counts and shares.
    package var unit: String { Self.table[rawValue].unit }

    /// In one sentence.
    package var meaning: String { Self.table[rawValue].meaning }

    var style: Style { Self.table[rawValue].style }

    /// What is counted of a kind of resource, in the order of the columns; empty for a kind that does not exist.
    /// - Parameter kind: `database`, `cache`, `queue`, `store`, `service`.
    package static func columns(of kind: String) -> [ResourceMetric] {
        switch kind {
        case "database":
            [.queries, .writes, .done, .failed, .stale, .time, .p99, .lag, .busy, .waiting, .workers, .grown]
        case "cache":
            [
                .reads, .hits, .hitShare, .stale, .writes, .evicted, .expired, .invalidated, .entries, .filled,
                .pending, .lag,
                .retries, .lost, .tuned,
            ]
        case "queue":
            [.sent, .refused, .delivered, .batches, .retries, .dead, .waiting, .busy, .time, .p99]
        case "store": [.uploads, .done, .failed, .failedAttempts, .bytes, .time, .p99, .busy, .waiting]
        case "service":
            [
                .calls, .done, .failed, .refused, .timedOut, .stopped, .fallbacks, .openings, .time, .p99, .busy,
                .waiting,
                .workers, .grown,
            ]
        default: []
        }
    }

    private struct Entry {
        var name: String
        var unit: String
        var style: Style
        var meaning: String

        init(_ name: String, _ unit: String, _ style: Style, _ meaning: String) {
            (self.name, self.unit, self.style, self.meaning) = (name, unit, style, meaning)
        }
    }

    /// In the order of the cases.
    private static let table: [Entry] = [
        Entry("queries", "1", .count, "queries that came in, reads and writes"),
        Entry("done", "1", .count, "those of them that succeeded"),
        Entry("stale", "1", .count, "reads that returned less than the last write that had been answered"),
        Entry(
            "lag", "s", .quotient(.lags, .changes),
            "mean time from a write's end until replicas, or the database, had it"),
        Entry("writes", "1", .count, "writes that came in"),
        Entry("failed", "1", .count, "what failed in the end"),
        Entry("time", "s", .meanTime, "mean time from coming in to being done, of what was done"),
        Entry("p99", "s", .p99Time, "99th percentile of it"),
        Entry(
            "busy", "1", .level, "share of the workers, connections, senders or uploads that were busy, mean over time"),
        Entry("waiting", "1", .level, "what waited, mean over time"),
        Entry("workers", "1", .level, "workers or connections there were, mean over time"),
        Entry("grown", "1", .count, "how often recovery changed the number of workers"),
        Entry("pending", "1", .level, "writes that the database had yet to hear of, mean over time"),
        Entry("reads", "1", .count, "looks into the cache"),
        Entry("hits", "1", .count, "those of them that found a good entry"),
        Entry("hit_share", "1", .quotient(.hits, .reads), "hits as a share of the reads"),
        Entry("evicted", "1", .count, "entries that made room for others"),
        Entry("expired", "1", .count, "entries whose time was over"),
        Entry("invalidated", "1", .count, "entries that were dropped"),
        Entry("entries", "1", .last, "entries there were at the end"),
        Entry("filled", "1", .last, "entries as a share of the room at the end"),
        Entry("lost", "1", .count, "answered writes that never reached the database"),
        Entry("tuned", "1", .count, "how often tuning changed something"),
        Entry("sent", "1", .count, "messages that were taken in"),
        Entry("delivered", "1", .count, "messages that arrived"),
        Entry("batches", "1", .count, "batches that a sender took; each may be tried more than once"),
        Entry("retries", "1", .count, "what was tried again"),
        Entry("dead", "1", .count, "messages that became dead letters"),
        Entry("refused", "1", .count, "what was turned away because the line was full or nobody was there"),
        Entry("uploads", "1", .count, "objects that came in"),
        Entry("failed_attempts", "1", .count, "attempts at an upload that failed"),
        Entry("bytes", "B", .count, "bytes that went over the wire, those of failed attempts too"),
        Entry("calls", "1", .count, "attempts that reached the service"),
        Entry("timed_out", "1", .count, "attempts that their caller gave up"),
        Entry("stopped", "1", .count, "attempts that a breaker turned away"),
        Entry("fallbacks", "1", .count, "calls answered with their fallback"),
        Entry("openings", "1", .count, "how often a breaker opened"),
        Entry("lags", "s", .count, "sum of the times from a write's end until replicas, or the database, had it"),
        Entry("changes", "1", .count, "how many these are"),
    ]
}
