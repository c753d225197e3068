package import Recording

/// A search and what it found: the value of `search.json`.
package struct SearchRecord: Hashable, Sendable, Codable {
    package static let newestFormat = 1

    /// Version of `search.json`.
    package var format = Self.newestFormat
    /// Version of Gale that made it.
    package var gale: String
    package var name: String
    /// What it was run against: the target, or the plan's lab.
    package var target: String
    /// What makes it again.
    package var command: String
    package var isSimulated: Bool
    /// From which the seeds of all runs follow.
    package var seed: UInt64
    /// Wall time of the start, RFC 3339, UTC; nil for a simulation.
    package var started: String?
    /// The budgets that were kept, as the plan wrote them.
    package var budgets: [String]
    package var settings: SearchSettings
    package var outcome: SearchOutcome
    /// `outcome` in a sentence.
    package var sentence: String
    /// In the order in which they ran.
    package var probes: [JudgedProbe]
    /// Nil when there are too few different concurrencies, or no curve fits.
    package var scalability: UniversalScalability?
    /// What the law says, in a sentence.
    package var knee: String
    /// What a reader should know before the table.
    package var notes: [String]
    /// Nil for a simulation.
    package var environment: EnvironmentRecord?

    /// - Parameters:
    ///   - search: one that is over; one that is not counts as interrupted.
    ///   - notes: see `ProbeBudget.notes`.
    package init(
        _ search: CapacitySearch, gale: String, name: String, target: String, command: String, isSimulated: Bool,
        seed: UInt64, started: String?, budgets: [String], notes: [String] = [], environment: EnvironmentRecord? = nil
    ) {
        var search = search
        search.interrupt()
        self.gale = gale
        self.name = name
        self.target = target
        self.command = command
        self.isSimulated = isSimulated
        self.seed = seed
        self.started = started
        self.budgets = budgets
        self.notes = notes
        self.environment = environment
        settings = search.settings
        probes = search.probes
        outcome =
            search.outcome ?? SearchOutcome(kind: .interrupted, reason: "It was interrupted.")
        sentence = outcome.sentence
        scalability = UniversalScalability(search.probes.compactMap(\.point))
        knee = Self.knee(scalability)
    }

    package var exitStatus: Int32 { outcome.exitStatus }

    /// One run on the curve of latency against rate.
    package struct CurvePoint: Hashable, Sendable {
        /// Arrivals per second.
        package var rate: Double
        package var p50Ms: Double
        package var p99Ms: Double
        package var verdict: ProbeJudgement.Verdict
        package var purpose: SearchProbe.Purpose
    }

    /// Latency against rate, by rate; of equal ones in the order in which they ran. Void runs and runs without a call have none.
    package var curve: [CurvePoint] {
        probes.enumerated().compactMap { place, row -> (Int, CurvePoint)? in
            guard !row.isVoid, let p50 = row.p50Ms, let p99 = row.p99Ms else { return nil }
            return (
                place,
                CurvePoint(
                    rate: row.probe.rate, p50Ms: p50, p99Ms: p99, verdict: row.verdict, purpose: row.probe.purpose)
            )
        }.sorted { ($0.1.rate, $0.0) < ($1.1.rate, $1.0) }.map(\.1)
    }

    private static func knee(_ law: UniversalScalability?) -> String {
        guard let law else {
            return
                "No knee: the Universal Scalability Law takes valid runs at \(UniversalScalability.leastPoints) different "
                + "concurrencies or more, and a curve that fits them."
        }
        let number = SearchFigures.number
        let measured = "\(number(law.lowest)) to \(number(law.highest)) calls in flight"
        guard let peak = law.peak, let top = law.throughput(at: peak.value) else {
            let beta = "\(number(law.beta.low)) to \(number(law.beta.high))"
            let why =
                law.beta.low <= 0
                ? "the interval of its β, \(beta), touches 0"
                : "it would lie beyond what was measured"
            return "No peak seen by the Universal Scalability Law within \(measured): \(why)."
        }
        return
            "By the Universal Scalability Law throughput peaks at \(number(peak.value)) calls in flight "
            + "(\(number(peak.low)) to \(number(peak.high)) at 95 %), with \(Figures.rate(top)); measured were \(measured)."
    }
}
