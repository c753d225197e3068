import Core
import Model

/// Endpoints that are services of the plan's lab: whether there are such, and the replicas that each listen, written out.
enum LabEndpoints {
    /// The endpoints of the plan, where a service of which each replica listens has become all of its replicas.
    /// - Returns: nil when the plan has none, or after a complaint.
    static func resolve(
        _ draft: EndpointKeys.Draft?, in lab: LabDescription?, _ context: inout ReadingContext
    ) -> PlannedEndpoints? {
        guard let draft else { return nil }
        if let source = draft.source { return .source(source) }
        let services = lab?.services ?? []
        var endpoints: [PlannedEndpoint] = []
        var places: Set<PlannedEndpoint.Place> = []
        for endpoint in draft.fixed {
            guard let names = names(of: endpoint, services, &context) else { return nil }
            for place in names {
                guard places.insert(place).inserted else {
                    context.complain(
                        .conflict, at: endpoint.place, "this endpoint stands in the list twice, once with its service",
                        remedy: "write the service alone, or its replicas one by one")
                    return nil
                }
                var one = endpoint.value
                one.place = place
                endpoints.append(one)
            }
            guard endpoints.count <= EndpointKeys.maximum else {
                context.complain(
                    .range, at: endpoint.place,
                    "with the replicas of this service the plan has more than \(EndpointKeys.maximum.grouped) endpoints",
                    remedy: "name fewer, or lower `replicas`")
                return nil
            }
        }
        return .fixed(endpoints)
    }

    /// What listens for an endpoint; nil after a complaint.
    private static func names(
        of endpoint: Placed<PlannedEndpoint>, _ services: [ServiceDescription], _ context: inout ReadingContext
    ) -> [PlannedEndpoint.Place]? {
        guard case .lab(let name) = endpoint.value.place else { return [endpoint.value.place] }
        if let service = services.first(where: { $0.name == name }) {
            return service.listeners.map { .lab(service: $0.name) }
        }
        guard let slash = name.firstIndex(of: "/"),
            let service = services.first(where: { $0.name == name[..<slash] })
        else {
            complain(ofUnknown: name, at: endpoint.place, services, &context)
            return nil
        }
        guard service.listening == .each else {
            context.complain(
                .target, at: endpoint.place, "the replicas of `\(service.name)` have one address, that of the service",
                remedy: "write `lab/\(service.name)`, or `listen: each` at the service")
            return nil
        }
        guard service.listeners.contains(where: { $0.name == name }) else {
            context.complain(
                .target, at: endpoint.place,
                "`\(name[name.index(after: slash)...].description.printable)` is no replica of `\(service.name)`, which has "
                    + ReplicaForms.having(service), remedy: "write `lab/\(service.name)/0`, or another one")
            return nil
        }
        return [endpoint.value.place]
    }

    private static func complain(
        ofUnknown name: String, at place: Place, _ services: [ServiceDescription], _ context: inout ReadingContext
    ) {
        let names = services.map(\.name)
        // Of `shpo/3` the service is what can be mistaken.
        let service = name.prefix { $0 != "/" }
        let near = context.nearest(to: String(service), in: names)
        context.complain(
            .target, at: place, "`\(service.description.printable)` is no service of the plan's lab",
            remedy: near.map { "did you mean `lab/\($0)\(name[service.endIndex...].description.printable)`?" }
                ?? (services.isEmpty
                    ? "describe it under `lab:`"
                    : "known are " + names.map { "`lab/\($0)`" }.joined(separator: ", ")))
    }
}
