import Core
import Model
import Testing

@testable import Plans

/// `episodes` and `faults` of a service: what they read as.
struct EpisodeTests {
    private func service(_ keys: String) throws -> ServiceDescription {
        let lab = try PlanInputs.plan(
            "target: http://127.0.0.1\nlab: { services: { shop: { replicas: 4, \(keys) } } }"
        ).lab
        #expect(lab?.flaw == nil)
        return try #require(lab?.services.first)
    }

    private static func episode(
        _ kind: Episode.Kind, at: Span = .zero, lasts: Span? = nil, every: Span? = nil,
        replicas: ClosedRange<Int>? = nil, announced: Bool = false
    ) -> Episode {
        var episode = Episode(kind, at: at, lasts: lasts)
        episode.every = every
        episode.replicas = replicas
        episode.isAnnounced = announced
        return episode
    }

    @Test(
        arguments: [
            ("{ slow: 3x }", episode(.slow(factor: 3))),
            ("{ slow: 1.5x, at: 2s, for: 3s }", episode(.slow(factor: 1.5), at: .seconds(2), lasts: .seconds(3))),
            ("{ slow: 1x, replicas: 0 }", episode(.slow(factor: 1), replicas: 0...0)),
            (
                "{ slow: 2x, for: 1s, every: 5s, replicas: 1 to 3 }",
                episode(.slow(factor: 2), lasts: .seconds(1), every: .seconds(5), replicas: 1...3)
            ),
            ("{ time: 50ms, at: 1m }", episode(.time(.constant(.milliseconds(50))), at: .seconds(60))),
            (
                "{ time: { mean: 1s }, for: 2s }",
                episode(.time(.exponential(mean: .seconds(1))), lasts: .seconds(2))
            ),
            (
                "{ pause: 200ms, every: 5s }", episode(.pause, lasts: .milliseconds(200), every: .seconds(5))
            ),
            ("{ outage: 10s, at: 30s }", episode(.outage, at: .seconds(30), lasts: .seconds(10))),
            (
                "{ outage: 1s, announced: true, replicas: 2 to 2 }",
                episode(.outage, lasts: .seconds(1), replicas: 2...2, announced: true)
            ),
            (
                "{ cold-start: 5x, at: 1s, for: 20s }",
                episode(.cold(factor: 5), at: .seconds(1), lasts: .seconds(20))
            ),
            ("{ workers: 1 }", episode(.workers(1))),
            ("{ workers: 4, for: 1s }", episode(.workers(4), lasts: .seconds(1))),
            (
                "{ restart: 5s, every: 1s }", episode(.restart, lasts: .seconds(5), every: .seconds(1))
            ),
            (
                "{ restart: 5s, replicas: 3, announced: false }",
                episode(.restart, lasts: .seconds(5), replicas: 3...3)
            ),
        ] as [(String, Episode)])
    func anEpisodeIsReadAsItIsWritten(yaml: String, episode: Episode) throws {
        #expect(try service("episodes: [\(yaml)]").episodes == [episode])
    }

    @Test func episodesKeepTheirOrder() throws {
        let episodes = try service("episodes: [{ outage: 1s, at: 9s }, { slow: 2x }, { outage: 1s }]").episodes
        #expect(episodes.map(\.kind) == [.outage, .slow(factor: 2), .outage])
        #expect(episodes.map(\.at) == [.seconds(9), .zero, .zero])
    }

    @Test(
        arguments: [
            ("", .zero, nil, nil), (", at: 10s", .seconds(10), nil, nil), (", for: 1m", .zero, .seconds(60), nil),
            (", replicas: 0 to 3", .zero, nil, 0...3),
        ] as [(String, Span, Span?, ClosedRange<Int>?)])
    func aFaultHasATimeAndReplicas(keys: String, at: Span, lasts: Span?, replicas: ClosedRange<Int>?) throws {
        let fault = try #require(try service("faults: [{ fault: reset\(keys) }]").faults.first)
        #expect(fault.at == at)
        #expect(fault.lasts == lasts)
        #expect(fault.replicas == replicas)
    }

    @Test func aFaultOfConnectionsStrikesReplicasThatListen() throws {
        let fault = try service("listen: each, faults: [{ fault: tls-stall, replicas: 0 }], port: 9000").faults.first
        #expect(fault?.replicas == 0...0)
    }

    @Test(arguments: ["load: [{ users: 2, count: 9 }]", "load: [{ rate: 1/s, for: 60s }]"])
    func anEpisodeBeforeTheEndOfTheLoadRaisesNoDoubt(load: String) {
        let lab = "lab: { services: { shop: { episodes: [{ outage: 1s, at: 59s }] } } }"
        #expect(PlanInputs.problems("\(load)\n\(lab)") == nil)
    }

    @Test(
        arguments: [
            ("1x", 1), ("3x", 3), ("1.5x", 1.5), ("1_000x", 1_000), ("1000000x", 1_000_000),
        ] as [(String, Double)])
    func aFactorIsANumberOfTimes(text: String, factor: Double) throws {
        #expect(try Units.factor(text) == factor)
        #expect(try Units.factor(Units.text(factor: factor)) == factor)
    }

    @Test(
        arguments: [
            ("3", .noUnit, "write `3x`, if that is what you mean"), ("3X", .unit, "write it like `3x`"),
            ("3xx", .unit, "write it like `3x`"), ("0.9x", .range, "write one within these bounds"),
            ("1000001x", .range, "write one within these bounds"), ("x", .number, "write it like `3x`"),
            ("-3x", .range, "drop the `-`"), ("", .number, "write it like `3x`"),
        ] as [(String, UnitProblem.Kind, String)])
    func aWrongFactorIsAnsweredWithARemedy(text: String, kind: UnitProblem.Kind, remedy: String) {
        let problem = #expect(throws: UnitProblem.self) { try Units.factor(text) }
        #expect(problem?.kind == kind)
        #expect(problem?.remedy == remedy)
    }
}
