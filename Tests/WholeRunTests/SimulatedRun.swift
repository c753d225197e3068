import Core
import Engine
import Loops
import Model
import Plans
import Policies
import Recording
import Simulation
import Synchronization

/// One run of a random plan in virtual time, and everything in it that must not be.
struct SimulatedRun {
    /// What must be the same whenever the same seed runs.
    struct Outcome: Hashable {
        var failure = ""
        var ledger = Ledger()
        var warmUp = Ledger()
        var policies = PolicyCounts()
        /// By endpoint, all its counts.
        var endpoints: [[Int]] = []
        /// By step, its failures by kind.
        var failures: [FailureKind: Int] = [:]
        var events: [RunEvent] = []
        var made: [Int] = []
        var longest = Span.zero
        var total = Span.zero
        var received = 0
        var mostOpen = 0
        /// When everything was over.
        var end = Instant.unset
    }

    private(set) var outcome = Outcome()
    /// What must hold and does not, in words.
    private(set) var violations: [String] = []

    init(_ plan: Plan, _ drawn: RandomPlan) {
        let stage = Stage(plan, drawn)
        let result = stage.run()
        let page = stage.book.read()
        violations = page.violations
        outcome.received = stage.lab.received
        (outcome.events, outcome.made, outcome.longest) = (page.events, page.made, page.longest)
        (outcome.mostOpen, outcome.end) = (page.mostOpen, stage.loop.now)
        switch result {
        case .failure(let failure): outcome.failure = "\(failure)"
        case .success(let result):
            take(result)
            violations += result.contradictions(
                received: stage.lab.sent, isPolitic: stage.program.isPolitic)
            check(result, page, stage)
            if drawn.isStrict, let count = outcome.failures[.check_failed] {
                let samples = result.totals.checks.compactMap(\.sample)
                violations.append("\(count) calls have had the answer to another request: \(samples)")
            }
            violations += EventOrder.flaws(of: page)
        }
        if page.open != 0 { violations.append("\(page.open) requests are under way after the end") }
        stage.settle(&violations)
    }

    private mutating func take(_ result: LoadRun.Result) {
        let totals = result.totals
        (outcome.ledger, outcome.warmUp, outcome.policies) = (totals.ledger, totals.warmUp, totals.policies)
        outcome.endpoints = totals.endpoints.map { endpoint in
            EndpointCounts.fields.map { endpoint[keyPath: $0.path] }
        }
        for step in totals.steps {
            for (kind, count) in step.failuresByKind { outcome.failures[kind, default: 0] += count }
        }
        outcome.total = result.total
        if let failure = result.teardownFailure { outcome.failure = failure }
    }

    private mutating func check(_ result: LoadRun.Result, _ page: RunBook.Page, _ stage: Stage) {
        if page.gauges.contains(where: { $0 != 0 }) {
            violations.append("the gauges of the last second are not 0: \(page.gauges)")
        }
        // Histograms round up by less than a hundredth; waits end to the millisecond.
        let longest = stage.longestCall
        if page.longest > longest + Span(seconds: longest.seconds / 100) + .milliseconds(1) {
            violations.append("a call took \(page.longest), and none may take longer than \(longest)")
        }
        if result.total > stage.longestRun {
            violations.append("the run took \(result.total), and was to take \(stage.longestRun) at most")
        }
    }
}
