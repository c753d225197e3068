import Analysis
import Core
import Testing

@Suite("The search for the highest rate")
struct CapacitySearchTests {
    private func search(
        _ settings: SearchSettings = SearchSettings(start: 100), _ answer: (SearchProbe) -> ScriptedAnswer
    ) -> ScriptedSearch {
        var search = ScriptedSearch(settings)
        search.run(answer)
        return search
    }

    private func threshold(_ capacity: Double) -> (SearchProbe) -> ScriptedAnswer {
        { $0.rate <= capacity ? .good : .bad }
    }

    struct Way: Sendable, CustomStringConvertible {
        var capacity: Double
        var rates: [Double]
        var description: String { "capacity \(Figures.rate(capacity))" }
    }

    private static let ways = [
        // Up by half until 506.3/s fail, then halved to 2 %, then confirmed.
        Way(capacity: 500, rates: [100, 150, 225, 337.5, 506.3, 413.4, 457.5, 481.3, 493.6, 499.9, 499.9]),
        Way(capacity: 110, rates: [100, 150, 122.5, 110.7, 105.2, 107.9, 109.3, 109.3]),
        // Down by half until 44.45/s pass.
        Way(capacity: 50, rates: [100, 66.67, 44.45, 54.44, 49.19, 51.75, 50.45, 49.82, 49.82]),
        Way(capacity: 100, rates: [100, 150, 122.5, 110.7, 105.2, 102.6, 101.3, 100]),
    ]

    @Test("it goes up or down by the factor, halves the ratio and confirms", arguments: ways)
    func way(_ way: Way) throws {
        let found = search(SearchSettings(start: 100), threshold(way.capacity))
        #expect(found.rates == way.rates)
        let outcome = try #require(found.outcome)
        let rate = try #require(outcome.rate)
        #expect(outcome.kind == .confirmed)
        #expect(outcome.limit == .target)
        #expect(outcome.confidence == 0.95)
        #expect(outcome.exitStatus == 0)
        #expect(rate <= way.capacity && rate > way.capacity * 0.97)
        #expect(try #require(outcome.ceiling) > way.capacity)
    }

    @Test("a search of any capacity stays within its bounds and its precision")
    func anyCapacity() throws {
        var random = SeededRandom(seed: 4)
        for _ in 0..<60 {
            let capacity = 1.5 + 30_000 * random.nextUnit() * random.nextUnit() * random.nextUnit()
            let found = search(SearchSettings(start: 100), threshold(capacity))
            let rate = try #require(found.outcome?.rate)
            #expect(rate <= capacity && rate > capacity * 0.975)
            #expect(found.search.probes.count <= 40)
            #expect(found.rates.allSatisfy { $0 >= 1 && $0 <= 1_000_000 })
        }
    }

    @Test("the run that comes next is the same until its result is there")
    func pending() throws {
        var search = CapacitySearch(SearchSettings(start: 100))
        let next = search.next()
        let first = try #require(next)
        #expect(search.next() == first)
        #expect(first == SearchProbe(number: 1, rate: 100, seconds: 30, purpose: .bracket))
        search.take(ProbeResult(first, .good))
        #expect(search.next() == SearchProbe(number: 2, rate: 150, seconds: 30, purpose: .bracket))
    }

