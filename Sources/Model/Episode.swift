package import Core

/// Something that happens to the replicas of a service at a time of the run: they are slow, gone, cold, stopped by their
/// garbage collector, more or fewer workers, restarted one after the other.
///
/// Times count from the start of the load, warm-up included; before it nothing happens. Of several at once, factors
/// multiply, and of other times and other workers the last of the list holds.
package struct Episode: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Work takes so many times as long, at least 1; work under way slows down when it begins.
        case slow(factor: Double)
        /// Requests that come in meanwhile take this time.
        case time(TimeDistribution)
        /// Nothing is worked on, and nobody is turned away: a garbage collector, a stopped process. What was under way
        /// goes on where it stood.
        case pause
        /// Connections are refused, those that are open are reset, and what was waiting or being worked on is lost.
        case outage
        /// A cold start: work takes `factor` times as long at its beginning, less and less, and the usual time at its end.
        case cold(factor: Double)
        /// So many workers, at least 1. Who is being served when there are fewer is served to the end.
        case workers(Int)
        /// An outage of one replica after the other: number i, counted among those it strikes, is out from `at + i · every`
        /// for `lasts`.
        case restart
    }

    package var kind: Kind
    /// When it begins; default at once.
    package var at: Span = .zero
    /// How long it lasts; nil: to the end of the run. Never nil for `cold` and `restart`.
    package var lasts: Span?
    /// From one beginning to the next, for one that comes again and again (for `restart`: from replica to replica); longer
    /// than `lasts`, but for `restart`. Nil: once.
    package var every: Span?
    /// Which replicas it strikes, by number from 0; nil: all.
    package var replicas: ClosedRange<Int>?
    /// Whether whoever finds endpoints is told of an outage or restart: the replica then leaves the set of endpoints and
    /// comes back. Default false: clients have to find out for themselves.
    package var isAnnounced = false

    package init(_ kind: Kind, at: Span = .zero, lasts: Span? = nil) {
        self.kind = kind
        self.at = at
        self.lasts = lasts
    }
}
