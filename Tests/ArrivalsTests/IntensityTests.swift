import Arrivals
import Core
import Testing

@Suite("The intended rate")
struct IntensityTests {
    static let totals: [(String, Double)] = [
        ("500/s", 5_000.0),
        ("0.1/s", 360),
        ("0/s", 0),
        ("500/s for no time", 0),
        ("200/s to 2000/s", 5_500),
        ("2000/s to 200/s", 5_500),
        ("0/s to 1000/s", 3_000),
        ("1000/s to 0/s", 3_000),
        ("100/s to 1000/s, step 100/s every 1 s", 7_500),
        ("0/s to 250/s, step 100/s every 0.7 s", 70 + 140 + 2.9 * 250),
        ("900/s to 0/s, step 200/s every 1 s", 2_500),
        ("500/s, wave 500/s: touches 0/s", 3_000),
        ("500/s, spike 4000/s", 4_750),
        ("500/s, gap", 2_000),
        ("0/s, spike 3000/s", 3_000),
        ("500/s, spike beyond the end", 4_500),
        ("500/s, burst 50", 5_000),
    ]

    static let moments: [(String, Double, Double)] = [
        // name, seconds, per second
        ("500/s", 3.0, 500.0),
        ("200/s to 2000/s", 0, 200),
        ("200/s to 2000/s", 2.5, 1_100),
        ("200/s to 2000/s", 5, 2_000),
        ("1000/s to 0/s", 6, 0),
        ("100/s to 1000/s, step 100/s every 1 s", 0.999, 100),
        ("100/s to 1000/s, step 100/s every 1 s", 1, 200),
        ("100/s to 1000/s, step 100/s every 1 s", 8.5, 900),
        ("100/s to 1000/s, step 100/s every 1 s", 9, 1_000),
        ("100/s to 1000/s, step 100/s every 1 s", 11.9, 1_000),
        ("0/s to 250/s, step 100/s every 0.7 s", 0, 0),
        ("0/s to 250/s, step 100/s every 0.7 s", 1.5, 200),
        ("0/s to 250/s, step 100/s every 0.7 s", 2.2, 250),
        ("900/s to 0/s, step 200/s every 1 s", 4.5, 100),
        ("900/s to 0/s, step 200/s every 1 s", 5, 0),
        ("500/s, wave 200/s", 0, 500),
        ("500/s, wave 200/s", 0.5, 700),
        ("500/s, wave 200/s", 1.5, 300),
        ("500/s, wave 500/s: touches 0/s", 3.5, 0),
        ("500/s, spike 4000/s", 2.999, 500),
        ("500/s, spike 4000/s", 3, 4_000),
        ("500/s, spike 4000/s", 3.5, 500),
        ("500/s, gap", 3, 0),
        ("500/s, burst 50", 3, 500),
    ]

    @Test("is never negative, and adds up to the integral", arguments: CurveCase.all)
    func integral(of curve: CurveCase) {
        // The midpoint rule over cells fine enough that a jump inside one costs less than the tolerance.
        let intensity = curve.intensity
        let cells = 50_000
        let width = curve.duration.seconds / Double(cells)
        var sum = 0.0
        var lowest = Double.infinity
        for cell in 0..<cells {
            let rate = intensity.rate(at: (Double(cell) + 0.5) * width)
            lowest = min(lowest, rate)
            sum += rate * width
        }
        #expect(lowest >= 0)
        #expect(abs(sum - intensity.total) <= 1e-4 * max(1, intensity.total))
    }

