import Analysis
import Core

/// The budgets: what was promised, what was measured, and how fast the promise was spent.
enum HTMLBudgets {
    /// Budgets whose course is drawn.
    private static let mostCourses = 40
    /// Columns of a course.
    private static let columns = 60

    static func contents(_ summary: RunSummary, _ seconds: [BudgetSeconds]) -> [Element?] {
        let courses = summary.budgets.count == seconds.count ? seconds.prefix(mostCourses).map(course) : []
        func notes(_ result: BudgetResult) -> [String] {
            [result.budget.warnsOnly ? "only warns" : nil, worst(result), result.note].compactMap { $0 }
        }
        let hasNotes = summary.budgets.contains { !notes($0).isEmpty }
        let hasCourse = courses.contains { $0 != nil }
        let rows = summary.budgets.enumerated().map { index, result -> [HTMLTable.Cell] in
            let burn: HTMLTable.Cell =
                result.burn.map {
                    .drawn("\($0.fixed(2))×", CellDrawing.bar($0 / 2, isWarning: $0 > 1))
                } ?? "–"
            let drawn: HTMLTable.Cell = index < courses.count ? courses[index].map { .element($0) } ?? "" : ""
            return [
                .text(result.budget.text), .element(HTML.chip(result.verdict)), .text(result.valueText ?? "–"), burn,
            ] + (hasCourse ? [drawn] : []) + [.text(Figures.count(result.samples))]
                + (hasNotes ? [.text(notes(result).joined(separator: "; "))] : [])
        }
        let names =
            ["Budget", "Verdict", ">Value", ">Burn"] + (hasCourse ? ["Burn over the run"] : []) + [">Calls"]
            + (hasNotes ? ["Note"] : [])
        let table = HTMLTable("What the run had to keep", names, rows, rest: "summary.json").element()
        guard let table else { return [] }
        let note =
            "Burn is the share of calls beyond the limit by the share that may be: at 1.00× all of the budget is spent, which is the "
            + "middle of the bar."
        return [table, summary.budgets.contains { $0.burn != nil } ? HTML.note(note) : nil]
    }

    /// The worst stretch of the run, where it spent more than the budget and the whole run did not say so.
    private static func worst(_ result: BudgetResult) -> String? {
        guard let worst = result.worstBurn, worst.burn > 1 else { return nil }
        let stretch = "\(Figures.seconds(worst.start)) to \(Figures.seconds(worst.start + worst.seconds))"
        return "worst \(worst.burn.fixed(2))× from \(stretch)"
    }

    /// The burn of each stretch of the run, with a line where all of the budget is spent.
    private static func course(_ seconds: BudgetSeconds) -> Element? {
        guard let allowed = seconds.allowed, allowed > 0, seconds.intervals.count > 1 else { return nil }
        let size = (seconds.intervals.count + columns - 1) / columns
        let burns = stride(from: 0, to: seconds.intervals.count, by: size).map { start -> Double? in
            let part = seconds.intervals[start..<min(start + size, seconds.intervals.count)]
            let samples = part.reduce(0) { $0 + $1.samples }
            let beyond = part.reduce(0) { $0 + $1.beyond }
            return samples > 0 ? Figures.ratio(beyond, of: samples) / allowed : nil
        }
        // Far above the limit it does not matter how far.
        let top = min(max(2, burns.compactMap { $0 }.max() ?? 0), 10)
        let width = 150 / Double(burns.count)
        var (kept, spent) = ("", "")
        for (index, burn) in burns.enumerated() {
            guard let burn, burn > 0 else { continue }
            let height = max(0.8, min(burn / top, 1) * 22)
            let bar =
                "M\(Drawing.number(Double(index) * width)) 24v\(Drawing.number(-height))h\(Drawing.number(max(width, 0.5)))"
                + "v\(Drawing.number(height))z"
            if burn > 1 { spent += bar } else { kept += bar }
        }
        return Element("span", ["class": "cell"]) {
            Element("svg", ["class": "chart", "viewBox": "0 0 150 26", "aria-hidden": "true"]) {
                Element("path", ["class": "base", "d": "M0 24.5H150"])
                kept.isEmpty ? nil : Element("path", ["class": "c1 solid", "d": kept])
                spent.isEmpty ? nil : Element("path", ["class": "c4 solid", "d": spent])
                Element("path", ["class": "limit", "d": "M0 \(Drawing.number(24 - 22 / top))H150"])
            }
        }
    }
}
