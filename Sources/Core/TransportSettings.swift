/// How a client talks to its target, whatever the load.
package struct TransportSettings: Hashable, Sendable {
    package var tls = TLSSettings()
    package var version: HTTPVersion = .http1
    /// Longest time to establish a connection, TLS handshake included; default 5 s.
    package var connectTimeout: Span = .seconds(5)
    /// How many redirects an attempt follows; default 0: a 3xx is an answer like any other.
    package var redirects = 0
    /// Offer gzip; default false, as libcurl does. A body that comes compressed is decoded and checked in any case.
    package var decompress = false
    /// Longest response body, after decompression, in bytes; default 256 MiB.
    package var maximumBodyBytes = 256 << 20
    /// Which hosts may be sent to, beyond those on this machine and its network.
    package var hosts = HostGuard()

    package init() {}
}

package enum HTTPVersion: Hashable, Sendable {
    case http1, http2
}

/// Whom to trust and who we are. Verification is on unless `insecure` turns it off, which every report then says.
package struct TLSSettings: Hashable, Sendable {
    /// PEM file of the authorities to trust instead of the system's.
    package var authority: String?
    /// PEM file of our own certificate.
    package var certificate: String?
    /// PEM file of its key.
    package var key: String?
    package var insecure = false

    package init() {}
}
