package import Core
package import Recording

/// What a reader should know of a run and that does not make it invalid.
package struct Finding: Hashable, Sendable, Encodable {
    /// A closed list, each with a short stable name.
    package enum Kind: String, CaseIterable, Sendable, Encodable {
        case killed, interrupted, aborted, incomplete
        case insecure = "insecure_tls"
        case debugBuild = "debug_build"
        case fullLoop = "full_loop"
        case droppedInFlight = "dropped_in_flight"
        case droppedLate = "dropped_late"
        case hiccups
        case longTurn = "long_turn"
        case connections = "near_connection_limit"
        case resends
        case labCount = "lab_count"
        case fewSamples = "few_samples"
        case sharedSeries = "shared_series"
        case rejected
        case amplification
        case retriesDenied = "retries_denied"
        case hedgesWasted = "hedges_wasted"
        case breakerOpened = "breaker_opened"
        case fewHealthy = "few_healthy_endpoints"
        case blackHole = "black_hole"
        case imbalance
        case endpointsChanged = "endpoints_changed"
        case eventsLost = "events_lost"
        case saturated
        case smallCache = "small_cache"
        case staleReads = "stale_reads"
        case lostWrites = "lost_writes"
        case deadLetters = "dead_letters"
        case slowEndpoint = "slow_endpoint"
        case slowStep = "slow_step"
        case slowWaits = "slow_waits"
        case slowConnections = "slow_connections"
        case slowTransfers = "slow_transfers"
        case slowFirstByte = "slow_first_byte"
        case latencyGrows = "latency_grows"
        case errorBurst = "error_burst"
    }

    package var kind: Kind
    /// A sentence with the figures.
    package var text: String
    /// The figure that it rests on, a ratio or a share, where there is one.
    package var value: Double?

    package init(kind: Kind, text: String, value: Double? = nil) {
        self.kind = kind
        self.text = text
        self.value = value
    }

    /// Samples that must lie above a percentile for it to mean something.
    package static let enoughSamples = 10.0
    /// A stall or a turn that is worth a word.
    package static let longStall: Span = .milliseconds(10)

    /// In the order in which a reader should learn of them.
    package static func all(
        of run: Measurement, environment: EnvironmentRecord?, resources: [ResourceSummary] = [],
        evidence: LatencyEvidence = LatencyEvidence()
    ) -> [Finding] {
        var found: [Finding] = []
        func add(_ kind: Kind, _ text: String) { found.append(Finding(kind: kind, text: text)) }

        switch run.state {
        case .finished: break
        case .killed:
            add(
                .killed,
                "The run did not come to its end: it was killed, or is still running. Up to a second is missing.")
        case .interrupted:
            add(.interrupted, "The run was interrupted after \(Figures.seconds(run.totalSeconds)).")
        case .aborted:
            add(
                .aborted,
                "The run was stopped after \(Figures.seconds(run.totalSeconds)) by the budget `\(run.abortedBy ?? "")`; "
                    + "its figures are those of the time until then.")
        }
        for gap in run.gaps { add(.incomplete, gap) }
        if environment?.insecure == true { add(.insecure, "TLS certificates were not verified.") }
        if let environment, environment.build != "release" {
            add(.debugBuild, "Gale was built without optimisation (\(environment.build)): it costs many times the CPU.")
        }
        addDrops(of: run.ledger, add)
        if let share = run.busiestClosed, share > Validity.busyShare, run.hasClosedPhase {
            add(
                .fullLoop,
                "The busiest loop used \(Figures.share(share)) of a core in the closed phases: the rate is the "
                    + "generator's highest, not the target's.")
        }
        if let generator = run.generator { addHealth(of: generator, add) }
        if run.ledger.resends > 0 {
            add(
                .resends,
                "libcurl sent \(Figures.count(run.ledger.resends, "request")) a second time by itself, because a reused "
                    + "connection had died; the server may have seen both.")
        }
        // How many of the health checks got to the lab is not known: a check may fail before anything is sent.
        let sent = run.requestsOnTheWire
        if let received = run.labRequests, !(sent...sent + run.healthChecks).contains(received) {
            let checks = run.healthChecks > 0 ? " and \(Figures.count(run.healthChecks, "health check"))" : ""
            add(
                .labCount,
                "The lab received \(Figures.count(received, "request")) by its own count, and Gale sent "
                    + "\(Figures.count(sent))\(checks): a request that is on its way when its connection dies is "
                    + "sent and not received.")
        }
        addSamples(of: run, add)
        addPolicies(of: run, add)
        addEndpoints(of: run, add)
        addLatency(of: run, evidence) { found.append(Finding(kind: $0, text: $2, value: $1)) }
        addResources(resources, add)
        return found
    }

    private static func addDrops(of ledger: Ledger, _ add: (Kind, String) -> Void) {
        let arrivals = Figures.count(ledger.scheduled, "arrival")
        if ledger.droppedInFlight > 0 {
            let share = Figures.share(Figures.ratio(ledger.droppedInFlight, of: ledger.scheduled))
            add(
                .droppedInFlight,
                "Offered load not reached: \(Figures.count(ledger.droppedInFlight)) of \(arrivals) (\(share)) were "
                    + "dropped at the bound on calls in flight, because the target was too slow.")
        }
        let late = Figures.ratio(ledger.droppedLate, of: ledger.scheduled)
        if ledger.droppedLate > 0, late <= Validity.lateShare {
            add(
                .droppedLate,
                "The generator came too late for \(Figures.count(ledger.droppedLate)) of \(arrivals) "
                    + "(\(Figures.share(late))).")
        }
    }

    private static func addHealth(of generator: GeneratorRecord, _ add: (Kind, String) -> Void) {
        if generator.hiccups > 0 {
            add(
                .hiccups,
                "The generator's machine stalled \(Figures.count(generator.hiccups, "time")) for more than 10 ms, at "
                    + "most for \(Figures.seconds(generator.longestHiccupSeconds)).")
        }
        if Span(seconds: generator.longestTurnSeconds) > longStall {
            add(
                .longTurn,
                "One turn of a loop took \(Figures.seconds(generator.longestTurnSeconds)); while it lasted, that loop "
                    + "sent nothing.")
        }
        for (limit, name) in [(generator.descriptorLimit, "file descriptors"), (generator.localPorts, "local ports")]
        where limit > 0 && Double(generator.peakConnections) > 0.9 * Double(limit) {
            add(
                .connections,
                "\(Figures.count(generator.peakConnections)) connections were open at once, close to the limit of "
                    + "\(Figures.count(limit)) \(name).")
        }
    }

    private static func addSamples(of run: Measurement, _ add: (Kind, String) -> Void) {
        let count = run.response.count
        if count == 0 {
            add(.fewSamples, "No call came to an end, so there is no latency to report.")
        } else if run.response.samples(abovePercent: 99) < enoughSamples {
            add(
                .fewSamples,
                "The latencies rest on \(Figures.count(count, "call")); p99 means something from 1,000 calls, p99.9 "
                    + "from 10,000.")
        }
        var seen: [String: String] = [:]
        let series =
            run.steps.map {
                ("steps", $0.name, SeriesName.stepResponse(scenario: $0.scenario, step: $0.step).tag)
            } + run.transactions.map { ("transactions", $0.name, SeriesName.transaction(of: $0).tag) }
        for (kind, name, tag) in series {
            if let other = seen.updateValue(name, forKey: tag) {
                add(
                    .sharedSeries,
                    "The \(kind) '\(other)' and '\(name)' share a series, so each shows the latencies of both; give "
                        + "them names that differ in letters and digits.")
            }
        }
    }
}
