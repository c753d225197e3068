/// One address that a client may send to.
package struct Endpoint: Hashable, Sendable {
    /// Host name or IP address (IPv6 without brackets).
    package var host: String
    /// 1 to 65,535.
    package var port: UInt16
    /// Share of the load relative to the others, for balancers that look at it; default 1. With 0 it gets nothing new,
    /// unless all have 0.
    package var weight: Int
    /// Where it stands, for reports; nil when nobody said.
    package var zone: String?

    /// What reports call it, and what shards are placed by: an address may be another one in the next run. Nil: its
    /// address.
    package var name: String?

    /// The host name that the address was found by; nil when an address was given.
    package var hostName: String?

    package init(host: String, port: UInt16, weight: Int = 1, zone: String? = nil, name: String? = nil) {
        self.host = host
        self.port = port
        self.weight = weight
        self.zone = zone
        self.name = name
    }

    package var label: String { name ?? address }

    /// `10.0.0.1:8080`, `[::1]:8080`: what it is known by. Two endpoints of one address are one.
    package var address: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
