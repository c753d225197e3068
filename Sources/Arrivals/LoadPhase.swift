package import Core

/// One stretch of load.
package struct LoadPhase: Hashable, Sendable {
    package var shape: LoadShape
    /// Results of a warm-up phase are kept apart from those of the run.
    package var warmUp: Bool

    package init(_ shape: LoadShape, warmUp: Bool = false) {
        self.shape = shape
        self.warmUp = warmUp
    }

    /// Whether a schedule sets the intended times, and not the users.
    package var isOpen: Bool {
        switch shape {
        case .open, .replay: true
        case .closed: false
        }
    }
}

/// Who decides when the next call begins: the schedule (open, replay), or the end of a user's last call (closed).
package enum LoadShape: Hashable, Sendable {
    case open(RateCurve, arrivals: ArrivalProcess, for: Span)
    case closed(UserCurve, think: Span, until: ClosedEnd)
    /// Arrivals at recorded times, for at least as long as the schedule's last one.
    case replay(ReplaySchedule, for: Span)
}

/// The intended rate as a function of the time since the start of the phase.
package enum RateCurve: Hashable, Sendable {
    case constant(Rate)
    /// A straight line over the phase.
    case ramp(from: Rate, to: Rate)
    /// `from`, then `by` more (towards `to`) every `every`; stays at `to`.
    case steps(from: Rate, to: Rate, by: Rate, every: Span)
    /// `mean + amplitude · sin(2πt / period)`; amplitude ≤ mean.
    case wave(mean: Rate, amplitude: Rate, period: Span)
    /// `base`, and `peak` from `at` for `lasts`.
    case spike(base: Rate, peak: Rate, at: Span, lasts: Span)
    /// `size` arrivals at once, `rate / size` times per second.
    case bursts(Rate, size: Int)
}

/// How arrivals fall around the intended rate.
package enum ArrivalProcess: String, Hashable, Sendable, CaseIterable {
    /// Evenly: arrival n at the instant at which the curve's integral reaches n.
    case regular
    /// A Poisson process with the curve as its intensity.
    case poisson
}

/// How many users a closed phase has.
package enum UserCurve: Hashable, Sendable {
    case constant(Int)
    /// A straight line over the phase.
    case ramp(from: Int, to: Int)
}

/// When a closed phase ends.
package enum ClosedEnd: Hashable, Sendable {
    case after(Span)
    /// When that many calls have been made, all users together.
    case count(Int)
}
