import Analysis
import Core

/// The steps of the scenarios and their transactions, their latencies beside each other on one axis.
enum HTMLSteps {
    static func contents(_ run: Measurement) -> [Element?] {
        [steps(run.steps), transactions(run.transactions), key(run)]
    }

    private static let shown = [50.0, 95, 99, 99.9]
    private static let spread = "p50 to p99 to max"

    private static func steps(_ steps: [StepSummary]) -> Element? {
        let axis = CellDrawing.axis(of: steps.prefix(HTMLTable.mostRows).map(\.response))
        return HTMLTable(
            "Response time of each step, ms",
            ["Step", ">calls", ">failed", ">mean"] + shown.map { ">" + LatencySummary.name(ofPercent: $0) }
                + [">max", spread, ">service p50", ">service p99"],
            steps.map { step -> [HTMLTable.Cell] in
                let response = step.response
                let calls = step.succeeded.map { $0 + (step.failed ?? 0) } ?? response.count
                let cells: [HTMLTable.Cell] = [
                    .text(step.name), .text(Figures.count(calls)), .text(step.failed.map { Figures.count($0) } ?? "–"),
                    .text(response.isEmpty ? "–" : Figures.milliseconds(response.mean)),
                ]
                return cells + shown.map { .text(MarkdownTables.percentile($0, of: response)) } + [
                    .text(response.isEmpty ? "–" : Figures.milliseconds(response.maximum)), drawn(response, axis),
                    .text(MarkdownTables.percentile(50, of: step.service)),
                    .text(MarkdownTables.percentile(99, of: step.service)),
                ]
            }, rest: "summary.csv"
        ).element()
    }

    private static func transactions(_ transactions: [TransactionSummary]) -> Element? {
        let axis = CellDrawing.axis(of: transactions.prefix(HTMLTable.mostRows).map(\.response))
        return HTMLTable(
            "Response time of each transaction, ms",
            ["Transaction", ">count", ">failed", ">mean"] + shown.map { ">" + LatencySummary.name(ofPercent: $0) }
                + [">max", spread, "Failures"],
            transactions.map { transaction -> [HTMLTable.Cell] in
                let response = transaction.response
                let count = transaction.succeeded.map { $0 + (transaction.failed ?? 0) } ?? response.count
                let failures = transaction.failures.entries.map { "\($0.name) \(Figures.count($0.count))" }
                let cells: [HTMLTable.Cell] = [
                    .text(transaction.name), .text(Figures.count(count)),
                    .text(transaction.failed.map { Figures.count($0) } ?? "–"),
                    .text(response.isEmpty ? "–" : Figures.milliseconds(response.mean)),
                ]
                return cells + shown.map { .text(MarkdownTables.percentile($0, of: response)) } + [
                    .text(response.isEmpty ? "–" : Figures.milliseconds(response.maximum)), drawn(response, axis),
                    .text(failures.joined(separator: ", ")),
                ]
            }, rest: "summary.csv"
        ).element()
    }

    private static func drawn(_ latency: LatencySummary, _ axis: Axis?) -> HTMLTable.Cell {
        guard let axis, !latency.isEmpty else { return "" }
        return .element(CellDrawing.spread(latency, on: axis))
    }

    private static func key(_ run: Measurement) -> Element? {
        let latencies = run.steps.map(\.response) + run.transactions.map(\.response)
        guard latencies.contains(where: { !$0.isEmpty }) else { return nil }
        return HTML.note(
            "The bars reach from p50 to p99 and the lines to the longest call, on one logarithmic scale for all rows of a table."
        )
    }
}
