import Core

extension LabDescription {
    /// The first flaw of resources and routes, if any; the services by themselves are right.
    var resourceFlaw: LabFlaw? {
        var kinds: [String: ResourceDescription.Kind] = [:]
        let services = Set(services.map(\.name))
        for resource in resources {
            let name = resource.name
            if name.isEmpty { return LabFlaw(service: "", reason: "the name of a resource is empty") }
            if services.contains(name) {
                return LabFlaw(service: "", reason: "\"\(name)\" is a resource and a service; change one of the names")
            }
            guard kinds.updateValue(resource.kind, forKey: name) == nil else {
                return LabFlaw(
                    service: "", reason: "resource \"\(name)\": the name is taken twice; give each resource its own")
            }
        }
        for resource in resources {
            guard let reason = resource.kind.flaw ?? resource.kind.originFlaw(among: kinds) else { continue }
            return LabFlaw(service: "", reason: "resource \"\(resource.name)\": \(reason)")
        }
        for service in self.services {
            for route in service.routes {
                guard let reason = route.flaw(among: kinds) else { continue }
                return LabFlaw(service: service.name, reason: "route \(route.text): \(reason)")
            }
        }
        return nil
    }
}

extension ResourceDescription.Kind {
    fileprivate var flaw: String? {
        switch self {
        case .database(let database): database.flaw
        case .cache(let cache): cache.flaw
        case .queue(let queue): queue.flaw
        case .store(let store): store.flaw
        case .service(let service): service.flaw
        }
    }

    /// What is behind a cache must be a database.
    fileprivate func originFlaw(among kinds: [String: ResourceDescription.Kind]) -> String? {
        guard case .cache(let cache) = self else { return nil }
        if case .database? = kinds[cache.database] { return nil }
        return "its rows come from \"\(cache.database)\", which is no database of the lab"
    }
}

extension DatabaseDescription {
    fileprivate var flaw: String? {
        if shards < 1 { return "shards \(shards) is less than 1" }
        if connections < 1 { return "connections \(connections) is less than 1" }
        if queue < 0 { return "queue \(queue) is less than 0" }
        if let patience, patience <= .zero { return "patience \(patience) is not above 0" }
        if replicas < 0 { return "replicas \(replicas) is less than 0" }
        if !(0...1).contains(applying) { return "applying \(applying) is outside 0 to 1" }
        return read.flaw("read time") ?? write.flaw("write time") ?? lag.flaw("lag") ?? recovery?.flaw
    }
}

extension CacheDescription {
    fileprivate var flaw: String? {
        if nodes < 1 { return "nodes \(nodes) is less than 1" }
        if capacity < 1 { return "capacity \(capacity) is less than 1" }
        if let ttl, ttl <= .zero { return "ttl \(ttl) is not above 0" }
        if warm < 0 { return "warm \(warm) is less than 0" }
        if warmBatch < 1 { return "batch \(warmBatch) is less than 1" }
        if pending < 0 { return "pending \(pending) is less than 0" }
        if flush <= .zero { return "flush \(flush) is not above 0" }
        if attempts < 1 { return "attempts \(attempts) is less than 1" }
        if tags < 1 { return "tags \(tags) is less than 1" }
        if let tuning, tuning <= .zero { return "tuning \(tuning) is not above 0" }
        for loss in losses {
            if loss.at < .zero { return "a loss \(loss.at) after the load's start; nothing happens before that" }
            if let node = loss.node, !(0..<nodes).contains(node) {
                return "a loss of node \(node), which is not among the \(nodes) there are, numbered from 0"
            }
        }
        return time.flaw("time")
    }
}

extension QueueDescription {
    fileprivate var flaw: String? {
        if batch < 1 { return "batch \(batch) is less than 1" }
        if let flush, flush <= .zero { return "flush \(flush) is not above 0" }
        if senders < 1 { return "senders \(senders) is less than 1" }
        if perMessage < .zero { return "time per message \(perMessage) is less than nothing" }
        if !(0...1).contains(failures) { return "failures \(failures) is outside 0 to 1" }
        if attempts < 1 { return "attempts \(attempts) is less than 1" }
        if capacity < 1 { return "capacity \(capacity) is less than 1" }
        return time.flaw("time")
    }
}

