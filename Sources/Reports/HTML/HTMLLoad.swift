import Analysis
import Core
import Recording

/// What load was offered, and what came through.
enum HTMLLoad {
    static func contents(_ run: Measurement, _ charts: RunCharts) -> [Element?] {
        [
            HTML.figure("Offered and completed rate", charts.rates?.drawing),
            phases(run),
            HTML.pair([charts.inFlight]),
            HTML.details("The course of the run in figures", course(run)),
        ]
    }

    private static func phases(_ run: Measurement) -> Element? {
        HTMLTable(
            "Phases",
            ["Phase", ">from", ">length", ">offered", ">completed", ">dropped", ">failed", ">p50 ms", ">p99 ms"],
            texts: run.phases.map { phase in
                [
                    phase.text, Figures.seconds(phase.start), Figures.seconds(phase.seconds),
                    Figures.rate(phase.rates.offered), Figures.rate(phase.rates.achieved),
                    Figures.count(phase.ledger.dropped), Figures.count(phase.ledger.failed),
                    MarkdownTables.percentile(50, of: phase.response),
                    MarkdownTables.percentile(99, of: phase.response),
                ]
            }, rest: "summary.json"
        ).element()
    }

    private static func course(_ run: Measurement) -> Element? {
        let hasRejections = run.ledger.rejected > 0
        return HTMLTable(
            "The course of the run; lag and loop are the worst second of a row, gauges its end",
            [">from", ">offered", ">completed", ">failed"] + (hasRejections ? [">rejected"] : []) + [
                ">dropped", ">p50 ms", ">p99 ms", ">in flight", ">connections", ">lag p99 ms", ">busiest loop",
            ],
            texts: run.timeline.map { window in
                let first = [
                    Figures.seconds(window.start), Figures.rate(window.rates.offered),
                    Figures.rate(window.rates.achieved), Figures.count(window.ledger.failed),
                ]
                return first + (hasRejections ? [Figures.count(window.ledger.rejected)] : []) + [
                    Figures.count(window.ledger.dropped), MarkdownTables.percentile(50, of: window.response),
                    MarkdownTables.percentile(99, of: window.response), Figures.count(window.inFlight),
                    Figures.count(window.connections),
                    window.worstSendLagP99Ms.map { Figures.milliseconds(Span(seconds: $0 / 1e3)) } ?? "–",
                    window.busiestLoop.map(Figures.share) ?? "–",
                ]
            }
        ).element()
    }
}
