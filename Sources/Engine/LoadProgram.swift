package import Arrivals
package import Core
import Flows
package import Plans
package import Policies
package import Recording

/// A plan made ready to run: schedules, requests and choices, shared by all clients and never changed.
package struct LoadProgram: Sendable {
    /// One phase with its schedule.
    package enum Phase: Sendable {
        case open(OpenSchedule, for: Span)
        case closed(UserSchedule, think: Span, until: ClosedEnd)
        case replay(ReplaySchedule, for: Span)

        /// How long the phase lasts; nil when a count ends it.
        package var duration: Span? {
            switch self {
            case .open(_, let duration), .replay(_, let duration): duration
            case .closed(_, _, .after(let duration)): duration
            case .closed(_, _, .count): nil
            }
        }
    }

    package let seed: UInt64
    package let client: ClientSettings
    package let steps: [ProgramStep]
    package let phases: [Phase]
    /// By phase: whether its results are kept apart.
    package let warmUp: [Bool]
    /// By phase: whether a schedule sets the intended times.
    package let isOpen: [Bool]
    package let series: SeriesTable
    /// Which scenario arrival n runs.
    let choice: WeightedChoice
    /// By scenario.
    let flows: [ProgramFlow]
    let setup: ProgramFlow
    let teardown: ProgramFlow
    let data: [DataBinding]
    /// By data source: whether a flow of the load draws from it again on its way.
    let redrawn: [Bool]
    /// By data source: whether a user keeps its row.
    let isPerUser: [Bool]
    let variableCount: Int
    /// By slot, for messages.
    let variableNames: [String]
    package let policies: PolicySettings
    /// Whether the endpoints are others than the target itself.
    package let hasEndpoints: Bool
    /// What asks an endpoint how it is.
    let checkRequest: Request?
    /// What must not be seen in a report.
    let secrets: Secrets

    /// - Parameters:
    ///   - base: the URL that paths are appended to, without a trailing slash.
    package init(_ plan: Plan, base: String, seed: UInt64) {
        self.seed = seed
        client = plan.client
        data = plan.data.map { DataBinding($0, table: plan.variables, seed: seed) }
        let drawn = Set(plan.scenarios.flatMap(\.flow).flatMap(\.draws))
        redrawn = plan.data.indices.map(drawn.contains)
        isPerUser = plan.data.map(\.perUser)
        variableCount = plan.variables.count
        variableNames = plan.variables.names
        secrets = plan.secrets
        policies = plan.client.policies
        hasEndpoints = plan.endpoints != nil
        checkRequest = plan.client.policies.check.map { Request(url: BaseURL(base).origin + $0.path) }
        var builder = ProgramBuilder(plan, target: BaseURL(base), data: data)
        flows = plan.scenarios.map { builder.flow(of: $0) }
        setup = builder.aside(plan.setup, named: "setup")
        teardown = builder.aside(plan.teardown, named: "teardown")
        steps = builder.steps
        choice = WeightedChoice(plan.scenarios.map(\.weight))
        phases = plan.load.enumerated().map { index, phase in
            switch phase.shape {
            case .open(let curve, let arrivals, let duration):
                .open(OpenSchedule(curve, arrivals, for: duration, seed: seed, phase: index), for: duration)
            case .closed(let users, let think, let end):
                .closed(UserSchedule(users, until: end), think: think, until: end)
            case .replay(let schedule, let duration):
                .replay(schedule, for: duration)
            }
        }
        warmUp = plan.load.map(\.warmUp)
        isOpen = plan.load.map(\.isOpen)
        series = SeriesTable(
            steps: builder.steps.prefix(builder.measured).map { ($0.scenario, $0.name) },
            transactions: builder.transactions, checks: builder.checks,
            counters: plan.counters.map { CounterName(name: $0) })
    }

    /// The rows at which a phase begins, by data source, when `free` are the first ones that no earlier phase has taken.
    ///
    /// The file of a replay, read as data too, begins anew with its phase: arrival n has row n, whatever ran before.
    func rows(of phase: Int, free: [Int]) -> [Int] {
        guard case .replay(let schedule, _) = phases[phase] else { return free }
        return zip(data, free).map { binding, row in
            if case .table(let table, _, _) = binding.source.kind, table.label == schedule.source { 0 } else { row }
        }
    }

    /// Whether a call has to be thought about at all: there is a policy, or more than one way to go.
    package var isPolitic: Bool { hasEndpoints || !policies.areTrivial }

    /// Whether reports have a row for each endpoint; a target without others has one when it is checked.
    package var measuresEndpoints: Bool { hasEndpoints || checkRequest != nil }

    /// The header of every response that reports the load, and that of a health check's.
    var loadHeader: String? { if case .header(let name) = policies.balance.weights { name } else { nil } }
    var checkLoadHeader: String? { if case .health(let name) = policies.balance.weights { name } else { nil } }

    /// No call may take longer.
    package var longestCall: Span { steps.reduce(client.totalTimeout) { max($0, $1.timeout ?? .zero) } }

    /// Whether any scenario needs a user's state.
    var needsSessions: Bool { flows.contains { $0.plain == nil } }

    /// What arrival `n` of a phase does.
    func flow(of n: Int, phase: Int) -> ProgramFlow { flows[choice.pick(n, seed: seed, phase: phase)] }

    /// The random numbers of arrival `n` of a phase: think times, picks, repetitions.
    func random(of n: Int, phase: Int) -> SeededRandom {
        // The upper half names the purpose, in letters, as the streams of the schedules do.
        let stream: UInt64 = 0x666C_6F77 << 32 | UInt64(UInt32(truncatingIfNeeded: phase))
        return SeededRandom(seed: SeededRandom.value(seed: seed, stream: stream, at: UInt64(n)))
    }
}