extension StoreDescription {
    fileprivate var flaw: String? {
        if !(bandwidth > 0 && bandwidth.isFinite) { return "bandwidth \(bandwidth) is not above 0" }
        if uploads < 1 { return "uploads \(uploads) is less than 1" }
        if !(0...1).contains(failuresPerMB) { return "failures per MB \(failuresPerMB) is outside 0 to 1" }
        return time.flaw("time")
    }
}

extension BackServiceDescription {
    fileprivate var flaw: String? {
        if workers < 1 { return "workers \(workers) is less than 1" }
        if queue < 0 { return "queue \(queue) is less than 0" }
        if !(0...1).contains(failures) { return "failures \(failures) is outside 0 to 1" }
        return time.flaw("time") ?? episodes.lazy.compactMap { $0.flaw(of: 1) }.first ?? recovery?.flaw
    }
}

extension RecoveryDescription {
    fileprivate var flaw: String? {
        if every <= .zero { return "recovery every \(every) is not above 0" }
        if minimum < 1 { return "recovery minimum \(minimum) is less than 1" }
        if !(0 <= watch && watch <= grow && grow <= double && double <= 1) {
            return "recovery shares \(watch), \(grow) and \(double) do not ascend within 0 to 1"
        }
        if delay < .zero { return "recovery delay \(delay) is less than nothing" }
        if most < 1 { return "recovery to at most \(most) times as much is less than there is" }
        if calm < 1 { return "recovery calm \(calm) is less than 1" }
        return nil
    }
}

extension RouteDescription {
    /// `GET /products/{id}`.
    fileprivate var text: String { method.map { "\($0) \(path)" } ?? path }

    fileprivate func flaw(among kinds: [String: ResourceDescription.Kind]) -> String? {
        if !path.hasPrefix("/") { return "the path does not begin with /" }
        if steps.isEmpty { return "it has no step" }
        return steps.lazy.compactMap { $0.flaw(among: kinds) }.first
    }
}

extension WorkStep {
    fileprivate func flaw(among kinds: [String: ResourceDescription.Kind]) -> String? {
        switch self {
        case .read(let name, let time), .write(let name, let time):
            switch kinds[name] {
            case .database, .cache: return time?.flaw("query time")
            default: return "\"\(name)\" is no database and no cache of the lab"
            }
        case .invalidate(let name, let which):
            guard case .cache? = kinds[name] else { return "\"\(name)\" is no cache of the lab" }
            if case .related(let count) = which, count < 1 { return "\(count) related keys is less than 1" }
        case .send(let name, let messages):
            guard case .queue? = kinds[name] else { return "\"\(name)\" is no queue of the lab" }
            if messages < 1 { return "messages \(messages) is less than 1" }
        case .upload(let name, let upload):
            guard case .store? = kinds[name] else { return "\"\(name)\" is no store of the lab" }
            return upload.flaw
        case .call(let name, let call):
            guard case .service? = kinds[name] else { return "\"\(name)\" is no service behind others" }
            return call.flaw
        case .parallel(let branches):
            if branches.isEmpty || branches.contains(where: \.isEmpty) { return "a parallel step has nothing to do" }
            return branches.lazy.joined().compactMap { $0.flaw(among: kinds) }.first
        case .work(let time): return time.flaw("work")
        }
        return nil
    }
}

extension Upload {
    fileprivate var flaw: String? {
        if let bytes, bytes < 0 { return "an upload of \(bytes) bytes is less than nothing" }
        if attempts < 1 { return "attempts \(attempts) is less than 1" }
        if wait < .zero { return "wait \(wait) is less than nothing" }
        if !(0...1).contains(compression) { return "compression to \(compression) is outside 0 to 1" }
        if !(compressing > 0 && compressing.isFinite) { return "compressing \(compressing) is not above 0" }
        return nil
    }
}

extension ServiceCall {
    fileprivate var flaw: String? {
        if let timeout, timeout <= .zero { return "timeout \(timeout) is not above 0" }
        if attempts < 1 { return "attempts \(attempts) is less than 1" }
        if wait < .zero { return "wait \(wait) is less than nothing" }
        if let fallback, !(200...599).contains(fallback) { return "fallback \(fallback) is outside 200 to 599" }
        guard let breaker else { return nil }
        if breaker.failures < 1 { return "breaker failures \(breaker.failures) is less than 1" }
        if breaker.open <= .zero { return "breaker open \(breaker.open) is not above 0" }
        if breaker.successes < 1 { return "breaker successes \(breaker.successes) is less than 1" }
        return nil
    }
}
