package import Arrivals
package import Core
package import Plans
package import Recording

/// A plan made ready to run: schedules, requests and choices, shared by all clients and never changed.
package struct LoadProgram: Sendable {
    /// One step of a scenario, by its place in `steps`.
    package struct Step: Sendable {
        package let scenario: String
        package let name: String
        package let request: Request
        package let expect: Expectation
    }

    /// One phase with its schedule.
    package enum Phase: Sendable {
        case open(OpenSchedule, for: Span)
        case closed(UserSchedule, think: Span, until: ClosedEnd)

        /// How long the phase lasts; nil when a count ends it.
        package var duration: Span? {
            switch self {
            case .open(_, let duration): duration
            case .closed(_, _, .after(let duration)): duration
            case .closed(_, _, .count): nil
            }
        }
    }

    package let seed: UInt64
    package let client: ClientSettings
    package let steps: [Step]
    package let phases: [Phase]
    /// By phase: whether its results are kept apart.
    package let warmUp: [Bool]
    /// By phase: whether a schedule sets the intended times.
    package let isOpen: [Bool]
    package let series: SeriesTable
    /// Which scenario arrival n runs.
    let choice: WeightedChoice
    /// By scenario: its steps.
    let flows: [Range<Int>]

    /// - Parameters:
    ///   - base: the URL that paths are appended to, without a trailing slash.
    package init(_ plan: Plan, base: String, seed: UInt64) {
        self.seed = seed
        client = plan.client
        var steps: [Step] = []
        var flows: [Range<Int>] = []
        for scenario in plan.scenarios {
            let first = steps.count
            for step in scenario.steps {
                steps.append(
                    Step(
                        scenario: scenario.name, name: step.name,
                        request: Request(
                            method: step.method, url: base + step.path, headers: step.headers, body: step.body),
                        expect: step.expect))
            }
            flows.append(first..<steps.count)
        }
        self.steps = steps
        self.flows = flows
        choice = WeightedChoice(plan.scenarios.map(\.weight))
        phases = plan.load.enumerated().map { index, phase in
            switch phase.shape {
            case .open(let curve, let arrivals, let duration):
                .open(OpenSchedule(curve, arrivals, for: duration, seed: seed, phase: index), for: duration)
            case .closed(let users, let think, let end):
                .closed(UserSchedule(users, until: end), think: think, until: end)
            }
        }
        warmUp = plan.load.map(\.warmUp)
        isOpen = plan.load.map { if case .open = $0.shape { true } else { false } }
        series = SeriesTable(steps: steps.map { ($0.scenario, $0.name) })
    }

    /// The steps that arrival `n` of a phase goes through.
    func flow(of n: Int, phase: Int) -> Range<Int> { flows[choice.pick(n, seed: seed, phase: phase)] }
}
