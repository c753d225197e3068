import Analysis
import Core

/// A target whose answers to a search are written down.
enum ScriptedAnswer: Hashable, Sendable {
    /// Nothing beyond the limit, a tenth beyond it, or as many as are allowed in batches that differ.
    case good, bad, doubtful
    /// So few samples that none beyond proves nothing.
    case sparse
    /// Fewer arrivals were kept up with than were sent.
    case slow
    /// The generator was late.
    case late
    case contradictory, interrupted
}

extension ProbeResult {
    static let budget = "p99 < 250ms"

    /// - Parameter point: of a second budget that is no share; nil for none.
    init(_ probe: SearchProbe, _ answer: ScriptedAnswer, point: Verdict? = nil) {
        let count = Int(probe.seconds / 5)
        let batches = (0..<count).map { place in
            switch answer {
            case .bad: ShareBatch(samples: 1_000, beyond: 100 + place)
            case .doubtful: ShareBatch(samples: 1_000, beyond: place % 2 == 0 ? 2 : 18)
            case .sparse: ShareBatch(samples: 5, beyond: 0)
            default: ShareBatch(samples: 1_000, beyond: 0)
            }
        }
        var budgets = [
            ProbeBudget(text: Self.budget, allowed: 0.01, batches: batches, point: .met, value: "20.0 ms")
        ]
        if let point {
            budgets.append(
                ProbeBudget(text: "mean < 20ms", allowed: nil, batches: [], point: point, value: "21.0 ms"))
        }
        let slow = answer == .slow
        // Longer the closer to 1,000/s: a queue with one server.
        let mean = 0.001 / max(0.02, 1 - probe.rate / 1_000)
        self.init(
            probe, budgets: budgets, seconds: probe.seconds, offered: probe.rate,
            achieved: slow ? probe.rate * 0.9 : probe.rate, fellBehind: slow, calls: Int(probe.rate * probe.seconds),
            mean: Span(seconds: mean), p50: Span(seconds: mean * 0.69), p99: Span(seconds: mean * 4.6))
        seed = probe.seed(ofSearch: 7)
        labSeed = probe.labSeed(ofSearch: 7)
        droppedShare = 0
        if answer == .late { invalid = ["Requests were sent late."] }
        isContradictory = answer == .contradictory
        isInterrupted = answer == .interrupted
    }
}

/// A search against a script.
struct ScriptedSearch {
    var search: CapacitySearch

    init(_ settings: SearchSettings) { search = CapacitySearch(settings) }

    /// Runs to the end with what the closure answers.
    mutating func run(point: Verdict? = nil, _ answer: (SearchProbe) -> ScriptedAnswer) {
        while let probe = search.next() { search.take(ProbeResult(probe, answer(probe), point: point)) }
    }

    /// Rates of the first run of each probe, in order.
    var rates: [Double] { search.probes.filter { $0.probe.extends == nil }.map(\.probe.rate) }
    var outcome: SearchOutcome? { search.outcome }
}
