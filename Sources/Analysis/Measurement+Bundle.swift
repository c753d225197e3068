import Core
import Recording

extension Measurement {
    /// The numbers of a bundle. What a killed run could not write into its record comes from its timeline.
    package init(_ bundle: Bundle) {
        self.init()
        let record = bundle.record
        let cut = TimelineCut(bundle.timeline, atMost: Bundle.windows)
        state =
            switch record.state {
            case .running: .killed
            case .finished: .finished
            case .interrupted: record.outcome?.abortedBy == nil ? .interrupted : .aborted
            }
        abortedBy = state == .aborted ? record.outcome?.abortedBy : nil
        gaps = bundle.gaps
        takeSeries(bundle.latencies)
        takeSteps(record, bundle.latencies)
        for row in bundle.timeline where row.kind == .warmUp { warmUpFailures.add(row.failures) }
        if let outcome = record.outcome {
            takeOutcome(outcome)
        } else {
            takeTimeline(bundle.timeline, phases: record.phases)
        }
        warmUpFailures.sortAsFailures()
        takeOutcomes(bundle)
        takePolicies(bundle)
        takeCalls(record)
        rates = Rates(ledger, seconds: measuredSeconds)
        phases = Self.phases(of: bundle)
        timeline = cut.windows(latencies: bundle.latencies.byWindow)
        if record.outcome != nil { contradictions = findContradictions(bundle) }
    }

    private mutating func takeSeries(_ latencies: IntervalTotals) {
        response = latencies.summary(.response)
        service = latencies.summary(.service)
        warmUpResponse = latencies.summary(.warmUpResponse)
        warmUpService = latencies.summary(.warmUpService)
        sendLag = latencies.summary(.sendLag)
        attempts.dns = latencies.summary(.dns)
        attempts.connect = latencies.summary(.connect)
        attempts.tls = latencies.summary(.tls)
        attempts.firstByte = latencies.summary(.firstByte)
        attempts.transfer = latencies.summary(.transfer)
    }

    private mutating func takeSteps(_ record: RunRecord, _ latencies: IntervalTotals) {
        for step in record.steps {
            var summary = StepSummary(scenario: step.scenario, step: step.step)
            summary.succeeded = step.succeeded
            summary.failed = step.failed
            summary.rejected = step.rejected
            summary.fallbacks = step.fallbacks
            for (name, count) in step.failures ?? [:] { summary.failures.add(name, count) }
            for (name, count) in step.statuses ?? [:] { summary.statuses.add(name, count) }
            summary.failures.sortAsFailures()
            summary.statuses.sortAsStatuses()
            summary.response = latencies.summary(.stepResponse(scenario: step.scenario, step: step.step))
            summary.service = latencies.summary(.stepService(scenario: step.scenario, step: step.step))
            for entry in summary.failures.entries { failures.add(entry.name, entry.count) }
            for entry in summary.statuses.entries { statuses.add(entry.name, entry.count) }
            steps.append(summary)
        }
        failures.sortAsFailures()
        statuses.sortAsStatuses()
    }

    private mutating func takeOutcome(_ outcome: RunRecord.OutcomeRecord) {
        measuredSeconds = outcome.measuredSeconds
        totalSeconds = outcome.totalSeconds
        ledger = outcome.ledger
        warmUp = outcome.warmUp
        generator = outcome.generator
        labRequests = outcome.labRequests
        busiestOpen = outcome.generator.busiestOpen
        busiestClosed = outcome.generator.busiestClosed
    }

    private mutating func takeTimeline(_ rows: [TimelineRow], phases: [RunRecord.PhaseRecord]) {
        var open = WeightedMean()
        var closed = WeightedMean()
        for row in rows {
            totalSeconds = max(totalSeconds, row.time + row.length)
            if row.kind == .warmUp {
                warmUp.add(row.ledger)
                continue
            }
            ledger.add(row.ledger)
            failures.add(row.failures)
            for (status, count) in row.statuses { statuses.add(String(status), count) }
            guard let share = row.busiestLoop, phases.indices.contains(row.phase) else { continue }
            if phases[row.phase].open { open.add(share, row.length) } else { closed.add(share, row.length) }
        }
        failures.sortAsFailures()
        statuses.sortAsStatuses()
        busiestOpen = open.value
        busiestClosed = closed.value
        let measured = phases.filter { !$0.warmUp }
        if let start = measured.first?.start {
            let end = measured.allSatisfy { $0.end != nil } ? measured.compactMap(\.end).max() ?? 0 : totalSeconds
            measuredSeconds = max(0, min(end, totalSeconds) - start)
        }
    }

    private struct WeightedMean {
        private var sum = 0.0
        private var weight = 0.0

        mutating func add(_ value: Double, _ weight: Double) {
            sum += value * weight
            self.weight += weight
        }

        var value: Double? { weight > 0 ? sum / weight : nil }
    }
}

extension Tally {
    mutating func add(_ failures: [FailureKind: Int]) {
        for (kind, count) in failures { add(kind.name, count) }
    }

    /// Into the order of `FailureKind`; what a later version named goes to the end.
    mutating func sortAsFailures() {
        func rank(_ name: String) -> Int { FailureKind(name: name).map { Int($0.rawValue) } ?? .max }
        sort { (rank($0), $0) < (rank($1), $1) }
    }

    /// Ascending.
    mutating func sortAsStatuses() {
        sort { (Int($0) ?? .max, $0) < (Int($1) ?? .max, $1) }
    }
}
