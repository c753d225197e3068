package import Core

/// `run.json`: what a run was and what came of it, versioned. Written at the start with `state` `running` and replaced
/// at the end. Durations are seconds unless a name says otherwise.
package struct RunRecord: Codable, Sendable {
    /// Version of this format; a reader refuses a higher one.
    package var format = 1
    /// Version of Gale that wrote it.
    package var gale: String
    package var state: State
    package var name: String
    package var target: String
    package var seed: UInt64
    /// Wall time of the start, RFC 3339, UTC, milliseconds; a label only.
    package var started: String
    /// The same as seconds since 1970.
    package var startedEpoch: Double
    /// The plan as it ran: hash of its text in hexadecimal, the text itself, and what the command line changed.
    package var plan: PlanRecord
    /// Where it ran; nil for a simulation, which is the same everywhere.
    package var environment: EnvironmentRecord?
    /// The target of a simulation in words, line by line; nil for a run over a network.
    package var model: [String]?
    package var phases: [PhaseRecord]
    /// The steps that can be measured, in the plan's order.
    package var steps: [StepRecord]
    /// What is measured as one besides, checked and counted; empty in records of earlier versions.
    package var transactions: [StepRecord] = []
    package var checks: [CheckRecord] = []
    package var counters: [CounterRecord] = []
    /// The endpoints of the plan, at the end all that there were; empty without `endpoints:`.
    package var endpoints: [EndpointRecord] = []
    /// What the policies did, by the names of `PolicyCounts.names`, without zeros; nil for a plan without policies.
    package var policies: [String: Int]?
    /// Nil for a plan without `client.shard`.
    package var shards: ShardRecord?
    /// What is behind the services of the plan's lab, and what it saw in all; nil for a lab without any.
    package var resources: [ResourceRecord]?
    /// Events that were more than a second's share; nil for none.
    package var eventsLost: Int?
    /// The slowest calls outside warm-up, at most `SlowestCalls.most`, the slowest first; set at the end, nil without a call.
    package var slowest: [SlowCallRecord]?
    /// Failed calls outside warm-up in groups, at most `ErrorPatterns.most`, the largest first; nil without one. And how many
    /// are in none of them.
    package var patterns: [ErrorPatternRecord]?
    package var patternsLost: Int?
    package var budgets: [BudgetRecord]
    /// Set at the end; nil while running, and in what a killed run left.
    package var outcome: OutcomeRecord?

    package enum State: String, Codable, Sendable {
        case running, finished, interrupted
    }

    package struct PlanRecord: Codable, Sendable {
        package var file: String?
        package var hash: String
        package var text: String
        package var overrides: [String]
        /// The variant of the plan that was chosen; nil for the plan as it stands.
        package var variant: String?
        /// What `--set` gave, as it was written; empty in records of earlier versions.
        package var settings: [String]
        /// How many seconds of the plan passed in one of the run, from `--time-scale`; nil: one.
        package var timeScale: Double?

        package init(
            file: String?, hash: String, text: String, overrides: [String], variant: String? = nil,
            settings: [String] = [], timeScale: Double? = nil
        ) {
            self.file = file
            self.hash = hash
            self.text = text
            self.overrides = overrides
            self.variant = variant
            self.settings = settings
            self.timeScale = timeScale
        }
    }

    package struct PhaseRecord: Codable, Sendable {
        /// As a person would say it: `200/s to 2000/s for 2m, Poisson`.
        package var text: String
        package var open: Bool
        package var warmUp: Bool
        /// Seconds after the start of the run; `end` is nil for a phase that ends by count and has not ended yet.
        package var start: Double
        package var end: Double?

        package init(text: String, open: Bool, warmUp: Bool, start: Double, end: Double?) {
            self.text = text
            self.open = open
            self.warmUp = warmUp
            self.start = start
            self.end = end
        }
    }

    /// A step, or a transaction, whose name is then its `step`.
    package struct StepRecord: Codable, Sendable {
        package var scenario: String
        package var step: String
        /// What came of its calls outside warm-up; set at the end. Keys of `failures` are names of `FailureKind`,
        /// keys of `statuses` are statuses.
        package var succeeded: Int?
        package var failed: Int?
        /// Calls of it that were turned away, and calls of it that a fallback answered; nil for none.
        package var rejected: Int?
        package var fallbacks: Int?
        package var failures: [String: Int]?
        package var statuses: [String: Int]?

        package init(scenario: String, step: String) {
            self.scenario = scenario
            self.step = step
        }
    }

    package struct BudgetRecord: Codable, Sendable {
        package var text: String
        package var scope: String?
        /// As `Statistic` writes itself: `p99`, `mean`, `errors(5xx)`, `send-lag`, or a counter: `orders`, `orders/s`.
        package var statistic: String
        package var comparison: String
        /// Nanoseconds, a share, an amount, or per second, by the statistic; 0 with a `baseline`.
        package var limit: Double
        /// The allowed change against a baseline; nil for a limit of its own.
        package var baseline: Double?
        /// Seconds that the limit must hold for, again and again; nil for the run as a whole.
        package var windowSeconds: Double?
        package var warnsOnly: Bool
        /// True for one that may stop the run; nil for the others.
        package var aborts: Bool?
        /// Of the plan's file, from 1; nil when the budget does not stand there.
        package var line: Int?

        package init(
            text: String, scope: String?, statistic: String, comparison: String, limit: Double, warnsOnly: Bool,
            line: Int? = nil, baseline: Double? = nil, windowSeconds: Double? = nil, aborts: Bool? = nil
        ) {
            self.text = text
            self.scope = scope
            self.statistic = statistic
            self.comparison = comparison
            self.limit = limit
            self.baseline = baseline
            self.windowSeconds = windowSeconds
            self.warnsOnly = warnsOnly
            self.aborts = aborts
            self.line = line
        }

        package init(_ budget: Budget) {
            self.init(
                text: budget.text, scope: budget.scope, statistic: budget.statistic.description,
                comparison: budget.comparison.rawValue, limit: budget.limit, warnsOnly: budget.warnsOnly,
                line: budget.line, baseline: budget.baseline, windowSeconds: budget.window?.seconds,
                aborts: budget.aborts ? true : nil)
        }
    }

    package struct OutcomeRecord: Codable, Sendable {
        /// Measured time: from the start of the first phase that is no warm-up to the end of the last one's load.
        package var measuredSeconds: Double
        /// From the first arrival to the end of the drain.
        package var totalSeconds: Double
        package var ledger: Ledger
        /// The same for what ran in warm-up phases.
        package var warmUp: Ledger
        package var generator: GeneratorRecord
        /// What the lab's own counts say, for a plan with a lab: requests received, warm-up included.
        package var labRequests: Int?
        /// What must hold in every run and did not hold in this one, in words; nil for nothing.
        package var violations: [String]?
        /// The text of the budget that stopped the run; nil when none did.
        package var abortedBy: String?

        package init(
            measuredSeconds: Double, totalSeconds: Double, ledger: Ledger, warmUp: Ledger, generator: GeneratorRecord,
            labRequests: Int? = nil
        ) {
            self.measuredSeconds = measuredSeconds
            self.totalSeconds = totalSeconds
            self.ledger = ledger
            self.warmUp = warmUp
            self.generator = generator
            self.labRequests = labRequests
        }
    }

    package init(
        gale: String, state: State, name: String, target: String, seed: UInt64, started: String, startedEpoch: Double,
        plan: PlanRecord, environment: EnvironmentRecord?, phases: [PhaseRecord], steps: [StepRecord],
        budgets: [BudgetRecord]
    ) {
        self.gale = gale
        self.state = state
        self.name = name
        self.target = target
        self.seed = seed
        self.started = started
        self.startedEpoch = startedEpoch
        self.plan = plan
        self.environment = environment
        self.phases = phases
        self.steps = steps
        self.budgets = budgets
    }
}

