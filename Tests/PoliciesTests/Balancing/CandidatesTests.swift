import Core
import Testing

@testable import Policies

@Suite("Candidates")
struct CandidatesTests {
    private func candidates(_ weights: [Double]) -> Candidates {
        var result = Candidates()
        for (place, weight) in weights.enumerated() { result.append(place, weight: weight) }
        result.seal()
        return result
    }

    @Test(
        "are drawn by weight, each further one by the weights that are left",
        arguments: [[1.0, 1, 1, 1], [5, 1, 1], [1, 5, 3, 0.5], [1e9, 1, 1], [1, 1]])
    func shares(weights: [Double]) {
        let candidates = candidates(weights)
        var random = SeededRandom(seed: 3, stream: 1)
        let rounds = 40_000
        let total = weights.reduce(0, +)
        var firsts = [Int](repeating: 0, count: weights.count)
        var seconds = [[Int]](repeating: firsts, count: weights.count)
        for _ in 0..<rounds {
            let first = candidates.draw(using: &random)
            firsts[first] += 1
            seconds[first][candidates.draw(besides: [first], using: &random)] += 1
        }
        for first in weights.indices {
            let expected = weights[first] / total
            #expect(abs(Double(firsts[first]) / Double(rounds) - expected) < 0.013)
            #expect(seconds[first][first] == 0)
            guard firsts[first] > 2_000 else { continue }
            for second in weights.indices where second != first {
                let expected = weights[second] / (total - weights[first])
                #expect(abs(Double(seconds[first][second]) / Double(firsts[first]) - expected) < 0.05)
            }
        }
    }

    @Test(
        "are all drawn in the end", arguments: [[1.0, 1, 1, 1, 1], [9, 1, 1e-9, 1e12, 3], [0.1, 0.2, 0.3, 0.1, 0.1]])
    func exhausted(weights: [Double]) {
        let candidates = candidates(weights)
        var random = SeededRandom(seed: 4, stream: 1)
        for _ in 0..<2_000 {
            var drawn: [Int] = []
            for _ in weights { drawn = (drawn + [candidates.draw(besides: drawn, using: &random)]).sorted() }
            #expect(drawn == Array(weights.indices))
        }
    }
}
