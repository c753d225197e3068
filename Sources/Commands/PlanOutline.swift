import Arrivals
import Core
import Flows
import Model
import Plans
import Policies
import Recording

/// What a plan would do, without doing it: phases, expected calls, connections, memory.
struct PlanOutline {
    private let plan: Plan

    init(_ plan: Plan) {
        self.plan = plan
    }

    var text: String {
        var lines = ["\(plan.name): fine"]
        if !plan.timeScale.isNone { lines.append("time scale  \(plan.timeScale.words), as everything below") }
        lines.append("target      \(target)")
        lines += PolicyOutline(plan).lines
        lines += plan.lab.map { $0.words.map { "lab         \($0)" } } ?? []
        lines += phases
        lines += RatePicture.text(plan.load).split(separator: "\n").map { "  \($0)" }
        lines.append("arrivals    " + arrivals)
        lines += steps
        lines += plan.data.map { "data        \($0.name): \($0.text)\(draws(of: $0))" }
        let clients = plan.client.clients
        lines.append(
            "client      \(clients) client\(clients == 1 ? "" : "s"), at most \(plan.client.inFlight) calls in flight each, "
                + "time-out \(plan.client.totalTimeout)"
                + (plan.client.attemptTimeout.map { ", per attempt \($0)" } ?? ""))
        lines.append("connections up to \(connections), \(descriptors) file descriptors at most")
        lines.append("memory      about \(memory) for recording, however long the run")
        lines += plan.budgets.map {
            "budget      \($0.text)\($0.warnsOnly && !$0.text.contains("warn") ? " (warn)" : "")"
        }
        return plan.secrets.mask(lines.joined(separator: "\n"))
    }

    private var target: String {
        switch plan.target {
        case .url(let url): url
        case .lab(let service): "service `\(service)` of the plan's lab"
        }
    }

    private var weights: Double { plan.scenarios.map(\.weight).reduce(0, +) }

    private var phases: [String] {
        plan.load.enumerated().map { index, phase in
            "phase \(index + 1)     \(phase.text)\(expected(phase).map { ", \($0.fixed(0)) arrivals" } ?? "")"
        }
    }

    /// Arrivals that a schedule sets; nil where users set them.
    private func expected(_ phase: LoadPhase) -> Double? {
        switch phase.shape {
        case .open(let curve, _, let length): Intensity(curve, over: length).total
        case .replay(let schedule, _): Double(schedule.count)
        case .closed(_, _, .count(let count)): Double(count)
        case .closed: nil
        }
    }

    /// Arrivals of the whole plan, warm-up included, as far as schedules set them.
    private var known: Double { plan.load.compactMap(expected).reduce(0, +) }

    private var arrivals: String {
        let unknown = plan.load.contains { expected($0) == nil }
        if known == 0 { return "as many as the users get done" }
        return "\(known.fixed(0)) expected" + (unknown ? ", and as many as the users get done" : "")
    }

    /// Each step with the calls that are expected of it.
    private var steps: [String] {
        plan.scenarios.flatMap { scenario in
            let share = scenario.weight / weights
            let head = "scenario    \(scenario.name), \((100 * share).fixed(1)) % of the arrivals"
            let counts = scenario.flow.flatMap(\.expectedCalls)
            return [head]
                + zip(scenario.steps, counts).map { step, count in
                    let calls =
                        known > 0 ? (known * share * count).fixed(0) + " calls" : count.fixed(1) + " calls per arrival"
                    return "  step      \(step.name): \(calls)\(step.condition == nil ? "" : " at most")"
                }
        }
    }

    /// What is said of a source whose end ends the load.
    private func draws(of source: DataSource) -> String {
        guard let limit = source.drawLimit, known > 0 else { return "" }
        return Double(limit) < known ? ", fewer than the \(known.fixed(0)) arrivals: the load ends with them" : ""
    }

    /// Most connections: one per call in flight; a closed phase has one call per user.
    private var connections: Int {
        let pool = plan.client.policies.pool?.connections.map { $0 * plan.client.clients } ?? .max
        return min(pool, callsAtOnce)
    }

    private var callsAtOnce: Int {
        plan.load.map { phase in
            switch phase.shape {
            case .open, .replay: plan.client.inFlight * plan.client.clients
            case .closed(.constant(let users), _, _): users
            case .closed(.ramp(let from, let to), _, _): max(from, to)
            }
        }.max() ?? 0
    }

    private var descriptors: Int { connections + 16 + 4 * plan.client.clients }

    private var memory: String {
        let steps = plan.scenarios.map(\.steps.count).reduce(0, +)
        let series = SeriesTable(steps: Array(repeating: ("", ""), count: steps)).names.count
        // Two of each per client (one filling, one on its way), and the totals.
        let bytes = series * (2 * plan.client.clients + 2) * HistogramLayout.standard.countsLength * 8
        return "\((Double(bytes) / 1e6).fixed(0)) MB"
    }
}
