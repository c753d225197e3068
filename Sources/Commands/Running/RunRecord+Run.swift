import Arrivals
import Core
import Engine
import Plans
import Policies
import Recording

extension RunRecord {
    /// What is known before the first arrival.
    /// - Parameter started: wall time, seconds since 1970.
    init(
        plan: Plan, request: RunRequest, base: String, seed: UInt64, started: Double, environment: EnvironmentRecord?
    ) {
        var start = 0.0
        let phases = plan.load.map { phase in
            let end = phase.length.map { start + $0.seconds }
            defer { start = end ?? start }
            return PhaseRecord(
                text: LoadPhase(phase.shape).text, open: phase.isOpen, warmUp: phase.warmUp, start: start, end: end)
        }
        self.init(
            gale: Version.number, state: .running, name: plan.name, target: plan.secrets.mask(base), seed: seed,
            started: WallClock.text(started), startedEpoch: started,
            plan: PlanRecord(
                file: request.file, hash: String(plan.hash, radix: 16), text: request.text,
                overrides: request.overrides + (request.labSeed.map { ["--lab-seed \($0)"] } ?? []),
                variant: plan.variant, settings: request.settings,
                timeScale: plan.timeScale.isNone ? nil : plan.timeScale.factor),
            environment: environment, phases: phases,
            steps: plan.scenarios.flatMap { scenario in
                scenario.steps.map { StepRecord(scenario: scenario.name, step: $0.name) }
            },
            budgets: plan.budgets.map { budget in
                var masked = budget
                masked.text = plan.secrets.mask(budget.text)
                return BudgetRecord(masked)
            })
    }

    /// Adds what came of the run.
    mutating func finish(
        _ result: LoadRun.Result, program: LoadProgram, endpoints feed: EndpointFeed?, generator: GeneratorRecord,
        lab: LabOutcome
    ) {
        state = result.wasStopped ? .interrupted : .finished
        for (index, phase) in result.phases.enumerated() {
            phases[index].start = phase.start.seconds
            phases[index].end = phase.end.seconds
        }
        for (index, counts) in result.totals.steps.enumerated() {
            steps[index].set(counts)
        }
        setOutcomes(result.totals, of: program.series)
        endpoints = Self.records(of: feed, program)
        setPolicies(result.totals, planHasPolicies: !program.policies.areTrivial)
        shards?.moved = result.movedKeys.map { ShardRecord.MovedKeys(time: $0.time.seconds, share: $0.share) }
        let measured = zip(result.phases, program.warmUp).filter { !$0.1 }.map(\.0)
        outcome = OutcomeRecord(
            measuredSeconds: measured.isEmpty ? 0 : (measured.last!.end - measured.first!.start).seconds,
            totalSeconds: result.total.seconds, ledger: result.totals.ledger, warmUp: result.totals.warmUp,
            generator: generator, labRequests: lab.received)
        if !lab.resources.resources.isEmpty { resources = lab.resources.resources }
        if !result.violations.isEmpty { outcome?.violations = result.violations }
    }

    /// As `run.json` has it: the seconds of the resources stand in a file of their own.
    var withoutSeconds: RunRecord {
        var record = self
        record.resources = resources?.map {
            var resource = $0
            resource.seconds = nil
            return resource
        }
        return record
    }

    /// Names what the policies will be told of: a killed run is to say what it had.
    mutating func beginPolicies(of program: LoadProgram) {
        if !program.policies.areTrivial { policies = [:] }
        shards = program.policies.shard.map { ShardRecord(rule: $0.words, imbalance: $0.imbalance) }
    }

    /// By place: every endpoint that the run has heard of.
    static func records(of feed: EndpointFeed?, _ program: LoadProgram) -> [EndpointRecord] {
        guard let feed else { return program.measuresEndpoints ? [EndpointRecord(place: 0, address: "target")] : [] }
        return feed.endpoints.enumerated().map { place, endpoint in
            EndpointRecord(place: place, address: endpoint.label, weight: endpoint.weight, zone: endpoint.zone)
        }
    }

    /// The run in one line, for when no report could be written.
    var shortText: String {
        guard let ledger = outcome?.ledger else { return "\(name): nothing was recorded" }
        return "\(name): \(ledger.made) calls made, \(ledger.succeeded) succeeded, \(ledger.failed) failed, "
            + "\(ledger.dropped) arrivals dropped"
    }
}
