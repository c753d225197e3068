package import Core

/// `endpoints:` where the addresses come from. A later kind of source (Consul, Kubernetes) is a case here and a
/// resolver in the process; what a set of endpoints means for a client stays as it is.
package enum EndpointSource: Hashable, Sendable {
    /// Written in the plan.
    case fixed([Endpoint])
    /// All addresses (A and AAAA) of a name, asked again each `refresh`.
    case dns(host: String, port: UInt16, server: NameServer?, refresh: Span)
    /// The SRV records of a name: host, port, weight; asked again each `refresh`.
    case service(name: String, server: NameServer?, refresh: Span)
    /// A file with one endpoint per line, looked at each `refresh`.
    case file(path: String, refresh: Span)
}

/// Whom to ask for names, in place of the system's own servers: Consul's DNS interface, for example.
package struct NameServer: Hashable, Sendable {
    /// IPv4.
    package var address: UInt32
    package var port: UInt16

    package init(address: UInt32, port: UInt16 = 53) {
        self.address = address
        self.port = port
    }
}
