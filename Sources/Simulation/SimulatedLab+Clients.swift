import Core
import Loops
import Model

/// What transports ask for.
extension SimulatedLab {
    func join(_ settings: TransportSettings, seed: UInt64) -> Int {
        let index = clients.count
        clients.append(SimulatedClient(settings: settings, seed: seed, index: index, listeners: services.count))
        return index
    }

    // MARK: Ways

    /// The way to the address of a URL.
    func directWay(of client: Int, to authority: String) -> Int {
        let listener = listener(at: authority)
        guard listener >= 0 else { return addWay(of: client, to: authority, listener) }
        return directWay(of: client, to: listener)
    }

    func directWay(of client: Int, to listener: Int) -> Int {
        let known = clients[client].direct[listener]
        if known >= 0 { return Int(known) }
        let way = addWay(of: client, to: listeners[listener].address, listener)
        clients[client].direct[listener] = Int32(way)
        return way
    }

    private func addWay(of client: Int, to address: String, _ listener: Int) -> Int {
        if listener < 0, let known = clients[client].ways.first(where: { ways[Int($0)].address == address }) {
            return Int(known)
        }
        ways.append(SimulatedWay(client: client, listener: listener, address: address))
        clients[client].ways.append(Int32(ways.count - 1))
        return ways.count - 1
    }

    /// The way of a place; nil when it is not open.
    func way(of client: Int, at place: Int) -> Int? {
        guard clients[client].places.indices.contains(place), clients[client].places[place] >= 0 else { return nil }
        let way = Int(clients[client].places[place])
        return ways[way].isOpen ? way : nil
    }

    func openWay(of client: Int, at place: Int, to address: String) {
        while clients[client].places.count <= place { clients[client].places.append(-1) }
        let known = Int(clients[client].places[place])
        if known >= 0 {
            if ways[known].address == address {
                ways[known].isOpen = true
                return
            }
            closeWay(known)
        }
        let way = ways.count
        ways.append(SimulatedWay(client: client, listener: listener(at: address), address: address))
        clients[client].ways.append(Int32(way))
        clients[client].places[place] = Int32(way)
    }

    /// Idle connections end now, the others with their requests.
    func closeWay(_ way: Int) {
        ways[way].isOpen = false
        while let connection = ways[way].idle.last { close(Int(connection)) }
    }

    // MARK: Requests

    /// - Parameter isWhole: the request needs nothing of the exchange, which only takes the response.
    func send(
        _ request: SimulatedRequest, _ exchange: Exchange?, isWhole: Bool = false, from client: Int, over way: Int,
        _ handle: SendHandle?, deadline: Instant, deadlineKind: FailureKind
    ) async -> Attempt {
        let now = loop.now
        guard deadline > now else { return .unsent(deadlineKind, at: now) }
        return await withUnsafeContinuation { continuation in
            let flight = takeFlight()
            flights[flight].continuation = continuation
            flights[flight].attempt = Attempt(sent: now, end: .unset)
            flights[flight].request = request
            flights[flight].exchange = exchange
            flights[flight].varies = !isWhole && exchange?.changesRequest == true
            flights[flight].client = Int32(client)
            flights[flight].way = Int32(way)
            flights[flight].firstWay = Int32(way)
            flights[flight].deadline = deadline
            flights[flight].deadlineKind = deadlineKind
            flights[flight].requestsSent = 0
            flights[flight].retries = 0
            flights[flight].isAbandoned = false
            flights[flight].begunAt = .unset
            flights[flight].arrivesAt = .unset
            if let handle {
                flights[flight].handle = handle
                handle.transfer = flight
            }
            exchange?.forgetResponse()
            start(flight, at: now)
        }
    }

    func cancel(_ handle: SendHandle) {
        let flight = handle.transfer
        guard flights.indices.contains(flight), flights[flight].handle === handle, flights[flight].isWanted else {
            return
        }
        cancel(flight, at: loop.now)
    }

    func cancelAll(of client: Int) {
        for flight in flights.indices where flights[flight].client == client && flights[flight].isWanted {
            cancel(flight, at: loop.now)
        }
    }

    func leave(_ client: Int) {
        guard !clients[client].isClosed else { return }
        clients[client].isClosed = true
        for way in clients[client].ways { closeWay(Int(way)) }
    }
}
