package import Core
import DequeModule

/// Everything behind the services of a lab: the resources, and the work that requests have to do there.
///
/// The same value runs behind sockets and in virtual time. The host says when a request's own service time is over
/// (`start`) and comes back whenever `next` has come (`run`); the worker of the request stays busy until its work is done.
///
/// What happens is a line of events, each handled with its own time as now, so a host that comes late does not slow the
/// model down. Nothing recurses: an errand that can go on stands in `ready` until the loop takes it.
package final class Backstage {
    let routes: RouteTable
    private let resources: [(name: String, place: ResourcePlace)]
    var databases: [DatabaseModel] = []
    var caches: [CachePlace] = []
    var queues: [QueuePlace] = []
    var stores: [StorePlace] = []
    var services: [CalledService] = []
    var sites: [CallSite]
    /// For steps with times of their own.
    var streams: [SeededRandom]

    var errands = PlaceTable<Errand>()
    var queries = PlaceTable<Query>()
    var calls = PlaceTable<Call>()
    var uploads = PlaceTable<UploadUnderWay>()

    var events = EventLine()
    /// The time of the event being handled; nothing happens before it any more.
    private(set) var clock = Instant.unset
    /// Errands that can go on, the first first.
    private var ready = Deque<Int>()
    /// Requests whose work is done and which were not handed out yet.
    private var finished = Deque<(ticket: Int, result: WorkResult)>()

    /// - Precondition: the description has no flaw.
    package init(_ description: LabDescription, seed: UInt64) {
        var places: [String: ResourcePlace] = [:]
        var counts = [0, 0, 0, 0, 0]
        func next(_ kind: Int) -> Int {
            counts[kind] += 1
            return counts[kind] - 1
        }
        for resource in description.resources {
            switch resource.kind {
            case .database: places[resource.name] = .database(next(0))
            case .cache: places[resource.name] = .cache(next(1))
            case .queue: places[resource.name] = .queue(next(2))
            case .store: places[resource.name] = .store(next(3))
            case .service: places[resource.name] = .service(next(4))
            }
        }
        for resource in description.resources {
            let name = resource.name
            switch resource.kind {
            case .database(let own): databases.append(DatabaseModel(own, name: name, seed: seed))
            case .cache(let own):
                guard case .database(let database)? = places[own.database] else {
                    preconditionFailure("cache \"\(name)\" stands before \"\(own.database)\", which is no database")
                }
                caches.append(CachePlace(own, database: database, name: name, seed: seed))
            case .queue(let own): queues.append(QueuePlace(own, name: name, seed: seed))
            case .store(let own): stores.append(StorePlace(own, name: name, seed: seed))
            case .service(let own): services.append(CalledService(own, name: name, seed: seed))
            }
        }
        resources = description.resources.compactMap { resource in places[resource.name].map { (resource.name, $0) } }
        routes = RouteTable(description.services, places: places)
        sites = routes.calls.map { CallSite(service: $0.service, settings: $0.settings) }
        streams = routes.streams.map { SeededRandom(seed: seed, named: $0) }
        for index in databases.indices { databases[index].gauge(at: clock) }
        for index in services.indices { services[index].gauge(at: clock) }
    }

    /// Whether no service of the lab has a route: then the host need not ask.
    package var isEmpty: Bool { routes.isEmpty }

    /// Requests whose work has begun and was not handed out yet, and what is under way for them and besides: queries, calls,
    /// uploads. All are 0 when nothing is to be done.
    package var underWay: (errands: Int, queries: Int, calls: Int, uploads: Int) {
        (errands.count + finished.count, queries.count, calls.count, uploads.count)
    }

    /// The load begins: seconds, episodes, warm-up, losses count from `origin`.
    package func begin(at origin: Instant) {
        clock = max(clock, origin)
        for index in databases.indices {
            databases[index].meter.begin(at: clock)
            watch(databases[index].recovery, .database(index))
        }
        for index in services.indices {
            services[index].meter.begin(at: clock)
            services[index].model.begin(at: clock)
            events.insert(.changes(service: index), at: services[index].model.nextChange)
            watch(services[index].recovery, .service(index))
        }
        for index in queues.indices { beginQueue(index) }
        for index in stores.indices { stores[index].meter.begin(at: clock) }
        for index in caches.indices { beginCache(index) }
    }

    /// What a service does for a request; nil: nothing but its own service time.
    /// - Parameters:
    ///   - service: its place in the description.
    ///   - path: path and query.
    package func task(of service: Int, method: String, path: String) -> WorkTask? {
        routes.task(of: service, method: method, path: path)
    }

    /// Begins it. The ticket comes back from `run`, in the same instant at the earliest.
    package func start(_ task: WorkTask, bodyBytes: Int, ticket: Int, at now: Instant) {
        let errand = errands.insert(Errand(block: task.route, ticket: ticket, key: task.key, bytes: max(0, bodyBytes)))
        events.insert(.goesOn(errand: errand), at: max(now, clock))
    }

    /// When `run` must be called next.
    package var next: Instant { events.next }

    /// Lets happen what is due up to `now`, each thing at its own time, and hands out what is done. What `done` starts at a time
    /// up to `now` happens in the same call.
    /// - Parameter now: not `.never`: what happens again and again would have no end.
    package func run(at now: Instant, done: (_ ticket: Int, _ result: WorkResult, _ at: Instant) -> Void) {
        while events.next <= now, events.next < .never {
            let (instant, event) = events.removeFirst()
            clock = max(clock, instant)
            handle(event)
            while let errand = ready.popFirst() { resume(errand) }
            while let next = finished.popFirst() { done(next.ticket, next.result, clock) }
        }
    }

    /// What has been seen until `now`.
    package func report(at now: Instant) -> ResourceReport {
        let now = max(now, clock)
        var report = ResourceReport()
        for (name, place) in resources {
            let (kind, meter) = meter(of: place)
            let values = meter.values(at: now)
            report.resources.append(
                ResourceRecord(
                    name: name, kind: kind, columns: ResourceMetric.columns(of: kind).map { $0.column(of: kind) },
                    seconds: values.seconds, totals: values.totals))
        }
        return report
    }

    private func meter(of place: ResourcePlace) -> (kind: String, meter: ResourceMeter) {
        switch place {
        case .database(let index): ("database", databases[index].meter)
        case .cache(let index): ("cache", caches[index].meter)
        case .queue(let index): ("queue", queues[index].meter)
        case .store(let index): ("store", stores[index].meter)
        case .service(let index): ("service", services[index].meter)
        }
    }

    private func handle(_ event: BackstageEvent) {
        switch event {
        case .goesOn(let errand): resume(errand)
        case .queried(let query): queryEnded(query)
        case .tired(let query, let serial): queryTired(query, serial)
        case .replicated(let database, let server): changeArrived(database, server)
        case .applied(let database, let server): changeApplied(database, server)
        case .served(let call, let serial): callServed(call, serial)
        case .timedOut(let call, let serial): callTimedOut(call, serial)
        case .changes(let service): serviceChanges(service)
        case .looks(let place): look(at: place)
        case .resizes(let place, let workers): resize(place, to: workers)
        case .flushes(let queue): flush(queue)
        case .sent(let queue, let batch): batchEnded(queue, batch)
        case .uploaded(let upload): uploadEnded(upload)
        case .writes(let cache): writeRound(cache)
        case .loses(let cache, let loss): lose(cache, loss)
        case .tunes(let cache): tune(cache)
        }
    }

    // MARK: What the parts tell it

    /// An errand can go on in this instant.
    func makeReady(_ errand: Int) { ready.append(errand) }

    /// The work for a request is done.
    func finish(_ ticket: Int, _ result: WorkResult) { finished.append((ticket, result)) }
}

/// A route found for a request.
package struct WorkTask: Hashable, Sendable {
    package var route: Int
    /// What `{…}` of its path stands for; empty when there is none.
    package var key: String
}
