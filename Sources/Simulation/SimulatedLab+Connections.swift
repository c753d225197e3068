import Core
import Model

/// Connections: which one a request takes, and when they end.
extension SimulatedLab {
    /// libcurl takes no connection that has been idle for longer.
    private static let longestIdle = Span.seconds(118)

    /// The connection of that way which was used last; it is in use then. Nil when none is idle.
    func takeIdle(of way: Int, at now: Instant) -> Int? {
        while let connection = ways[way].idle.last {
            let index = Int(connection)
            let idleSince = connections[index].idleSince
            let isOld = now >= connections[index].end || now >= idleEnd(of: index)
            if isOld || (clients[ways[way].client].ages.idle == nil && now - idleSince > Self.longestIdle) {
                close(index)
                continue
            }
            ways[way].idle.removeLast()
            connections[index].idleSince = .never
            return index
        }
        return nil
    }

    /// A new connection, which is not open at the service yet.
    func open(_ way: Int, at now: Instant) -> Int {
        let client = ways[way].client
        if let limit = clients[client].connections, clients[client].open >= limit { makeRoom(for: client) }
        let index: Int
        if let free = freeConnections.popLast() {
            index = Int(free)
        } else {
            index = connections.count
            connections.append(SimulatedConnection())
        }
        let serial = connections[index].serial
        connections[index] = SimulatedConnection()
        connections[index].serial = serial
        connections[index].isOpen = true
        connections[index].way = Int32(way)
        connections[index].listener = Int32(ways[way].listener)
        connections[index].end = clients[client].endOfLife(from: now)
        ways[way].open += 1
        clients[client].open += 1
        clients[client].peak = max(clients[client].peak, clients[client].open)
        return index
    }

    /// Ends a connection on both sides.
    func close(_ index: Int) {
        guard connections[index].isOpen else { return }
        let way = Int(connections[index].way)
        if connections[index].idleSince != .never { ways[way].idle.removeAll { $0 == index } }
        ways[way].open -= 1
        clients[ways[way].client].open -= 1
        if connections[index].isAccepted { services[Int(connections[index].listener)].counts.open -= 1 }
        connections[index].isOpen = false
        connections[index].serial &+= 1
        if connections[index].isWatched {
            connections[index].isWatched = false
            callOffAge(of: index)
        }
        freeConnections.append(Int32(index))
    }

    /// The flight has no part in its connection any more.
    /// - Parameter keeps: whether both sides would keep it.
    func letGo(of flight: Int, keeps: Bool, at now: Instant) {
        guard flights[flight].connection >= 0 else { return }
        let index = Int(flights[flight].connection)
        flights[flight].connection = -1
        let way = Int(connections[index].way)
        guard keeps, ways[way].isOpen, !connections[index].isLast else { return close(index) }
        connections[index].idleSince = now
        ways[way].idle.append(Int32(index))
        watch(index)
    }

    /// Whether the next request must be the connection's last.
    func isLast(_ index: Int, at now: Instant) -> Bool {
        let ages = clients[ways[Int(connections[index].way)].client].ages
        return now >= connections[index].end || connections[index].requests >= ages.requests ?? .max
    }

    /// Closes the connection of the client that has been idle for longest, whatever its way.
    private func makeRoom(for client: Int) {
        var longest: Int32?
        for way in clients[client].ways {
            guard let first = ways[Int(way)].idle.first else { continue }
            if let known = longest, connections[Int(known)].idleSince <= connections[Int(first)].idleSince { continue }
            longest = first
        }
        if let longest { close(Int(longest)) }
    }

    // MARK: Ages

    private func idleEnd(of index: Int) -> Instant {
        guard let idle = clients[ways[Int(connections[index].way)].client].ages.idle else { return .never }
        return connections[index].idleSince + idle
    }

    /// An idle connection has one event at most that looks at its age: it is not moved when the connection is used, but
    /// sets the next one when it comes too early.
    private func watch(_ index: Int) {
        guard !connections[index].isWatched else { return }
        let due = min(connections[index].end, idleEnd(of: index))
        guard due != .never else { return }
        connections[index].isWatched = true
        scheduleAge(of: index, at: due)
    }

    func ageComes(_ index: Int, at now: Instant) {
        connections[index].isWatched = false
        // One in use is watched again when it is idle.
        guard connections[index].idleSince != .never else { return }
        if now >= connections[index].end || now >= idleEnd(of: index) { close(index) } else { watch(index) }
    }
}
