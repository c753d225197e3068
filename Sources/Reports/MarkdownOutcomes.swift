import Analysis
import Core
import Recording

/// The tables of `report.md` about what the scenarios measured, checked and counted.
enum MarkdownOutcomes {
    static func transactions(_ transactions: [TransactionSummary]) -> [String] {
        let shown = [50.0, 95, 99, 99.9]
        return Markdown.table(
            ["Transaction, response ms", ">count", ">failed", ">mean"]
                + shown.map { ">" + LatencySummary.name(ofPercent: $0) } + [">max", "Failures"],
            transactions.map { transaction in
                let response = transaction.response
                let count = transaction.succeeded.map { $0 + (transaction.failed ?? 0) } ?? response.count
                let failures = transaction.failures.entries.map {
                    "\(Markdown.text($0.name)) \(Figures.count($0.count))"
                }
                return [
                    Markdown.text(transaction.name), Figures.count(count),
                    transaction.failed.map { Figures.count($0) } ?? "–",
                    response.isEmpty ? "–" : Figures.milliseconds(response.mean),
                ] + shown.map { MarkdownTables.percentile($0, of: response) } + [
                    response.isEmpty ? "–" : Figures.milliseconds(response.maximum), failures.joined(separator: ", "),
                ]
            })
    }

    /// The failed ones first, the most often failed before the others: they are what is looked for.
    static func checks(_ checks: [CheckSummary]) -> [String] {
        Markdown.table(
            ["Check", ">passed", ">failed", ">failed share", "First that failed"],
            checks.failedFirst.map { check in
                let isMade = check.passed + check.failed > 0
                return [
                    Markdown.text(check.name), Figures.count(check.passed),
                    check.failed > 0 ? "**\(Figures.count(check.failed))**" : "0",
                    isMade ? Figures.share(check.failedShare) : "–", Markdown.text(check.sample ?? ""),
                ]
            })
    }

    /// A row for each counter, and below it one for each combination of tags.
    static func counters(_ counters: [CounterSummary]) -> [String] {
        Markdown.table(
            ["Counter", ">sum", ">per second"],
            counters.flatMap { counter in
                [[Markdown.text(counter.name), Figures.amount(counter.sum), Figures.amountRate(counter.perSecond)]]
                    + counter.tagged.map { part in
                        let key = CounterKey(name: counter.name, tags: part.tags)
                        return [
                            Markdown.text(key.description), Figures.amount(part.sum),
                            Figures.amountRate(part.perSecond),
                        ]
                    }
            })
    }
}

extension [CheckSummary] {
    /// By how often they failed, the others behind them in their own order.
    var failedFirst: [CheckSummary] {
        enumerated().sorted { ($1.element.failed, $0.offset) < ($0.element.failed, $1.offset) }.map(\.element)
    }
}
