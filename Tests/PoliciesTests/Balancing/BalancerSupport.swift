import Core
import Policies

/// The rules, each with a name for the test's list.
let balanceRules: [(name: String, rule: BalanceSettings.Rule)] = [
    ("round robin", .roundRobin),
    ("weighted round robin", .weightedRoundRobin),
    ("least connections", .leastConnections),
    ("two choices", .leastRequest(choices: 2)),
    ("three choices", .leastRequest(choices: 3)),
    ("peak EWMA", .peakEWMA),
    ("random", .random),
]

/// A balancer with a clock and random numbers, for tests that do the same thing many times.
struct BalancerSubject {
    var balancer: Balancer
    var random: SeededRandom
    var now = Instant(nanoseconds: 1_000_000_000_000)

    init(_ settings: BalanceSettings, seed: UInt64 = 1) {
        balancer = Balancer(settings)
        random = SeededRandom(seed: seed, stream: 5)
    }

    /// With places 0, 1, … of these weights.
    init(_ rule: BalanceSettings.Rule, weights: [Int], seed: UInt64 = 1) {
        self.init(BalanceSettings(rule), seed: seed)
        setWeights(weights)
    }

    init(_ rule: BalanceSettings.Rule, members: Int, seed: UInt64 = 1) {
        self.init(rule, weights: [Int](repeating: 1, count: members), seed: seed)
    }

    mutating func setWeights(_ weights: [Int]) {
        setMembers(weights.enumerated().map { .init(place: $0.offset, weight: $0.element) })
    }

    mutating func setMembers(_ members: [Balancer.Member]) {
        balancer.setMembers(members, at: now, using: &random)
    }

    mutating func setAvailable(_ place: Int, _ isAvailable: Bool) {
        balancer.setAvailable(place, isAvailable, at: now)
    }

    mutating func pick(tried: [Int] = []) -> Int? {
        balancer.pick(tried: tried, at: now, using: &random)?.place
    }

    /// Picks, begins and does not end: a call that lasts for ever.
    mutating func place() -> Int? {
        guard let place = pick() else { return nil }
        balancer.began(place, at: now)
        return place
    }

    /// A call of that length that is alone.
    mutating func call(_ latency: Span = .milliseconds(10), failed: Bool = false) -> Int? {
        guard let place = place() else { return nil }
        now = now + latency
        balancer.ended(place, at: now, latency: latency, failed: failed)
        return place
    }

    mutating func wait(_ span: Span) { now = now + span }
}

/// How often each place stands in a list.
func countsOfPlaces(_ places: [Int?], of count: Int) -> [Int] {
    var result = [Int](repeating: 0, count: count)
    for case let place? in places { result[place] += 1 }
    return result
}