    @Test("accumulates from 0 to the total, never falling", arguments: CurveCase.all)
    func cumulative(of curve: CurveCase) {
        let intensity = curve.intensity
        #expect(intensity.cumulative(at: 0) == 0)
        #expect(intensity.cumulative(at: curve.duration.seconds) == intensity.total)
        let values = (0...5_000).map { intensity.cumulative(at: curve.duration.seconds * Double($0) / 5_000) }
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test("stands still outside the phase", arguments: CurveCase.all)
    func outside(_ curve: CurveCase) {
        let intensity = curve.intensity
        let end = curve.duration.seconds
        #expect(intensity.cumulative(at: -1) == 0)
        #expect(intensity.cumulative(at: end + 1) == intensity.total)
        #expect(intensity.rate(at: -1) == intensity.rate(at: 0))
        #expect(intensity.rate(at: end + 1) == intensity.rate(at: end))
        #expect(intensity.time(of: intensity.total) == end)
        #expect(intensity.time(of: .infinity) == end)
        #expect(intensity.time(of: -1) == intensity.time(of: 0))
    }

    @Test("has an inverse: Λ⁻¹(Λ(t)) = t to a nanosecond wherever the rate is not 0", arguments: CurveCase.all)
    func inverse(of curve: CurveCase) {
        let intensity = curve.intensity
        var random = SeededRandom(seed: 11)
        var wrong: [Double] = []
        for _ in 0..<5_000 {
            let t = random.nextUnit() * curve.duration.seconds
            // Where the rate nearly vanishes, the last bits of Λ(t) stand for more than a nanosecond of t.
            let tolerance = 1e-9 + intensity.total * 0x1p-49 / intensity.rate(at: t)
            guard tolerance < 1e-6 else { continue }
            if abs(intensity.time(of: intensity.cumulative(at: t)) - t) > tolerance { wrong.append(t) }
        }
        #expect(wrong == [])
    }

    @Test("reaches y at Λ⁻¹(y), also next to a rate of 0: Λ(Λ⁻¹(y)) = y", arguments: CurveCase.all)
    func inverted(_ curve: CurveCase) {
        let intensity = curve.intensity
        guard intensity.total > 0 else { return }
        var random = SeededRandom(seed: 12)
        var wrong: [Double] = []
        for _ in 0..<5_000 {
            let y = (1 - random.nextUnit()) * intensity.total
            let t = intensity.time(of: y)
            let tolerance = intensity.total * 0x1p-47 + intensity.rate(at: t) * 1e-10
            let inside = t >= 0 && t <= curve.duration.seconds
            if !inside || abs(intensity.cumulative(at: t) - y) > tolerance { wrong.append(y) }
        }
        #expect(wrong == [])
    }

    @Test("is what the plan says at each moment", arguments: moments)
    func rate(of name: String, at seconds: Double, is perSecond: Double) throws {
        let curve = try #require(CurveCase.all.first { $0.name == name })
        #expect(abs(curve.intensity.rate(at: seconds) - perSecond) < 1e-9)
    }

    @Test("adds up to what a person would count", arguments: totals)
    func total(of name: String, is arrivals: Double) throws {
        let curve = try #require(CurveCase.all.first { $0.name == name })
        #expect(abs(curve.intensity.total - arrivals) <= 1e-9 * max(1, arrivals))
    }

    @Test("waits for the rate to come back: across a gap the inverse is the gap's end")
    func gap() {
        let gap = Intensity(
            .spike(base: 500, peak: 0, at: .seconds(2), lasts: .seconds(2)), over: .seconds(6))
        #expect(gap.time(of: 999) == 1.998)
        #expect(gap.time(of: 1_000) == 4)
        #expect(gap.time(of: 1_001) == 4.002)
        let late = Intensity(
            .spike(base: 0, peak: 100, at: .seconds(2), lasts: .seconds(1)), over: .seconds(6))
        #expect(late.time(of: 0) == 2)
    }

    @Test("takes a staircase of a million steps like any other")
    func longStaircase() {
        let steps = Intensity(
            .steps(from: 0, to: 1_000_000, by: 1, every: .milliseconds(1)), over: .seconds(1_000))
        // T(j) = every · j·(j − 1)/2
        #expect(abs(steps.total - 499_999_500) < 1e-3)
        for step in [2.0, 3, 1_000, 99_999, 999_999] {
            let before = 0.001 * step * (step - 1) / 2
            #expect(abs(steps.time(of: before) - step * 0.001) < 1e-9)
        }
    }

    @Test("is drawn from its first moment to its last")
    func sampled() {
        let ramp = Intensity(.ramp(from: 100, to: 0), over: .seconds(4))
        #expect(
            ramp.sampled(points: 5).map { "\($0.offset.seconds) \($0.rate)" } == [
                "0.0 100/s", "1.0 75/s", "2.0 50/s", "3.0 25/s", "4.0 0/s",
            ])
    }
}
