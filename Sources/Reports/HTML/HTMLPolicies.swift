import Analysis
import Core
import Recording

/// What became of calls and of attempts, and what the client's policies did between them.
enum HTMLPolicies {
    /// Empty for a plan without policies, whose calls are its attempts.
    static func contents(_ run: Measurement, _ charts: RunCharts) -> [Element?] {
        guard MarkdownPolicies.hasSomething(run) else { return [] }
        let ledger = run.ledger
        let calls = [
            ("made", ledger.made), ("succeeded", ledger.succeeded), ("failed", ledger.failed),
            ("cancelled", ledger.cancelled), ("rejected", ledger.rejected),
            ("answered by a fallback", ledger.fallbacks),
        ]
        let attempts = [
            ("all", ledger.attempts), ("first tries", ledger.firstTries), ("retries", ledger.retries),
            ("hedges", ledger.hedges),
        ]
        return [
            Element("div", ["class": "pair"]) {
                table("Calls", calls, of: ledger.made)
                table("Attempts", attempts, of: ledger.attempts)
            },
            HTML.list(MarkdownPolicies.sentences(run)), HTML.pair([charts.retryBudget]),
        ]
    }

    private static func table(_ name: String, _ rows: [(String, Int)], of all: Int) -> Element? {
        HTMLTable(
            name, [name, ">count", ">share"],
            rows.map { row, count in
                let share = Figures.ratio(count, of: all)
                return [
                    .text(row), .text(Figures.count(count)),
                    all > 0 ? .drawn(Figures.share(share), CellDrawing.bar(share)) : "–",
                ]
            }
        ).element()
    }
}
