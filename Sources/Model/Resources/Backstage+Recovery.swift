import Core

/// Resources that become bigger by themselves.
extension Backstage {
    /// The load begins: the first look at a resource that has rules.
    func watch(_ recovery: Recovery?, _ place: ResourcePlace) {
        if let recovery { events.insert(.looks(place), at: clock + recovery.every) }
    }

    func look(at place: ResourcePlace) {
        switch place {
        case .database(let index):
            guard let look = databases[index].recovery?.look() else { return }
            if look.workers != nil { databases[index].meter.add(.grown, at: clock) }
            follow(look, place, delay: databases[index].recovery?.delay ?? .zero)
        case .service(let index):
            guard let look = services[index].recovery?.look() else { return }
            if look.workers != nil { services[index].meter.add(.grown, at: clock) }
            follow(look, place, delay: services[index].recovery?.delay ?? .zero)
        case .cache, .queue, .store: break
        }
    }

    func resize(_ place: ResourcePlace, to workers: Int) {
        switch place {
        case .database(let index): resizeDatabase(index, to: workers)
        case .service(let index): resizeService(index, to: workers)
        case .cache, .queue, .store: break
        }
    }

    private func follow(_ look: Recovery.Look, _ place: ResourcePlace, delay: Span) {
        if let workers = look.workers { events.insert(.resizes(place, workers: workers), at: clock + delay) }
        events.insert(.looks(place), at: clock + look.next)
    }
}
