package import Analysis
import Core
import Recording

/// `summary.csv`: one row per scope and clock, latencies in milliseconds; then one per check, outcome and counter, which
/// have a count and no latencies.
package enum CSVReport {
    package static let columns =
        ["scope", "clock", "count", "mean_ms", "min_ms"]
        + LatencySummary.percents.map { "\(LatencySummary.name(ofPercent: $0))_ms" } + ["max_ms"]

    package static func text(_ summary: RunSummary) -> String {
        let run = summary.run
        var text = CSV.line(columns)
        func add(_ scope: String, _ clock: String, _ latency: LatencySummary) {
            var cells = [CSV.text(scope), clock, String(latency.count)]
            let values = [latency.mean, latency.minimum] + latency.percentiles + [latency.maximum]
            cells += values.map { latency.isEmpty ? "" : $0.milliseconds.fixed(6) }
            text += CSV.line(cells)
        }
        add("run", "response", run.response)
        add("run", "service", run.service)
        for step in run.steps {
            add(step.name, "response", step.response)
            add(step.name, "service", step.service)
        }
        for transaction in run.transactions { add(transaction.name, "transaction", transaction.response) }
        for endpoint in run.endpoints { add("endpoint/\(endpoint.address)", "service", endpoint.service) }
        add("run", "send-lag", run.sendLag)
        for row in run.attempts.rows {
            add("run", row.name == "first byte" ? "first-byte" : row.name, row.summary)
        }
        if !run.warmUpResponse.isEmpty {
            add("warm-up", "response", run.warmUpResponse)
            add("warm-up", "service", run.warmUpService)
        }
        func add(_ scope: String, _ clock: String, count: String) {
            text += CSV.line(
                [CSV.text(scope), clock, count] + Array(repeating: "", count: columns.count - 3))
        }
        for check in run.checks {
            add(check.name, "check-passed", count: String(check.passed))
            add(check.name, "check-failed", count: String(check.failed))
        }
        for counter in run.counters {
            add(counter.name, "counter", count: counter.sum.shortest)
            for part in counter.tagged {
                let key = CounterKey(name: counter.name, tags: part.tags)
                add(key.description, "counter", count: part.sum.shortest)
            }
        }
        return text
    }
}
