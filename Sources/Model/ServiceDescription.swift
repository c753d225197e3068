package import Core

/// A service: replicas that each serve a bounded number of requests at once and let others wait in a queue.
package struct ServiceDescription: Hashable, Sendable {
    package var name: String
    /// TCP port to listen on, 1 to 65,535; nil (the default): any free one.
    package var port: UInt16?
    /// Default 1. Requests go to the replicas in turn, unless each listens.
    package var replicas = 1
    /// Whether one address stands for all replicas (the default), or each has its own and is an endpoint by itself.
    package var listening = Listening.together
    /// Requests that one replica serves at once; default 16.
    package var workers = 16
    /// Requests that may wait at one replica; one more is answered 503 at once. Default 1,000; 0: none may wait.
    package var queue = 1_000
    /// Who of them is served next; default first come, first served.
    package var order = QueueOrder.firstIn
    /// Requests whose client has left are served all the same, as by a server that does not look; default false: one that
    /// waits is forgotten.
    package var servesAbandoned = false
    package var time: TimeDistribution = .constant(.zero)
    /// How long a new connection takes before it is read from; default none.
    package var connection: Span = .zero
    package var network = NetworkDescription()
    /// What happens to the replicas while the run lasts.
    package var episodes: [Episode] = []
    /// Optimistic concurrency: a request during whose service another one succeeded is answered with 409. Default false.
    package var isOptimistic = false
    /// Status of a good answer; default 200.
    package var status: Int32 = 200
    /// Answers say back, as JSON, what was asked; default false.
    package var echoes = false
    /// Bytes of its body; default 64.
    package var bodyBytes = 64
    /// Answers carry an ORCA load report, `endpoint-load-metrics: TEXT cpu_utilization=…, rps_fractional=…`: busy workers as
    /// a share of all, and answers per second; default false.
    package var reportsLoad = false
    package var faults: [Fault] = []
    /// What it does for requests of some forms, the first that fits; default: nothing but its own service time.
    package var routes: [RouteDescription] = []
    /// Answers say, as JSON, what the work came to: `{"key":"17","version":3,"stale":false}`; default false.
    package var answersState = false
    /// Serve over TLS with this certificate and key (PEM files); nil: plain HTTP.
    package var tls: ServiceCertificate?

    package init(name: String) {
        self.name = name
    }
}

package enum Listening: Hashable, Sendable {
    case together, each
}

package enum QueueOrder: Hashable, Sendable {
    case firstIn, lastIn
}

package struct ServiceCertificate: Hashable, Sendable {
    package var certificate: String
    package var key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}
