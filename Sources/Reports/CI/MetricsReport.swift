package import Analysis
import Core
import Recording

/// The figures of runs as OpenMetrics text, for GitLab's metrics reports and for a Pushgateway: `gale_…`, base units,
/// labelled with the plan and nothing that differs from run to run, so that one build's file can be compared with another's.
package enum MetricsReport {
    package static func text(_ summary: RunSummary) -> String { text([summary]) }

    package static func text(_ summaries: [RunSummary]) -> String {
        var names = UniqueNames()
        let runs: [Run] = summaries.map { summary in
            (names.name(RunLabel.text(name: summary.name, variant: summary.plan.variant)), summary)
        }
        var metrics = OpenMetrics()
        addVerdicts(runs, &metrics)
        addLatencies(runs, &metrics)
        addCounts(runs, &metrics)
        addRates(runs, &metrics)
        addBudgets(runs, &metrics)
        return metrics.finished
    }

    private typealias Run = (plan: String, summary: RunSummary)
    private typealias Sample = OpenMetrics.Sample

    private static func samples(_ runs: [Run], _ make: (RunSummary) -> [Sample]) -> [Sample] {
        runs.flatMap { plan, summary in
            make(summary).map { sample in
                var sample = sample
                sample.labels.insert(("plan", plan), at: 0)
                return sample
            }
        }
    }

    /// One for each state, of which one is 1.
    private static func states(_ family: String, _ verdict: Verdict, _ labels: [(String, String)] = []) -> [Sample] {
        Verdict.allCases.map { Sample(labels: labels + [(family, $0.rawValue)], value: $0 == verdict ? 1 : 0) }
    }

    private static func addVerdicts(_ runs: [Run], _ metrics: inout OpenMetrics) {
        metrics.family(
            "gale_verdict", .stateset, help: "What came of the run.",
            samples(runs) { states("gale_verdict", $0.verdict.verdict) })
        metrics.family(
            "gale_measured_seconds", .gauge, unit: "seconds", help: "Length of the run without its warm-up.",
            samples(runs) { [Sample(labels: [], value: $0.run.measuredSeconds)] })
    }

    private static func addLatencies(_ runs: [Run], _ metrics: inout OpenMetrics) {
        func add(_ name: String, _ help: String, _ latencies: (RunSummary) -> [([(String, String)], LatencySummary)]) {
            metrics.family(
                name, .summary, unit: "seconds", help: help,
                samples(runs) { summary in latencies(summary).flatMap { quantiles($0.1, $0.0) } })
        }
        add("gale_response_seconds", "Response time, from the intended start of a call to its end.") {
            [([], $0.run.response)]
        }
        add("gale_service_seconds", "Service time, from sending a call to its end.") { [([], $0.run.service)] }
        add("gale_send_lag_seconds", "Lateness of the generator, from the intended start to sending.") {
            [([], $0.run.sendLag)]
        }
        add("gale_step_response_seconds", "Response time of each step.") { summary in
            // Names that differ in what nobody sees are the same label, and one set of labels may stand there once.
            var names: [String: UniqueNames] = [:]
            return summary.run.steps.map { step in
                let scenario = label(step.scenario)
                let name = names[scenario, default: UniqueNames()].name(label(step.step))
                return ([("scenario", scenario), ("step", name)], step.response)
            }
        }
    }

    /// Short enough to be told apart by a number behind it.
    private static func label(_ text: String) -> String { PlainText.limit(PlainText.clean(text), toBytes: 250) }

    private static func quantiles(_ latency: LatencySummary, _ labels: [(String, String)]) -> [Sample] {
        guard !latency.isEmpty else { return [] }
        let values = zip(LatencySummary.percents, latency.percentiles).map { percent, value in
            Sample(labels: labels + [("quantile", (percent / 100).trimmed(6))], value: value.seconds)
        }
        return values + [
            Sample(suffix: "_count", labels: labels, value: Double(latency.count)),
            Sample(suffix: "_sum", labels: labels, value: latency.mean.seconds * Double(latency.count)),
        ]
    }

    private static func addCounts(_ runs: [Run], _ metrics: inout OpenMetrics) {
        func add(_ name: String, _ help: String, _ label: String, _ counts: (RunSummary) -> [(String, Int)]) {
            metrics.family(
                name, .counter, help: help,
                samples(runs) { summary in
                    var names = UniqueNames()
                    return counts(summary).map {
                        let labels = [(label, names.name(Self.label($0.0)))]
                        return Sample(suffix: "_total", labels: labels, value: Double(max(0, $0.1)))
                    }
                })
        }
        add("gale_calls", "Calls by what became of them.", "outcome") { summary in
            let ledger = summary.run.ledger
            return [
                ("succeeded", ledger.succeeded), ("failed", ledger.failed), ("rejected", ledger.rejected),
                ("cancelled", ledger.cancelled),
            ]
        }
        add("gale_requests", "Attempts, each a request of its own.", "kind") { summary in
            let ledger = summary.run.ledger
            return [("first", ledger.firstTries), ("retry", ledger.retries), ("hedge", ledger.hedges)]
        }
        add("gale_dropped", "Arrivals that were not started.", "reason") { summary in
            let ledger = summary.run.ledger
            return [("in_flight", ledger.droppedInFlight), ("late", ledger.droppedLate)]
        }
        add("gale_failures", "Failed calls by kind.", "kind") { $0.run.failures.entries.map { ($0.name, $0.count) } }
        add("gale_responses", "Answered calls by status.", "status") {
            $0.run.statuses.entries.map { ($0.name, $0.count) }
        }
    }

    private static func addRates(_ runs: [Run], _ metrics: inout OpenMetrics) {
        func add(_ name: String, unit: String? = nil, _ help: String, _ value: (RunSummary) -> Double?) {
            metrics.family(
                name, .gauge, unit: unit, help: help,
                samples(runs) { summary in value(summary).map { [Sample(labels: [], value: $0)] } ?? [] })
        }
        add("gale_offered_rate", "Scheduled arrivals per second.") { $0.run.rates.offered }
        add("gale_achieved_rate", "Completed arrivals per second.") { $0.run.rates.achieved }
        add("gale_goodput_rate", "Succeeded calls per second.") { $0.figures.goodput }
        add("gale_error_ratio", unit: "ratio", "Failed and rejected calls without a fallback, of those that ended.") {
            $0.figures.errorShare
        }
        add("gale_amplification_ratio", unit: "ratio", "Attempts per call that was not rejected.") {
            $0.figures.amplification
        }
    }

    private static func addBudgets(_ runs: [Run], _ metrics: inout OpenMetrics) {
        let family = "gale_budget_verdict"
        metrics.family(
            family, .stateset, help: "What came of each budget.",
            samples(runs) { summary in
                budgets(summary).flatMap { name, result in states(family, result.verdict, [("budget", name)]) }
            })
        metrics.family(
            "gale_budget_value", .gauge, help: "The figure that a budget limits, in seconds where it is a time.",
            samples(runs) { summary in
                budgets(summary).compactMap { name, result in
                    result.value.map {
                        Sample(labels: [("budget", name)], value: result.budget.statistic.unit == .time ? $0 / 1e9 : $0)
                    }
                }
            })
    }

    private static func budgets(_ summary: RunSummary) -> [(String, BudgetResult)] {
        var names = UniqueNames()
        return summary.budgets.map { (names.name(label($0.budget.text)), $0) }
    }
}
