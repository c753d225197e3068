import Core

/// What databases do.
extension Backstage {
    /// A query comes in.
    /// - Parameters:
    ///   - time: that it takes; nil: as the database says. The usual time is drawn all the same, so that other queries meet
    ///     theirs.
    ///   - version: what a write makes of the row; nil: the next.
    /// - Returns: false when there was no room for it.
    func ask(
        _ database: Int, _ key: String, isWrite: Bool, time: Span?, version: Int? = nil, owner: Query.Owner
    ) -> Bool {
        let usual = databases[database].time(isWrite: isWrite)
        databases[database].meter.add(.queries, at: clock)
        if isWrite { databases[database].meter.add(.writes, at: clock) }
        let server = databases[database].server(for: key, isWrite: isWrite)
        guard !isWrite || databases[database].hasRoom(for: key) else {
            countFailure(database)
            return false
        }
        let query = queries.insert(
            Query(
                database: database, server: server, isWrite: isWrite, key: key, version: version, time: time ?? usual,
                began: clock, owner: owner))
        switch databases[database].servers[server].arrived(query) {
        case .started: events.insert(.queried(query: query), at: clock + (time ?? usual))
        case .queued(let place):
            queries[query].place = place
            if let patience = databases[database].description.patience {
                events.insert(.tired(query: query, serial: queries.serial(query)), at: clock + patience)
            }
        case .rejected:
            queries.remove(query)
            countFailure(database)
            return false
        }
        databases[database].gauge(at: clock)
        return true
    }

    /// A query is done.
    func queryEnded(_ number: Int) {
        let query = queries.remove(number)
        let database = query.database
        let next = databases[database].servers[query.server].finished()
        begun(next, database, query.server)
        var version = databases[database].servers[query.server].version(of: query.key)
        var isStale = false
        if query.isWrite {
            version = query.version ?? databases[database].version(of: query.key) + 1
            write(query, version)
        } else if version < databases[database].version(of: query.key) {
            isStale = true
            databases[database].meter.add(.stale, at: clock)
        }
        databases[database].meter.add(.done, at: clock)
        databases[database].meter.record(clock - query.began, at: clock)
        databases[database].recovery?.ended(failed: false)
        databases[database].gauge(at: clock)
        switch query.owner {
        case .errand(let errand): queryAnswered(errand, version: version, isStale: isStale)
        case .warming(let cache): warmed(cache, query.key, version: version)
        case .writing(let cache, let write): writeEnded(cache, write, succeeded: true)
        }
    }

    /// The patience of a query is over, if it waits still.
    func queryTired(_ number: Int, _ serial: UInt32) {
        guard queries.holds(number, serial), let place = queries[number].place else { return }
        guard databases[queries[number].database].servers[queries[number].server].left(place) else { return }
        let query = queries.remove(number)
        countFailure(query.database)
        databases[query.database].gauge(at: clock)
        switch query.owner {
        case .errand(let errand): fail(errand, 503)
        case .warming(let cache): warmed(cache, query.key, version: nil)
        case .writing(let cache, let write): writeEnded(cache, write, succeeded: false)
        }
    }

    // MARK: Changes on their way to replicas

    /// The primary has written: the row is there, and the replicas hear of it.
    private func write(_ query: Query, _ version: Int) {
        let database = query.database
        databases[database].servers[query.server].write(query.key, version)
        databases[database].answer(query.key, version)
        let cost = Span(seconds: query.time.seconds * databases[database].description.applying)
        for replica in databases[database].replicas(of: query.server) {
            let change = DatabaseServer.Change(key: query.key, version: version, cost: cost, written: clock)
            if databases[database].isInStep {
                databases[database].servers[replica].write(query.key, version)
                apply(change, database, replica)
            } else {
                let due = clock + databases[database].lag()
                let there = databases[database].servers[replica].send(change, due: due)
                events.insert(.replicated(database: database, server: replica), at: there)
            }
        }
    }

    /// The oldest change on its way has reached a replica.
    func changeArrived(_ database: Int, _ server: Int) {
        guard let change = databases[database].servers[server].received() else { return }
        apply(change, database, server)
        databases[database].gauge(at: clock)
    }

    /// A replica has applied a change; the connection takes what is next.
    func changeApplied(_ database: Int, _ server: Int) {
        let next = databases[database].servers[server].finished()
        begun(next, database, server)
        databases[database].gauge(at: clock)
    }

    private func apply(_ change: DatabaseServer.Change, _ database: Int, _ server: Int) {
        if change.cost <= .zero {
            show(change, database, server)
        } else if databases[database].servers[server].apply(change) {
            begun(.change(change), database, server)
        }
    }

    /// The row can be read from the replica.
    private func show(_ change: DatabaseServer.Change, _ database: Int, _ server: Int) {
        // In step they had it at once, and the connection is only for what it costs.
        guard !databases[database].isInStep else { return }
        databases[database].servers[server].write(change.key, change.version)
        databases[database].meter.add(.lags, (clock - change.written).seconds, at: clock)
        databases[database].meter.add(.changes, at: clock)
    }

    /// A connection has begun something.
    private func begun(_ next: DatabaseServer.Next?, _ database: Int, _ server: Int) {
        switch next {
        case .query(let query)?:
            queries[query].place = nil
            events.insert(.queried(query: query), at: clock + queries[query].time)
        case .change(let change)?:
            show(change, database, server)
            events.insert(.applied(database: database, server: server), at: clock + change.cost)
        case nil: break
        }
    }

    /// A query has failed.
    private func countFailure(_ database: Int) {
        databases[database].meter.add(.failed, at: clock)
        databases[database].recovery?.ended(failed: true)
    }

    // MARK: More connections

    func resizeDatabase(_ database: Int, to connections: Int) {
        databases[database].recovery?.arrived()
        for server in databases[database].servers.indices {
            for next in databases[database].servers[server].scale(to: connections) { begun(next, database, server) }
        }
        databases[database].gauge(at: clock)
    }

    // MARK: Whose query it was

    /// The query of an errand is done.
    private func queryAnswered(_ errand: Int, version: Int, isStale: Bool) {
        switch errands[errand].stage {
        case .filling: cacheFilled(errand, version: version, isStale: isStale)
        case .storing: cacheStored(errand, version: version)
        default:
            errands[errand].result.version = version
            if isStale { errands[errand].result.isStale = true }
            complete(errand)
        }
    }
}
