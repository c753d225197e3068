import Arrivals
import Core
import Glibc
import Testing

@Suite("Poisson arrivals")
struct PoissonArrivalTests {
    @Test("number what the integral says, within 5 σ over 100 seeds", arguments: CurveCase.all)
    func mean(_ curve: CurveCase) {
        let counts = (0..<100).map { seed in
            Double(OpenSchedule(curve.curve, .poisson, for: curve.duration, seed: seed).count)
        }
        let expected = curve.intensity.total
        // Bursts are Poisson, so the count's variance is `size` times its mean.
        let sigma = (expected * Double(curve.size) / 100).squareRoot()
        #expect(abs(counts.reduce(0, +) / 100 - expected) <= 5 * sigma)
    }

    @Test("vary as much as they should: the variance of the count is its mean")
    func variance() {
        let counts = (0..<2_000).map { seed in
            Double(OpenSchedule(.constant(100), .poisson, for: .seconds(1), seed: seed).count)
        }
        let mean = counts.reduce(0, +) / 2_000
        let variance = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1_999
        // The variance of a sample variance of near normal values: a relative √(2/n), here 3.2 %.
        #expect(abs(variance / mean - 1) < 5 * (2.0 / 2_000).squareRoot())
    }

    @Test(
        "have exponential gaps in the time that the integral counts: A² below its 0.1 % point",
        arguments: CurveCase.all.filter { $0.intensity.total > 100 })
    func exponential(_ curve: CurveCase) {
        var above5Percent = 0
        for seed in UInt64(0)..<10 {
            let gaps = unitGaps(curve, seed: seed)
            let statistic = andersonDarling(gaps)
            // Stephens 1974, a fully specified distribution: 2.492 at 5 %, 5.97 at 0.1 %.
            #expect(statistic < 5.97, "seed \(seed)")
            if statistic > 2.492 { above5Percent += 1 }
        }
        // Binomial(10, 0.05) exceeds 4 once in 15,000.
        #expect(above5Percent <= 4)
    }

    @Test("are not regular arrivals: the same test finds those out")
    func power() {
        let ones = [Double](repeating: 1, count: 500)
        #expect(andersonDarling(ones) > 100)
    }

    @Test("follow one another independently: the gaps are not correlated")
    func uncorrelated() {
        let gaps = unitGaps(CurveCase.all[0], seed: 3).map { $0 - 1 }
        let correlation = zip(gaps, gaps.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(gaps.count)
        #expect(abs(correlation) < 4 / Double(gaps.count).squareRoot())
    }

    @Test("share the instants of one random process between bursts")
    func bursts() {
        let bursts = Array(OpenSchedule(.bursts(500, size: 5), .poisson, for: .seconds(20), seed: 9).cursor())
        // The burst's instants are the arrivals of a fifth of the rate, drawn from the same stream.
        let single = Array(OpenSchedule(.constant(100), .poisson, for: .seconds(20), seed: 9).cursor())
        #expect(bursts.count == single.count * 5)
        for burst in bursts {
            let difference = burst.offset - single[burst.n / 5].offset
            #expect(abs(difference.nanoseconds) <= 1)
        }
    }

    @Test("never change from one version to the next: an old seed keeps its schedule")
    func golden() {
        let schedule = OpenSchedule(.ramp(from: 0, to: 100), .poisson, for: .seconds(10), seed: 42)
        let first = schedule.cursor().prefix(4).map(\.offset.nanoseconds)
        #expect(first == [361_964_394, 852_434_604, 886_170_460, 892_142_085])
        #expect(schedule.count == 492)
    }

    /// The gaps between arrivals (of bursts) in units of the mean: Λ(next) − Λ(last), the first one from the start.
    private func unitGaps(_ curve: CurveCase, seed: UInt64) -> [Double] {
        var last = 0.0
        var gaps: [Double] = []
        for arrival in OpenSchedule(curve.curve, .poisson, for: curve.duration, seed: seed).cursor()
        where arrival.n % curve.size == 0 {
            let due = curve.intensity.cumulative(at: arrival.offset.seconds) / Double(curve.size)
            gaps.append(due - last)
            last = due
        }
        return gaps
    }

    /// A² of a sample against the unit exponential distribution.
    private func andersonDarling(_ sample: [Double]) -> Double {
        // A nanosecond's rounding can make two arrivals one: a gap of 0, whose logarithm would be infinite.
        let probabilities = sample.map { min(max(1 - exp(-$0), 1e-9), 1 - 1e-12) }.sorted()
        let count = probabilities.count
        let sum = (0..<count).reduce(0.0) { sum, i in
            sum + Double(2 * i + 1) * (log(probabilities[i]) + log(1 - probabilities[count - 1 - i]))
        }
        return -Double(count) - sum / Double(count)
    }
}