extension RunRecord {
    /// Reads a record of this version or an earlier one: what did not exist then is empty.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        format = try container.decode(Int.self, forKey: .format)
        gale = try container.decode(String.self, forKey: .gale)
        state = try container.decode(State.self, forKey: .state)
        name = try container.decode(String.self, forKey: .name)
        target = try container.decode(String.self, forKey: .target)
        seed = try container.decode(UInt64.self, forKey: .seed)
        started = try container.decode(String.self, forKey: .started)
        startedEpoch = try container.decode(Double.self, forKey: .startedEpoch)
        plan = try container.decode(PlanRecord.self, forKey: .plan)
        environment = try container.decodeIfPresent(EnvironmentRecord.self, forKey: .environment)
        model = try container.decodeIfPresent([String].self, forKey: .model)
        phases = try container.decode([PhaseRecord].self, forKey: .phases)
        steps = try container.decode([StepRecord].self, forKey: .steps)
        transactions = try container.decodeIfPresent([StepRecord].self, forKey: .transactions) ?? []
        checks = try container.decodeIfPresent([CheckRecord].self, forKey: .checks) ?? []
        counters = try container.decodeIfPresent([CounterRecord].self, forKey: .counters) ?? []
        endpoints = try container.decodeIfPresent([EndpointRecord].self, forKey: .endpoints) ?? []
        policies = try container.decodeIfPresent([String: Int].self, forKey: .policies)
        shards = try container.decodeIfPresent(ShardRecord.self, forKey: .shards)
        resources = try container.decodeIfPresent([ResourceRecord].self, forKey: .resources)
        eventsLost = try container.decodeIfPresent(Int.self, forKey: .eventsLost)
        slowest = try container.decodeIfPresent([SlowCallRecord].self, forKey: .slowest)
        patterns = try container.decodeIfPresent([ErrorPatternRecord].self, forKey: .patterns)
        patternsLost = try container.decodeIfPresent(Int.self, forKey: .patternsLost)
        budgets = try container.decode([BudgetRecord].self, forKey: .budgets)
        outcome = try container.decodeIfPresent(OutcomeRecord.self, forKey: .outcome)
    }
}

extension RunRecord.PlanRecord {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        file = try container.decodeIfPresent(String.self, forKey: .file)
        hash = try container.decode(String.self, forKey: .hash)
        text = try container.decode(String.self, forKey: .text)
        overrides = try container.decode([String].self, forKey: .overrides)
        variant = try container.decodeIfPresent(String.self, forKey: .variant)
        settings = try container.decodeIfPresent([String].self, forKey: .settings) ?? []
        timeScale = try container.decodeIfPresent(Double.self, forKey: .timeScale)
    }
}
