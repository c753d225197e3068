import Core
import Policies

/// A service that only other services call, and what has been seen of it.
struct CalledService {
    var model: ServiceModel<Int>
    var meter = ResourceMeter("service")
    var recovery: Recovery?

    init(_ description: BackServiceDescription, name: String, seed: UInt64) {
        var service = ServiceDescription(name: name)
        service.workers = max(1, description.workers)
        service.queue = max(0, description.queue)
        service.time = description.time
        service.episodes = description.episodes
        if description.failures > 0 { service.faults = [Fault(.status(500), share: description.failures)] }
        model = ServiceModel(service, seed: seed)
        recovery = description.recovery.map { Recovery($0, workers: service.workers) }
    }

    mutating func gauge(at now: Instant) {
        meter.set(.busy, model.utilisation, at: now)
        meter.set(.waiting, Double(model.waiting), at: now)
        meter.set(.workers, Double(model.workers), at: now)
    }
}

/// A step that calls: its settings and its breaker, which all requests share.
struct CallSite {
    var service: Int
    var settings: ServiceCall
    var breaker: Breaker?

    init(service: Int, settings: ServiceCall) {
        (self.service, self.settings) = (service, settings)
        breaker = settings.breaker.map {
            var rules = BreakerSettings()
            rules.trip = .consecutive($0.failures)
            rules.open = $0.open
            rules.successes = $0.successes
            return Breaker(rules)
        }
    }
}

/// An attempt at a call, in its service until that is done with it.
struct Call {
    enum End {
        case succeeded, failed, refused, timedOut
    }

    var site: Int
    /// That waits for it; nil when it has given up.
    var errand: Int?
    var began: Instant
    var pass: Breaker.Pass?
    /// While it waits.
    var seat: ServiceModel<Int>.Seat?
    /// While it is worked on.
    var job: ServiceModel<Int>.Job?
}

/// A query under way.
struct Query {
    enum Owner {
        case errand(Int)
        /// A cache that loads its keys.
        case warming(cache: Int)
        /// A cache that writes behind; the write's place.
        case writing(cache: Int, write: Int)
    }

    var database: Int
    var server: Int
    var isWrite: Bool
    var key: String
    /// What a write makes of the row, where a cache before the database has said so already.
    var version: Int?
    var time: Span
    var began: Instant
    var owner: Owner
    /// While it waits.
    var place: WaitingLine<Int>.Place?
}
