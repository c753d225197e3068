import Analysis
import Core
import Recording

/// The endpoints and the shards in `report.md`.
enum MarkdownEndpoints {
    /// Most rows of the table of endpoints, and of moved keys.
    static let mostRows = 40

    static func endpoints(_ run: Measurement) -> [String] {
        guard !run.endpoints.isEmpty else { return [] }
        let hasZones = run.endpoints.contains { $0.zone != nil }
        let isSharded = run.shards != nil
        let columns = [
            ["Endpoint"], hasZones ? ["Zone"] : [], [">weight", ">attempts", ">share", ">failed", ">error share"],
            isSharded ? [">keyed"] : [],
            [
                ">requests", ">checks", ">opened", ">ejected", ">breaker", ">p50 ms", ">p95 ms", ">p99 ms", ">max ms",
            ],
        ]
        var shown = run.endpoints
        if shown.count > mostRows {
            shown = Array(shown.sorted { ($1.attempts, $0.place) < ($0.attempts, $1.place) }.prefix(mostRows))
        }
        var lines = Markdown.table(
            columns.flatMap { $0 },
            shown.map { endpoint in
                func count(_ name: String) -> String {
                    endpoint.counts.isEmpty ? "–" : Figures.count(endpoint.counts[name])
                }
                let service = endpoint.service
                let cells = [
                    [Markdown.text(endpoint.address)], hasZones ? [Markdown.text(endpoint.zone ?? "")] : [],
                    [
                        endpoint.weight.map { Figures.count($0) } ?? "–", Figures.count(endpoint.attempts),
                        Figures.share(endpoint.share), count("failed"),
                        endpoint.errorShare.map(Figures.share) ?? "–",
                    ],
                    isSharded ? [count("keyed")] : [],
                    ["requests", "checks", "connections_opened", "ejections", "breaker_openings"].map(count),
                    [50.0, 95, 99].map { MarkdownTables.percentile($0, of: service) },
                    [service.isEmpty ? "–" : Figures.milliseconds(service.maximum)],
                ]
                return cells.flatMap { $0 }
            })
        if shown.count < run.endpoints.count {
            let rest = Figures.count(run.endpoints.count - shown.count, "endpoint")
            lines += ["", "\(rest) with fewer attempts are in endpoints.csv."]
        }
        if let availability = run.availability, availability.least < availability.leastOf {
            lines += [
                "",
                "At worst \(Figures.count(availability.least)) of \(Figures.count(availability.leastOf, "endpoint")) were "
                    + "available, at \(Figures.seconds(availability.leastAt)).",
            ]
        }
        return lines
    }

    static func shards(_ run: Measurement) -> [String] {
        guard let shards = run.shards else { return [] }
        var lines = ["- Rule: \(Markdown.text(shards.rule))."]
        func imbalance(_ value: Double?, _ what: String) {
            guard let value else { return }
            let mark = value > shards.limit ? "**\(Figures.share(value))**" : Figures.share(value)
            lines.append(
                "- The fullest shard had \(mark) more \(what) than the mean (limit \(Figures.share(shards.limit))).")
        }
        imbalance(shards.keyedImbalance, "keyed calls")
        imbalance(shards.imbalance, "attempts")
        if let share = shards.crossShardShare {
            lines.append(
                "- \(Figures.share(share)) of the calls went to several shards: to all, because they had no key, or to those of a batch."
            )
        }
        if let spilled = run.policies?.spilled, spilled > 0 {
            lines.append("- \(Figures.count(spilled, "keyed call")) went to another shard than their own.")
        }
        guard !shards.moved.isEmpty else { return lines }
        lines += [""]
        lines += Markdown.table(
            [">Endpoints changed at", ">keys moved"],
            shards.moved.prefix(mostRows).map { [Figures.seconds($0.time), Figures.share($0.share)] })
        if shards.moved.count > mostRows {
            lines += ["", "… and \(Figures.count(shards.moved.count - mostRows, "more change"))."]
        }
        return lines
    }
}
