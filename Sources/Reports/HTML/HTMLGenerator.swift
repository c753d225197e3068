import Analysis
import Core

/// The generator's own health: whether what was measured is the target's.
enum HTMLGenerator {
    /// Empty for a simulation, which has no generator's machine.
    static func contents(_ summary: RunSummary, _ charts: RunCharts) -> [Element?] {
        guard summary.model == nil else { return [] }
        return [
            HTML.pair([charts.sendLag, charts.busiestLoop]),
            HTMLTable(
                "Checks of the generator", ["Check", ">Value", "Limit"],
                texts: MarkdownTables.generatorRows(summary.run)
            ).element(),
        ]
    }
}
