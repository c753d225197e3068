import Arrivals
import Core
import Flows
import Model

/// The plan itself: the keys of the first level, and the rules between them.
enum PlanKeys {
    struct Draft: Sendable {
        var name: String?
        var target: TargetText?
        var endpoints: EndpointKeys.Draft?
        var load: [LoadPhase]?
        var scenarios: [ScenarioKeys.Reading]?
        var setup = ScenarioKeys.Aside()
        var teardown = ScenarioKeys.Aside()
        var data: [DataSource] = []
        var client = ClientKeys.Draft()
        var tls: TLSSettings?
        var budgets: [BudgetKeys.Draft] = []
        var lab: LabDescription?
        var hosts = HostGuard()
        var variants: [String] = []
    }

    static let record = Record<Draft>(
        "the plan", noun: "the plan",
        doc: """
            A plan is a YAML file: what load to send, where to, and what must come of it.
            """,
        example: """
            name: checkout
            target: https://shop.staging.example
            load:
              - { rate: 200/s, for: 30s }
            budgets:
              - p99 < 250ms
            """,
        start: Draft(),
        keys: [
            .optional(
                "name", .name(NameText.plan), into: \.name, default: "the file's name",
                doc: "What reports call the plan; also the folder of its bundles.", example: "checkout"),
            .optional(
                "target",
                Form(
                    .text("URL, `lab` or `lab/SERVICE`"),
                    text: { text throws(Complaint) in
                        try TargetText(text)
                    }), into: \.target, default: "`lab`, if the lab has exactly one service",
                doc: "Where the load goes: `https://host:port/prefix`, or a service of the plan's own lab.",
                example: "https://shop.staging.example"),
            .optional(
                "endpoints", Forms.orNone(EndpointKeys.form), into: \.endpoints, default: "the target's own address",
                doc:
                    "Addresses to spread calls over: `none`, a list of [endpoints](#endpoint), or a [map](#endpoints).",
                example: "[10.0.0.11:8443, 10.0.0.12:8443]"),
            .optional(
                "allow-hosts", HostKeys.form, into: \.hosts,
                doc: "Hosts that a run may send to, beside those on this machine and on private networks: names, "
                    + "`*.` and a name, addresses, networks. Addresses at which clouds hand out credentials must be "
                    + "named one by one.",
                example: "[shop.staging.example, 203.0.113.0/24]"),
            .required(
                "load", Forms.list(PhaseKeys.form, of: "phases"), into: \.load,
                doc: "Phases of load, one after the other.", example: "[{ rate: 200/s, for: 30s }]"),
            .optional(
                "scenarios", ScenarioKeys.form, into: \.scenarios, default: "one `GET /`",
                doc: "What an arrival does.", example: "{ browse: [{ get: /products }] }"),
            .optional(
                "setup", ScenarioKeys.aside, into: \.setup,
                doc:
                    "Steps that run once before the load; what they extract is there for every user. Their calls are counted "
                    + "with those of warm-up phases.", example: "[{ post: /login, extract: { token: $.token } }]"),
            .optional(
                "teardown", ScenarioKeys.aside, into: \.teardown,
                doc: "Steps that run once after the load, with the values of `setup`.",
                example: "[{ delete: /sandbox }]"),
            .optional(
                "data", DataKeys.form, into: \.data,
                doc: "Sources of values for [places](#places-for-values) in steps.",
                example: "{ colour: { list: [red, green] } }"),
            .optional(
                "client", ClientKeys.form, into: \.client, doc: "The client side.", example: "{ clients: 2 }"),
            .optional("tls", TLSKeys.form, into: \.tls, doc: "Whom to trust.", example: "{ insecure: true }"),
            .optional(
                "budgets", BudgetKeys.form, into: \.budgets,
                doc: "[Limits](#budgets) that a run must keep.", example: "[p99 < 250ms]"),
            .optional(
                "lab", LabKeys.form, into: \.lab, doc: "The embedded target.",
                example: "{ services: { shop: { time: 10ms } } }"),
            .optional(
                "variants", VariantKeys.form, into: \.variants,
                doc: "Named changes of the plan: maps are merged key by key, everything else is replaced. "
                    + "`--variant NAME` chooses one; all are checked with the plan.",
                example: "{ staging: { client: { clients: 2 } } }"),
            .planned("alerts", doc: "What to say during a run."),
        ])

