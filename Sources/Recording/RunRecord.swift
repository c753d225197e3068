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
    package var environment: EnvironmentRecord
    package var phases: [PhaseRecord]
    /// The steps that can be measured, in the plan's order.
    package var steps: [StepRecord]
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

        package init(file: String?, hash: String, text: String, overrides: [String]) {
            self.file = file
            self.hash = hash
            self.text = text
            self.overrides = overrides
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

    package struct StepRecord: Codable, Sendable {
        package var scenario: String
        package var step: String
        /// What came of its calls outside warm-up; set at the end. Keys of `failures` are names of `FailureKind`,
        /// keys of `statuses` are statuses.
        package var succeeded: Int?
        package var failed: Int?
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
        /// `p99`, `mean`, `max`, `errors`, `rate`, `dropped`.
        package var statistic: String
        package var comparison: String
        /// Nanoseconds, a share, or per second, by the statistic.
        package var limit: Double
        package var warnsOnly: Bool

        package init(
            text: String, scope: String?, statistic: String, comparison: String, limit: Double, warnsOnly: Bool
        ) {
            self.text = text
            self.scope = scope
            self.statistic = statistic
            self.comparison = comparison
            self.limit = limit
            self.warnsOnly = warnsOnly
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
        plan: PlanRecord, environment: EnvironmentRecord, phases: [PhaseRecord], steps: [StepRecord],
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

/// The generator's own health over the measured part of a run.
package struct GeneratorRecord: Codable, Sendable {
    /// CPU share of the busiest loop's thread in open phases and in closed ones, 0 to 1; nil without such a phase.
    package var busiestOpen: Double?
    package var busiestClosed: Double?
    /// CPU seconds of the whole process, user and system, over the whole run.
    package var userSeconds: Double
    package var systemSeconds: Double
    /// Largest resident size of the process, bytes.
    package var peakResidentBytes: Int
    /// Stalls of the machine: the most by which a ticker of 10 ms was late, and how often by more than 10 ms.
    package var longestHiccupSeconds: Double
    package var hiccups: Int
    /// The longest single turn of a loop: while it lasted, nothing was sent.
    package var longestTurnSeconds: Double
    /// File descriptors: the limit, and the most connections that were open at once.
    package var descriptorLimit: Int
    package var peakConnections: Int
    /// Local ports that one address pair can use.
    package var localPorts: Int
    /// Most calls under way at once.
    package var peakInFlight: Int
    package var loops: Int
    package var clients: Int

    package init(
        busiestOpen: Double?, busiestClosed: Double?, userSeconds: Double, systemSeconds: Double,
        peakResidentBytes: Int, longestHiccupSeconds: Double, hiccups: Int, longestTurnSeconds: Double,
        descriptorLimit: Int, peakConnections: Int, localPorts: Int, peakInFlight: Int, loops: Int, clients: Int
    ) {
        self.busiestOpen = busiestOpen
        self.busiestClosed = busiestClosed
        self.userSeconds = userSeconds
        self.systemSeconds = systemSeconds
        self.peakResidentBytes = peakResidentBytes
        self.longestHiccupSeconds = longestHiccupSeconds
        self.hiccups = hiccups
        self.longestTurnSeconds = longestTurnSeconds
        self.descriptorLimit = descriptorLimit
        self.peakConnections = peakConnections
        self.localPorts = localPorts
        self.peakInFlight = peakInFlight
        self.loops = loops
        self.clients = clients
    }
}

/// Where a run ran; two runs are compared only with this in view.
package struct EnvironmentRecord: Codable, Hashable, Sendable {
    package var kernel: String
    package var cpu: String
    package var cores: Int
    package var memoryBytes: Int
    package var libcurl: String
    package var tls: String
    /// `release` or `debug`.
    package var build: String
    /// True when TLS verification was off.
    package var insecure: Bool
    /// Seconds that resolving the target's name took, once, at the start; nil for an address.
    package var resolveSeconds: Double?
    /// The addresses that the target's name had.
    package var addresses: [String]

    package init(
        kernel: String, cpu: String, cores: Int, memoryBytes: Int, libcurl: String, tls: String, build: String,
        insecure: Bool, resolveSeconds: Double? = nil, addresses: [String] = []
    ) {
        self.kernel = kernel
        self.cpu = cpu
        self.cores = cores
        self.memoryBytes = memoryBytes
        self.libcurl = libcurl
        self.tls = tls
        self.build = build
        self.insecure = insecure
        self.resolveSeconds = resolveSeconds
        self.addresses = addresses
    }
}
