import CCurl
package import Core
package import Loops

/// HTTP on libcurl multi handles, on one loop: the transport of one client.
///
/// Everything runs on the loop's thread: libcurl is driven by socket readiness and by its own timers, which are only
/// noted here and served once per turn. See `Docs/performance.md` for what each choice is worth.
package final class CurlTransport: Transporting, LoopSource {
    /// One more than the highest place of a way.
    package static let places = 4_096

    let loop: EpollLoop
    let settings: TransportSettings
    var tag: UInt32 = 0
    private(set) var isClosed = false
    private var requests: [PreparedRequest] = []

    /// To the URL's own address.
    let direct = Route()
    /// By place. A closed one stays, to be opened again.
    var routes: [Route?]
    /// Those of all ways.
    var shards: [Shard] = []
    var dueShards: [Shard] = []
    /// Shards that may have no use any more; looked at when libcurl is not at work.
    var leavingShards: [Shard] = []
    /// A lower bound of all shards' timers.
    var nextTimer = Instant.never
    var transfers: [Transfer] = []
    /// Handles at rest that belonged to ways which have closed.
    var spare: [Transfer] = []
    var deadlines = DeadlineTable()
    var interest = InterestTable()
    /// `host:port:address,…` for names that we have resolved once; nil leaves them to libcurl.
    let resolved: UnsafeMutablePointer<curl_slist>?

    /// True while libcurl is at work, whose callbacks must not call into it again.
    var isDriving = false
    /// What callbacks asked for, to be done when libcurl has returned.
    var cancelledHandles: [SendHandle] = []
    var closedPlaces: [Int] = []

    /// Whether each connection's age and use is kept in `connections`: only when a limit asks for it.
    let tracksConnections: Bool
    var connections: ConnectionTable
    /// When idle connections are to be looked at; `.never` if none has a limit.
    var nextSweep = Instant.never
    var lastSweep = Instant.unset

    package internal(set) var openConnections = 0
    package internal(set) var peakConnections = 0

    /// - Parameters:
    ///   - resolved: what names stand for, each as `host:port:address[,address…]`, with spaces between; libcurl would
    ///     otherwise start a thread for each look-up.
    ///   - seed: of the random part of connections' lifetimes.
    /// - Note: Create it on the loop; it stays attached there until `close`.
    package init(loop: EpollLoop, settings: TransportSettings, resolved: String? = nil, seed: UInt64 = 0) {
        self.loop = loop
        self.settings = settings
        var names: UnsafeMutablePointer<curl_slist>?
        for name in (resolved ?? "").split(separator: " ") { names = curl_slist_append(names, String(name)) }
        self.resolved = names
        routes = [direct]
        tracksConnections = settings.ages.areLimited || settings.connections != nil
        connections = ConnectionTable(ages: settings.ages, seed: seed)
        tag = loop.attach(self)
    }

    deinit {
        close()
        curl_slist_free_all(resolved)
    }

    package func close() {
        guard !isClosed else { return }
        isClosed = true
        // Handles leave before the multi handles they were in; closing tells this object about each socket.
        for route in routes {
            route?.free.removeAll()
            route?.idleHints.removeAll()
            route?.isOpen = false
        }
        direct.free.removeAll()
        direct.idleHints.removeAll()
        spare.removeAll()
        transfers.removeAll()
        dueShards.removeAll()
        leavingShards.removeAll()
        for shard in shards {
            shard.end()
            shard.route.shards.removeAll()
        }
        interest.release()
        shards.removeAll()
        routes.removeAll()
        loop.detach(tag)
    }

    package func prepare(_ request: Request) throws(InvalidRequest) -> PreparedID {
        requests.append(try PreparedRequest(request, settings: settings))
        return PreparedID(index: requests.count - 1)
    }

    /// - Note: `id` is what `prepare` returned.
    func prepared(_ id: PreparedID) -> PreparedRequest { requests[id.index] }
}
