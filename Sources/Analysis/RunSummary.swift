package import Core
package import Recording

/// Everything that any report of a run says: the numbers, and the judgement of them. `summary.json` is this value.
package struct RunSummary: Sendable, Encodable {
    /// Version of `summary.json`.
    package var format = 1
    /// Version of Gale that made the run.
    package var gale: String
    package var name: String
    package var target: String
    package var seed: UInt64
    /// Wall time of the start, RFC 3339, UTC.
    package var started: String
    package var plan: PlanIdentity
    package var verdict: RunVerdict
    package var validity: Validity
    package var budgets: [BudgetResult]
    package var findings: [Finding]
    /// What became of calls and attempts, in shares.
    package var figures: CallFigures
    package var run: Measurement
    /// Nil for a simulation.
    package var environment: EnvironmentRecord?
    /// The target of a simulation in words; nil for a run over a network.
    package var model: [String]?
    /// What was behind the services of the lab; nil when there was nothing.
    package var resources: [ResourceSummary]?

    /// Which plan it was, without its text, which is in `run.json`.
    package struct PlanIdentity: Hashable, Sendable, Encodable {
        package var file: String?
        package var hash: String
        package var overrides: [String]
        package var variant: String?
        package var settings: [String]
        package var timeScale: Double?
    }

    /// - Parameter budgets: what the run must keep; those that the bundle was opened with unless given. Others are not known second
    ///   by second, so open the bundle with them.
    package init(_ bundle: Bundle, budgets: [Budget]? = nil) {
        let record = bundle.record
        gale = record.gale
        name = record.name
        target = record.target
        seed = record.seed
        started = record.started
        plan = PlanIdentity(
            file: record.plan.file, hash: record.plan.hash, overrides: record.plan.overrides,
            variant: record.plan.variant, settings: record.plan.settings, timeScale: record.plan.timeScale)
        environment = record.environment
        model = record.model
        resources = bundle.resources.isEmpty ? nil : bundle.resources.map(ResourceSummary.init)
        run = Measurement(bundle)
        figures = run.figures
        validity = Validity(run)
        findings = Finding.all(
            of: run, environment: record.environment, resources: resources ?? [],
            evidence: LatencyEvidence(bundle, run))
        let judge = BudgetJudge(run, validity: validity, bundle: bundle)
        self.budgets = (budgets ?? bundle.budgets).map(judge.judge)
        verdict = RunVerdict(run, validity: validity, budgets: self.budgets)
    }
}
