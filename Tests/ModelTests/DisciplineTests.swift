import Core
import Model
import Testing

/// What the order of service changes and what it does not, with Poisson arrivals and exponential service.
@Suite struct DisciplineTests {
    /// Waiting times in seconds, of requests at 0.8 a second to one worker who needs a second in the mean.
    private func waits(_ order: QueueOrder, seed: UInt64, count: Int = 60_000) -> [Double] {
        let (gap, time) = (
            TimeDistribution.exponential(mean: .milliseconds(1_250)), TimeDistribution.exponential(mean: .seconds(1))
        )
        var replica = Replica<Instant>(workers: 1, queue: 1_000_000, order: order, time: time)
        var (times, gaps) = (SeededRandom(seed: seed, stream: 1), SeededRandom(seed: seed, stream: 2))
        var (now, end, waits) = (Instant(nanoseconds: 0), Instant.never, [Double]())
        for _ in 0..<count {
            let arrival = now + gap.sample(using: &gaps)
            while end <= arrival {
                if let next = replica.finished(at: end) {
                    waits.append((end - next.ticket).seconds)
                    end = next.until
                } else {
                    end = .never
                }
            }
            now = arrival
            if case .started(let until) = replica.arrived(now, at: now, using: &times) {
                waits.append(0)
                end = until
            }
        }
        return waits
    }

    private func moment(_ values: [Double], _ power: Int) -> Double {
        values.reduce(0) { sum, value in sum + (0..<power).reduce(1.0) { product, _ in product * value } }
            / Double(values.count)
    }

    /// M/M/1 with rho = 0.8 and mu = 1: the mean wait is rho / (mu - lambda) = 4 in either order. The second moment is
    /// `2 rho / (1 - rho)² = 40` first come, first served, and 1 / (1 - rho) times that, 200, last come, first served
    /// (Kleinrock 1976, "Queueing Systems" II, section 3.4).
    @Test func theLastComeServedFirstHasTheSameMeanAndALongerTail() {
        let (first, last) = (waits(.firstIn, seed: 31), waits(.lastIn, seed: 31))
        #expect(abs(moment(first, 1) / 4 - 1) < 0.15)
        #expect(abs(moment(last, 1) / moment(first, 1) - 1) < 0.02, "the worker is busy at the same times")
        #expect(abs(moment(first, 2) / 40 - 1) < 0.35)
        #expect((3...7).contains(moment(last, 2) / moment(first, 2)), "5 by the formula")
        let tail = { (waits: [Double]) in waits.sorted()[waits.count * 999 / 1_000] }
        #expect(tail(last) > 2 * tail(first))
        #expect(last.count { $0 < 0.5 } > first.count { $0 < 0.5 }, "and more of them hardly wait")
    }

    /// Twice as slow for good is a server of half the rate: M/M/1 with rho = 0.5 instead of 0.25, a wait of 1 / (1/2) · 0.5.
    @Test func aSlowServiceIsASlowerQueue() {
        let (gap, time) = (
            TimeDistribution.exponential(mean: .seconds(4)), TimeDistribution.exponential(mean: .seconds(1))
        )
        var service = ServiceDescription(name: "shop")
        (service.workers, service.queue, service.time) = (1, 1_000_000, time)
        service.episodes = [Episode(.slow(factor: 2))]
        var model = ServiceModel<Instant>(service, seed: 5)
        var gaps = SeededRandom(seed: 5, stream: 2)
        var (now, sum) = (Instant(nanoseconds: 0), 0.0)
        var current: (job: ServiceModel<Instant>.Job, until: Instant)?
        model.begin(at: now)
        for _ in 0..<60_000 {
            now = now + gap.sample(using: &gaps)
            while let (job, until) = current, until <= now {
                let next = model.finished(job, at: until)
                if let next { sum += (until - next.ticket).seconds }
                current = next.map { ($0.job, $0.until) }
            }
            if case .started(let job, let until) = model.arrived(now, path: "/", at: now) { current = (job, until) }
        }
        #expect(abs(sum / 60_000 / 2 - 1) < 0.12)
    }
}
