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

    /// Most connections of a client, idle ones among them; nil: no limit. At the limit an idle one of another way makes
    /// room. Who may send at all is not the transport's to say.
    package var connections: Int?
    package var ages = ConnectionAges()

    package init() {}
}

/// How long connections live.
package struct ConnectionAges: Hashable, Sendable {
    /// An idle connection is closed after this long; nil: when a request would use it and it has been idle for 118 s, as
    /// libcurl has it.
    package var idle: Span?
    /// A connection takes no new request after this long, and is closed; nil: never. With HTTP/2 it is closed when it is
    /// idle then.
    package var lifetime: Span?
    /// Each connection's lifetime is that much longer or shorter, at random, so that not all end together: 0 to 1,
    /// default 0.1.
    package var jitter = 0.1
    /// Requests per connection; nil: no limit. HTTP/1.1 only.
    package var requests: Int?
    /// Connections idle for this long are looked at in the background; one that the server has closed is taken out, and
    /// no call finds it dead. Nil: libcurl looks when it uses one again, as always.
    package var validate: Span?

    package init() {}

    package var areLimited: Bool { self != ConnectionAges() }
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
