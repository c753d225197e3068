import Analysis
import Core
import Recording

/// The endpoints: their shares of the attempts, and their latencies beside each other.
enum HTMLEndpoints {
    static func contents(_ run: Measurement, _ charts: RunCharts) -> [Element?] {
        [table(run), worst(run), HTML.pair([charts.availability])] + shards(run)
    }

    private static func table(_ run: Measurement) -> Element? {
        let hasZones = run.endpoints.contains { $0.zone != nil }
        let isSharded = run.shards != nil
        var shown = run.endpoints
        if shown.count > HTMLTable.mostRows {
            shown.sort { ($1.attempts, $0.place) < ($0.attempts, $1.place) }
        }
        let first = Array(shown.prefix(HTMLTable.mostRows))
        let axis = CellDrawing.axis(of: first.map(\.service))
        let most = first.map(\.share).max() ?? 0
        let names =
            ["Endpoint"] + (hasZones ? ["Zone"] : []) + [">weight", ">attempts", ">share", ">failed", ">error share"]
            + (isSharded ? [">keyed"] : []) + [
                ">p50 ms", ">p95 ms", ">p99 ms", ">max ms", "p50 to p99 to max", ">requests", ">checks", ">opened",
                ">ejected", ">breaker",
            ]
        return HTMLTable(
            "Attempts to each endpoint, and their service time", names,
            shown.map { endpoint -> [HTMLTable.Cell] in
                func count(_ name: String) -> HTMLTable.Cell {
                    .text(endpoint.counts.isEmpty ? "–" : Figures.count(endpoint.counts[name]))
                }
                let service = endpoint.service
                var cells: [HTMLTable.Cell] = [.text(endpoint.address)]
                if hasZones { cells.append(.text(endpoint.zone ?? "")) }
                cells += [
                    .text(endpoint.weight.map { Figures.count($0) } ?? "–"), .text(Figures.count(endpoint.attempts)),
                    // The widest bar is the largest share: what counts is how they differ.
                    .drawn(Figures.share(endpoint.share), CellDrawing.bar(most > 0 ? endpoint.share / most : 0)),
                    count("failed"),
                    endpoint.errorShare.map {
                        .drawn(Figures.share($0), CellDrawing.bar($0, isWarning: true))
                    } ?? "–",
                ]
                if isSharded { cells.append(count("keyed")) }
                cells += [50.0, 95, 99].map { .text(MarkdownTables.percentile($0, of: service)) }
                cells.append(.text(service.isEmpty ? "–" : Figures.milliseconds(service.maximum)))
                if let axis, !service.isEmpty {
                    cells.append(.element(CellDrawing.spread(service, on: axis)))
                } else {
                    cells.append("")
                }
                return cells
                    + ["requests", "checks", "connections_opened", "ejections", "breaker_openings"].map(count)
            }, rest: "endpoints.csv"
        ).element()
    }

    private static func worst(_ run: Measurement) -> Element? {
        guard let availability = run.availability, availability.least < availability.leastOf else { return nil }
        return Element("p") {
            "At worst \(Figures.count(availability.least)) of \(Figures.count(availability.leastOf, "endpoint")) were "
                + "available, at \(Figures.seconds(availability.leastAt))."
        }
    }

    private static func shards(_ run: Measurement) -> [Element?] {
        guard let shards = run.shards else { return [] }
        var texts = ["Rule: \(shards.rule)."]
        for (value, what) in [(shards.keyedImbalance, "keyed calls"), (shards.imbalance, "attempts")] {
            guard let value else { continue }
            texts.append(
                "The fullest shard had \(Figures.share(value)) more \(what) than the mean (limit "
                    + "\(Figures.share(shards.limit))\(value > shards.limit ? ", passed" : "")).")
        }
        if let share = shards.crossShardShare {
            texts.append(
                "\(Figures.share(share)) of the calls went to several shards: to all, because they had no key, or to those of a "
                    + "batch.")
        }
        if let spilled = run.policies?.spilled, spilled > 0 {
            texts.append("\(Figures.count(spilled, "keyed call")) went to another shard than their own.")
        }
        return [
            Element("h3") { "Shards" }, HTML.list(texts),
            HTMLTable(
                "Keys that moved", [">Endpoints changed at", ">keys moved"],
                texts: shards.moved.map { [Figures.seconds($0.time), Figures.share($0.share)] }, rest: "run.json"
            ).element(),
        ]
    }
}
