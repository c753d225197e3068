import Analysis
import Core

/// What was behind the services of the lab, in `report.md`: a table per resource, its course first, the whole run last.
enum MarkdownResources {
    static func lines(_ resources: [ResourceSummary]) -> [String] {
        var lines: [String] = []
        for resource in resources {
            if !lines.isEmpty { lines.append("") }
            lines += ["### \(Markdown.text(resource.name)), \(Markdown.text(resource.kind))", ""] + table(resource)
        }
        guard !lines.isEmpty else { return [] }
        let note =
            "Warm-up is in these tables. `time` runs from coming in to being done, waiting included; `p99` of a row is that of its "
            + "worst second; `busy`, `waiting` and `workers` (connections, senders, uploads) are means over time."
        return [note, ""] + lines
    }

    private static func table(_ resource: ResourceSummary) -> [String] {
        // What never happened is no column.
        let shown = resource.columns.indices.filter { place in
            resource.totals[place] != 0 || resource.course.contains { ($0[place] ?? 0) != 0 }
        }
        guard !shown.isEmpty else { return ["Nothing happened there."] }
        let columns = resource.columns
        let rows = resource.course.enumerated().map { index, values in
            [Figures.seconds(Double(index * resource.windowSeconds))] + shown.map { text(values[$0], columns[$0].unit) }
        }
        let whole = ["**whole run**"] + shown.map { text(resource.totals[$0], columns[$0].unit) }
        return Markdown.table(
            [">from"] + shown.map { ">" + Markdown.text(columns[$0].name.replacing("_", with: " ")) },
            (resource.course.count > 1 ? rows : []) + [whole])
    }

    static func text(_ value: Double?, _ unit: ResourceColumn.Unit) -> String {
        guard let value else { return "–" }
        switch unit {
        case .count: return value == value.rounded() ? Figures.count(Figures.whole(value)) : value.fixed(1)
        case .seconds: return Figures.seconds(value)
        case .share: return Figures.share(value)
        case .bytes: return Figures.bytes(Figures.whole(value))
        }
    }
}
