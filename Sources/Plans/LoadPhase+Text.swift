package import Arrivals
package import Core

extension LoadPhase {
    /// The phase as a person would say it: `200/s to 2000/s for 2m, Poisson`.
    package var text: String {
        let words =
            switch shape {
            case .open(let curve, let arrivals, let length): Self.open(curve, arrivals, Units.text(length))
            case .closed(let users, let think, let end): Self.closed(users, think: think, end)
            case .replay(let schedule, let length): Self.replay(schedule, Units.text(length))
            }
        return words + (warmUp ? ", warm-up" : "")
    }

    private static func open(_ curve: RateCurve, _ arrivals: ArrivalProcess, _ length: String) -> String {
        let words =
            switch curve {
            case .constant(let rate):
                "\(Units.text(rate)) for \(length)"
            case .ramp(let from, let to):
                "\(Units.text(from)) to \(Units.text(to)) for \(length)"
            case .steps(let from, let to, let by, let every):
                "\(Units.text(from)) to \(Units.text(to)) by \(Units.text(by)) every \(Units.text(every)) for \(length)"
            case .wave(let mean, let amplitude, let period):
                "\(Units.text(mean)) ± \(Units.text(amplitude)) in waves of \(Units.text(period)) for \(length)"
            case .spike(let base, let peak, let at, let lasts):
                "\(Units.text(base)) for \(length), \(Units.text(peak)) at \(Units.text(at)) for \(Units.text(lasts))"
            case .bursts(let rate, let size):
                "\(Units.text(rate)) in bursts of \(size.grouped) for \(length)"
            }
        return words + (arrivals == .poisson ? ", Poisson" : "")
    }

    private static func closed(_ users: UserCurve, think: Span, _ end: ClosedEnd) -> String {
        let who =
            switch users {
            case .constant(1): "1 user"
            case .constant(let count): "\(count.grouped) users"
            case .ramp(let from, let to): "\(from.grouped) to \(to.grouped) users"
            }
        let until =
            switch end {
            case .after(let length): "for \(Units.text(length))"
            case .count(let count): "until \(count.grouped) \(count == 1 ? "call" : "calls")"
            }
        return "\(who) \(until)" + (think > .zero ? ", thinking \(Units.text(think))" : "")
    }

    private static func replay(_ schedule: ReplaySchedule, _ length: String) -> String {
        let speed = schedule.speed == 1 ? "" : " at speed \(Units.number(schedule.speed))"
        return "replay of \(schedule.source.printable)\(speed) for \(length)"
    }

    /// How long the phase lasts; nil for a closed phase that ends by count.
    package var length: Span? {
        switch shape {
        case .open(_, _, let length), .closed(_, _, .after(let length)), .replay(_, let length): length
        case .closed(_, _, .count): nil
        }
    }
}
