import Core

/// Why a description cannot be served. A checked plan has none; values made in code may.
package struct LabFlaw: Error, Hashable, Sendable, CustomStringConvertible {
    /// The service; empty when the fault is the whole lab's.
    package var service: String
    /// What is wrong, with the value and the rule.
    package var reason: String

    package var description: String {
        service.isEmpty ? "lab: \(reason)" : "lab service \"\(service)\": \(reason)"
    }
}

extension LabDescription {
    /// The first flaw, or nil when the lab can be served as described.
    package var flaw: LabFlaw? {
        guard !services.isEmpty else { return LabFlaw(service: "", reason: "it has no service; describe at least one") }
        var names: Set<String> = []
        for service in services {
            guard names.insert(service.name).inserted else {
                return LabFlaw(service: service.name, reason: "the name is taken twice; give each service its own")
            }
            if let reason = service.flaw { return LabFlaw(service: service.name, reason: reason) }
        }
        // `shop/0` may be a replica of `shop` that listens, and a service that somebody called so.
        names = []
        for listener in listeners where !names.insert(listener.name).inserted {
            let reason = "the name is that of a replica that listens and of another service; change one"
            return LabFlaw(service: listener.name, reason: reason)
        }
        return resourceFlaw
    }
}

extension ServiceDescription {
    fileprivate var flaw: String? {
        if name.isEmpty { return "the name is empty" }
        if port == 0 { return "port 0 is no port; leave it out for any free one" }
        if replicas < 1 { return "replicas \(replicas) is less than 1" }
        if workers < 1 { return "workers \(workers) is less than 1" }
        if queue < 0 { return "queue \(queue) is less than 0" }
        if bodyBytes < 0 { return "body of \(bodyBytes) bytes is less than nothing" }
        if !(200...599).contains(status) { return "status \(status) is outside 200 to 599" }
        if connection < .zero { return "connection time \(connection) is less than nothing" }
        if listening == .each, let port, Int(port) + replicas - 1 > 65_535 {
            return "port \(port) for the first of \(replicas) replicas that listen each: the last would have port "
                + "\(Int(port) + replicas - 1), beyond 65535; begin lower"
        }
        return time.flaw("service time") ?? network.flaw ?? episodes.lazy.compactMap { $0.flaw(of: replicas) }.first
            ?? faults.lazy.compactMap { $0.flaw ?? $0.placeFlaw(in: self) }.first
    }
}

extension Fault {
    fileprivate var flaw: String? {
        guard (0...1).contains(share) else { return "fault \(kind.name): share \(share) is outside 0 to 1" }
        if kind.strikesConnections, path != nil {
            return "fault \(kind.name) strikes connections, which have no path; leave `path` out"
        }
        switch kind {
        case .status(let status):
            if !(200...599).contains(status) { return "fault status: \(status) is outside 200 to 599" }
        case .delay(let span):
            if span < .zero { return "fault delay: \(span) is less than nothing" }
        case .trickle(let every):
            if every <= .zero { return "fault trickle: an interval of \(every) is not above 0" }
        case .gzipBomb(let bytes), .oversizedHeader(let bytes), .oversizedHeaders(let bytes):
            if bytes < 1 { return "fault \(kind.name): \(bytes) bytes is less than 1" }
        case .redirect(let location):
            if location.isEmpty || location.utf8.contains(where: { $0 < 0x21 || $0 == 0x7F }) {
                return "fault redirect: the location \"\(location)\" is empty or holds a blank or control character"
            }
        default: break
        }
        return nil
    }
}
