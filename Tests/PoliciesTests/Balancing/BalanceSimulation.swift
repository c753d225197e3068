import Core
import Policies

/// Calls that come at random to endpoints that take a given time, in the order of their events. There are no queues: each
/// endpoint works at any number of calls at once.
struct BalanceSimulation {
    struct Outcome {
        var latency: Span
        var failed = false
    }

    private struct End {
        var at: Instant
        var place: Int
        var outcome: Outcome
    }

    /// Calls per place, and those that took at most `limit` and did not fail.
    private(set) var calls: [Int]
    private(set) var good = 0
    private var subject: BalancerSubject
    /// Calls under way, a heap by their end.
    private var ends: [End] = []
    private let limit: Span

    init(_ rule: BalanceSettings.Rule, endpoints: Int, limit: Span = .seconds(1), seed: UInt64 = 1) {
        subject = BalancerSubject(rule, members: endpoints, seed: seed)
        calls = [Int](repeating: 0, count: endpoints)
        self.limit = limit
    }

    /// What a failure counts as in the peak EWMA.
    mutating func setFailureLatency(_ latency: Span) { subject.balancer.failureLatency = latency }

    var inFlight: Int { calls.indices.map { subject.balancer.inFlight($0) }.reduce(0, +) }

    /// Offers calls at a rate per second, with exponential gaps, and then lets all end.
    /// - Parameter serve: what becomes of a call to a place that begins so long after the start.
    mutating func run(
        rate: Double, lasting duration: Span, serve: (Int, Span, inout SeededRandom) -> Outcome
    ) {
        let start = subject.now
        var random = SeededRandom(seed: 77, stream: 2)
        var arrival = start
        while true {
            arrival = arrival + Span(seconds: -PortableMath.logarithm(random.nextUnit()) / rate)
            guard arrival - start < duration else { break }
            end(until: arrival)
            subject.now = arrival
            guard let place = subject.place() else { continue }
            calls[place] += 1
            let outcome = serve(place, arrival - start, &random)
            if !outcome.failed && outcome.latency <= limit { good += 1 }
            push(End(at: arrival + outcome.latency, place: place, outcome: outcome))
        }
        end(until: .never)
    }

    private mutating func end(until now: Instant) {
        while let first = ends.first, first.at <= now {
            pop()
            subject.now = first.at
            subject.balancer.ended(
                first.place, at: first.at, latency: first.outcome.latency, failed: first.outcome.failed)
        }
    }

    private mutating func push(_ end: End) {
        ends.append(end)
        var child = ends.count - 1
        while child > 0, ends[child].at < ends[(child - 1) / 2].at {
            ends.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func pop() {
        ends.swapAt(0, ends.count - 1)
        ends.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < ends.count && ends[child].at < ends[least].at {
                least = child
            }
            if least == parent { return }
            ends.swapAt(parent, least)
            parent = least
        }
    }
}
