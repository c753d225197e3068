import Arrivals
import Core
import Testing

@testable import Plans

/// Every form of a phase: what it reads as, and how it is said.
struct PhaseTests {
    static let forms: [(String, LoadPhase, String)] = [
        (
            "{ rate: 200/s, for: 10s }", .open(.constant(rate(200)), .regular, .seconds(10)), "200/s for 10s"
        ),
        (
            "{ rate: 200/s, for: 10s, warm-up: true }",
            .open(.constant(rate(200)), .regular, .seconds(10), warmUp: true), "200/s for 10s, warm-up"
        ),
        (
            "{ rate: 200/s to 2000/s, for: 2m, arrivals: poisson }",
            .open(.ramp(from: rate(200), to: rate(2_000)), .poisson, .seconds(120)), "200/s to 2000/s for 2m, Poisson"
        ),
        (
            "{ rate: 200/s to 0/s, for: 2m }",
            .open(.ramp(from: rate(200), to: rate(0)), .regular, .seconds(120)), "200/s to 0/s for 2m"
        ),
        (
            "{ rate: 100/s to 1000/s, step: 100/s, every: 30s }",
            .open(steps(100, 1_000, 100, .seconds(30)), .regular, .seconds(300)),
            "100/s to 1000/s by 100/s every 30s for 5m"
        ),
        (
            "{ rate: 1000/s to 100/s, step: 400/s, every: 30s }",
            .open(steps(1_000, 100, 400, .seconds(30)), .regular, .seconds(120)),
            "1000/s to 100/s by 400/s every 30s for 2m"
        ),
        (
            "{ rate: 100/s to 300/s, step: 100/s, every: 30s, for: 5m }",
            .open(steps(100, 300, 100, .seconds(30)), .regular, .seconds(300)),
            "100/s to 300/s by 100/s every 30s for 5m"
        ),
        (
            "{ rate: 0.1/s to 1/s, step: 0.1/s, every: 1s }",
            .open(steps(0.1, 1, 0.1, .seconds(1)), .regular, .seconds(10)), "0.1/s to 1/s by 0.1/s every 1s for 10s"
        ),
        (
            "{ rate: 500/s, wave: 200/s, period: 1m, for: 10m }",
            .open(.wave(mean: rate(500), amplitude: rate(200), period: .seconds(60)), .regular, .seconds(600)),
            "500/s ± 200/s in waves of 1m for 10m"
        ),
        (
            "{ rate: 500/s, spike: 2000/s, at: 1m, lasts: 10s, for: 3m }",
            .open(
                .spike(base: rate(500), peak: rate(2_000), at: .seconds(60), lasts: .seconds(10)), .regular,
                .seconds(180)),
            "500/s for 3m, 2000/s at 1m for 10s"
        ),
        (
            "{ rate: 500/s, burst: 50, for: 1m }", .open(.bursts(rate(500), size: 50), .regular, .seconds(60)),
            "500/s in bursts of 50 for 1m"
        ),
        (
            "{ users: 10, for: 1m, think: 1s }", .closed(.constant(10), think: .seconds(1), .after(.seconds(60))),
            "10 users for 1m, thinking 1s"
        ),
        (
            "{ users: 10 to 200, for: 1m }", .closed(.ramp(from: 10, to: 200), .after(.seconds(60))),
            "10 to 200 users for 1m"
        ),
        (
            "{ users: 10, count: 10_000 }", .closed(.constant(10), .count(10_000)), "10 users until 10_000 calls"
        ),
        ("{ users: 1, count: 1 }", .closed(.constant(1), .count(1)), "1 user until 1 call"),
        (
            "{ rate: 30/m, for: 1.5s }", .open(.constant(rate(0.5)), .regular, .milliseconds(1_500)),
            "0.5/s for 1.5s"
        ),
    ]

    @Test(arguments: forms)
    func aPhaseIsReadAndSaid(yaml: String, phase: LoadPhase, text: String) throws {
        let load = try PlanInputs.plan("load: [\(yaml), { rate: 1/s, for: 1s }]").load
        #expect(load[0] == phase)
        #expect(load[0].text == text)
    }

    @Test func aPhaseKnowsItsLength() {
        #expect(LoadPhase.open(.constant(Self.rate(1)), .regular, .seconds(3)).length == .seconds(3))
        #expect(LoadPhase.closed(.constant(1), .after(.seconds(4))).length == .seconds(4))
        #expect(LoadPhase.closed(.constant(1), .count(4)).length == nil)
    }

    @Test func theExpectedCallsAreThoseOfTheMeasuredPhases() throws {
        let text =
            "load: [{ rate: 10/s, for: 1s, warm-up: true }, { rate: 10/s to 30/s, for: 2s }, { users: 2, count: 5 }]"
        #expect(try PlanInputs.plan(text).expectedArrivals == 45)
        #expect(try PlanInputs.plan("load: [{ users: 1, for: 1s }]").expectedArrivals == nil)
    }

    static func rate(_ perSecond: Double) -> Rate { Rate(perSecond: perSecond) }

    static func steps(_ from: Double, _ to: Double, _ by: Double, _ every: Span) -> RateCurve {
        .steps(from: rate(from), to: rate(to), by: rate(by), every: every)
    }
}

extension LoadPhase {
    fileprivate static func open(
        _ curve: RateCurve, _ arrivals: ArrivalProcess, _ length: Span, warmUp: Bool = false
    ) -> LoadPhase {
        LoadPhase(.open(curve, arrivals: arrivals, for: length), warmUp: warmUp)
    }

    fileprivate static func closed(_ users: UserCurve, think: Span = .zero, _ end: ClosedEnd) -> LoadPhase {
        LoadPhase(.closed(users, think: think, until: end))
    }
}
