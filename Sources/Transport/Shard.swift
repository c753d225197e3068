import CCurl
import Core

/// One multi handle with at most 64 connections, all of one way.
///
/// libcurl searches the connections of a host one by one, so a multi handle's cost per request grows with their
/// number: 10,000 in one handle cost five times what they cost in shards of 64.
final class Shard {
    static let capacity = 64

    let multi: OpaquePointer
    /// Its place in the transport's table.
    var index: Int
    let route: Route
    unowned(unsafe) let transport: CurlTransport
    /// Transfers under way.
    var active = 0
    /// Sockets open: in use, idle, or still connecting.
    var open = 0
    /// Sockets that we have shut down and libcurl has not closed yet.
    var retired = 0
    /// When libcurl wants to be called without an event; `.never` if it does not.
    var timer = Instant.never
    var isDue = false
    /// Whether it was told what names stand for, or need not be told.
    var knowsNames: Bool
    private(set) var hasEnded = false

    init(index: Int, route: Route, transport: CurlTransport) throws(CurlFailure) {
        guard let multi = curl_multi_init() else { throw CurlFailure("libcurl gave no multi handle") }
        self.multi = OpaquePointer(multi)
        self.index = index
        self.route = route
        self.transport = transport
        knowsNames = route.address != nil && route.name == nil
        gale_multi_callbacks(multi, onSocket, onTimer, Unmanaged.passUnretained(self).toOpaque())
        // libcurl's default, four times the transfers under way, closes idle connections whenever the load falls.
        gale_multi_long(multi, CURLMOPT_MAXCONNECTS, Self.capacity)
    }

    deinit {
        end()
    }

    /// Closes all of its connections. Only when no transfer is in it and libcurl is not at work in it.
    func end() {
        guard !hasEnded else { return }
        hasEnded = true
        curl_multi_cleanup(UnsafeMutableRawPointer(multi))
    }
}

private let onSocket: gale_socket_callback = { _, descriptor, what, context, _ in
    let shard = Unmanaged<Shard>.fromOpaque(context!).takeUnretainedValue()
    shard.transport.want(what, of: descriptor, in: shard)
    return 0
}

private let onTimer: gale_timer_callback = { _, milliseconds, context in
    let shard = Unmanaged<Shard>.fromOpaque(context!).takeUnretainedValue()
    shard.transport.setTimer(of: shard, milliseconds: milliseconds)
    return 0
}
