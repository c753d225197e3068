import Core

/// The rule of a balancer, with what it has to remember from pick to pick.
struct PickRules: Sendable {
    var rotation = Rotation()
    var smooth = SmoothRoundRobin()
    private var drawn = LeastOfDrawn()
    private var least = LeastOfAll()
    private let rule: BalanceSettings.Rule

    init(_ rule: BalanceSettings.Rule) { self.rule = rule }

    /// Whether calls in flight are compared, relative to the weights.
    var comparesLoads: Bool {
        switch rule {
        case .leastConnections, .leastRequest: true
        case .roundRobin, .weightedRoundRobin, .peakEWMA, .random: false
        }
    }

    /// Makes room for so many candidates.
    mutating func reserve(_ count: Int) { least.reserve(count) }

    /// Whether these are taken one after the other. While some are starting slowly, their turns are by weight.
    func rotates(_ candidates: Candidates) -> Bool { rule == .roundRobin && candidates.isUniform }

    /// The index of the candidate that is picked.
    /// - Parameter out: indices of candidates that are not to be picked, ascending; not all of them.
    /// - Precondition: there is one.
    mutating func pick(
        from candidates: Candidates, besides out: [Int], loads: inout EndpointLoads, at now: Instant,
        using random: inout SeededRandom
    ) -> Int {
        let left = candidates.count - out.count
        switch rule {
        case .roundRobin where candidates.isUniform: return rotation.pick(from: candidates, besides: [])
        case .roundRobin, .weightedRoundRobin: return smooth.pick(from: candidates, besides: out)
        case .leastConnections: return pickLeast(from: candidates, besides: out, loads: &loads, using: &random)
        case .leastRequest(let choices):
            if choices >= left, choices > 1 {
                return pickLeast(from: candidates, besides: out, loads: &loads, using: &random)
            }
            return drawn.pick(from: candidates, besides: out, choices: choices, using: &random) { place, _ in
                loads.loads[place].relative
            }
        case .peakEWMA:
            var total = candidates.total
            for index in out { total -= candidates.weights[index] }
            let mean = total / Double(left)
            return drawn.pick(from: candidates, besides: out, choices: min(2, left), using: &random) { place, weight in
                loads.expectedCost(place, weight: weight / mean, at: now)
            }
        case .random:
            return out.isEmpty ? candidates.draw(using: &random) : candidates.draw(besides: out, using: &random)
        }
    }

    private mutating func pickLeast(
        from candidates: Candidates, besides out: [Int], loads: inout EndpointLoads, using random: inout SeededRandom
    ) -> Int {
        for index in out { loads.exclude(candidates.places[index]) }
        defer { for index in out { loads.admit(candidates.places[index]) } }
        return least.pick(from: candidates, loads: loads.loads, using: &random)
    }

    /// Begins the weighted rotation at random, or all clients would call the same endpoints in the same order.
    ///
    /// In the long run a counter of the smooth rule goes evenly through a range as wide as the sum of the weights; so each
    /// is put anywhere in it, in steps of 1/1,024: fine enough that two are seldom equal, and exact in additions.
    mutating func scatter(_ candidates: Candidates, using random: inout SeededRandom) {
        guard rule == .weightedRoundRobin, candidates.count > 1 else { return }
        let range = max(1, candidates.total.rounded(.up))
        for place in candidates.places {
            let value = Double(random.below(UInt64(range) * 1_024)) / 1_024
            smooth.set(value - (range / 2).rounded(.down), place)
        }
    }
}
