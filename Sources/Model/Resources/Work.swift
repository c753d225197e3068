package import Core

/// What a service does for the requests of one form, after its own service time and with its worker held: one step
/// after the other.
package struct RouteDescription: Hashable, Sendable {
    /// In capitals; nil: any.
    package var method: String?
    /// A path whose last segment may be `{name}`: it stands for any text, which is the key of what is read and written.
    package var path: String
    package var steps: [WorkStep]

    package init(method: String?, path: String, steps: [WorkStep]) {
        self.method = method
        self.path = path
        self.steps = steps
    }
}

/// One thing that a service does for a request. A step that fails ends the work: the answer is a 500 or what the step
/// says.
package indirect enum WorkStep: Hashable, Sendable {
    /// Reads the request's key from a database or a cache. `time`: how long the query takes, if not what the
    /// database says.
    case read(String, time: TimeDistribution?)
    case write(String, time: TimeDistribution?)
    case invalidate(String, Invalidation)
    /// Leaves so many messages in a queue; full: the step fails with 503.
    case send(String, messages: Int)
    case upload(String, Upload)
    case call(String, ServiceCall)
    /// All at once; the step is over when the last is.
    case parallel([[WorkStep]])
    /// Work of its own.
    case work(TimeDistribution)
}

/// Which entries of a cache are dropped, seen from the request's key.
package enum Invalidation: Hashable, Sendable {
    case key
    /// The key and the so many that follow it, for keys that end in a number.
    case related(Int)
    /// Every key that begins as this one does, up to its last `:` or `-`.
    case prefix
    /// Every key of the same tag.
    case tag
}

package struct Upload: Hashable, Sendable {
    /// Size of the object; nil: the size of the request's body.
    package var bytes: Int?
    package var attempts = 1
    package var wait: Span = .zero
    /// What is left of it after compression, 0 to 1; 1, the default: it is not compressed.
    package var compression = 1.0
    /// How many bytes per second are compressed; default 50 MB.
    package var compressing = 50_000_000.0

    package init() {}
}

/// How a service calls another one.
package struct ServiceCall: Hashable, Sendable {
    package var timeout: Span?
    package var attempts = 1
    package var wait: Span = .zero
    /// The guide's circuit breaker: so many failures in a row open it; nil: none.
    package var breaker: CallBreaker?
    /// Status of the answer when the call fails, or the breaker turns it away: the work goes on, and the request is answered with
    /// this in the end. Nil: the request fails with 502.
    package var fallback: Int32?

    package init() {}
}

package struct CallBreaker: Hashable, Sendable {
    package var failures = 5
    package var open: Span = .seconds(60)
    package var successes = 3

    package init() {}
}

/// What the work for a request came to.
package struct WorkResult: Hashable, Sendable {
    /// Nil: the service's usual status.
    package var status: Int32?
    /// How often the key that was read or written last has been written; nil when the route has none.
    package var version: Int?
    /// The value read was older than the last write that had been answered.
    package var isStale = false

    package init() {}
}