/// Gives every step, transaction and check of a plan its place.
private struct ProgramBuilder {
    private(set) var steps: [ProgramStep] = []
    private(set) var transactions: [(scenario: String, name: String)] = []
    private(set) var checks: [CheckName] = []
    /// How many of the steps are measured; those of setup and teardown come after them.
    private(set) var measured = 0

    private let target: BaseURL
    private let cookies: Bool
    private let data: [DataBinding]
    private let policies: PolicySettings

    init(_ plan: Plan, target: BaseURL, data: [DataBinding]) {
        self.target = target
        cookies = plan.client.cookies
        policies = plan.client.policies
        self.data = data
    }

    mutating func flow(of scenario: Scenario) -> ProgramFlow {
        let first = steps.count
        let items = convert(scenario.flow, in: scenario.name, think: scenario.think, isMeasured: true)
        measured = steps.count
        let isPlain =
            !cookies && policies.shard == nil && steps[first...].allSatisfy(\.isPlain)
            && scenario.flow.allSatisfy { if case .call = $0 { true } else { false } }
        return ProgramFlow(
            items: items, endsOnFailure: scenario.endsOnFailure, sources: sources(of: scenario.flow),
            plain: isPlain ? first..<steps.count : nil)
    }

    /// A flow that runs outside the load, and whose calls are not measured.
    mutating func aside(_ flow: [FlowItem], named name: String) -> ProgramFlow {
        ProgramFlow(
            items: convert(flow, in: name, think: nil, isMeasured: false), endsOnFailure: true,
            sources: sources(of: flow), plain: nil)
    }

    private func sources(of flow: [FlowItem]) -> [Int] {
        let slots = Set(flow.flatMap(\.slots))
        let drawn = Set(flow.flatMap(\.draws))
        return data.indices.filter { drawn.contains($0) || !slots.isDisjoint(with: data[$0].slots) }
    }

    private mutating func convert(
        _ items: [FlowItem], in scenario: String, think: TimeDistribution?, isMeasured: Bool
    ) -> [ProgramFlow.Item] {
        var converted: [ProgramFlow.Item] = []
        func inner(_ items: [FlowItem], _ builder: inout ProgramBuilder) -> [ProgramFlow.Item] {
            builder.convert(items, in: scenario, think: think, isMeasured: isMeasured)
        }
        for item in items {
            switch item {
            case .call(let step):
                let first = isMeasured ? checks.count : nil
                if isMeasured {
                    checks += ResponseRules.texts(of: step).map {
                        CheckName(scenario: scenario, step: step.name, text: $0)
                    }
                }
                steps.append(
                    ProgramStep(
                        step, scenario: scenario, target: target, cookies: cookies, think: think, checks: first,
                        policies: policies))
                converted.append(.call(steps.count - 1))
            case .group(let items): converted.append(.group(inner(items, &self)))
            case .transaction(let name, let items):
                let place = isMeasured ? transaction(name, in: scenario) : nil
                converted.append(.transaction(place, inner(items, &self)))
            case .parallel(let name, let items):
                let place = isMeasured ? name.map { transaction($0, in: scenario) } : nil
                converted.append(.parallel(place, inner(items, &self)))
            case .repetition(let times, let condition, let items):
                converted.append(.repetition(times, while: condition, inner(items, &self)))
            case .choice(let condition, let then, let otherwise):
                converted.append(.choice(condition, then: inner(then, &self), otherwise: inner(otherwise, &self)))
            case .think(let time): converted.append(.think(time))
            case .draw(let sources): converted.append(.draw(sources))
            }
        }
        return converted
    }

    private mutating func transaction(_ name: String, in scenario: String) -> Int {
        transactions.append((scenario, name))
        return transactions.count - 1
    }
}
