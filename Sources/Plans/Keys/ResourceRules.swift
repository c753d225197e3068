import Model

/// What must hold between the resources of a lab, its services and their routes.
struct ResourceRules {
    let lab: LabDescription
    /// The value of `lab:`, for places.
    let node: PlanNode
    private let kinds: [String: String]

    init(lab: LabDescription, node: PlanNode) {
        self.lab = lab
        self.node = node
        kinds = Dictionary(lab.resources.map { ($0.name, $0.kind.word) }) { first, _ in first }
    }

    func check(_ context: inout ReadingContext) {
        checkResources(&context)
        for (service, entry) in zip(lab.services, node.entry("services")?.value.entries ?? []) {
            let routes = entry.value.entry("routes")?.value.entries ?? []
            for (index, (route, entry)) in zip(service.routes, routes).enumerated() {
                checkOrder(of: route, at: entry.keyPlace, after: service.routes[..<index], &context)
                check(route.steps, entry.value.items, &context)
            }
        }
    }

    private func checkResources(_ context: inout ReadingContext) {
        let services = Set(lab.services.map(\.name))
        for (resource, entry) in zip(lab.resources, node.entry("resources")?.value.entries ?? []) {
            if services.contains(resource.name) {
                context.complain(
                    .conflict, at: entry.keyPlace,
                    "`\(resource.name)` is a service of the lab as well, and reports tell them apart by name",
                    remedy: "give the resource another name")
            }
            guard case .cache(let cache) = resource.kind else { continue }
            check(cache.database, ["database"], "`of` of a cache", at: entry.value.deepest("cache", "of"), &context)
        }
    }

    /// A route that another one stands before for all its requests.
    private func checkOrder(
        of route: RouteDescription, at place: Place, after others: ArraySlice<RouteDescription>,
        _ context: inout ReadingContext
    ) {
        for other in others where other.shape == route.shape {
            if other.method == route.method {
                context.complain(
                    .conflict, at: place,
                    "`\(route.text.printable)` takes the same requests as `\(other.text.printable)` before it",
                    remedy: "make one route of them")
                return
            }
            guard other.method == nil else { continue }
            context.complain(
                .conflict, at: place,
                "`\(other.text.printable)` stands before it and takes the requests of `\(route.text.printable)`",
                remedy: "put it before the route for every method")
            return
        }
    }

    private func check(_ steps: [WorkStep], _ nodes: [PlanNode], _ context: inout ReadingContext) {
        for (step, node) in zip(steps, nodes) {
            switch step {
            case .read(let name, _): check(name, ["database", "cache"], "read", node, &context)
            case .write(let name, _): check(name, ["database", "cache"], "write", node, &context)
            case .invalidate(let name, _): check(name, ["cache"], "invalidate", node, &context)
            case .send(let name, _): check(name, ["queue"], "send", node, &context)
            case .upload(let name, _): check(name, ["store"], "upload", node, &context)
            case .call(let name, _): check(name, ["service"], "call", node, &context)
            case .parallel(let branches):
                for (branch, node) in zip(branches, node.entry("parallel")?.value.items ?? []) {
                    if case .list(let items) = node.content {
                        check(branch, items, &context)
                    } else {
                        check(branch, [node], &context)
                    }
                }
            case .work: break
            }
        }
    }

    private func check(
        _ name: String, _ wanted: [String], _ key: String, _ node: PlanNode, _ context: inout ReadingContext
    ) {
        check(name, wanted, "`\(key)`", at: node.deepest(key), &context)
    }

    /// Complains of a resource that is not there, or is another thing than is wanted.
    /// - Parameter user: what wants it, in the words of a message.
    private func check(
        _ name: String, _ wanted: [String], _ user: String, at place: Place, _ context: inout ReadingContext
    ) {
        let right = lab.resources.filter { wanted.contains($0.kind.word) }.map(\.name)
        let words = wanted.map { "a \($0)" }.joined(separator: " or ")
        if let kind = kinds[name] {
            guard !wanted.contains(kind) else { return }
            context.complain(
                .conflict, at: place, "\(user) needs \(words), and `\(name)` is a \(kind)",
                remedy: right.isEmpty ? "describe one under `resources`" : "write \(Self.words(right))")
            return
        }
        let isService = lab.services.contains { $0.name == name }
        let near = isService ? nil : context.nearest(to: name, in: right)
        context.complain(
            .missing, at: place,
            isService
                ? "`\(name.printable)` is a service that clients call, and \(user) needs \(words) among the resources"
                : "`\(name.printable)` is no resource of the lab, and \(user) needs \(words)",
            remedy: near.map { "did you mean `\($0)`?" }
                ?? (right.isEmpty ? "describe it under `resources`" : "write \(Self.words(right))"))
    }

    private static func words(_ names: [String]) -> String {
        names.prefix(8).map { "`\($0)`" }.joined(separator: " or ")
    }
}
