/// Where a service of the lab listens.
package struct LabAddress: Hashable, Sendable {
    package var service: String
    /// As given to `start`, `127.0.0.1` unless told otherwise.
    package var host: String
    package var port: UInt16
    package var isTLS: Bool

    /// `host:port`, an IPv6 host in brackets.
    package var authority: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// `http://host:port` or `https://host:port`, without a path.
    package var url: String { (isTLS ? "https://" : "http://") + authority }
}
