import Core
import Policies

/// What must hold at every moment of a run whatever its plan says, counted beside the machinery that it is about: a second
/// book, so that a mistake in one of them shows.
///
/// - Time never runs backwards.
/// - A breaker lets nobody through before it may be tried again, and at most its `successes` on trial.
/// - No bulkhead holds more than it may, and no endpoint has more attempts under way than its bulkhead allows.
/// - At the end nobody is under way, in any count, and nothing is held or waited for.
struct Audit {
    /// What a breaker's transitions allow.
    private struct BreakerBook {
        var state = Breaker.State.closed
        var until = Instant.unset
        /// Tells what was admitted before a transition from what was admitted after it.
        var era: UInt32 = 0
        /// Admitted on trial in this era, without those that were called off.
        var trials = 0
    }

    /// Longer lists help nobody.
    private static let mostWords = 5

    private let breaker: BreakerSettings?
    private let limits: [Int]
    private let endpointLimit: Int
    private var last = Instant.unset
    private var breakers: [BreakerBook] = []
    private var inBulkheads: [Int]
    /// In words, the first few.
    private(set) var violations: [String] = []

    init(_ settings: PolicySettings) {
        breaker = settings.breaker
        limits = settings.bulkheads.map(\.running)
        endpointLimit = settings.endpointBulkhead?.running ?? .max
        inBulkheads = Array(repeating: 0, count: limits.count)
    }

    // MARK: Time

    mutating func sees(_ now: Instant) {
        if now < last { violate("time ran backwards, from \(last.nanoseconds) to \(now.nanoseconds) ns") }
        last = now
    }

    // MARK: Breakers

    mutating func breakerTurned(_ index: Int, _ transition: Breaker.Transition) {
        makeRoom(for: index)
        breakers[index].state = transition.to
        breakers[index].era &+= 1
        breakers[index].trials = 0
        guard transition.to == .open, let breaker else { return }
        breakers[index].until = transition.at + breaker.open
    }

    /// A breaker let somebody through.
    /// - Returns: for `calledOff`.
    mutating func breakerAdmitted(_ index: Int, at now: Instant) -> UInt32 {
        makeRoom(for: index)
        switch breakers[index].state {
        case .closed: break
        case .open: violate("breaker \(index) let a call through while it was open, at \(now.nanoseconds) ns")
        case .halfOpen:
            breakers[index].trials += 1
            let most = breaker?.successes ?? 1
            if breakers[index].trials > max(most, 1) {
                violate("breaker \(index) has \(breakers[index].trials) calls on trial, of at most \(most)")
            }
            if now < breakers[index].until { violate("breaker \(index) was tried again before its time") }
        }
        return breakers[index].era
    }

    /// Somebody whom a breaker had let through says nothing about its target.
    mutating func calledOff(_ index: Int, era: UInt32) {
        guard index < breakers.count, breakers[index].era == era, breakers[index].state == .halfOpen else { return }
        breakers[index].trials -= 1
    }

    private mutating func makeRoom(for index: Int) {
        while breakers.count <= index { breakers.append(BreakerBook()) }
    }

    // MARK: Bulkheads

    mutating func entered(bulkhead: Int) {
        inBulkheads[bulkhead] += 1
        if inBulkheads[bulkhead] > limits[bulkhead] {
            violate("bulkhead \(bulkhead) holds \(inBulkheads[bulkhead]) calls, of at most \(limits[bulkhead])")
        }
    }

    mutating func left(bulkhead: Int) {
        inBulkheads[bulkhead] -= 1
        if inBulkheads[bulkhead] < 0 { violate("bulkhead \(bulkhead) was left by more calls than had entered") }
    }

    /// An attempt goes out, one of so many to its endpoint.
    mutating func sent(inFlight: Int) {
        if inFlight > endpointLimit {
            violate("an endpoint has \(inFlight) attempts under way, and its bulkhead allows \(endpointLimit)")
        }
    }

    // MARK: The end

    /// - Parameter counts: what must be nothing now, by name.
    mutating func finish(_ counts: KeyValuePairs<String, Int>) {
        for (name, count) in counts where count != 0 { violate("at the end there were \(count) \(name)") }
        for index in inBulkheads.indices where inBulkheads[index] != 0 {
            violate("at the end bulkhead \(index) held \(inBulkheads[index]) calls")
            inBulkheads[index] = 0
        }
    }

    private mutating func violate(_ words: String) {
        if violations.count < Self.mostWords { violations.append(words) }
    }
}
