import Core
import Glibc
import Loops
import Model
import Simulation
import Testing

/// What must come out whatever the code: waiting times of queues that theory knows.
@Suite("Queues in virtual time")
struct QueueTheoryTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let workers: Int
        let load: Double
        var time = TimeDistribution.exponential(mean: .milliseconds(10))
        /// Of the mean wait, by Pollaczek and Khinchine: (1 + squared coefficient of variation) / 2.
        var variation = 1.0
        var testDescription: String { "\(workers) workers, load \(load), \(time)" }

        /// Erlang's C, times the mean wait of those who wait.
        var meanWait: Double {
            let offered = load * Double(workers)
            var (term, sum) = (1.0, 1.0)
            for k in 1..<max(workers, 1) + 1 where k < workers {
                term *= offered / Double(k)
                sum += term
            }
            let last = (workers == 1 ? 1 : term) * offered / Double(workers) / (1 - load)
            let waits = last / (sum + last)
            return waits * 0.010 / (Double(workers) * (1 - load)) * variation
        }
    }

    @Test(
        "the mean wait is that of theory",
        arguments: [
            Row(workers: 1, load: 0.5), Row(workers: 4, load: 0.7),
            Row(workers: 1, load: 0.7, time: .constant(.milliseconds(10)), variation: 0.5),
        ])
    func meanWait(_ row: Row) {
        let count = 8_000
        let host = SimulatedHost(seed: 7) {
            $0.workers = row.workers
            $0.queue = 1_000_000
            $0.time = row.time
        }
        host.client()
        let attempts = host.run { host in
            var random = SeededRandom(seed: 3)
            let rate = row.load * Double(row.workers) / 0.010
            var due = host.loop.now
            var arrivals: [Instant] = []
            for _ in 0..<count {
                due = due + Span(seconds: -log(random.nextUnit()) / rate)
                arrivals.append(due)
            }
            return await host.together(count) { [arrivals] host, number in
                _ = await host.loop.sleep(until: arrivals[number], in: SleepGroup(id: 1))
                return await host.get(within: .seconds(1_000))
            }
        }
        #expect(attempts.allSatisfy { $0.failure == nil && $0.status == 200 })
        let mean = attempts.reduce(0) { $0 + $1.took.seconds } / Double(count) - 0.010
        #expect(abs(mean - row.meanWait) < 0.15 * row.meanWait, "\(mean) instead of \(row.meanWait)")
        #expect(host.lab.counts(of: 0).answered == count)
        #expect(host.lab.isAtRest)
    }
}
