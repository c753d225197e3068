import Analysis
import Core
import Testing

@Suite("The Universal Scalability Law")
struct UniversalScalabilityTests {
    private func points(_ values: [(Double, Double)]) -> [UniversalScalability.Point] {
        values.map { UniversalScalability.Point(concurrency: $0.0, throughput: $0.1) }
    }

    private func law(_ gamma: Double, _ alpha: Double, _ beta: Double, at counts: [Double], noise: [Double] = [0])
        -> [UniversalScalability.Point]
    {
        counts.enumerated().map { place, n in
            let x = gamma * n / (1 + alpha * (n - 1) + beta * n * (n - 1))
            return UniversalScalability.Point(concurrency: n, throughput: x * (1 + noise[place % noise.count]))
        }
    }

    @Test("the points of a known curve give its parameters and its peak")
    func vector() throws {
        let values = [(1.0, 1.0), (2, 1.8868), (4, 3.0769), (6, 3.5294), (8, 3.5398), (10, 3.3557)]
        let found = try #require(UniversalScalability(points(values)))
        #expect((found.gamma.value - 1).magnitude < 1e-4)
        #expect((found.alpha.value - 0.02).magnitude < 1e-4)
        #expect((found.beta.value - 0.02).magnitude < 1e-4)
        let peak = try #require(found.peak)
        #expect((peak.value - 7).magnitude < 0.01)
        #expect(peak.low < 7 && peak.high > 7)
        #expect(found.points == 6)
    }

    @Test("the same curve at any scale of throughput has the same shape", arguments: [1e-3, 1, 1e6])
    func scale(factor: Double) throws {
        let noise = [0.01, -0.01, 0.005, 0]
        let found = try #require(
            UniversalScalability(law(factor, 0.05, 0.01, at: [1, 2, 4, 8, 12, 16, 24], noise: noise)))
        let base = try #require(UniversalScalability(law(1, 0.05, 0.01, at: [1, 2, 4, 8, 12, 16, 24], noise: noise)))
        #expect((found.alpha.value - base.alpha.value).magnitude < 1e-6)
        #expect((found.gamma.value / factor - base.gamma.value).magnitude < 1e-6)
        #expect(found.alpha.low < 0.05 && found.alpha.high > 0.05)
        #expect(found.beta.low < 0.01 && found.beta.high > 0.01)
    }

    @Test("without coherency there is no peak")
    func noPeak() throws {
        let found = try #require(
            UniversalScalability(law(100, 0.1, 0, at: [1, 2, 4, 8, 16, 32], noise: [0.01, -0.01, 0.008, -0.005])))
        #expect(found.beta.low <= 0)
        #expect(found.peak == nil)
    }

    @Test("a peak beyond what was measured is not claimed")
    func extrapolation() throws {
        let found = try #require(UniversalScalability(law(1, 0.02, 0.02, at: [1, 2, 3, 4, 5, 6])))
        #expect(found.beta.low > 0)
        #expect(found.peak == nil)
        #expect(found.throughput(at: 7) == nil)
        #expect(found.throughput(at: 0.5) == nil)
        #expect(try (#require(found.throughput(at: 4)) - 3.0769).magnitude < 1e-3)
    }

    @Test("one server's queue is a curve with α of a half and no peak")
    func queue() throws {
        // M/M/1: N = ρ/(1 − ρ), so X = μN/(1 + N).
        let values = [0.1, 0.3, 0.5, 0.7, 0.9].map { (rho: Double) in (rho / (1 - rho), 200 * rho) }
        let found = try #require(UniversalScalability(points(values)))
        #expect((found.alpha.value - 0.5).magnitude < 1e-6)
        #expect((found.gamma.value - 100).magnitude < 1e-3)
        #expect(found.beta.value.magnitude < 1e-6)
        #expect(found.peak == nil)
    }

    @Test("what no curve can be fitted to is nothing")
    func refusals() {
        #expect(UniversalScalability(points([(1, 1), (2, 2), (3, 3)])) == nil)
        #expect(UniversalScalability(points([(1, 1), (1, 1), (2, 2), (2, 2), (3, 3)])) == nil)
        #expect(UniversalScalability(points([(0, 1), (1, .nan), (2, .infinity), (-1, 2), (3, 0)])) == nil)
        #expect(UniversalScalability([]) == nil)
    }

    @Test("random points have finite parameters or none")
    func fuzz() {
        var random = SeededRandom(seed: 11)
        for _ in 0..<300 {
            let count = 4 + Int(random.below(8))
            let found = UniversalScalability(
                (0..<count).map { _ in
                    UniversalScalability.Point(
                        concurrency: random.nextUnit() * 100, throughput: random.nextUnit() * 1_000)
                })
            guard let found else { continue }
            for part in [found.gamma, found.alpha, found.beta] {
                #expect(part.value.isFinite && part.low <= part.value && part.value <= part.high)
            }
            if let peak = found.peak { #expect(peak.value > 0 && peak.value <= found.highest) }
        }
    }
}
