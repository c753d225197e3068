import Core

/// A cache, the writes that its database has not heard of yet, and what has been seen of it.
struct CachePlace {
    /// Writes of a cache that writes behind which are under way at once.
    static let writesAtOnce = 50

    let description: CacheDescription
    let database: Int
    var model: CacheModel
    var behind: WriteBehind?
    var meter = ResourceMeter("cache")
    /// Writes under way to the database.
    var writes = PlaceTable<WriteBehind.Write>()
    /// Writes that the round under way is still to begin.
    var roundLeft = 0
    /// A round is under way, or one will begin.
    var isWriting = false
    /// The next key to load, and how many are being loaded.
    var warmNext = 1
    var warming = 0
    private var times: SeededRandom

    init(_ description: CacheDescription, database: Int, name: String, seed: UInt64) {
        self.description = description
        self.database = database
        model = CacheModel(description)
        if description.pattern == .behind {
            behind = WriteBehind(limit: description.pending, attempts: description.attempts)
        }
        times = SeededRandom(seed: seed, named: "lab/\(name)/time")
    }

    /// Of the next look or write.
    mutating func time() -> Span { description.time.sample(using: &times) }

    mutating func gauge(at now: Instant) {
        let counts = model.counts
        meter.take(.reads, counts.reads, at: now)
        meter.take(.hits, counts.hits, at: now)
        meter.take(.evicted, counts.evicted, at: now)
        meter.take(.expired, counts.expired, at: now)
        meter.take(.invalidated, counts.invalidated, at: now)
        meter.set(.entries, Double(model.entries), at: now)
        meter.set(.filled, model.filled, at: now)
        guard let behind else { return }
        meter.set(.pending, Double(behind.waiting + behind.underWay), at: now)
        meter.take(.lost, behind.counts.lost + behind.counts.crashed, at: now)
        meter.take(.retries, behind.counts.retried, at: now)
    }
}

/// What caches do for errands.
extension Backstage {
    /// The cache of an errand's step has been asked.
    func cacheLooked(_ errand: Int) {
        guard case .look(let cache, let time) = step(of: errand) else { return }
        let key = errands[errand].key
        let database = caches[cache].database
        var found = caches[cache].model.look(key, at: clock)
        if found == nil, let version = caches[cache].behind?.version(of: key) {
            // The entry made room for others; what is yet to be written is there all the same.
            found = version
            caches[cache].model.put(key, version, at: clock)
        }
        caches[cache].gauge(at: clock)
        if let version = found {
            errands[errand].result.version = version
            if version < databases[database].version(of: key) {
                errands[errand].result.isStale = true
                caches[cache].meter.add(.stale, at: clock)
            }
            return complete(errand)
        }
        errands[errand].stage = .filling
        if !ask(database, key, isWrite: false, time: time.map(draw), owner: .errand(errand)) { fail(errand, 503) }
    }

    /// What was a miss has been read from the database, and is kept.
    func cacheFilled(_ errand: Int, version: Int, isStale: Bool) {
        guard case .look(let cache, _) = step(of: errand) else { return }
        caches[cache].model.put(errands[errand].key, version, at: clock)
        caches[cache].gauge(at: clock)
        errands[errand].result.version = version
        if isStale { errands[errand].result.isStale = true }
        complete(errand)
    }

    /// A write begins, in the order of the cache's pattern.
    /// - Returns: false when the database had no room for it.
    func beginKeeping(_ errand: Int, _ cache: Int, time: RouteTable.OwnTime?) -> Bool {
        caches[cache].meter.add(.writes, at: clock)
        if caches[cache].description.pattern == .behind {
            wait(errand, .keeping, caches[cache].time())
            return true
        }
        return beginStoring(errand, cache, time: time)
    }

    private func beginStoring(_ errand: Int, _ cache: Int, time: RouteTable.OwnTime?) -> Bool {
        errands[errand].stage = .storing
        return ask(
            caches[cache].database, errands[errand].key, isWrite: true, time: time.map(draw), owner: .errand(errand))
    }

    /// The database has written; now the cache.
    func cacheStored(_ errand: Int, version: Int) {
        guard case .keep(let cache, _) = step(of: errand) else { return }
        errands[errand].result.version = version
        if caches[cache].description.pattern == .behind {
            // It was written through for want of room; its time at the cache has passed already.
            caches[cache].model.put(errands[errand].key, version, at: clock)
            caches[cache].gauge(at: clock)
            complete(errand)
        } else {
            wait(errand, .keeping, caches[cache].time())
        }
    }

