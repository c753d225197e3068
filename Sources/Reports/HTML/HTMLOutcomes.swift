import Analysis
import Core
import Recording

/// What was checked of the answers, and what the scenarios counted.
enum HTMLOutcomes {
    static func contents(_ run: Measurement) -> [Element?] {
        [checks(run.checks), counters(run.counters)]
    }

    /// The most often failed ones first.
    private static func checks(_ checks: [CheckSummary]) -> Element? {
        HTMLTable(
            "Checks", ["Check", ">passed", ">failed", ">failed share", "First that failed"],
            checks.failedFirst.map { check -> [HTMLTable.Cell] in
                let isMade = check.passed + check.failed > 0
                return [
                    .text(check.name), .text(Figures.count(check.passed)),
                    check.failed > 0 ? .strong(Figures.count(check.failed)) : "0",
                    isMade
                        ? .drawn(
                            Figures.share(check.failedShare),
                            CellDrawing.bar(check.failedShare, isWarning: check.failed > 0)) : "–",
                    check.sample.map { sample in .element(Element("code") { sample }) } ?? "",
                ]
            }, rest: "summary.csv"
        ).element()
    }

    private static func counters(_ counters: [CounterSummary]) -> Element? {
        HTMLTable(
            "Counters", ["Counter", ">sum", ">per second"],
            texts: counters.flatMap { counter in
                [[counter.name, Figures.amount(counter.sum), Figures.amountRate(counter.perSecond)]]
                    + counter.tagged.map { part in
                        [
                            CounterKey(name: counter.name, tags: part.tags).description, Figures.amount(part.sum),
                            Figures.amountRate(part.perSecond),
                        ]
                    }
            }, rest: "summary.csv"
        ).element()
    }
}
