import Core
import Recording

/// What a reader should know of the client's policies and its endpoints.
extension Finding {
    /// Attempts per call above which the client itself makes trouble worse.
    package static let highAmplification = 1.5
    /// A black hole takes more than this many times the mean share of the attempts, and fails more than this share.
    package static let blackHoleShare = 2.0
    package static let blackHoleErrors = 0.5
    /// Share of the hedges that may be for nothing.
    package static let wastedHedges = 0.9

    static func addPolicies(of run: Measurement, _ add: (Kind, String) -> Void) {
        if run.ledger.rejected > 0 {
            let layers = Rejection.allCases.compactMap { layer -> String? in
                let count = run.policies?.rejections[Int(layer.rawValue)] ?? 0
                return count > 0 ? "\(layer.name) \(Figures.count(count))" : nil
            }
            let share = Figures.share(run.figures.rejectedShare)
            add(
                .rejected,
                "The client turned \(Figures.count(run.ledger.rejected)) of \(Figures.count(run.ledger.made, "call")) away "
                    + "(\(share))\(layers.isEmpty ? "" : ": \(layers.joined(separator: ", "))"); they count as errors "
                    + "unless a fallback answered, and are in no latency.")
        }
        if let amplification = run.figures.amplification, amplification > highAmplification {
            let parts = run.ledger.firstTries - (run.ledger.made - run.ledger.rejected)
            let causes = [
                run.ledger.retries > 0 ? Figures.count(run.ledger.retries, "retry", plural: "retries") : nil,
                run.ledger.hedges > 0 ? Figures.count(run.ledger.hedges, "hedge") : nil,
                parts > 0 ? "\(Figures.count(parts)) more first tries of calls to several shards" : nil,
            ].compactMap { $0 }.joined(separator: ", ")
            // Only retries grow with the trouble of the target.
            let remedy = 2 * run.ledger.retries > parts + run.ledger.hedges ? " A retry budget bounds it." : ""
            add(
                .amplification,
                "The client sent \(Figures.amount(amplification)) attempts per call (\(causes)): the target got that many "
                    + "times the load of its calls.\(remedy)")
        }
        guard let policies = run.policies else { return }
        if policies.retriesDenied > 0 {
            add(
                .retriesDenied,
                "The retry budget did not allow \(Figures.count(policies.retriesDenied, "retry", plural: "retries")); "
                    + "\(Figures.count(run.ledger.retries)) were made.")
        }
        let judged = policies.hedgesWon + policies.hedgesWasted
        let wasted = Figures.ratio(policies.hedgesWasted, of: judged)
        if Double(judged) >= enoughSamples, wasted > wastedHedges {
            add(
                .hedgesWasted,
                "\(Figures.count(policies.hedgesWasted)) of \(Figures.count(judged, "hedge")) (\(Figures.share(wasted))) were "
                    + "for nothing: the first try was faster. A later hedge would cost less.")
        }
    }

    static func addEndpoints(of run: Measurement, _ add: (Kind, String) -> Void) {
        let openings = max(
            run.endpoints.reduce(0) { $0 + $1.counts["breaker_openings"] }, run.events.count(.breaker, "open"))
        if openings > 0 { add(.breakerOpened, "Breakers opened \(Figures.count(openings, "time")).") }
        if let availability = run.availability, let first = availability.firstBelowHalf {
            add(
                .fewHealthy,
                "Fewer than half of the endpoints were available for \(Figures.seconds(availability.secondsBelowHalf)), "
                    + "first at \(Figures.seconds(first)); at worst \(Figures.count(availability.least)) of "
                    + "\(Figures.count(availability.leastOf)).")
        }
        addBlackHoles(of: run, add)
        addImbalance(of: run, add)
        let changes = [("added", "added"), ("removed", "removed"), ("changed", "changed")].compactMap { what, text in
            let count = run.events.count(.endpoints, what)
            return count > 0 ? "\(Figures.count(count)) \(text)" : nil
        }
        if !changes.isEmpty {
            add(.endpointsChanged, "The set of endpoints changed during the run: \(changes.joined(separator: ", ")).")
        }
        if run.eventsLost > 0 {
            add(
                .eventsLost,
                "\(Figures.count(run.eventsLost, "event")) were more than the \(Figures.count(Interval.mostEvents)) that a "
                    + "client may note in a second; events.csv lacks them.")
        }
    }

    /// A balancer that counts calls in flight likes an endpoint that fails at once.
    private static func addBlackHoles(of run: Measurement, _ add: (Kind, String) -> Void) {
        let mean = run.endpoints.isEmpty ? 0 : 1 / Double(run.endpoints.count)
        let holes = run.endpoints.filter {
            $0.share > blackHoleShare * mean && ($0.errorShare ?? 0) > blackHoleErrors
        }
        let worst = holes.sorted { ($1.share, $0.place) < ($0.share, $1.place) }
        for endpoint in worst.prefix(3) {
            add(
                .blackHole,
                "\(endpoint.address) took \(Figures.share(endpoint.share)) of the attempts, where \(Figures.share(mean)) is "
                    + "the mean, and failed \(Figures.share(endpoint.errorShare ?? 0)) of them: a black hole. Eject it "
                    + "(client.health.outliers), or count failures as slow.")
        }
        if worst.count > 3 {
            add(.blackHole, "So did \(Figures.count(worst.count - 3, "more endpoint")).")
        }
    }

    private static func addImbalance(of run: Measurement, _ add: (Kind, String) -> Void) {
        guard let shards = run.shards else { return }
        for (value, what) in [(shards.keyedImbalance, "keyed calls"), (shards.imbalance, "attempts")] {
            guard let value, value > shards.limit else { continue }
            add(
                .imbalance,
                "The \(what) were not shared out evenly: the fullest shard had \(Figures.share(value)) more than the mean, "
                    + "above \(Figures.share(shards.limit)).")
        }
    }
}
