import Arrivals
import Core
import Plans
import Recording

/// What a plan would do, without doing it: phases, expected calls, connections, memory.
struct PlanOutline {
    private let plan: Plan

    init(_ plan: Plan) {
        self.plan = plan
    }

    var text: String {
        var lines = ["\(plan.name): fine"]
        lines.append("target      \(target)")
        lines += phases
        lines.append("calls       " + calls)
        lines += plan.scenarios.flatMap { scenario in
            scenario.steps.map { step in
                "scenario    \(scenario.name) (\((100 * scenario.weight / weights).fixed(1)) %): \(step.method) \(step.path)"
            }
        }
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
        return lines.joined(separator: "\n")
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
        case .closed(_, _, .count(let count)): Double(count)
        case .closed: nil
        }
    }

    private var calls: String {
        let known = plan.load.compactMap(expected).reduce(0, +)
        let unknown = plan.load.contains { expected($0) == nil }
        if known == 0 { return "as many as the users get done" }
        return "\(known.fixed(0)) expected" + (unknown ? ", and as many as the users get done" : "")
    }

    /// Most connections: one per call in flight; a closed phase has one call per user.
    private var connections: Int {
        plan.load.map { phase in
            switch phase.shape {
            case .open: plan.client.inFlight * plan.client.clients
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
