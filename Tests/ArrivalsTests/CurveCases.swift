import Arrivals
import Core
import Testing

/// A curve over a phase, under a name that reads well in the list of tests.
struct CurveCase: Sendable, CustomTestStringConvertible {
    var name: String
    var curve: RateCurve
    var duration: Span

    var testDescription: String { name }

    var intensity: Intensity { Intensity(curve, over: duration) }

    /// Arrivals that share an instant.
    var size: Int {
        if case .bursts(_, let size) = curve { size } else { 1 }
    }

    /// Every form of a phase, and every form's awkward relations: from 0, to 0, a gap, a last short step, a phase that
    /// ends in the middle of something.
    static let all: [CurveCase] = [
        CurveCase(name: "500/s", curve: .constant(500), duration: .seconds(10)),
        CurveCase(name: "0.1/s", curve: .constant(0.1), duration: .seconds(3_600)),
        CurveCase(name: "333.3/s for 7.77 s", curve: .constant(333.3), duration: .milliseconds(7_770)),
        CurveCase(name: "0/s", curve: .constant(0), duration: .seconds(5)),
        CurveCase(name: "500/s for no time", curve: .constant(500), duration: .zero),
        CurveCase(name: "200/s to 2000/s", curve: .ramp(from: 200, to: 2_000), duration: .seconds(5)),
        CurveCase(name: "2000/s to 200/s", curve: .ramp(from: 2_000, to: 200), duration: .seconds(5)),
        CurveCase(name: "0/s to 1000/s", curve: .ramp(from: 0, to: 1_000), duration: .seconds(6)),
        CurveCase(name: "1000/s to 0/s", curve: .ramp(from: 1_000, to: 0), duration: .seconds(6)),
        CurveCase(name: "300/s to 300/s", curve: .ramp(from: 300, to: 300), duration: .seconds(6)),
        CurveCase(
            name: "100/s to 1000/s, step 100/s every 1 s",
            curve: .steps(from: 100, to: 1_000, by: 100, every: .seconds(1)), duration: .seconds(12)),
        CurveCase(
            name: "0/s to 250/s, step 100/s every 0.7 s",
            curve: .steps(from: 0, to: 250, by: 100, every: .milliseconds(700)), duration: .seconds(5)),
        CurveCase(
            name: "900/s to 0/s, step 200/s every 1 s",
            curve: .steps(from: 900, to: 0, by: 200, every: .seconds(1)), duration: .seconds(8)),
        CurveCase(
            name: "500/s to 5000/s, step 50/s every 10 ms, cut short",
            curve: .steps(from: 500, to: 5_000, by: 50, every: .milliseconds(10)),
            duration: .milliseconds(555)),
        CurveCase(
            name: "500/s, wave 200/s",
            curve: .wave(mean: 500, amplitude: 200, period: .seconds(2)), duration: .seconds(7)),
        CurveCase(
            name: "500/s, wave 500/s: touches 0/s",
            curve: .wave(mean: 500, amplitude: 500, period: .seconds(2)), duration: .seconds(6)),
        CurveCase(
            name: "500/s, wave 0/s",
            curve: .wave(mean: 500, amplitude: 0, period: .seconds(2)), duration: .seconds(3)),
        CurveCase(
            name: "500/s, spike 4000/s",
            curve: .spike(base: 500, peak: 4_000, at: .seconds(3), lasts: .milliseconds(500)),
            duration: .seconds(6)),
        CurveCase(
            name: "500/s, gap",
            curve: .spike(base: 500, peak: 0, at: .seconds(2), lasts: .seconds(2)), duration: .seconds(6)),
        CurveCase(
            name: "0/s, spike 3000/s",
            curve: .spike(base: 0, peak: 3_000, at: .seconds(2), lasts: .seconds(1)), duration: .seconds(6)),
        CurveCase(
            name: "500/s, spike beyond the end",
            curve: .spike(base: 500, peak: 2_000, at: .seconds(5), lasts: .seconds(10)), duration: .seconds(6)),
        CurveCase(name: "500/s, burst 50", curve: .bursts(500, size: 50), duration: .seconds(10)),
        CurveCase(name: "500/s, burst 7", curve: .bursts(500, size: 7), duration: .milliseconds(1_234)),
        CurveCase(name: "500/s, burst 1", curve: .bursts(500, size: 1), duration: .seconds(2)),
    ]
}

/// In tests a rate is a number: `.constant(500)`.
extension Rate: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    public init(floatLiteral perSecond: Double) { self.init(perSecond: perSecond) }
    public init(integerLiteral perSecond: Int) { self.init(perSecond: Double(perSecond)) }
}
