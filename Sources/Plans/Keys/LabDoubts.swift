import Core
import Flows
import Model

/// What is right in the lab of a plan and perhaps not meant.
struct LabDoubts {
    let plan: Plan
    /// The whole plan's text, for places.
    let root: PlanNode

    func look(_ context: inout ReadingContext) {
        let nodes = root.entry("lab")?.value.entry("services")?.value.entries ?? []
        for (service, entry) in zip(plan.lab?.services ?? [], nodes) {
            lookAtNetwork(of: service, entry.value, &context)
            lookAtTimes(of: service, entry.value, &context)
            lookAtAnnouncements(of: service, entry.value, &context)
            lookAtAnswer(of: service, entry.value, &context)
            lookAtRoutes(of: service, entry.value, &context)
        }
        lookAtResources(&context)
    }

    /// What no request comes to.
    private func lookAtResources(_ context: inout ReadingContext) {
        guard let lab = plan.lab, let entry = root.entry("lab")?.value.entry("resources") else { return }
        guard lab.services.contains(where: { !$0.routes.isEmpty }) else {
            context.warn(
                .unreached, at: entry.keyPlace, "no service has a route, and no request comes to the resources",
                remedy: "write `routes` at a service, or remove `resources`")
            return
        }
        var used = Set(lab.services.flatMap { $0.routes.flatMap { $0.steps.flatMap(\.names) } })
        for resource in lab.resources where used.contains(resource.name) {
            if case .cache(let cache) = resource.kind { used.insert(cache.database) }
        }
        for (resource, entry) in zip(lab.resources, entry.value.entries) where !used.contains(resource.name) {
            context.warn(
                .unreached, at: entry.keyPlace, "no step of a route comes to `\(resource.name)`",
                remedy: "write a step that does, or remove it")
        }
    }

    /// State that no answer can have.
    private func lookAtAnswer(of service: ServiceDescription, _ node: PlanNode, _ context: inout ReadingContext) {
        guard service.answersState, service.routes.isEmpty, let entry = node.entry("answer") else { return }
        context.warn(
            .ignored, at: entry.value.place, "the service has no route, and without one there is no state to answer",
            remedy: "write `routes`, or remove `answer`")
    }

    /// Routes of the target that no request of the plan's scenarios comes to.
    private func lookAtRoutes(of service: ServiceDescription, _ node: PlanNode, _ context: inout ReadingContext) {
        guard case .lab(service.name) = plan.target, let entry = node.entry("routes"), !service.routes.isEmpty,
            root.entry("scenarios") != nil
        else { return }
        let steps = plan.scenarios.flatMap(\.steps)
        let isReached = steps.contains { step in
            let path = step.path.example
            return service.routes.contains { $0.fits(method: step.method.fixed, path: path) }
        }
        guard !isReached, let first = steps.first else { return }
        context.warn(
            .unreached, at: entry.keyPlace,
            "no step fits one of these routes, and nothing behind the service is asked: the first step asks for "
                + "`\(first.path.example)`",
            remedy: "write a route for it, such as `\(first.method.fixed ?? "GET") \(first.path.example)`")
    }

    private func lookAtNetwork(
        of service: ServiceDescription, _ node: PlanNode, _ context: inout ReadingContext
    ) {
        guard context.abilities.isRealTime, service.network != NetworkDescription(),
            let place = node.entry("network")?.keyPlace
        else { return }
        context.warn(
            .ignored, at: place,
            "`network` is modelled in virtual time only, and this run goes over the machine's own loopback without it",
            remedy: "run the plan with `gale simulate`, or remove it")
    }

    /// What would begin after the load has ended.
    private func lookAtTimes(of service: ServiceDescription, _ node: PlanNode, _ context: inout ReadingContext) {
        let lengths = plan.load.compactMap(\.length)
        guard lengths.count == plan.load.count else { return }
        let end = lengths.reduce(.zero, +)
        func look(_ key: String, _ noun: String, _ begins: [Span], _ context: inout ReadingContext) {
            for (begin, item) in zip(begins, node.entry(key)?.value.items ?? []) where begin >= end {
                guard let at = item.entry("at") else { continue }
                context.warn(
                    .unreached, at: at.value.place,
                    "\(noun) begins after \(Units.text(begin)), and the load ends after \(Units.text(end))",
                    remedy: "write an earlier `at`, or lengthen the load")
            }
        }
        look("episodes", "this episode", service.episodes.map(\.at), &context)
        look("faults", "this fault", service.faults.map(\.at), &context)
    }

    /// An announcement that nobody hears.
    private func lookAtAnnouncements(
        of service: ServiceDescription, _ node: PlanNode, _ context: inout ReadingContext
    ) {
        let names = Set(service.listeners.map(\.name))
        let isHeard = plan.endpoints?.services.contains(where: names.contains) ?? false
        let isOne = service.listening == .together && service.replicas > 1
        guard !isHeard || isOne else { return }
        for (episode, item) in zip(service.episodes, node.entry("episodes")?.value.items ?? [])
        where episode.isAnnounced {
            guard let place = item.entry("announced")?.keyPlace else { continue }
            context.warn(
                .ignored, at: place,
                isOne
                    ? "`announced` is of no use, because the replicas of the service have one address, which stays"
                    : "`announced` is of no use, because the service is no endpoint of the plan",
                remedy: isOne
                    ? "write `listen: each` at the service, or remove it"
                    : "write `endpoints: [lab/\(service.name)]`, or remove it")
        }
    }
}

extension PlannedEndpoints {
    /// Those that belong to the lab, by the names of what listens.
    fileprivate var services: [String] {
        guard case .fixed(let endpoints) = self else { return [] }
        return endpoints.compactMap { if case .lab(let service) = $0.place { service } else { nil } }
    }
}

extension WorkStep {
    /// The resources that it comes to.
    fileprivate var names: [String] {
        switch self {
        case .read(let name, _), .write(let name, _), .invalidate(let name, _), .send(let name, _),
            .upload(let name, _), .call(let name, _):
            [name]
        case .parallel(let branches): branches.flatMap { $0.flatMap(\.names) }
        case .work: []
        }
    }
}

extension Template {
    /// The text with `x` in each place.
    fileprivate var example: String {
        String(
            decoding: segments.flatMap { segment -> [UInt8] in
                if case .literal(let bytes) = segment { bytes } else { [UInt8(ascii: "x")] }
            }, as: UTF8.self)
    }

    /// The text of a template without places; nil with one.
    fileprivate var fixed: String? {
        let hasPlace = segments.contains { if case .variable = $0 { true } else { false } }
        return hasPlace ? nil : example
    }
}
