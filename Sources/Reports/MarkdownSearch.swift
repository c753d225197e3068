import Analysis
import Core
import Recording

/// `search.md`: the search for people.
enum MarkdownSearch {
    static func text(_ record: SearchRecord) -> String {
        var lines = head(record)
        func section(_ title: String, _ body: [String]) {
            guard !body.isEmpty else { return }
            lines += ["", "## \(title)", ""] + body
        }
        section("Probes", probes(record))
        section("Latency against rate", curve(record))
        section("Scalability", scalability(record))
        section("Method", method(record))
        section("Environment", environment(record))
        return lines.joined(separator: "\n") + "\n"
    }

    private static func head(_ record: SearchRecord) -> [String] {
        var lines = ["# \(Markdown.text(record.name)): how much it can take", ""]
        if record.isSimulated {
            lines += ["> SIMULATED: in virtual time, without a network. The target is a model.", ""]
        }
        lines += ["**\(Markdown.text(record.sentence))**", ""]
        lines.append("- Why it stopped: \(Markdown.text(record.outcome.reason))")
        let budgets = record.budgets.map(Markdown.text).joined(separator: ", ")
        lines.append("- Budgets: \(budgets.isEmpty ? "none" : budgets)")
        lines.append("- \(Markdown.text(record.knee))")
        lines += record.notes.map { "- \(Markdown.text($0))" }
        let seed = "seed \(record.seed)\(record.started.map { ", \(PlainText.clean($0))" } ?? "")"
        lines += ["", "\(SearchCells.cost(record)), at \(Markdown.text(record.target)), \(seed)."]
        return lines + ["Again: \(Markdown.code(record.command))"]
    }

    private static func probes(_ record: SearchRecord) -> [String] {
        guard !record.probes.isEmpty else { return ["No run came to its end."] }
        let table = Markdown.table(
            [
                ">#", ">rate", "Purpose", ">seconds", ">seed", ">calls", ">share beyond (interval)", ">p50 ms",
                ">p99 ms",
                "Verdict", "Why",
            ],
            record.probes.map { row in
                [
                    String(row.probe.number), SearchFigures.rate(row.probe.rate), SearchCells.purpose(row.probe),
                    row.probe.seconds.trimmed(1), String(row.seed), Figures.count(row.calls), SearchCells.share(row),
                    SearchCells.milliseconds(row.p50Ms), SearchCells.milliseconds(row.p99Ms),
                    row.verdict == .passed ? "**passed**" : SearchCells.verdict(row.verdict),
                    Markdown.text(row.reason ?? ""),
                ]
            })
        return table + [
            "",
            "Share and verdict of a row that goes *with* another one are of both together. The share is that of the budget "
                + "closest to its limit.",
        ]
    }

    private static func curve(_ record: SearchRecord) -> [String] {
        let rates = SearchRate.all(record)
        let full = SearchRate.full(rates, record)
        let picture = Markdown.picture(SearchReport.picture, SearchChart.words(record))
        return picture
            + Markdown.table(
                [">rate", ">runs", ">p50 ms", ">p99 ms", "", "Verdict"],
                rates.map { rate in
                    [
                        SearchFigures.rate(rate.rate), Figures.count(rate.runs), SearchCells.milliseconds(rate.p50Ms),
                        SearchCells.milliseconds(rate.p99Ms), SearchBar.text(rate.p99Ms.max(), of: full),
                        SearchCells.verdict(rate.verdict),
                    ]
                })
    }

    private static func scalability(_ record: SearchRecord) -> [String] {
        guard let law = record.scalability else { return [] }
        func cells(_ name: String, _ meaning: String, _ found: UniversalScalability.Estimate) -> [String] {
            let number = SearchFigures.number
            return [name, number(found.value), "\(number(found.low)) to \(number(found.high))", meaning]
        }
        var rows = [
            cells("γ", "calls per second with one in flight", law.gamma),
            cells("α", "contention: waiting for others", law.alpha),
            cells("β", "coherency: agreeing with others", law.beta),
        ]
        if let peak = law.peak { rows.append(cells("√((1 − α)/β)", "calls in flight at the peak", peak)) }
        return Markdown.table(["Parameter", ">value", ">95 % interval", "What it is"], rows) + [
            "",
            "X(N) = γN / (1 + α(N − 1) + βN(N − 1)), fitted to \(Figures.count(law.points, "run")) between "
                + "\(SearchFigures.number(law.lowest)) and \(SearchFigures.number(law.highest)) calls in flight (N = X · mean response "
                + "time). It says nothing beyond.",
        ]
    }

    private static func method(_ record: SearchRecord) -> [String] {
        // At high rates of a simulation.
        let shorter = record.settings.mostCalls.map { ", or as long as \(Figures.count(Int($0), "call")) take," } ?? ""
        let settings = record.settings
        let alpha = Figures.share(settings.confidence)
        return [
            "- From \(SearchFigures.rate(settings.start)) in steps of × \(settings.growth.trimmed(3)), between "
                + "\(SearchFigures.rate(settings.lowest)) and \(SearchFigures.rate(settings.highest)); then halving of the ratio "
                + "to \(Figures.share(settings.precision)).",
            "- A probe is \(Figures.seconds(settings.probeSeconds))\(shorter) after a warm-up of "
                + "\(Figures.seconds(settings.warmUpSeconds)), which is in no figure. It passes when the share beyond the "
                + "limit is surely within what is allowed (upper bound, \(alpha), Student's over batches of "
                + "\(Figures.seconds(settings.batchSeconds)), and never closer than that of as many independent calls as the "
                + "clusters of slow calls leave), fails when it is surely more, and is else extended, to "
                + "\(Figures.count(settings.mostParts, "run")) at most; then it counts as failed. A target that falls "
                + "behind by more than 1 % of the arrivals fails.",
            "- The claim rests on the confirmation alone: \(Figures.count(settings.confirmRuns, "run")) of "
                + "\(Figures.seconds(settings.confirmSeconds)) with seeds of their own, judged at "
                + "\(Figures.share(1 - settings.alpha(ofConfirmation: 1))). When it fails, the search steps down by "
                + "\(Figures.share(settings.precision)), the next time by twice as much, and confirms again. Each confirmation "
                + "may be wrong with a third of the risk that the ones before have left, so all are together wrong in at most "
                + "\(Figures.share(settings.alpha)) of all searches.",
            "- A void run is one whose generator was the limit. It says nothing of the target, and the search does not go "
                + "above its rate.",
        ]
    }

    private static func environment(_ record: SearchRecord) -> [String] {
        guard let machine = record.environment else { return [] }
        return [
            "- \(Markdown.text(machine.cpu)), \(Figures.count(machine.cores, "core")), "
                + "\(Figures.bytes(machine.memoryBytes)), \(Markdown.text(machine.kernel))",
            "- Gale \(Markdown.text(record.gale)), \(Markdown.text(machine.build)) build",
        ]
    }
}
