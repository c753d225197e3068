import Arrivals
package import Core

/// How many seconds of a plan pass in one second of its run.
///
/// Every length of time of the plan is divided by it and every rate multiplied, written ones and defaults alike, so that a
/// plan in minutes runs in seconds and what happens is the same, only faster. Sizes, shares and counts stay. So does what
/// is no part of the plan: how long the machine itself takes, what the command line says, `Retry-After` of an answer.
package struct TimeScale: Hashable, Sendable {
    /// 1, the default, to 100,000.
    package let factor: Double

    package static let none = TimeScale(unchecked: 1)
    /// Beyond this a minute is less than a millisecond, and a timer no timer.
    package static let most = 100_000.0
    /// The shortest time that a plan may ask for when it is run faster: timers know no shorter one.
    package static let shortest = Span.microseconds(1)

    private init(unchecked factor: Double) { self.factor = factor }

    /// Nil outside 1 to `most`.
    package init?(_ factor: Double) {
        guard (1...Self.most).contains(factor) else { return nil }
        self.factor = factor
    }

    /// The text of an option: `60`, `2.5`.
    package init(_ text: String) throws(UnitProblem) {
        let factor = try Units.number(text, noun: "a time scale")
        guard (1...Self.most).contains(factor) else {
            throw UnitProblem(
                .range,
                "`\(text.printable)` is out of range, a time scale lies between 1 and \(Int(Self.most).grouped)",
                remedy: "write one such as `60`, which turns minutes into seconds")
        }
        self.factor = factor
    }

    package var isNone: Bool { factor == 1 }

    /// As the option writes it: `60`.
    package var text: String { Units.number(factor) }

    /// For the head of reports: `1 s here is 60 s of the plan`.
    package var words: String { "1 s here is \(text) s of the plan" }

    // MARK: Values

    /// A time of the plan as it passes in the run: to the nearest nanosecond, never nothing where there was something.
    package func scaled(_ span: Span) -> Span {
        guard !isNone, span.nanoseconds > 0, span.nanoseconds < .max else { return span }
        let nanoseconds = Int64(exactly: (Double(span.nanoseconds) / factor).rounded()) ?? .max
        return Span(nanoseconds: max(1, nanoseconds))
    }

    package func scaled(_ rate: Rate) -> Rate { Rate(perSecond: rate.perSecond * factor) }

    package func scaled(_ time: TimeDistribution) -> TimeDistribution {
        switch time {
        case .constant(let span): .constant(scaled(span))
        case .uniform(let from, let to): .uniform(from: scaled(from), to: scaled(to))
        case .exponential(let mean): .exponential(mean: scaled(mean))
        case .lognormal(let p50, let p99): .lognormal(p50: scaled(p50), p99: scaled(p99))
        case .bimodal(let fast, let slow, let share): .bimodal(fast: scaled(fast), slow: scaled(slow), share: share)
        case .recorded(let times): .recorded(isNone ? times : times.divided(by: factor))
        }
    }

    // MARK: In place

    /// - Parameter least: what the engine does at the most often; a default that would come more often is held there.
    func scale(_ span: inout Span, least: Span = .zero) { span = max(scaled(span), min(span, least)) }
    func scale(_ span: inout Span?) { span = span.map { scaled($0) } }
    func scale(_ rate: inout Rate) { rate = scaled(rate) }
    func scale(_ time: inout TimeDistribution) { time = scaled(time) }
    func scale(_ time: inout TimeDistribution?) { time = time.map { scaled($0) } }
    /// Something per second.
    func scale(perSecond number: inout Double) { number *= factor }
}

extension Plan {
    /// The same plan, run faster. The plan's text, names and the texts of its budgets stay as they are.
    func scaled(by scale: TimeScale) -> Plan {
        var plan = self
        plan.timeScale = scale
        guard !scale.isNone else { return plan }
        for index in plan.load.indices { scale.scale(&plan.load[index].shape) }
        for index in plan.scenarios.indices {
            scale.scale(&plan.scenarios[index].think)
            scale.scale(&plan.scenarios[index].flow)
        }
        scale.scale(&plan.setup)
        scale.scale(&plan.teardown)
        scale.scale(&plan.client)
        scale.scale(&plan.transport)
        for index in plan.budgets.indices { scale.scale(&plan.budgets[index]) }
        if let endpoints = plan.endpoints { plan.endpoints = scale.scaled(endpoints) }
        if let lab = plan.lab { plan.lab = scale.scaled(lab) }
        return plan
    }
}