    @Test("the confirmation is four runs of the candidate, numbered on")
    func confirmation() {
        let probes = search(SearchSettings(start: 100), threshold(110)).search.probes.map(\.probe)
        #expect(
            Array(probes.suffix(4))
                == [nil, 8, 8, 8].enumerated().map { place, first in
                    SearchProbe(number: 8 + place, rate: 109.3, seconds: 30, purpose: .confirm, extends: first)
                })
    }

    // MARK: Doubt

    @Test("an undecided probe is extended at the same rate, and decided with all its runs")
    func extended() {
        let found = search { probe in
            if probe.number == 2 { return .doubtful }
            return probe.rate <= 160 ? .good : .bad
        }
        let second = found.search.probes.filter { $0.probe.rate == 150 }
        #expect(second.map(\.probe.number) == [2, 3])
        #expect(second.map(\.probe.extends) == [nil, 2])
        #expect(second.map(\.verdict) == [.undecided, .passed])
        #expect(second[1].shares[0].samples == 12_000)
    }

    @Test("after four runs an undecided probe counts as failed")
    func undecidedFails() {
        let found = search { $0.rate <= 120 ? .good : .doubtful }
        #expect(found.search.probes.filter { $0.probe.rate == 150 }.count == 4)
        #expect(found.outcome?.rate.map { $0 <= 120 } == true)
        #expect(found.outcome?.reason.contains("after 4 runs") == true)
    }

    @Test("too few samples are no answer, and the search says how many it takes")
    func sparse() throws {
        let outcome = try #require(search { _ in .sparse }.outcome)
        #expect(outcome.kind == .undecided)
        #expect(outcome.exitStatus == 75)
        #expect(
            outcome.reason
                == "At 100/s 4 × 30 s do not decide: p99 < 250ms: 120 samples are too few; it takes 299. Make the probes longer."
        )
    }

    // MARK: Confirmations that fail

    @Test("a confirmation that fails steps down and confirms again on fresh data")
    func stepDown() throws {
        let found = search { probe in
            probe.purpose == .confirm ? (probe.rate <= 103 ? .good : .bad) : (probe.rate <= 110 ? .good : .bad)
        }
        let confirmed = found.search.probes.filter { $0.probe.purpose == .confirm && $0.probe.extends == nil }
        #expect(confirmed.map(\.probe.rate) == [109.3, 107.1, 102.8])
        #expect(found.outcome?.rate == 102.8)
        #expect(found.outcome?.ceiling == 107.1)
        #expect(found.outcome?.reason.contains("after 2 confirmations at higher rates had failed") == true)
        // A run that surely breaks the budgets ends its confirmation.
        #expect(found.search.probes.filter { $0.probe.rate == 107.1 }.count == 1)
    }

    @Test("a confirmation that stays in doubt fails, and one that never passes ends the search")
    func neverConfirmed() throws {
        let found = search { $0.purpose == .confirm ? .doubtful : $0.rate <= 110 ? .good : .bad }
        let outcome = try #require(found.outcome)
        #expect(outcome.kind == .undecided)
        #expect(outcome.rate == nil)
        #expect(outcome.highestPassed == 109.3)
        #expect(outcome.reason.hasPrefix("6 confirmations failed, the last one at 80.01/s"))
        #expect(found.search.probes.filter { $0.probe.purpose == .confirm }.count == 24)
        #expect(outcome.ceiling == 80.01 && !outcome.isCeilingSure)
    }

    @Test("a confirmation never passes before all its runs are there")
    func allRuns() {
        var search = CapacitySearch(SearchSettings(start: 100))
        var confirmed = 0
        while let probe = search.next() {
            if probe.purpose == .confirm {
                confirmed += 1
                #expect(search.outcome == nil)
            }
            search.take(ProbeResult(probe, probe.rate <= 110 ? .good : .bad))
        }
        #expect(confirmed == 4)
    }

    // MARK: Bounds

    @Test("the highest rate allowed is confirmed when it passes")
    func highest() throws {
        let outcome = try #require(search(SearchSettings(start: 100, highest: 300)) { _ in .good }.outcome)
        #expect(outcome.kind == .confirmed)
        #expect(outcome.rate == 300)
        #expect(outcome.limit == .settings)
        #expect(
            outcome.sentence
                == "CONFIRMED: ≥ 300/s at 95 % keep the budgets; that is the highest rate that was allowed.")
    }

    @Test("the lowest rate that fails is broken")
    func lowest() throws {
        let found = search(SearchSettings(start: 100, lowest: 20)) { _ in .bad }
        #expect(found.rates == [100, 66.67, 44.45, 29.63, 20])
        let outcome = try #require(found.outcome)
        #expect(outcome.kind == .broken)
        #expect(outcome.exitStatus == 99)
        #expect(outcome.sentence == "BROKEN: even 20/s, the lowest rate that was tried, does not keep the budgets.")
    }

    @Test("a lowest rate that stays in doubt is not broken")
    func lowestInDoubt() throws {
        let outcome = try #require(search(SearchSettings(start: 100, lowest: 50)) { _ in .doubtful }.outcome)
        #expect(outcome.kind == .undecided)
        #expect(outcome.exitStatus == 75)
        #expect(outcome.reason.hasPrefix("50/s, the lowest rate, stayed in doubt: p99 < 250ms: 1 % of 24,000 beyond"))
    }

    @Test("the sentence says whether the next rate is surely too high")
    func doubtAbove() throws {
        let sure = try #require(search(SearchSettings(start: 100), threshold(110)).outcome)
        #expect(sure.sentence == "CONFIRMED: ≥ 109.3/s at 95 % keep the budgets; 110.7/s do not.")
        let doubtful = try #require(search { $0.rate <= 110 ? .good : .doubtful }.outcome)
        #expect(doubtful.sentence == "CONFIRMED: ≥ 109.3/s at 95 % keep the budgets; of 110.7/s it is not certain.")
    }

    @Test("so many runs and no more")
    func mostProbes() throws {
        var settings = SearchSettings(start: 100)
        settings.mostProbes = 5
        let found = search(settings, threshold(1e5))
        #expect(found.search.probes.count == 5)
        #expect(found.outcome?.kind == .undecided)
        #expect(found.outcome?.reason == "It stopped after 5 probes, the most that were allowed.")
        settings.mostProbes = 11
        #expect(search(settings, threshold(110)).outcome?.kind == .confirmed)
        settings.mostProbes = 10
        #expect(search(settings, threshold(110)).outcome?.kind == .undecided)
    }

    // MARK: What is not the target's doing

    @Test("a generator that stumbles once gets a second chance")
    func stumble() {
        let found = search { probe in probe.number == 2 ? .late : probe.rate <= 160 ? .good : .bad }
        #expect(found.search.probes[1].verdict == .void)
        #expect(
            found.search.probes[2].probe
                == SearchProbe(number: 3, rate: 150, seconds: 30, purpose: .bracket, extends: 2))
        #expect(found.search.probes[2].verdict == .passed)
        #expect(found.outcome?.limit == .target)
    }

    @Test("a generator that stumbles twice is the limit, and the search does not go above it")
    func generator() throws {
        let found = search { $0.rate <= 110 ? .good : .late }
        let outcome = try #require(found.outcome)
        #expect(outcome.kind == .confirmed)
        #expect(outcome.limit == .generator)
        #expect(outcome.rate == 109.3)
        #expect(outcome.exitStatus == 0)
        #expect(
            outcome.sentence
                == "CONFIRMED: ≥ 109.3/s at 95 % keep the budgets; the capacity may be higher, since the generator is the limit "
                + "from 110.7/s on.")
        // Only the first void rate was tried twice.
        #expect(found.search.probes.filter { $0.isVoid }.map(\.probe.rate) == [150, 150, 122.5, 110.7])
    }

    @Test("a generator that is the limit at the lowest rate leaves nothing to say")
    func hopeless() throws {
        let outcome = try #require(search(SearchSettings(start: 100, lowest: 50)) { _ in .late }.outcome)
        #expect(outcome.kind == .undecided)
        #expect(outcome.exitStatus == 75)
        #expect(outcome.reason == "At 50/s, the lowest rate, the generator was the limit: Requests were sent late.")
    }

    @Test("a target that falls behind fails, whatever its latencies")
    func behind() {
        let found = search { $0.rate <= 110 ? .good : .slow }
        #expect(found.outcome?.rate == 109.3)
        #expect(found.search.probes[1].reason == "the target was too slow: it kept up with 135/s of 150/s")
    }

    @Test("counts that do not add up end the search")
    func contradiction() {
        let found = search { $0.number == 3 ? .contradictory : .good }
        #expect(found.outcome?.kind == .undecided)
        #expect(found.search.probes.count == 3)
    }

    @Test("an interruption ends the search, and says what was known")
    func interrupted() throws {
        let outcome = try #require(search { $0.number == 3 ? .interrupted : .good }.outcome)
        #expect(outcome.kind == .interrupted)
        #expect(outcome.exitStatus == 130)
        #expect(outcome.sentence == "INTERRUPTED: no rate was confirmed; a single probe at 150/s had passed.")
        var idle = CapacitySearch(SearchSettings(start: 100))
        idle.interrupt()
        #expect(idle.next() == nil)
        #expect(idle.outcome?.sentence == "INTERRUPTED: no rate was confirmed.")
    }

    // MARK: Budgets that are no shares

    @Test("a budget that is no share is judged by its value in each run")
    func point() throws {
        var kept = ScriptedSearch(SearchSettings(start: 100, highest: 150))
        kept.run(point: .met) { _ in .good }
        #expect(kept.outcome?.kind == .confirmed)
        var broken = ScriptedSearch(SearchSettings(start: 100, lowest: 50))
        broken.run(point: .broken) { _ in .good }
        #expect(broken.outcome?.kind == .broken)
        #expect(broken.outcome?.reason == "50/s, the lowest rate, failed: mean < 20ms: 21.0 ms.")
    }

    @Test("answers without order end the search in bounded time, with what was confirmed or nothing")
    func noise() throws {
        var random = SeededRandom(seed: 9)
        let answers: [ScriptedAnswer] = [.good, .good, .good, .bad, .doubtful, .slow, .late]
        for _ in 0..<60 {
            let found = search { _ in answers[Int(random.below(7))] }
            let outcome = try #require(found.outcome)
            #expect(found.search.probes.count <= 60)
            guard let rate = outcome.rate else { continue }
            let confirmed = found.search.probes.filter {
                $0.probe.rate == rate && $0.probe.purpose == .confirm && !$0.isVoid
            }
            #expect(confirmed.count == 4)
            #expect(confirmed.last?.verdict == .passed)
            if let ceiling = outcome.ceiling { #expect(ceiling > rate) }
        }
    }
}
