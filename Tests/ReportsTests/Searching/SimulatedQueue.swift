import Analysis
import Core
import Glibc
import Recording

/// A queue whose capacity is known in closed form: Poisson arrivals, exponential service times, some workers, first come first
/// served. Response times are simulated request by request, so batches depend on each other as those of a real target do.
struct SimulatedQueue: Sendable, CustomStringConvertible {
    var workers = 1
    /// Per worker and second.
    var serviceRate = 200.0
    /// Of the budget, seconds: at most `allowed` of the requests may take longer.
    var limit = 0.05
    var allowed = 0.01

    var description: String {
        "\(workers) × \(Figures.rate(serviceRate)), p\((100 - allowed * 100).trimmed(2)) < \(Span(seconds: limit))"
    }

    // MARK: The truth

    /// The share of requests that take longer than the limit in the steady state; 1 when there is none.
    ///
    /// With C the probability of waiting (Erlang 1917) and r = cμ − λ, P(T > t) = e^(−μt) + C · μ · (e^(−μt) − e^(−rt)) / (r − μ);
    /// with one worker e^(−(μ−λ)t).
    func shareBeyond(at rate: Double) -> Double {
        let spare = Double(workers) * serviceRate - rate
        guard spare > 0 else { return 1 }
        let served = exp(-serviceRate * limit)
        let difference = spare - serviceRate
        let waits =
            difference.magnitude < 1e-9 * serviceRate
            ? limit * served : (served - exp(-spare * limit)) / difference
        return served + waiting(at: rate) * serviceRate * waits
    }

    /// Erlang's C, by his recursion for B.
    private func waiting(at rate: Double) -> Double {
        let load = rate / serviceRate
        var blocked = 1.0
        for count in 1...workers { blocked = load * blocked / (Double(count) + load * blocked) }
        let used = load / Double(workers)
        return blocked / (1 - used + used * blocked)
    }

    /// The highest rate that keeps the budget.
    var capacity: Double {
        var (low, high) = (0.0, Double(workers) * serviceRate)
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if shareBeyond(at: middle) <= allowed { low = middle } else { high = middle }
        }
        return low
    }

    // MARK: A run

    func run(_ probe: SearchProbe, seed: UInt64, settings: SearchSettings) -> ProbeResult {
        let (start, end) = (settings.warmUpSeconds, settings.warmUpSeconds + probe.seconds)
        var arrivals = SeededRandom(seed: probe.seed(ofSearch: seed), named: "queue/arrivals")
        var services = SeededRandom(seed: probe.labSeed(ofSearch: seed), named: "queue/services")
        var batches = [ShareBatch](
            repeating: ShareBatch(samples: 0, beyond: 0), count: max(1, Int(probe.seconds / settings.batchSeconds)))
        var histogram = LatencyHistogram()
        var latencies = batches.map { _ in LatencyHistogram() }
        var sum = 0.0
        // When each worker is free: the recursion of Lindley (1952), for several workers that of Kiefer and Wolfowitz (1955).
        var free = [Double](repeating: 0, count: workers)
        var now = 0.0
        var (early, late) = (0, 0)
        let third = start + probe.seconds / 3
        while true {
            now -= log(arrivals.nextUnit()) / probe.rate
            if now >= end { break }
            let worker = free.indices.min { free[$0] < free[$1] } ?? 0
            let done = max(now, free[worker]) - log(services.nextUnit()) / serviceRate
            free[worker] = done
            if now < third, done >= third { early += 1 }
            if done >= end { late += 1 }
            guard now >= start else { continue }
            let response = done - now
            let batch = max(0, min(batches.count - 1, Int((done - start) / settings.batchSeconds)))
            batches[batch].samples += 1
            if response > limit { batches[batch].beyond += 1 }
            histogram.record(Span(seconds: response))
            latencies[batch].record(Span(seconds: response))
            sum += response
        }
        let growth = Double(late - early)
        let length = end - third
        let fellBehind =
            growth > ProbeResult.behindShare * probe.rate * length + 3 * Double(late + early).squareRoot()
        let offered = Double(histogram.count) / probe.seconds
        let beyond = batches.reduce(0) { $0 + $1.beyond }
        let isMet = Double(beyond) <= allowed * Double(histogram.count)
        var budget = ProbeBudget(
            text: "p\((100 - allowed * 100).trimmed(2)) < \(Span(seconds: limit).plain)", allowed: allowed,
            batches: batches, point: isMet ? .met : .broken, value: nil)
        budget.isLatency = true
        var result = ProbeResult(
            probe, budgets: [budget], seconds: probe.seconds, offered: offered,
            achieved: max(0, offered - (fellBehind ? growth / length : 0)), fellBehind: fellBehind,
            calls: histogram.count, mean: Span(seconds: sum / Double(max(1, histogram.count))),
            p50: histogram.value(atPercentile: 50), p99: histogram.value(atPercentile: 99))
        result.latencies = latencies.map { CompactHistogram($0) }
        result.seed = probe.seed(ofSearch: seed)
        result.labSeed = probe.labSeed(ofSearch: seed)
        return result
    }
}

/// Whole searches of a queue whose capacity is known.
struct SearchCampaign: Sendable {
    var queue: SimulatedQueue
    var settings: SearchSettings
    var seed: UInt64 = 1

    struct Result: Sendable {
        /// The confirmed rates as multiples of the capacity, one for each search that confirmed one.
        var ratios: [Double] = []
        var searches = 0
        var runs = 0

        /// Searches whose claim is above the capacity by more than that share.
        func overstated(by share: Double) -> Int { ratios.count { $0 > 1 + share } }
    }

    func run(_ count: Int) -> Result {
        let capacity = queue.capacity
        var result = Result()
        for place in 0..<count {
            let seed = SeededRandom.value(seed: seed, stream: 0, at: UInt64(place)) % 1_000_000_000
            var search = CapacitySearch(settings)
            while let probe = search.next() { search.take(queue.run(probe, seed: seed, settings: settings)) }
            result.searches += 1
            result.runs += search.probes.count
            if let rate = search.outcome?.rate { result.ratios.append(rate / capacity) }
        }
        return result
    }
}
