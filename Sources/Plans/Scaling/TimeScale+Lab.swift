import Core
import Model

/// The lab: services, what happens to them, and what is behind them.
extension TimeScale {
    func scaled(_ lab: LabDescription) -> LabDescription {
        var lab = lab
        for index in lab.services.indices { scale(&lab.services[index]) }
        for index in lab.resources.indices { lab.resources[index].kind = scaled(lab.resources[index].kind) }
        return lab
    }

    private func scale(_ service: inout ServiceDescription) {
        scale(&service.time)
        scale(&service.connection)
        scale(&service.network.delay)
        for index in service.episodes.indices { scale(&service.episodes[index]) }
        for index in service.faults.indices { scale(&service.faults[index]) }
        for index in service.routes.indices { service.routes[index].steps = service.routes[index].steps.map(scaled) }
    }

    private func scale(_ episode: inout Episode) {
        if case .time(let time) = episode.kind { episode.kind = .time(scaled(time)) }
        scale(&episode.at)
        scale(&episode.lasts)
        scale(&episode.every)
    }

    private func scale(_ fault: inout Fault) {
        switch fault.kind {
        case .delay(let span): fault.kind = .delay(scaled(span))
        case .trickle(let every): fault.kind = .trickle(every: scaled(every))
        default: break
        }
        scale(&fault.at)
        scale(&fault.lasts)
    }

    // MARK: Resources

    private func scaled(_ kind: ResourceDescription.Kind) -> ResourceDescription.Kind {
        switch kind {
        case .database(var database):
            scale(&database.patience)
            scale(&database.read)
            scale(&database.write)
            scale(&database.lag)
            scale(&database.recovery)
            return .database(database)
        case .cache(var cache):
            scale(&cache.ttl)
            scale(&cache.time)
            scale(&cache.flush)
            scale(&cache.tuning)
            for index in cache.losses.indices { scale(&cache.losses[index].at) }
            return .cache(cache)
        case .queue(var queue):
            scale(&queue.flush)
            scale(&queue.time)
            scale(&queue.perMessage)
            return .queue(queue)
        case .store(var store):
            scale(perSecond: &store.bandwidth)
            scale(&store.time)
            return .store(store)
        case .service(var service):
            scale(&service.time)
            for index in service.episodes.indices { scale(&service.episodes[index]) }
            scale(&service.recovery)
            return .service(service)
        }
    }

    private func scale(_ recovery: inout RecoveryDescription?) {
        guard var rules = recovery else { return }
        scale(&rules.every)
        scale(&rules.delay)
        recovery = rules
    }

    private func scaled(_ step: WorkStep) -> WorkStep {
        switch step {
        case .read(let name, let time): return .read(name, time: time.map { scaled($0) })
        case .write(let name, let time): return .write(name, time: time.map { scaled($0) })
        case .invalidate, .send: return step
        case .upload(let name, var upload):
            scale(&upload.wait)
            scale(perSecond: &upload.compressing)
            return .upload(name, upload)
        case .call(let name, var call):
            scale(&call.timeout)
            scale(&call.wait)
            if var breaker = call.breaker {
                scale(&breaker.open)
                call.breaker = breaker
            }
            return .call(name, call)
        case .parallel(let branches): return .parallel(branches.map { $0.map(scaled) })
        case .work(let time): return .work(scaled(time))
        }
    }
}
