import CCurl
import Core

/// Ways to the addresses of a target.
extension CurlTransport {
    package func openRoute(_ place: Int, to address: String, named name: String?) {
        guard (0..<Self.places).contains(place), !isClosed else { return }
        while routes.count <= place { routes.append(nil) }
        closedPlaces.removeAll { $0 == place }
        if let route = routes[place] {
            if route.address == address {
                route.isOpen = true
                return
            }
            // Another address has connections of its own; redirects still need the URL's.
            if route === direct { direct.isOpen = true } else if route.isOpen { close(route) }
        }
        routes[place] = Route(address: address, name: name)
    }

    package func closeRoute(_ place: Int) {
        guard routes.indices.contains(place), let route = routes[place], route.isOpen else { return }
        if isDriving {
            closedPlaces.append(place)
        } else {
            close(route)
        }
    }

    package func openConnections(of place: Int) -> Int {
        routes.indices.contains(place) ? routes[place]?.openConnections ?? 0 : 0
    }

    /// Those that requests which have not left yet will take are not among them.
    package func idleConnections(of place: Int) -> Int {
        routes.indices.contains(place) ? routes[place]?.idleConnections ?? 0 : 0
    }

    private func close(_ route: Route) {
        route.isOpen = false
        for transfer in transfers where transfer.shard?.route === route { transfer.forbidReuse(true) }
        for transfer in route.free { giveBack(transfer, of: route) }
        route.free.removeAll()
        for shard in route.shards {
            if shard.active == 0 {
                end(shard)
            } else {
                for descriptor in interest.idle(in: shard) { retire(descriptor) }
            }
        }
    }

    // MARK: Handles and shards

    func takeTransfer(for route: Route) throws(CurlFailure) -> Transfer {
        if let transfer = route.free.popLast() { return transfer }
        if let transfer = spare.popLast() {
            transfer.connect(to: route.connectTo)
            return transfer
        }
        let transfer = try Transfer(index: transfers.count, transport: self)
        if route.connectTo != nil { transfer.connect(to: route.connectTo) }
        transfers.append(transfer)
        return transfer
    }

    /// Puts a handle to rest.
    func giveBack(_ transfer: Transfer, of route: Route) {
        if route.isOpen {
            route.free.append(transfer)
        } else {
            // libcurl keeps the list's address, and the list ends with its way.
            transfer.connect(to: nil)
            spare.append(transfer)
        }
    }

    /// A shard with an idle connection, the latest used first; else one with room; else a new one.
    func chooseShard(of route: Route) throws(CurlFailure) -> Shard {
        while let shard = route.idleHints.popLast() {
            if shard.open > shard.active { return shard }
        }
        if let last = route.shards.last, last.active < Shard.capacity { return last }
        if let roomy = route.shards.first(where: { $0.active < Shard.capacity }) { return roomy }
        let shard = try Shard(index: shards.count, route: route, transport: self)
        shards.append(shard)
        route.shards.append(shard)
        return shard
    }

    /// Notes a shard that may have no use any more.
    func noteLeaving(_ shard: Shard) {
        leavingShards.append(shard)
    }

    /// Ends the shards that no transfer uses and that have no connection to keep.
    func endLeavingShards() {
        while let shard = leavingShards.popLast() {
            if shard.active == 0, !shard.hasEnded, shard.open == 0 || !shard.route.isOpen { end(shard) }
        }
    }

    /// Closes what the shard still has open, and forgets it.
    private func end(_ shard: Shard) {
        guard !shard.hasEnded else { return }
        shards.swapAt(shard.index, shards.count - 1)
        shards[shard.index].index = shard.index
        shards.removeLast()
        shard.route.shards.removeAll { $0 === shard }
        shard.route.idleHints.removeAll { $0 === shard }
        dueShards.removeAll { $0 === shard }
        shard.end()
        interest.release(shard)
    }
}
