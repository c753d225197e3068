import Core
import Policies
import Testing

/// What holds for every rule.
@Suite("A balancer of any rule")
struct BalancerTests {
    private static let allRules = balanceRules.map(\.rule)

    @Test("picks nobody from an empty set", arguments: allRules)
    func empty(rule: BalanceSettings.Rule) {
        var subject = BalancerSubject(BalanceSettings(rule))
        #expect(subject.pick() == nil && subject.pick(tried: [0]) == nil)
        subject.setWeights([1, 1])
        #expect(subject.pick() != nil)
        subject.setMembers([])
        #expect(subject.pick() == nil)
        #expect(subject.balancer.memberCount == 0 && !subject.balancer.isPanicking)
    }

    @Test("picks all of its members, and only those", arguments: allRules, [1, 2, 3, 100, 4_096])
    func members(rule: BalanceSettings.Rule, count: Int) {
        // Places that are not 0, 1, 2 …, as when others have left.
        let places = (0..<count).map { count == 4_096 ? $0 : $0 * 40 + 7 }
        var subject = BalancerSubject(BalanceSettings(rule))
        subject.setMembers(places.map { .init(place: $0) })
        #expect(subject.balancer.memberCount == count && subject.balancer.availableCount == count)
        var seen: Set<Int> = []
        for turn in 0..<(count == 4_096 ? 200 : count * 20) {
            guard let place = turn % 2 == 0 ? subject.place() : subject.call() else { continue }
            seen.insert(place)
        }
        if count == 4_096 {
            #expect(seen.count > 150 && seen.isSubset(of: places))
        } else {
            #expect(seen == Set(places))
        }
    }

    @Test("gives the same picks for the same random numbers, and others for others", arguments: allRules)
    func repeatable(rule: BalanceSettings.Rule) {
        func picks(seed: UInt64) -> [Int?] {
            var subject = BalancerSubject(rule, weights: [3, 1, 2, 1, 1, 1, 1, 1], seed: seed)
            return (0..<200).map { turn in
                if turn == 100 { subject.setAvailable(2, false) }
                return turn % 3 == 0 ? subject.place() : subject.call(.milliseconds(Int64(turn % 7)))
            }
        }
        #expect(picks(seed: 1) == picks(seed: 1))
        #expect(Set((1...10).map { picks(seed: $0) }).count > 3)
    }

    @Test(
        "follows any history: only available ones outside a panic, no tried one while there is another",
        arguments: allRules)
    func histories(rule: BalanceSettings.Rule) {
        for seed in 0..<12 as Range<UInt64> {
            var settings = BalanceSettings(rule)
            settings.panic = [0, 0.3, 0.5, 1][Int(seed % 4)]
            if seed % 3 == 0 { settings.slowStart = .seconds(20) }
            if seed % 5 == 0 { settings.weights = .header("load") }
            var history = History(settings, seed: seed)
            for _ in 0..<300 { history.step() }
        }
    }

    @Test("keeps what is in flight when members change, and counts it down to 0 on every exit", arguments: allRules)
    func inFlight(rule: BalanceSettings.Rule) {
        var subject = BalancerSubject(rule, members: 4)
        var begun = [Int](repeating: 0, count: 4)
        for _ in 0..<40 { begun[subject.place() ?? 0] += 1 }
        #expect((0..<4).map { subject.balancer.inFlight($0) } == begun)
        subject.setWeights([2, 2])
        #expect((0..<4).map { subject.balancer.inFlight($0) } == begun)
        subject.setMembers([.init(place: 3), .init(place: 0), .init(place: 9)])
        #expect((0..<4).map { subject.balancer.inFlight($0) } == begun)
        let exits: [(latency: Span?, failed: Bool)] = [
            (.seconds(1), false), (.seconds(1), true), (nil, false), (nil, true),
        ]
        for place in 0..<4 {
            for call in 0..<begun[place] {
                let exit = exits[call % 4]
                subject.balancer.ended(place, at: subject.now, latency: exit.latency, failed: exit.failed)
            }
            #expect(subject.balancer.inFlight(place) == 0)
            subject.balancer.ended(place, at: subject.now, latency: nil, failed: false)
            #expect(subject.balancer.inFlight(place) == 0)
        }
    }

