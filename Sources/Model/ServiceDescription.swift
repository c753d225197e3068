package import Core

/// A service: replicas that each serve a bounded number of requests at once and let others wait in a queue.
package struct ServiceDescription: Hashable, Sendable {
    package var name: String
    /// TCP port to listen on, 1 to 65,535; nil (the default): any free one.
    package var port: UInt16?
    /// Default 1. Requests go to the replicas in turn.
    package var replicas = 1
    /// Requests that one replica serves at once; default 16.
    package var workers = 16
    /// Requests that may wait at one replica; one more is answered 503 at once. Default 1,000; 0: none may wait.
    package var queue = 1_000
    package var time: TimeDistribution = .constant(.zero)
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
    /// Serve over TLS with this certificate and key (PEM files); nil: plain HTTP.
    package var tls: ServiceCertificate?

    package init(name: String) {
        self.name = name
    }
}

package struct ServiceCertificate: Hashable, Sendable {
    package var certificate: String
    package var key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}
