import Arrivals
package import Core
import Model

/// What the command line changes of a plan: `--target`, `--rate`, `--for`, `--users`. Warm-up phases stay as they are.
///
/// `--rate`, `--for` and `--users` each change one phase, so the plan must have exactly one that is not a warm-up and
/// that the option fits. To scale several phases at once would be a guess at what is meant.
package struct Overrides: Hashable, Sendable {
    /// Replaces the plan's target; a service without a name is the lab's only one. The plan keeps its lab, which is
    /// needed only while the target is one of its services.
    package var target: Target?
    /// Replaces the rate of the one measured open phase: its constant rate, its mean, or that of its bursts.
    package var rate: Rate?
    /// Replaces the length of the one measured phase.
    package var duration: Span?
    /// Replaces the users of the one measured closed phase, by a constant number.
    package var users: Int?

    package init(target: Target? = nil, rate: Rate? = nil, duration: Span? = nil, users: Int? = nil) {
        self.target = target
        self.rate = rate
        self.duration = duration
        self.users = users
    }

    /// The options' texts; nil where an option was not given.
    package init(
        target: String?, rate: String?, duration: String?, users: String?
    ) throws(OptionProblem) {
        if let target {
            let text = try OptionProblem.complaining("--target") { () throws(Complaint) in try TargetText(target) }
            // Which service `lab` means is known only with the plan: `apply` fills in the name.
            switch text {
            case .url(let url): self.target = .url(url)
            case .lab(let service): self.target = .lab(service: service ?? "")
            }
        }
        if let rate {
            self.rate = try OptionProblem.reading("--rate") { () throws(UnitProblem) in try Units.rate(rate) }
        }
        if let duration {
            self.duration = try OptionProblem.reading("--for") { () throws(UnitProblem) in
                try Units.duration(duration)
            }
        }
        if let users {
            self.users = try OptionProblem.reading("--users") { () throws(UnitProblem) in
                try Units.count(users, in: 1...Units.maximumUsers, noun: "a number of users")
            }
        }
    }

    package var isEmpty: Bool { self == Overrides() }

    /// What is changed, as a report says it: `--rate 500/s`.
    package var texts: [String] {
        var texts: [String] = []
        switch target {
        case .url(let url)?: texts.append("--target \(url)")
        case .lab(let service)?: texts.append("--target lab" + (service.isEmpty ? "" : "/\(service)"))
        case nil: break
        }
        if let rate { texts.append("--rate \(Units.text(rate))") }
        if let duration { texts.append("--for \(Units.text(duration))") }
        if let users { texts.append("--users \(users)") }
        return texts
    }

    /// The changed plan. `hash` stays that of the plan's text.
    package func apply(to plan: Plan) throws(OptionProblem) -> Plan {
        var plan = plan
        if let target { plan.target = try resolve(target, of: plan) }
        if let rate { try change(&plan, "--rate", rate: rate) }
        if let users { try change(&plan, "--users", users: users) }
        if let duration { try change(&plan, "--for", duration: duration) }
        return plan
    }

    private func resolve(_ target: Target, of plan: Plan) throws(OptionProblem) -> Target {
        guard case .lab(let service) = target else { return target }
        let services = plan.lab?.services.map(\.name) ?? []
        if let found = plan.lab?.services.first(where: { $0.name == service || service.isEmpty && services.count == 1 })
        {
            guard found.listening == .together || plan.endpoints != nil else {
                throw OptionProblem(
                    "--target", "each replica of `\(found.name)` has an address of its own, and the service has none",
                    remedy: "write `endpoints: [lab/\(found.name)]` in the plan")
            }
            return .lab(service: found.name)
        }
        let known = services.map { "`lab/\($0)`" }.joined(separator: ", ")
        throw OptionProblem(
            "--target", services.isEmpty ? "the plan describes no lab" : "the plan's lab has no such service",
            remedy: services.isEmpty ? "name a URL" : "known are \(known)")
    }

    // MARK: The one phase

    /// The place of the one measured phase of the plan that `fits`.
    private func only(
        of plan: Plan, _ option: String, _ noun: String, where fits: (LoadPhase) -> Bool
    ) throws(OptionProblem) -> Int {
        let places = plan.load.indices.filter { !plan.load[$0].warmUp && fits(plan.load[$0]) }
        guard places.count == 1 else {
            let count = places.isEmpty ? "none" : "\(places.count)"
            throw OptionProblem(
                option, "it changes the one measured \(noun), and the plan has \(count)",
                remedy: "change the plan instead")
        }
        return places[0]
    }

    private func change(_ plan: inout Plan, _ option: String, rate: Rate) throws(OptionProblem) {
        let place = try only(of: plan, option, "open phase", where: \.isOpen)
        guard case .open(let curve, let arrivals, let length) = plan.load[place].shape else {
            throw OptionProblem(
                option, "it sets a rate, and the phase is `\(plan.load[place].text)`",
                remedy: "write `speed` in the plan instead")
        }
        guard rate.perSecond > 0 else {
            throw OptionProblem(option, "at \(Units.text(rate)) nothing is sent", remedy: "write a rate above zero")
        }
        let changed: RateCurve
        switch curve {
        case .constant: changed = .constant(rate)
        case .bursts(_, let size): changed = .bursts(rate, size: size)
        case .ramp, .steps, .wave, .spike:
            throw OptionProblem(
                option, "it sets a constant rate, and the phase is `\(plan.load[place].text)`",
                remedy: "change the plan instead")
        }
        plan.load[place].shape = .open(changed, arrivals: arrivals, for: length)
    }

    private func change(_ plan: inout Plan, _ option: String, users: Int) throws(OptionProblem) {
        let place = try only(of: plan, option, "closed phase") { !$0.isOpen }
        guard case .closed(_, let think, let end) = plan.load[place].shape else { return }
        guard (1...Units.maximumUsers).contains(users) else {
            throw OptionProblem(
                option, "\(users) is out of range", remedy: "write 1 to \(Units.maximumUsers.grouped)")
        }
        guard users <= plan.client.clients * plan.client.inFlight else {
            throw OptionProblem(
                option, "\(users.grouped) users make more calls at once than `client` of the plan allows",
                remedy: "raise `client.in-flight` in the plan")
        }
        plan.load[place].shape = .closed(.constant(users), think: think, until: end)
    }

    private func change(_ plan: inout Plan, _ option: String, duration: Span) throws(OptionProblem) {
        let place = try only(of: plan, option, "phase") { _ in true }
        guard duration > .zero else {
            throw OptionProblem(option, "a phase of no length sends nothing", remedy: "write a longer one")
        }
        switch plan.load[place].shape {
        case .open(.spike(_, _, let at, let lasts), _, _) where at + lasts > duration:
            throw OptionProblem(
                option, "the spike of the phase ends only after \(Units.text(at + lasts))",
                remedy: "write at least that")
        case .open(let curve, let arrivals, _):
            plan.load[place].shape = .open(curve, arrivals: arrivals, for: duration)
        case .closed(let users, let think, .after):
            plan.load[place].shape = .closed(users, think: think, until: .after(duration))
        case .replay(let schedule, _):
            let cut = schedule.cut(at: duration)
            guard cut.count > 0 else {
                let first = schedule.offset(of: 0) ?? .zero
                throw OptionProblem(
                    option, "the first arrival of the replay is due only after \(Units.text(first))",
                    remedy: "write at least that")
            }
            plan.load[place].shape = .replay(cut, for: duration)
        case .closed(_, _, .count(let count)):
            throw OptionProblem(
                option, "the phase ends after \(count.grouped) calls, not after a time",
                remedy: "change the plan instead")
        }
    }
}
