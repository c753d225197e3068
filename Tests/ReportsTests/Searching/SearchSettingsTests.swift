import Analysis
import Core
import Testing

@Suite("Settings of a search")
struct SearchSettingsTests {
    @Test("what is given without more works")
    func defaults() {
        let settings = SearchSettings(start: 100)
        #expect(settings.problem == nil)
        #expect(settings.lowest == 1)
        #expect(settings.alpha > 0.0499 && settings.alpha < 0.0501)
    }

    struct Wrong: Sendable, CustomStringConvertible {
        var name: String
        var change: @Sendable (inout SearchSettings) -> Void
        var words: String
        var description: String { name }
    }

    private static let wrong = [
        Wrong(name: "no rate", change: { $0.start = 0 }, words: "the rates of a search"),
        Wrong(name: "a rate that is no number", change: { $0.highest = .nan }, words: "the rates of a search"),
        Wrong(
            name: "a highest rate below the first", change: { $0.highest = 50 },
            words: "the highest rate is `50/s`, but it has to be at least the first one, 100/s"),
        Wrong(
            name: "a lowest rate above the first", change: { $0.lowest = 200 },
            words: "the lowest rate is `200/s`, but it has to be at most the first one, 100/s"),
        Wrong(name: "growth that does not grow", change: { $0.growth = 1 }, words: "growth is `1`"),
        Wrong(
            name: "a precision that no probe has", change: { $0.precision = 0.001 },
            words: "the precision is `0.1 %`, but it has to be between 0.5 % and 50 %"),
        Wrong(
            name: "a probe of one batch", change: { $0.probeSeconds = 9 },
            words: "a probe is `9 s`, but it has to be at least two batches long, 10 s"),
        Wrong(
            name: "a confirmation of one batch",
            change: {
                $0.confirmRuns = 1
                $0.confirmSeconds = 5
            }, words: "a run of the confirmation is `5 s`"),
        Wrong(name: "batches without length", change: { $0.batchSeconds = 0 }, words: "a batch is `0 s`"),
        Wrong(name: "certainty", change: { $0.confidence = 1 }, words: "the confidence is `100 %`"),
        Wrong(name: "no probes", change: { $0.mostProbes = 0 }, words: "the number of probes is `0`"),
        Wrong(
            name: "a time that is no number", change: { $0.warmUpSeconds = .infinity }, words: "the times of a search"),
        Wrong(name: "no confirmation", change: { $0.mostConfirmations = 0 }, words: "the number of confirmations"),
        Wrong(name: "no runs", change: { $0.mostParts = 0 }, words: "the number of runs of a probe"),
        Wrong(name: "no fresh runs", change: { $0.confirmRuns = 0 }, words: "the number of runs of a confirmation"),
    ]

    @Test("what does not work is named with its rule", arguments: wrong)
    func problems(_ wrong: Wrong) throws {
        var settings = SearchSettings(start: 100)
        wrong.change(&settings)
        #expect(try #require(settings.problem).hasPrefix(wrong.words))
    }

    @Test("all confirmations together have the risk of one claim")
    func spending() {
        let settings = SearchSettings(start: 100)
        let risks = (1...40).map(settings.alpha(ofConfirmation:))
        #expect(risks.reduce(0, +) <= settings.alpha)
        #expect(zip(risks, risks.dropFirst()).allSatisfy { $0 > $1 })
        #expect((risks[0] - 0.05 / 3).magnitude < 1e-12)
    }

    @Test("each run has seeds of its own")
    func seeds() {
        var seeds: Set<UInt64> = []
        for number in 1...200 {
            let probe = SearchProbe(number: number, rate: 100, seconds: 30, purpose: .bracket)
            seeds.insert(probe.seed(ofSearch: 5))
            seeds.insert(probe.labSeed(ofSearch: 5))
            seeds.insert(probe.seed(ofSearch: 6))
        }
        #expect(seeds.count == 600)
        #expect(seeds.allSatisfy { $0 < 1_000_000_000 })
    }
}
