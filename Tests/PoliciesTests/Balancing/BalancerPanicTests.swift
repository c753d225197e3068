import Core
import Policies
import Testing

@Suite("Availability")
struct BalancerPanicTests {
    /// Ten members, so many of them available.
    private func subject(_ available: Int, of count: Int = 10, panic: Double, _ rule: BalanceSettings.Rule)
        -> BalancerSubject
    {
        var settings = BalanceSettings(rule)
        settings.panic = panic
        var subject = BalancerSubject(settings)
        subject.setWeights([Int](repeating: 1, count: count))
        for place in available..<count { subject.setAvailable(place, false) }
        return subject
    }

    @Test(
        "below the threshold, and strictly below, is a panic in which all are picked",
        arguments: [
            (10, 0.5, false), (5, 0.5, false), (4, 0.5, true), (0, 0.5, true), (3, 0.3, false), (2, 0.3, true),
            (7, 0.7, false), (6, 0.7, true), (9, 1, true), (10, 1, false), (1, 0, false), (1, 0.1, false),
        ])
    func threshold(available: Int, panic: Double, isPanic: Bool) {
        for (_, rule) in balanceRules {
            var subject = subject(available, panic: panic, rule)
            #expect(subject.balancer.isPanicking == isPanic)
            #expect(subject.balancer.availableCount == available)
            var seen: Set<Int> = []
            for _ in 0..<300 {
                let pick = subject.balancer.pick(at: subject.now, using: &subject.random)
                #expect(pick?.isPanic == isPanic)
                if let pick {
                    seen.insert(pick.place)
                    subject.balancer.began(pick.place, at: subject.now)
                }
            }
            #expect(seen == Set(0..<(isPanic ? 10 : available)))
        }
    }

    @Test("of nobody, without a panic threshold, gives nobody; and with one again gives that one")
    func none() {
        for (_, rule) in balanceRules {
            var subject = subject(0, panic: 0, rule)
            #expect(subject.pick() == nil && !subject.balancer.isPanicking)
            subject.setAvailable(4, true)
            for _ in 0..<20 { #expect(subject.place() == 4) }
        }
    }

    @Test("of a single one that is not available is a panic")
    func single() {
        for (_, rule) in balanceRules {
            var subject = subject(0, of: 1, panic: 0.5, rule)
            #expect(subject.pick() == 0 && subject.balancer.isPanicking)
        }
    }

    @Test("is anew for one that left and came again")
    func returns() {
        var subject = subject(5, panic: 0, .roundRobin)
        subject.setMembers((0..<9).map { .init(place: $0) })
        #expect(subject.balancer.availableCount == 5)
        subject.setMembers((0..<10).map { .init(place: $0) })
        #expect(subject.balancer.availableCount == 6)
    }

    @Test("does not bring back those with weight 0, unless all have it", arguments: balanceRules.map(\.rule))
    func drained(rule: BalanceSettings.Rule) {
        var settings = BalanceSettings(rule)
        settings.panic = 0.5
        var subject = BalancerSubject(settings)
        func seen(_ subject: inout BalancerSubject) -> Set<Int> { Set((0..<200).compactMap { _ in subject.pick() }) }
        subject.setWeights([1, 0, 2, 0])
        #expect(seen(&subject) == [0, 2])
        subject.setAvailable(0, false)
        #expect(!subject.balancer.isPanicking && seen(&subject) == [2])
        subject.setAvailable(2, false)
        #expect(subject.balancer.isPanicking && seen(&subject) == [0, 2])
        subject.setWeights([0, 0, 0, 0])
        #expect(!subject.balancer.isPanicking && seen(&subject) == [1, 3])
        for place in [0, 2] { subject.setAvailable(place, true) }
        #expect(seen(&subject) == [0, 1, 2, 3])
    }

    @Test("of all with weight 0 means turns that are the same for all")
    func allZero() {
        for rule in [BalanceSettings.Rule.roundRobin, .weightedRoundRobin] {
            var subject = BalancerSubject(rule, weights: [0, 0, 0])
            let picks = (0..<300).map { _ in subject.pick() }
            #expect(countsOfPlaces(picks, of: 3) == [100, 100, 100])
            for turn in 3..<300 { #expect(picks[turn] == picks[turn - 3]) }
        }
    }

    @Test(
        "leaves those that were tried out, by the same shares, while there are others",
        arguments: balanceRules.map(\.rule))
    func tried(rule: BalanceSettings.Rule) {
        var subject = BalancerSubject(rule, members: 4)
        subject.setAvailable(3, false)
        #expect(Set((0..<60).compactMap { _ in subject.pick(tried: [0]) }) == [1, 2])
        #expect(Set((0..<60).compactMap { _ in subject.pick(tried: [0, 2]) }) == [1])
        // Nobody else is available: one of those again.
        let again = Set((0..<200).compactMap { _ in subject.pick(tried: [0, 1, 2]) })
        #expect(again == [0, 1, 2])
    }
}
