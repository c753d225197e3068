import Analysis
import Core

/// What the target answered, and how calls failed.
enum HTMLFailures {
    static func contents(_ run: Measurement, _ charts: RunCharts) -> [Element?] {
        [
            HTML.figure("Failures by kind over the run", charts.failures?.drawing),
            HTMLTable("Statuses", ["Status", ">Calls", ">Share"], run.statuses.entries.map { row($0, run) }).element(),
            HTMLTable(
                "Failures", ["Failure", ">Calls", ">Share", "Steps"],
                run.failures.entries.map { entry in
                    let places = run.steps.filter { $0.failures[entry.name] > 0 }.prefix(20)
                        .map { "\($0.name) \(Figures.count($0.failures[entry.name]))" }
                    return row(entry, run) + [.text(places.joined(separator: ", "))]
                }
            ).element(),
        ]
    }

    private static func row(_ entry: Tally.Entry, _ run: Measurement) -> [HTMLTable.Cell] {
        let share = Figures.ratio(entry.count, of: run.calls)
        return [
            .text(entry.name), .text(Figures.count(entry.count)), .drawn(Figures.share(share), CellDrawing.bar(share)),
        ]
    }
}
