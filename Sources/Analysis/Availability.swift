import Core
package import Recording

/// How many of the endpoints could be picked while the run went on, by the seconds of the timeline.
package struct Availability: Hashable, Sendable, Encodable {
    /// The second with the least share of endpoints available: how many, of how many, and when.
    package var least: Int
    package var leastOf: Int
    package var leastAt: Double
    /// Seconds at whose end fewer than half of the endpoints were available, and when the first of them began.
    package var secondsBelowHalf = 0.0
    package var firstBelowHalf: Double?

    /// Nil when no row says anything of endpoints.
    package init?(_ rows: [TimelineRow]) {
        var last: Double?
        var found: Availability?
        for row in rows {
            guard let available = row.endpointsAvailable, let all = row.endpoints else { continue }
            // A second has two rows where warm-up and run meet.
            guard row.time != last else { continue }
            last = row.time
            var next = found ?? Availability(least: available, leastOf: all, leastAt: row.time)
            if Figures.ratio(available, of: all) < Figures.ratio(next.least, of: next.leastOf) {
                (next.least, next.leastOf, next.leastAt) = (available, all, row.time)
            }
            if 2 * available < all {
                next.secondsBelowHalf += row.length
                next.firstBelowHalf = next.firstBelowHalf ?? row.time
            }
            found = next
        }
        guard let found else { return nil }
        self = found
    }

    private init(least: Int, leastOf: Int, leastAt: Double) {
        self.least = least
        self.leastOf = leastOf
        self.leastAt = leastAt
    }
}
