import Core

/// The embedded target as a plan describes it under `lab:`.
package struct LabDescription: Hashable, Sendable {
    /// At least one; names are unique.
    package var services: [ServiceDescription]
    /// What is behind them; names are unique, among services too.
    package var resources: [ResourceDescription] = []

    package init(services: [ServiceDescription], resources: [ResourceDescription] = []) {
        self.services = services
        self.resources = resources
    }
}

extension LabDescription {
    /// What listens: a service of which each replica listens comes as so many services of one replica, `shop/0`, `shop/1`
    /// and so on, each with the episodes and faults that strike it; the others come as they are.
    package var listeners: [ServiceDescription] { services.flatMap(\.listeners) }
}

extension ServiceDescription {
    /// The same for one service. With a port P the replicas listen on P, P + 1 and so on.
    package var listeners: [ServiceDescription] {
        guard listening == .each else { return [self] }
        return (0..<replicas).map { replica in
            var one = self
            (one.name, one.replicas, one.listening) = ("\(name)/\(replica)", 1, .together)
            one.port = port.map { UInt16(clamping: Int($0) + replica) }
            one.episodes = episodes.compactMap { $0.striking(replica, of: replicas) }
            one.faults = faults.compactMap { $0.striking(replica) }
            return one
        }
    }
}

extension Episode {
    /// The same as it is for one replica alone; nil when it does not strike it.
    func striking(_ replica: Int, of count: Int) -> Episode? {
        if let replicas, !replicas.contains(replica) { return nil }
        var one = self
        one.replicas = nil
        guard case .restart = kind else { return one }
        let turn = Int64(replica - (replicas?.lowerBound ?? 0))
        let (after, overflow) = (every ?? .zero).nanoseconds.multipliedReportingOverflow(by: turn)
        one.kind = .outage
        one.at = at + Span(nanoseconds: overflow ? .max : after)
        one.every = nil
        return one
    }
}

extension Fault {
    /// The same as it is for one replica alone; nil when it does not strike it.
    func striking(_ replica: Int) -> Fault? {
        if let replicas, !replicas.contains(replica) { return nil }
        var one = self
        one.replicas = nil
        return one
    }
}
