import Analysis
import Core
import Glibc
import Testing

/// How often a search claims too much, with targets whose capacity is known. `GALE_SEARCHES=100` runs the whole campaign, as
/// `make proof` does; else each target is searched a few times.
@Suite("Searches of queues whose capacity is known")
struct SearchCampaignTests {
    private static let searches = getenv("GALE_SEARCHES").flatMap { Int(String(cString: $0)) }

    private static let queues = [
        // The limit is ten service times: at the capacity the worker is idle nearly half of the time.
        SimulatedQueue(serviceRate: 200, limit: 0.05),
        // Fifty of them: the worker is nearly always busy, and what one call suffers its neighbours suffer, too.
        SimulatedQueue(serviceRate: 200, limit: 0.25), SimulatedQueue(workers: 4, serviceRate: 50, limit: 0.15),
    ]

    @Test("the claim is more than 2 % too high in at most 5 % of the searches", arguments: queues)
    func overstatement(queue: SimulatedQueue) {
        let count = Self.searches ?? 4
        let result = SearchCampaign(queue: queue, settings: SearchSettings(start: queue.capacity / 4)).run(count)
        if Self.searches != nil {
            let ratios = result.ratios.sorted()
            let middle = ratios.isEmpty ? 0 : ratios[ratios.count / 2]
            print(
                "\(queue): \(result.searches) searches, \(result.ratios.count) confirmed, above the capacity "
                    + "\(result.overstated(by: 0)), by more than 2 % \(result.overstated(by: 0.02)), median "
                    + "\(middle.fixed(3)), least \((ratios.first ?? 0).fixed(3)), most \((ratios.last ?? 0).fixed(3)), "
                    + "\((Double(result.runs) / Double(max(1, count))).fixed(1)) runs each")
        }
        #expect(Double(result.overstated(by: 0.02)) <= 0.05 * Double(count))
        // A search that never confirms anything overstates nothing: most have to find something, and not far below.
        #expect(Double(result.ratios.count) >= 0.9 * Double(count))
        #expect(result.ratios.allSatisfy { $0 > 0.7 })
    }

    @Test("the simulated queue has the share beyond its limit that theory says", arguments: queues)
    func theory(queue: SimulatedQueue) {
        let settings = SearchSettings(start: 1)
        let rate = queue.capacity
        let probe = SearchProbe(number: 1, rate: rate, seconds: 600, purpose: .bracket)
        let found = queue.run(probe, seed: 3, settings: settings)
        let beyond = found.budgets[0].batches.reduce(0) { $0 + $1.beyond }
        let share = Double(beyond) / Double(found.calls)
        #expect((queue.shareBeyond(at: rate) - 0.01).magnitude < 1e-9)
        #expect((share - 0.01).magnitude < 0.006)
        #expect((found.offered / rate - 1).magnitude < 0.02)
    }

    @Test("one worker's share is that of the exponential distribution")
    func closedForm() {
        let queue = SimulatedQueue(serviceRate: 200, limit: 0.05)
        #expect((queue.capacity - (200 - log(100.0) / 0.05)).magnitude < 1e-6)
        #expect((queue.shareBeyond(at: 150) - exp(-50 * 0.05)).magnitude < 1e-12)
        #expect(queue.shareBeyond(at: 200) == 1)
    }

    @Test("a search says the same when it is made again")
    func repeatable() {
        let campaign = SearchCampaign(queue: Self.queues[0], settings: SearchSettings(start: 30))
        #expect(campaign.run(1).ratios == campaign.run(1).ratios)
    }
}
