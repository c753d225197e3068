import Core
import Testing

@testable import Arrivals

@Suite("A weighted choice")
struct WeightedChoiceTests {
    @Test(
        "falls in proportion to the weights: χ² below its 99.9 % point",
        arguments: [[9.0, 1], [1, 1, 1], [0.5, 0.25, 0.125, 0.125], [1, 0, 3], [0, 2, 0, 1], [100, 1, 10, 1, 7]])
    func proportions(weights: [Double]) {
        // Degrees of freedom to the 99.9 % point.
        let limits = [10.83, 13.82, 16.27, 18.47]
        let choice = WeightedChoice(weights)
        let draws = 50_000
        let sum = weights.reduce(0, +)
        for seed in UInt64(1)...3 {
            var counts = [Int](repeating: 0, count: weights.count)
            for n in 0..<draws { counts[choice.pick(n, seed: seed)] += 1 }
            var chiSquare = 0.0
            for (weight, count) in zip(weights, counts) {
                let expected = weight / sum * Double(draws)
                if weight == 0 { #expect(count == 0) }
                if expected > 0 { chiSquare += (Double(count) - expected) * (Double(count) - expected) / expected }
            }
            #expect(chiSquare < limits[weights.count { $0 > 0 } - 2], "\(counts)")
        }
    }

    @Test("depends on the arrival, the seed and the phase, and on nothing else")
    func pure() {
        let choice = WeightedChoice([1, 2, 3])
        let picks = (0..<200).map { choice.pick($0, seed: 5) }
        #expect((0..<200).reversed().map { choice.pick($0, seed: 5) } == picks.reversed())
        #expect((0..<200).map { choice.pick($0, seed: 6) } != picks)
        #expect((0..<200).map { choice.pick($0, seed: 5, phase: 1) } != picks)
        #expect((0..<200).map { WeightedChoice([10, 20, 30]).pick($0, seed: 5) } == picks)
    }

    @Test("does not follow the gaps: the arrivals of a scenario are as random as all of them")
    func independentOfGaps() throws {
        let choice = WeightedChoice([1, 1])
        let schedule = OpenSchedule(.constant(Rate(perSecond: 1_000)), .poisson, for: .seconds(20), seed: 8)
        var last = Span.zero
        var sums = [0.0, 0.0]
        var counts = [0.0, 0.0]
        for arrival in schedule.cursor() {
            let pick = choice.pick(arrival.n, seed: 8)
            sums[pick] += (arrival.offset - last).milliseconds
            counts[pick] += 1
            last = arrival.offset
        }
        // The mean gap before either choice is 1 ms, with a standard deviation of 1 ms / √count.
        for pick in 0..<2 { #expect(abs(sums[pick] / counts[pick] - 1) < 4 / counts[pick].squareRoot()) }
    }

    @Test(
        "goes to the first bound that is not passed",
        arguments: [
            (0x1p-53, 0), (0.25, 0), (0.25.nextUp, 2), (0.75, 2), (0.75.nextUp, 3), (1.0, 3),
        ])
    func bounds(u: Double, index: Int) {
        // Choice 1 weighs nothing, and so does the last.
        #expect(WeightedChoice([1, 0, 2, 1, 0]).index(of: u) == index)
    }

    @Test("of one is that one; of one that weighs, too")
    func single() {
        #expect(WeightedChoice([0.001]).pick(123, seed: 1) == 0)
        #expect((0..<1_000).allSatisfy { WeightedChoice([0, 5, 0]).pick($0, seed: 1) == 1 })
    }

    @Test("takes weights of any size")
    func size() {
        let huge = WeightedChoice([.greatestFiniteMagnitude, .greatestFiniteMagnitude])
        #expect(Set((0..<100).map { huge.pick($0, seed: 1) }) == [0, 1])
        let tiny = WeightedChoice([.leastNormalMagnitude, .leastNormalMagnitude])
        #expect(Set((0..<100).map { tiny.pick($0, seed: 1) }) == [0, 1])
    }

    @Test("is of something: nothing at all, or a negative weight, is refused")
    func refuses() async {
        await #expect(processExitsWith: .failure) { _ = WeightedChoice([]) }
        await #expect(processExitsWith: .failure) { _ = WeightedChoice([0, 0]) }
        await #expect(processExitsWith: .failure) { _ = WeightedChoice([1, -1]) }
        await #expect(processExitsWith: .failure) { _ = WeightedChoice([.infinity]) }
    }
}
