import Core
import Model
import Testing

/// The replica in virtual time against the formulas of queueing theory, with Poisson arrivals and exponential service.
///
/// Tolerances are four standard deviations of the mean over so many requests, measured over forty seeds; waits of
/// neighbours are alike, so they shrink slower than those of independent draws. Over the forty, the mean is that of the
/// formulas to a fifth of that.
@Suite struct QueueingTheoryTests {
    /// What a simulated stretch came to.
    private struct Outcome {
        var waits: [Double] = []
        var rejected = 0
        /// Share of the workers' time that was spent on requests.
        var utilisation = 0.0

        var meanWait: Double { waits.reduce(0, +) / Double(waits.count) }
    }

    /// Offers `count` requests at `rate` per second to one replica whose mean service time is one second.
    private func offer(_ count: Int, rate: Double, workers: Int, queue: Int, seed: UInt64) -> Outcome {
        let time = TimeDistribution.exponential(mean: .seconds(1))
        let gap = TimeDistribution.exponential(mean: Span(seconds: 1 / rate))
        var replica = Replica<Instant>(workers: workers, queue: queue, time: time)
        var times = SeededRandom(seed: seed, stream: 1)
        var gaps = SeededRandom(seed: seed, stream: 2)
        // When the workers that are busy finish, the next one last.
        var ends: [Instant] = []
        func end(at instant: Instant) {
            ends.insert(instant, at: ends.lastIndex { $0 > instant }.map { $0 + 1 } ?? 0)
        }
        var now = Instant(nanoseconds: 0)
        var busyTime = 0.0
        var outcome = Outcome()
        for _ in 0..<count {
            let arrival = now + gap.sample(using: &gaps)
            while let first = ends.last, first <= arrival {
                ends.removeLast()
                if let next = replica.finished(at: first) {
                    outcome.waits.append((first - next.ticket).seconds)
                    busyTime += (next.until - first).seconds
                    end(at: next.until)
                }
            }
            now = arrival
            switch replica.arrived(now, at: now, using: &times) {
            case .started(let until):
                outcome.waits.append(0)
                busyTime += (until - now).seconds
                end(at: until)
            case .queued: break
            case .rejected: outcome.rejected += 1
            }
        }
        outcome.utilisation = busyTime / (now.nanoseconds == 0 ? 1 : Double(now.nanoseconds) / 1e9) / Double(workers)
        return outcome
    }

    /// M/M/1: `Wq = rho / (mu - lambda)`.
    @Test(arguments: [(0.3, 0.07), (0.5, 0.08), (0.8, 0.16)])
    func oneWorkerMakesRequestsWaitAsLongAsTheFormulaSays(load: Double, tolerance: Double) {
        let outcome = offer(100_000, rate: load, workers: 1, queue: 1_000_000, seed: 11)
        #expect(abs(outcome.meanWait / (load / (1 - load)) - 1) < tolerance)
        #expect(abs(outcome.utilisation - load) < 0.01)
        #expect(outcome.rejected == 0)
    }

    /// M/M/c: `Wq = C(c, a) / (c mu - lambda)` with Erlang's C.
    @Test(arguments: [(2, 1.6), (4, 3.0), (8, 6.4)])
    func moreWorkersFollowErlangC(workers: Int, offered: Double) {
        var term = 1.0
        var sum = 0.0
        for k in 0..<workers {
            sum += term
            term *= offered / Double(k + 1)
        }
        let last = term * Double(workers) / (Double(workers) - offered)
        let expected = last / (sum + last) / (Double(workers) - offered)
        let outcome = offer(100_000, rate: offered, workers: workers, queue: 1_000_000, seed: 12)
        #expect(abs(outcome.meanWait / expected - 1) < 0.15)
        #expect(abs(outcome.utilisation - offered / Double(workers)) < 0.01)
    }

    /// M/M/1/K, K the worker and the line: the share turned away is `(1 - rho) rho^K / (1 - rho^(K + 1))`.
    @Test(arguments: [(0.9, 4), (1.5, 4), (3.0, 2), (0.8, 0)])
    func aBoundedLineTurnsAwayTheShareOfTheFormula(load: Double, queue: Int) {
        let power = (0..<queue + 1).reduce(1.0) { product, _ in product * load }
        let expected = (1 - load) * power / (1 - power * load)
        let outcome = offer(100_000, rate: load, workers: 1, queue: queue, seed: 13)
        #expect(abs(Double(outcome.rejected) / 100_000 - expected) < 0.008)
    }

    /// Overload: a worker is never busier than always.
    @Test(arguments: [1, 3])
    func utilisationStaysBelowOne(workers: Int) {
        let outcome = offer(50_000, rate: 10, workers: workers, queue: 20, seed: 14)
        #expect(outcome.utilisation > 0.99)
        #expect(outcome.utilisation < 1.01)
    }
}