    @Test("ignores places that it cannot have, and news of those that are no members", arguments: allRules)
    func foreign(rule: BalanceSettings.Rule) {
        var subject = BalancerSubject(BalanceSettings(rule))
        let places = [-1, Int.min, 4_096, Int.max, 5, 5, 2]
        subject.setMembers(places.map { .init(place: $0, weight: $0) })
        #expect(subject.balancer.memberCount == 2)
        for place in places + [3] where place != 5 && place != 2 {
            subject.setAvailable(place, false)
            subject.balancer.began(place, at: subject.now)
            subject.balancer.ended(place, at: subject.now, latency: .zero, failed: true)
            subject.balancer.report(place, LoadReport(utilisation: 1), at: subject.now)
            #expect(subject.balancer.inFlight(place) == 0)
        }
        #expect(subject.balancer.availableCount == 2)
        #expect(Set((0..<50).compactMap { _ in subject.pick(tried: [-1, 7, Int.max]) }) == [2, 5])
    }

    @Test("survives weights and times that make no sense", arguments: allRules)
    func extremes(rule: BalanceSettings.Rule) {
        var settings = BalanceSettings(rule)
        settings.slowStart = .nanoseconds(.max)
        settings.aggression = -.infinity
        settings.panic = .nan
        settings.decay = .nanoseconds(.min)
        var subject = BalancerSubject(settings)
        subject.setWeights([Int.max, Int.min, 1, -1])
        subject.now = Instant(nanoseconds: .max)
        subject.setWeights([Int.max, 1, 1, Int.max, 1, 0])
        for now in [Instant.never, .unset, Instant(nanoseconds: .min), Instant(nanoseconds: 1)] {
            subject.now = now
            for _ in 0..<20 {
                let place = subject.place() ?? -1
                #expect(0..<5 ~= place)
                subject.balancer.ended(place, at: now, latency: .nanoseconds(place == 1 ? .min : .max), failed: true)
            }
        }
    }

    @Test(
        "with weights gives calls in flight by weight, and few calls by weight too",
        arguments: [
            BalanceSettings.Rule.weightedRoundRobin, .leastConnections, .leastRequest(choices: 2),
            .leastRequest(choices: 3), .random, .peakEWMA,
        ])
    func weights(rule: BalanceSettings.Rule) {
        for weights in [[5, 1, 1], [3, 2, 1], [1, 3], [4, 2, 1, 1]] {
            var subject = BalancerSubject(rule, weights: weights)
            let total = weights.reduce(0, +)
            // The latency of all is known and the same.
            for place in weights.indices {
                subject.balancer.began(place, at: subject.now)
                subject.balancer.ended(place, at: subject.now, latency: .milliseconds(10), failed: false)
            }
            let placed = countsOfPlaces((0..<700 * total).map { _ in subject.place() }, of: weights.count)
            for (count, weight) in zip(placed, weights) {
                let tolerance = rule == .random ? 200.0 : 25
                #expect(abs(Double(count - 700 * weight)) < tolerance, "\(rule), \(weights): \(placed)")
            }
            guard rule != .peakEWMA else { continue }
            subject = BalancerSubject(rule, weights: weights)
            let called = countsOfPlaces((0..<700 * total).map { _ in subject.call() }, of: weights.count)
            for (count, weight) in zip(called, weights) {
                // Three choices of three or fewer are a look at all, where a tie is decided by weight too.
                let few = rule == .leastRequest(choices: 3) && weights.count > 3
                #expect(abs(Double(count - 700 * weight)) < (few ? 400 : 200), "\(rule), \(weights): \(called)")
            }
        }
    }

