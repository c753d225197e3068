import Arrivals
import Core
import Flows
import Policies

/// What is sent, and what must come of it.
extension TimeScale {
    func scale(_ shape: inout LoadShape) {
        switch shape {
        case .open(let curve, let arrivals, let length):
            shape = .open(scaled(curve), arrivals: arrivals, for: scaled(length))
        case .closed(let users, let think, let end):
            let scaledEnd: ClosedEnd =
                switch end {
                case .after(let length): .after(scaled(length))
                case .count: end
                }
            shape = .closed(users, think: scaled(think), until: scaledEnd)
        case .replay(let schedule, let length):
            shape = .replay(schedule.divided(by: factor), for: scaled(length))
        }
    }

    private func scaled(_ curve: RateCurve) -> RateCurve {
        switch curve {
        case .constant(let rate): .constant(scaled(rate))
        case .ramp(let from, let to): .ramp(from: scaled(from), to: scaled(to))
        case .steps(let from, let to, let by, let every):
            .steps(from: scaled(from), to: scaled(to), by: scaled(by), every: scaled(every))
        case .wave(let mean, let amplitude, let period):
            .wave(mean: scaled(mean), amplitude: scaled(amplitude), period: scaled(period))
        case .spike(let base, let peak, let at, let lasts):
            .spike(base: scaled(base), peak: scaled(peak), at: scaled(at), lasts: scaled(lasts))
        case .bursts(let rate, let size): .bursts(scaled(rate), size: size)
        }
    }

    func scale(_ flow: inout [FlowItem]) { flow = flow.map(scaled) }

    private func scaled(_ item: FlowItem) -> FlowItem {
        switch item {
        case .call(let step): .call(scaled(step))
        case .group(let items): .group(items.map(scaled))
        case .transaction(let name, let items): .transaction(name: name, items.map(scaled))
        case .parallel(let name, let items): .parallel(name: name, items.map(scaled))
        case .repetition(let times, let condition, let items):
            .repetition(times, while: condition, items.map(scaled))
        case .choice(let condition, let then, let otherwise):
            .choice(condition, then: then.map(scaled), otherwise: otherwise.map(scaled))
        case .think(let time): .think(scaled(time))
        case .draw: item
        }
    }

    private func scaled(_ step: Step) -> Step {
        var step = step
        scale(&step.think)
        scale(&step.timeout)
        step.expect.checks = step.expect.checks.map { check in
            guard case .latency(let comparison, let limit) = check.rule else { return check }
            return ResponseCheck(.latency(comparison, scaled(limit)), text: check.text)
        }
        return step
    }

    func scale(_ budget: inout Budget) {
        scale(&budget.window)
        switch budget.statistic.unit {
        case .time: budget.limit /= factor
        case .perSecond: budget.limit *= factor
        case .share, .amount, .ratio: break
        }
    }
}
