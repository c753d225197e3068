package import Core
package import Loops

/// Carries the requests of one client to a lab in virtual time: no socket, no thread, no clock but the loop's.
///
/// What a caller sees is what libcurl would have made of the same services over sockets: which failure each fault is,
/// connections used again, requests sent once more when a used connection dies unheard, redirects, time-outs. Counts of
/// bytes are those that HTTP/1.1 would have written.
package final class SimulatedTransport: Transporting {
    /// One more than the highest place of a way.
    package static let places = 4_096

    private let lab: SimulatedLab
    private let client: Int
    private let settings: TransportSettings
    private var requests: [(request: SimulatedRequest, way: Int32)] = []
    /// Whether place 0 still leads to the URL's own address.
    private var isDirect = true
    private var isDirectOpen = true

    /// - Parameters:
    ///   - lab: what answers; shared by the clients of one loop.
    ///   - loop: the lab's.
    ///   - seed: of the random part of connections' lifetimes, of which each client has its own.
    package init(
        lab: SimulatedLab, loop: VirtualLoop, settings: TransportSettings, seed: UInt64
    ) {
        precondition(loop === lab.loop, "a client and its lab live on one loop")
        self.lab = lab
        self.settings = settings
        client = lab.join(settings, seed: seed)
    }

    package func prepare(_ request: Request) throws(InvalidRequest) -> PreparedID {
        let prepared = try SimulatedRequest(request)
        requests.append((prepared, Int32(lab.directWay(of: client, to: prepared.authority))))
        return PreparedID(index: requests.count - 1)
    }

    // MARK: Ways

    package func openRoute(_ place: Int, to address: String, named name: String?) {
        guard (0..<Self.places).contains(place) else { return }
        if place == 0 { isDirect = false }
        lab.openWay(of: client, at: place, to: address)
    }

    package func closeRoute(_ place: Int) {
        if place == 0, isDirect {
            isDirectOpen = false
        } else if let way = lab.way(of: client, at: place) {
            lab.closeWay(way)
        }
    }

    /// The way of a place for a request; nil when it is not open.
    private func way(_ place: Int, for direct: Int32) -> Int? {
        if place == 0, isDirect { return isDirectOpen ? Int(direct) : nil }
        return lab.way(of: client, at: place)
    }

    // MARK: Requests

    /// - Note: A way that is not open carries nothing: the attempt is a fault of the generator. A trace is not written into
    ///   the request: no model looks at it.
    package func send(
        _ id: PreparedID, _ exchange: Exchange?, over place: Int, _ handle: SendHandle?, trace: TraceContext?,
        deadline: Instant, deadlineKind: FailureKind
    ) async -> Attempt {
        let prepared = requests[id.index]
        guard let way = way(place, for: prepared.way) else { return .unsent(.generator_fault, at: lab.loop.now) }
        guard settings.redirects > 0, let exchange, exchange.changesRequest else {
            return await lab.send(
                prepared.request, exchange, from: client, over: way, handle, deadline: deadline,
                deadlineKind: deadlineKind)
        }
        // A redirect is relative to the URL that was really asked for: then the request is made whole.
        guard let whole = try? SimulatedRequest(prepared.request.request.varied(by: exchange)) else {
            return .unsent(.unsendable_value, at: lab.loop.now)
        }
        return await lab.send(
            whole, exchange, isWhole: true, from: client, over: way, handle, deadline: deadline,
            deadlineKind: deadlineKind)
    }

    package func cancel(_ handle: SendHandle) { lab.cancel(handle) }

    package func cancelAll() { lab.cancelAll(of: client) }

    package func close() { lab.leave(client) }

    // MARK: Connections

    package var openConnections: Int { lab.clients[client].open }

    package func openConnections(of place: Int) -> Int { count(place) { $0.open } }

    package func idleConnections(of place: Int) -> Int { count(place) { $0.idle.count } }

    package var peakConnections: Int { lab.clients[client].peak }

    private func count(_ place: Int, _ count: (SimulatedWay) -> Int) -> Int {
        if place == 0, isDirect {
            return lab.clients[client].direct.reduce(0) { $0 + ($1 >= 0 ? count(lab.ways[Int($1)]) : 0) }
        }
        guard lab.clients[client].places.indices.contains(place) else { return 0 }
        let way = Int(lab.clients[client].places[place])
        return way >= 0 ? count(lab.ways[way]) : 0
    }
}