    @Test("is fair when all are the same", arguments: allRules)
    func fair(rule: BalanceSettings.Rule) {
        var subject = BalancerSubject(rule, members: 10)
        let called = countsOfPlaces((0..<10_000).map { _ in subject.call(.microseconds(10)) }, of: 10)
        for count in called { #expect(850...1_150 ~= count, "\(called)") }
    }
}

/// A random history of a balancer, beside a slow account of what it knows.
private struct History {
    private var subject: BalancerSubject
    private let settings: BalanceSettings
    private var steps: SeededRandom
    private var weights: [Int: Int] = [:]
    private var unavailable: Set<Int> = []
    private var inFlight: [Int: Int] = [:]

    init(_ settings: BalanceSettings, seed: UInt64) {
        self.settings = settings
        subject = BalancerSubject(settings, seed: seed)
        steps = SeededRandom(seed: seed, stream: 6)
    }

    private mutating func below(_ bound: Int) -> Int { Int(steps.below(UInt64(bound))) }

    mutating func step() {
        subject.wait(.milliseconds(Int64(below(2_000))))
        switch below(10) {
        case 0: change()
        case 1, 2:
            let place = below(12)
            let isAvailable = below(2) == 0
            subject.setAvailable(place, isAvailable)
            if weights[place] != nil {
                if isAvailable { unavailable.remove(place) } else { unavailable.insert(place) }
            }
        case 3:
            guard let place = inFlight.filter({ $0.value > 0 }).keys.sorted().first else { return }
            inFlight[place, default: 0] -= 1
            let latency: Span? = below(3) == 0 ? nil : .milliseconds(Int64(below(100)))
            subject.balancer.ended(place, at: subject.now, latency: latency, failed: below(2) == 0)
        case 4:
            let load = LoadReport(utilisation: Double(below(10)) / 10, requestsPerSecond: Double(below(100)))
            subject.balancer.report(below(14), load, at: subject.now)
        default: pick()
        }
        let counts = [subject.balancer.memberCount, subject.balancer.availableCount]
        #expect(counts == [weights.count, weights.count - unavailable.count])
        #expect(subject.balancer.isPanicking == isPanicking)
        let places = 0..<12
        #expect(places.map { subject.balancer.inFlight($0) } == places.map { inFlight[$0, default: 0] })
    }

    private mutating func change() {
        var members: [Balancer.Member] = []
        for place in 0..<12 where below(3) > 0 { members.append(.init(place: place, weight: below(4))) }
        let old = weights
        weights = Dictionary(uniqueKeysWithValues: members.map { ($0.place, $0.weight) })
        unavailable = unavailable.filter { old[$0] != nil && weights[$0] != nil }
        subject.setMembers(members)
    }

    /// Those that are not drained.
    private var serving: [Int] {
        let heavy = weights.filter { $0.value > 0 }.keys.sorted()
        return heavy.isEmpty ? weights.keys.sorted() : heavy
    }

    private var isPanicking: Bool {
        let all = serving
        let available = all.count { !unavailable.contains($0) }
        return !all.isEmpty && Double(available) / Double(all.count) < settings.panic
    }

    private mutating func pick() {
        let tried = (0..<below(4)).map { _ in below(12) }
        let allowed = serving.filter { isPanicking || !unavailable.contains($0) }
        let picked = subject.balancer.pick(tried: tried, at: subject.now, using: &subject.random)
        guard let picked else {
            #expect(allowed.isEmpty)
            return
        }
        let untried = allowed.filter { !tried.contains($0) }
        #expect((untried.isEmpty ? allowed : untried).contains(picked.place))
        #expect(picked.isPanic == isPanicking)
        subject.balancer.began(picked.place, at: subject.now)
        inFlight[picked.place, default: 0] += 1
    }
}
