import Core
import Testing

@testable import Policies

@Suite("Round robin")
struct RoundRobinTests {
    private func candidates(_ weights: [Double]) -> Candidates {
        var result = Candidates()
        for (place, weight) in weights.enumerated() { result.append(place, weight: weight) }
        result.seal()
        return result
    }

    private func letters(_ places: [Int]) -> String {
        String(places.map { Character(UnicodeScalar(UInt8(0x61 + $0))) })
    }

    @Test(
        "with smooth weights gives nginx's sequence, again and again",
        arguments: [
            ([5.0, 1, 1], "aabacaa"), ([3, 2, 1], "abacba"), ([4, 2, 1], "abacaba"), ([5, 3, 2], "abcaabacba"),
            ([1, 1, 1], "abc"), ([7], "aaaaaaa"), ([0.5, 0.25], "aba"),
        ])
    func golden(weights: [Double], period: String) {
        var smooth = SmoothRoundRobin()
        smooth.grow(to: weights.count)
        let candidates = candidates(weights)
        for _ in 0..<1_000 {
            #expect(letters(period.map { _ in smooth.pick(from: candidates) }) == period)
            #expect(smooth.current == [Double](repeating: 0, count: weights.count))
        }
    }

    @Test("with smooth weights never has more than four in a row of weights 5, 1, 1")
    func longestRun() {
        var smooth = SmoothRoundRobin()
        smooth.grow(to: 3)
        let candidates = candidates([5, 1, 1])
        var (longest, run) = (0, 0)
        for _ in 0..<7_000 {
            run = smooth.pick(from: candidates) == 0 ? run + 1 : 0
            longest = max(longest, run)
        }
        #expect(longest == 4)
    }

    @Test("goes round and round")
    func rounds() {
        var subject = BalancerSubject(.roundRobin, members: 3)
        let first = subject.pick() ?? -1
        for turn in 1...100 { #expect(subject.pick() == (first + turn) % 3) }
    }

    @Test("starts anywhere, weighted or not", arguments: [BalanceSettings.Rule.roundRobin, .weightedRoundRobin])
    func start(rule: BalanceSettings.Rule) {
        let firsts = (0..<UInt64(1_000)).map { seed in
            var subject = BalancerSubject(rule, members: 10, seed: seed)
            return subject.pick()
        }
        // 100 each, standard deviation 9.5.
        for count in countsOfPlaces(firsts, of: 10) { #expect(60...140 ~= count) }
    }

    @Test("weighted starts anywhere in its period")
    func weightedStart() {
        var periods: Set<[Int?]> = []
        for seed in 0..<200 {
            var subject = BalancerSubject(.weightedRoundRobin, weights: [5, 1, 1], seed: UInt64(seed))
            periods.insert((0..<7).map { _ in subject.pick() })
        }
        #expect(periods.count >= 7)
    }

    @Test("goes on where it was when members come and go")
    func follows() {
        var subject = BalancerSubject(.roundRobin, members: 5)
        while subject.pick() != 1 {}
        subject.setMembers([4, 3, 2, 1, 0].map { .init(place: $0) })
        // 2 was next; the list is now 4 3 2 1 0.
        #expect((0..<5).map { _ in subject.pick() } == [2, 1, 0, 4, 3])
        subject.setAvailable(2, false)
        #expect((0..<4).map { _ in subject.pick() } == [1, 0, 4, 3])
        subject.setAvailable(2, true)
        #expect((0..<5).map { _ in subject.pick() } == [1, 0, 4, 3, 2])
    }

    @Test("passes over those that were tried and goes on behind the one it picks")
    func tried() {
        var subject = BalancerSubject(.roundRobin, members: 4)
        let first = subject.pick() ?? -1
        let after = (1...4).map { (first + $0) % 4 }
        #expect(subject.pick(tried: [after[0], after[1]]) == after[2])
        #expect(subject.pick() == after[3])
        #expect(subject.pick(tried: [0, 1, 2, 3]) == after[0])
    }

    @Test("does not look at weights")
    func unweighted() {
        var subject = BalancerSubject(.roundRobin, weights: [100, 1, 3])
        #expect(countsOfPlaces((0..<300).map { _ in subject.pick() }, of: 3) == [100, 100, 100])
    }
}
