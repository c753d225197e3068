import Core
import Model

/// From the client to the service: opening a connection, and the request on its way.
extension SimulatedLab {
    /// Sends the request of a flight, for the first time or once more.
    func start(_ flight: Int, at now: Instant) {
        let way = Int(flights[flight].way)
        flights[flight].listener = Int32(ways[way].listener)
        if let connection = takeIdle(of: way, at: now) {
            flights[flight].connection = Int32(connection)
            flights[flight].isReused = true
            setDeadline(of: flight, flights[flight].deadline)
            return goesOut(flight, at: now)
        }
        connect(flight, at: now)
    }

    /// Opens a connection. TCP takes one round trip; a TLS 1.3 handshake takes one more before the request may go out
    /// (RFC 8446, section 2), which is what the lab over sockets and libcurl agree on. The network's own hops are in the
    /// delay, so names cost nothing.
    private func connect(_ flight: Int, at now: Instant) {
        let way = Int(flights[flight].way)
        flights[flight].stage = .connecting
        flights[flight].isReused = false
        flights[flight].connectingSince = now
        let listener = ways[way].listener
        guard listener >= 0 else {
            // A name that nobody has, or an address where nobody is.
            let host = ways[way].address.split(separator: ":").dropLast().joined(separator: ":")
            let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
            if IPAddress(bare) == nil { return end(flight, .dns_failed, at: now) }
            return refused(flight, at: now)
        }
        flights[flight].connection = Int32(open(way, at: now))
        let limit = now + clients[Int(flights[flight].client)].connectTimeout
        setDeadline(of: flight, min(flights[flight].deadline, limit))
        let there = services[listener].network.travel()
        if there == .zero { knocks(flight, at: now) } else { schedule(.knocks, of: flight, at: now + there) }
    }

    /// The first packet of a connection is at the service.
    func knocks(_ flight: Int, at now: Instant) {
        if nextChange <= now { change(at: now) }
        let listener = Int(flights[flight].listener)
        let connection = Int(flights[flight].connection)
        let back = services[listener].network.travel()
        guard !services[listener].model.isOut else {
            if back == .zero { refused(flight, at: now) } else { schedule(.refused, of: flight, at: now + back) }
            return
        }
        services[listener].counts.connections += 1
        if let fault = services[listener].model.connected(at: now) {
            services[listener].counts.struckConnections[fault, default: 0] += 1
            connections[connection].fault = fault
        } else {
            services[listener].counts.open += 1
            connections[connection].isAccepted = true
        }
        connections[connection].readableAt = now + services[listener].connection
        if back == .zero { connected(flight, at: now) } else { schedule(.connected, of: flight, at: now + back) }
    }

    func refused(_ flight: Int, at now: Instant) {
        flights[flight].attempt.systemError = Self.connectionRefused
        end(flight, .connect_refused, at: now)
    }

    /// ECONNREFUSED.
    private static let connectionRefused: Int32 = 111

    /// The connection stands on the client's side.
    func connected(_ flight: Int, at now: Instant) {
        flights[flight].attempt.connectionsOpened += 1
        flights[flight].attempt.phases.connect = now - flights[flight].connectingSince
        guard flights[flight].request.isTLS else { return goesOut(flight, at: now) }
        flights[flight].stage = .securing
        let connection = Int(flights[flight].connection)
        switch connections[connection].fault {
        case .closeOnAccept?: end(flight, .tls_handshake, at: now)
        // The handshake never ends; the time-out does.
        case _?: break
        case nil:
            let listener = Int(flights[flight].listener)
            let there = now + services[listener].network.travel()
            let done = max(there, connections[connection].readableAt) + services[listener].network.travel()
            if done <= now { goesOut(flight, at: now) } else { schedule(.secured, of: flight, at: done) }
        }
    }

    /// The request goes out on the connection that it has.
    func goesOut(_ flight: Int, at now: Instant) {
        let connection = Int(flights[flight].connection)
        if flights[flight].stage == .securing {
            let since = flights[flight].connectingSince + flights[flight].attempt.phases.connect
            flights[flight].attempt.phases.tls = now - since
        }
        if !flights[flight].isReused { setDeadline(of: flight, flights[flight].deadline) }
        flights[flight].stage = .travelling
        flights[flight].requestsSent += 1
        flights[flight].attempt.reachedServer = true
        flights[flight].attempt.bytesSent += bytes(of: flight)
        if flights[flight].requestsSent > 1 {
            flights[flight].attempt.resends += 1
        } else if flights[flight].request.hops > 0 {
            flights[flight].attempt.redirects += 1
        }
        connections[connection].requests += 1
        connections[connection].isLast = isLast(connection, at: now)
        let listener = Int(flights[flight].listener)
        let fault = connections[connection].fault
        var arrival = now
        if fault == nil {
            arrival = max(now + services[listener].network.travel(), connections[connection].readableAt)
            flights[flight].arrivesAt = arrival
        }
        guard isStillWanted(flight, afterTelling: flights[flight].handle) else { return }
        switch fault {
        // The end of the connection comes right behind its beginning.
        case .closeOnAccept?:
            unread += 1
            end(flight, .empty_reply, at: now)
        case _?:
            unread += 1
            flights[flight].stage = .unheard
        case nil: if arrival <= now { arrives(flight, at: now) } else { schedule(.arrives, of: flight, at: arrival) }
        }
    }

    /// Tells whoever wants to hear that the request goes out; they may end it then.
    private func isStillWanted(_ flight: Int, afterTelling handle: SendHandle?) -> Bool {
        guard let handle, let tell = handle.requestGoesOut else { return true }
        handle.requestGoesOut = nil
        let serial = flights[flight].serial
        tell()
        return flights[flight].serial == serial && flights[flight].isWanted
    }

    private func bytes(of flight: Int) -> Int64 {
        guard flights[flight].varies, let exchange = flights[flight].exchange else {
            return flights[flight].request.bytes
        }
        return flights[flight].request.bytes(varied: exchange)
    }
}
