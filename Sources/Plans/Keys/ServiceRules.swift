import Core
import Model

/// What must hold between the keys of a service of the lab.
enum ServiceRules {
    static func check(_ entries: Entries<ServiceDescription>, _ context: inout ReadingContext) {
        checkPorts(entries, &context)
        checkEpisodes(entries, &context)
        checkFaults(entries, &context)
    }

    /// Each replica that listens takes a port, from the first one on.
    private static func checkPorts(_ entries: Entries<ServiceDescription>, _ context: inout ReadingContext) {
        let service = entries.draft
        guard service.listening == .each, let port = service.port, Int(port) + service.replicas - 1 > 65_535 else {
            return
        }
        context.complain(
            .range, at: entries.place(of: "port"),
            "\(service.replicas.grouped) replicas listen on ports from \(port) on, and the last port is 65535",
            remedy: "write at most `\(65_536 - service.replicas)`, or remove `port`")
    }

    private static func checkEpisodes(_ entries: Entries<ServiceDescription>, _ context: inout ReadingContext) {
        let service = entries.draft
        for (episode, node) in zip(service.episodes, entries.values["episodes"]?.items ?? []) {
            if let replicas = episode.replicas {
                ReplicaForms.check(replicas, of: service, at: node.deepest("replicas"), &context)
            }
            guard case .restart = episode.kind else { continue }
            let struck = episode.replicas?.count ?? service.replicas
            if struck > 1, episode.every == nil {
                context.complain(
                    .missing, at: node.deepest("restart"),
                    "`every` is missing, and a restart of \(struck.grouped) replicas goes from one to the next",
                    remedy: "write it, such as `every: 10s`")
            }
            if struck == 1, episode.every != nil, let entry = node.entry("every") {
                context.warn(
                    .ignored, at: entry.keyPlace,
                    "`every` leads a restart from replica to replica, and this one strikes a single one",
                    remedy: "remove it; an `outage` with `every` comes again and again")
            }
        }
    }

    private static func checkFaults(_ entries: Entries<ServiceDescription>, _ context: inout ReadingContext) {
        let service = entries.draft
        for (fault, node) in zip(service.faults, entries.values["faults"]?.items ?? []) {
            guard let replicas = fault.replicas else { continue }
            if fault.kind.strikesConnections, service.listening == .together {
                context.complain(
                    .conflict, at: node.entry("replicas")?.keyPlace ?? node.place,
                    "`\(fault.kind.name)` strikes connections, and those go to one address for all replicas",
                    remedy: "remove `replicas`, or write `listen: each` at the service")
                continue
            }
            ReplicaForms.check(replicas, of: service, at: node.deepest("replicas"), &context)
        }
    }
}

extension PlanNode {
    /// The items of a list; none elsewhere.
    var items: [PlanNode] {
        if case .list(let items) = content { items } else { [] }
    }

    /// The entries of a map; none elsewhere.
    var entries: [Entry] {
        if case .map(let entries) = content { entries } else { [] }
    }
}