    /// - Parameters:
    ///   - file: for the name, if the plan has none.
    ///   - hash: of the plan's text.
    static func form(file: String, hash: UInt64) -> Form<Plan> {
        record.form { entries, context in
            let draft = entries.draft
            guard let load = draft.load, let target = target(entries, &context) else { return nil }
            checkAddress(of: target, entries, &context)
            check(load: load, entries, &context)
            let scenarios = draft.scenarios?.map(\.scenario) ?? [ScenarioKeys.standard]
            NameRules.check(scopes(of: draft), data: draft.data, shared: draft.setup.flow, &context)
            let endpoints = LabEndpoints.resolve(draft.endpoints, in: draft.lab, &context)
            PolicyRules.check(entries, scenarios: scenarios, endpoints: endpoints, &context)
            let budgets = BudgetKeys.resolve(draft.budgets, among: scenarios, &context)
            guard !context.hasErrors else { return nil }
            var transport = draft.client.transport
            transport.tls = draft.tls ?? TLSSettings()
            transport.hosts = draft.hosts
            var plan = Plan(
                name: draft.name ?? NameText.planName(ofFile: file), target: target, load: load,
                scenarios: scenarios, client: draft.client.settings, transport: transport, budgets: budgets,
                lab: draft.lab, hash: hash)
            plan.endpoints = endpoints
            plan.setup = draft.setup.flow
            plan.teardown = draft.teardown.flow
            plan.data = draft.data
            NameRules.warnOfUnused(draft.data, in: entries.values["data"], scopes(of: draft), &context)
            plan.variables = context.variables
            plan.counters = context.counters
            PlanDoubts.look(at: plan, budgets: draft.budgets, entries, &context)
            PolicyDoubts(plan: plan, root: entries.node).look(&context)
            return plan
        }
    }

    /// Flows whose names are their own: each scenario, setup and teardown.
    private static func scopes(of draft: Draft) -> [NameRules.Scope] {
        (draft.scenarios ?? []).map { (mentions: $0.mentions, flow: $0.scenario.flow) }
            + [draft.setup, draft.teardown].map { (mentions: $0.mentions, flow: $0.flow) }
    }

    private static func target(_ entries: Entries<Draft>, _ context: inout ReadingContext) -> Target? {
        let services = entries.draft.lab?.services.map(\.name) ?? []
        switch entries.draft.target {
        case .url(let url): return .url(url)
        case .lab(let service?):
            if services.contains(service) { return .lab(service: service) }
            let near = context.nearest(to: service, in: services)
            context.complain(
                .target, at: entries.place(of: "target"), "`\(service.printable)` is no service of the plan's lab",
                remedy: near.map { "did you mean `lab/\($0)`?" }
                    ?? (services.isEmpty
                        ? "describe it under `lab:`"
                        : "known are " + services.map { "`lab/\($0)`" }.joined(separator: ", ")))
        case .lab(nil), nil:
            if services.count == 1 { return .lab(service: services[0]) }
            if services.isEmpty {
                let wanted = entries.draft.target != nil
                context.complain(
                    wanted ? .target : .missing, at: entries.place(of: "target"),
                    wanted ? "the target is the lab, and the plan describes none" : "the plan has no target",
                    remedy: wanted
                        ? "describe it under `lab:`" : "write `target: https://host`, or describe a `lab:`")
            } else {
                context.complain(
                    .target, at: entries.place(of: "target"),
                    "the lab has \(services.count) services, and the target must be one of them",
                    remedy: "write `target: lab/\(services[0])`, or another one")
            }
        }
        return nil
    }

    /// A service of which each replica listens has no address of its own.
    private static func checkAddress(
        of target: Target, _ entries: Entries<Draft>, _ context: inout ReadingContext
    ) {
        guard case .lab(let name) = target, entries.draft.endpoints == nil,
            let service = entries.draft.lab?.services.first(where: { $0.name == name }), service.listening == .each
        else { return }
        context.complain(
            .target,
            at: entries["target"].map { _ in entries.place(of: "target") } ?? entries["lab"] ?? entries.node.place,
            "each replica of `\(name)` has an address of its own, and the service has none",
            remedy: "write `endpoints: [lab/\(name)]`")
    }

    private static func check(load: [LoadPhase], _ entries: Entries<Draft>, _ context: inout ReadingContext) {
        if load.allSatisfy(\.warmUp) {
            context.complain(
                .conflict, at: entries["load"] ?? entries.node.place,
                "every phase is a warm-up, and nothing would be measured",
                remedy: "add a phase without `warm-up`")
        }
        let client = entries.draft.client.settings
        let capacity = client.clients * client.inFlight
        guard case .list(let nodes)? = entries.values["load"]?.content else { return }
        for (phase, node) in zip(load, nodes) {
            guard case .closed(let users, _, _) = phase.shape, users.most > capacity else { continue }
            context.complain(
                .conflict, at: node.place,
                "\(users.most.grouped) users make more calls at once than `client` allows (\(capacity.grouped))",
                remedy: "raise `client.in-flight`, or lower `users`")
        }
    }
}

extension UserCurve {
    /// The highest number of users at any time.
    var most: Int {
        switch self {
        case .constant(let users): users
        case .ramp(let from, let to): max(from, to)
        }
    }
}
