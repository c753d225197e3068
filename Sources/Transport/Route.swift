import CCurl
import Core

/// One way to the target: connections that lead to one address, and the handles that use them.
///
/// Each way has multi handles of its own, because libcurl's pool does not tell two ports of `CURLOPT_CONNECT_TO` apart:
/// a request for one endpoint could leave on the connection of another.
final class Route {
    /// `host:port`, IPv6 in brackets; nil: the address is the URL's own.
    let address: String?
    /// The host name that `address` was found by, or its host if that is no number.
    let name: String?
    /// What the handles of this way are told once; nil for the URL's own address.
    let connectTo: UnsafeMutablePointer<curl_slist>?
    /// Whether new requests may go this way. What is under way when it closes goes on to its end.
    var isOpen = true
    var shards: [Shard] = []
    /// Shards that had an idle connection when a transfer ended, the latest last. Entries may be stale.
    var idleHints: [Shard] = []
    /// Handles at rest, set up for this way.
    var free: [Transfer] = []
    /// Connections that are open and may be used.
    var openConnections = 0

    init(address: String? = nil, name: String? = nil) {
        self.address = address
        // The empty host and port before it match every URL.
        connectTo = address.flatMap { curl_slist_append(nil, "::" + $0) }
        self.name = name ?? address.flatMap(Self.name)
    }

    deinit {
        curl_slist_free_all(connectTo)
    }

    /// The host of `host:port`; nil if it is an address.
    private static func name(in address: String) -> String? {
        let host = address.lastIndex(of: ":").map { String(address[..<$0]) } ?? address
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        return IPAddress(bare) == nil ? host : nil
    }

    /// Connections that nobody uses, less those that requests which have not left yet will take.
    var idleConnections: Int {
        var count = 0
        for shard in shards where shard.open > shard.active { count += shard.open - shard.active }
        return count
    }
}