    /// The time that a write takes at the cache is over.
    func cacheKept(_ errand: Int) {
        guard case .keep(let cache, let time) = step(of: errand) else { return }
        let key = errands[errand].key
        switch caches[cache].description.pattern {
        case .aside: caches[cache].model.drop(key)
        case .through: caches[cache].model.put(key, errands[errand].result.version ?? 0, at: clock)
        case .behind:
            let database = caches[cache].database
            let version = databases[database].version(of: key) + 1
            guard databases[database].hasRoom(for: key), caches[cache].behind?.add(key, version, at: clock) == true
            else {
                if !beginStoring(errand, cache, time: time) { fail(errand, 503) }
                return
            }
            databases[database].answer(key, version)
            caches[cache].model.put(key, version, at: clock)
            errands[errand].result.version = version
            plan(cache)
        }
        caches[cache].gauge(at: clock)
        complete(errand)
    }

    func cacheInvalidated(_ errand: Int) {
        guard case .invalidate(let cache, let what) = step(of: errand) else { return }
        caches[cache].model.invalidate(what, of: errands[errand].key)
        caches[cache].gauge(at: clock)
        complete(errand)
    }
}

/// What caches do by themselves.
extension Backstage {
    /// The load begins.
    func beginCache(_ cache: Int) {
        caches[cache].meter.begin(at: clock)
        for (index, loss) in caches[cache].description.losses.enumerated() {
            events.insert(.loses(cache: cache, loss: index), at: clock + loss.at)
        }
        if let every = caches[cache].description.tuning {
            events.insert(.tunes(cache: cache), at: clock + max(every, .milliseconds(1)))
        }
        warm(cache)
    }

    // MARK: Warm-up

    /// Keeps a batch of keys on their way from the database.
    private func warm(_ cache: Int) {
        let description = caches[cache].description
        while caches[cache].warmNext <= description.warm, caches[cache].warming < max(1, description.warmBatch) {
            let key = String(caches[cache].warmNext)
            caches[cache].warmNext += 1
            let owner = Query.Owner.warming(cache: cache)
            // Without room at the database the key stays cold; the next is tried when one of those under way is done.
            guard ask(caches[cache].database, key, isWrite: false, time: nil, owner: owner) else { return }
            caches[cache].warming += 1
        }
    }

    /// A key has been loaded, or the database would not.
    func warmed(_ cache: Int, _ key: String, version: Int?) {
        caches[cache].warming -= 1
        if let version { caches[cache].model.put(key, version, at: clock) }
        caches[cache].gauge(at: clock)
        warm(cache)
    }

    // MARK: The writer of a cache that writes behind

    /// There is something to write: a round will begin.
    private func plan(_ cache: Int) {
        guard !caches[cache].isWriting else { return }
        caches[cache].isWriting = true
        // A round that begins in the instant in which the last one ended would let no time pass.
        let flush = max(caches[cache].description.flush, .microseconds(1))
        events.insert(.writes(cache: cache), at: clock + flush)
    }

    /// A round begins: everything that waits now is written.
    func writeRound(_ cache: Int) {
        caches[cache].roundLeft = caches[cache].behind?.waiting ?? 0
        goOnWriting(cache)
    }

    /// A write has ended.
    func writeEnded(_ cache: Int, _ place: Int, succeeded: Bool) {
        settle(cache, place, succeeded: succeeded)
        goOnWriting(cache)
    }

    private func settle(_ cache: Int, _ place: Int, succeeded: Bool) {
        let write = caches[cache].writes.remove(place)
        if succeeded {
            caches[cache].behind?.written(write, at: clock)
            caches[cache].meter.add(.lags, (clock - write.since).seconds, at: clock)
            caches[cache].meter.add(.changes, at: clock)
        } else {
            caches[cache].behind?.failed(write)
        }
        caches[cache].gauge(at: clock)
    }

    /// Begins what is left of a round, or plans the next.
    private func goOnWriting(_ cache: Int) {
        while caches[cache].roundLeft > 0, caches[cache].writes.count < CachePlace.writesAtOnce {
            caches[cache].roundLeft -= 1
            guard let write = caches[cache].behind?.takeRound(most: 1).first else {
                caches[cache].roundLeft = 0
                break
            }
            let place = caches[cache].writes.insert(write)
            let asked = ask(
                caches[cache].database, write.key, isWrite: true, time: nil, version: write.version,
                owner: .writing(cache: cache, write: place))
            if !asked { settle(cache, place, succeeded: false) }
        }
        guard caches[cache].writes.count == 0 else { return }
        caches[cache].isWriting = false
        if let behind = caches[cache].behind, behind.waiting > 0 { plan(cache) }
    }

    // MARK: Losses and tuning

    func lose(_ cache: Int, _ index: Int) {
        let node = caches[cache].description.losses[index].node
        caches[cache].model.lose(node: node)
        if node == nil || caches[cache].description.nodes == 1 { _ = caches[cache].behind?.crash() }
        caches[cache].gauge(at: clock)
    }

    func tune(_ cache: Int) {
        guard let every = caches[cache].description.tuning else { return }
        if caches[cache].model.tune(at: clock) != nil { caches[cache].meter.add(.tuned, at: clock) }
        caches[cache].gauge(at: clock)
        events.insert(.tunes(cache: cache), at: clock + max(every, .milliseconds(1)))
    }
}
