import Core
import Loops
import Simulation

/// The transport of one client with somebody beside it who counts: what the engine asks of its transport must make sense at
/// every moment, whatever its own books say.
final class WatchedTransport: Transporting {
    /// What the plan promises of what goes over a client's connections.
    struct Limits: Sendable {
        var perEndpoint = Int.max
        var connections = Int.max
    }

    private let transport: SimulatedTransport
    private let loop: VirtualLoop
    private let limits: Limits
    private let book: RunBook
    private var sends = 0
    private var openPlaces: Set<Int> = []
    /// Exchanges that a request under way reads and writes.
    private var exchanges: Set<ObjectIdentifier> = []
    private var isClosed = false

    init(_ transport: SimulatedTransport, loop: VirtualLoop, limits: Limits, book: RunBook) {
        (self.transport, self.loop, self.limits, self.book) = (transport, loop, limits, book)
    }

    func send(
        _ id: PreparedID, _ exchange: Exchange?, over place: Int, _ handle: SendHandle?, trace: TraceContext?,
        deadline: Instant, deadlineKind: FailureKind
    ) async -> Attempt {
        if isClosed { book.violate("a request was sent after the transport was closed") }
        if let handle, handle.transfer >= 0 { book.violate("a handle serves two requests at once") }
        if let exchange, !exchanges.insert(ObjectIdentifier(exchange)).inserted {
            book.violate("an exchange serves two requests at once")
        }
        sends += 1
        book.began()
        let now = loop.now
        let attempt = await transport.send(
            id, exchange, over: place, handle, trace: trace, deadline: deadline, deadlineKind: deadlineKind)
        book.ended()
        sends -= 1
        if let exchange { exchanges.remove(ObjectIdentifier(exchange)) }
        if attempt.sent < now || attempt.end < attempt.sent || attempt.end > loop.now {
            book.violate("an attempt has times that are none")
        }
        if attempt.end > max(deadline, now) { book.violate("an attempt ended after its deadline") }
        if attempt.failure == .generator_fault { book.violate("an attempt went to an endpoint that has no route") }
        let open = transport.openConnections(of: place)
        if transport.idleConnections(of: place) > open { book.violate("more connections are idle than open") }
        if open > limits.perEndpoint {
            book.violate("\(open) connections to one endpoint, of at most \(limits.perEndpoint)")
        }
        if transport.openConnections > limits.connections {
            book.violate("\(transport.openConnections) connections, of at most \(limits.connections)")
        }
        return attempt
    }

    func prepare(_ request: Request) throws(InvalidRequest) -> PreparedID { try transport.prepare(request) }

    func openRoute(_ place: Int, to address: String, named name: String?) {
        if !openPlaces.insert(place).inserted { book.violate("the route of place \(place) was opened twice") }
        transport.openRoute(place, to: address, named: name)
    }

    func closeRoute(_ place: Int) {
        if openPlaces.remove(place) == nil { book.violate("the route of place \(place) was closed and not open") }
        transport.closeRoute(place)
    }

    func cancel(_ handle: SendHandle) { transport.cancel(handle) }
    func cancelAll() { transport.cancelAll() }

    func close() {
        if isClosed { book.violate("a transport was closed twice") }
        if sends > 0 { book.violate("a transport was closed with \(sends) requests under way") }
        isClosed = true
        transport.close()
    }

    var openConnections: Int { transport.openConnections }
    func openConnections(of place: Int) -> Int { transport.openConnections(of: place) }
    func idleConnections(of place: Int) -> Int { transport.idleConnections(of: place) }
    var peakConnections: Int { transport.peakConnections }
}
