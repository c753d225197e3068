package import Analysis
import Core
import Recording

/// A comment for a pull request: what a reviewer wants to know, in Markdown that GitHub and GitLab show.
///
/// It begins with a line that only programs see, `<!-- gale:NAME -->`, by which a job finds its own comment again and
/// replaces it.
package enum CommentReport {
    /// Characters that GitHub takes of a comment; we count bytes, which are never fewer.
    package static let most = 65_536

    /// Rows of a table, as many as fit; the first that does is taken.
    private static let rows = [50, 20, 8, 3, 1]
    /// Bytes of a text of the plan.
    private static let longest = 200

    package static func text(_ summary: RunSummary) -> String { text([summary]) }

    /// One comment on all runs, marked with the name of the first.
    package static func text(_ summaries: [RunSummary]) -> String {
        let name = summaries.first.map { $0.name + ($0.plan.variant.map { "/\($0)" } ?? "") } ?? ""
        func body(_ rows: Int) -> String { summaries.map { section($0, rows: rows) }.joined(separator: "\n") }
        // Rows of all runs together: what surely does not fit need not be written to be measured.
        let tried = rows.filter { $0 * summaries.count <= 200 }
        let fitting = tried.lazy.map(body).first { $0.utf8.count <= most - 1_000 }
        return text(name: name, fitting ?? body(1))
    }

    /// Any report as a comment.
    /// - Parameters:
    ///   - name: what tells this comment from others of Gale in the same pull request.
    ///   - body: Markdown; what is too long is cut at a line.
    package static func text(name: String, _ body: String) -> String {
        TextLimit.cut(
            marker(name) + "\n" + body, toBytes: most,
            note: "*Cut here: a comment may have \(Figures.count(most)) characters. report.md in the bundle has all.*")
    }

    /// `<!-- gale:checkout -->`: names that differ have markers that differ, as far as 100 bytes go.
    ///
    /// All but letters, digits, `.` and single `-` of ASCII is written as in a URL, so that no name ends the comment.
    package static func marker(_ name: String) -> String {
        var text = ""
        var last = UInt8(ascii: " ")
        for byte in name.utf8.prefix(100) {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "-") where last != byte: text += "-"
            default: text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
            last = byte
        }
        return "<!-- gale:\(text) -->"
    }

    // MARK: One run

    private static func section(_ summary: RunSummary, rows: Int) -> String {
        let verdict = summary.verdict
        let name = markdown(RunLabel.text(name: summary.name, variant: summary.plan.variant))
        var lines = ["### \(sign(of: verdict.verdict)) \(name): \(verdict.verdict.rawValue)", ""]
        if summary.model != nil { lines += ["> \(MarkdownReport.banner)", ""] }
        lines.append("**\(markdown(verdict.sentence, longest: 1_000))**")
        func add(_ block: [String]) { if !block.isEmpty { lines += [""] + block } }
        add(limited(summary.validity.reasons.map(\.text), to: 5))
        add(budgets(summary.budgets, rows: rows))
        add([figures(summary.run)])
        add(latency(summary.run))
        add(limited(summary.findings.map(\.text), to: 5))
        add(steps(summary.run.steps, rows: rows))
        add([origin(summary)])
        return lines.joined(separator: "\n") + "\n"
    }

    /// A sign beside the word, for those who look for it in a long page.
    private static func sign(of verdict: Verdict) -> String {
        switch verdict {
        case .met: "✅"
        case .broken: "❌"
        case .undecided, .invalid: "⚠️"
        }
    }

    private static func markdown(_ text: String, longest: Int = longest) -> String {
        Markdown.text(PlainText.limit(PlainText.clean(text), toBytes: longest))
    }

    private static func limited(_ texts: [String], to most: Int) -> [String] {
        var lines = texts.prefix(most).map { "- \(markdown($0, longest: 500))" }
        if texts.count > most { lines.append("- … and \(Figures.count(texts.count - most)) more") }
        return lines
    }

    /// The broken ones first: they are what is looked for.
    private static func budgets(_ results: [BudgetResult], rows: Int) -> [String] {
        let order: [Verdict] = [.broken, .undecided, .invalid, .met]
        let sorted = order.flatMap { verdict in results.filter { $0.verdict == verdict } }
        let table = Markdown.table(
            ["Budget", "Verdict", ">Value", "Note"],
            sorted.prefix(rows).map { result in
                let notes = [result.budget.warnsOnly ? "only warns" : nil, result.note].compactMap { $0 }
                return [
                    markdown(result.budget.text),
                    result.verdict == .broken ? "**broken**" : result.verdict.rawValue, result.valueText ?? "–",
                    markdown(notes.joined(separator: "; ")),
                ]
            })
        guard results.count > rows else { return table }
        let rest = sorted[rows...]
        let broken = rest.count { $0.verdict == .broken }
        return table + [
            "", "… and \(Figures.count(rest.count, "more budget")), of which \(Figures.count(broken)) are broken.",
        ]
    }

    private static func figures(_ run: Measurement) -> String {
        var parts = [
            "\(Figures.count(run.ended, "call")) in \(Figures.seconds(run.measuredSeconds))",
            "\(Figures.rate(run.rates.offered)) offered, \(Figures.rate(run.rates.achieved)) completed",
            "\(Figures.share(run.figures.errorShare)) errors",
        ]
        if run.ledger.dropped > 0 { parts.append("\(Figures.count(run.ledger.dropped, "arrival")) dropped") }
        return parts.joined(separator: " · ")
    }

    private static let percents = [50.0, 95, 99, 99.9]

    private static func latency(_ run: Measurement) -> [String] {
        guard !run.response.isEmpty else { return [] }
        let response = run.response
        return Markdown.table(
            ["ms"] + percents.map { ">" + LatencySummary.name(ofPercent: $0) } + [">max"],
            [
                ["response"] + percents.map { MarkdownTables.percentile($0, of: response) }
                    + [Figures.milliseconds(response.maximum)]
            ])
    }

    /// Folded: one step says nothing new, and many are long.
    private static func steps(_ steps: [StepSummary], rows: Int) -> [String] {
        guard steps.count > 1 else { return [] }
        let table = Markdown.table(
            ["Step, response ms", ">calls", ">failed"] + percents.map { ">" + LatencySummary.name(ofPercent: $0) },
            steps.prefix(rows).map { step in
                let response = step.response
                let calls = step.succeeded.map { $0 + (step.failed ?? 0) } ?? response.count
                return [
                    markdown(step.name), Figures.count(calls), step.failed.map { Figures.count($0) } ?? "–",
                ] + percents.map { MarkdownTables.percentile($0, of: response) }
            })
        var lines = ["<details><summary>\(Figures.count(steps.count, "step"))</summary>", ""] + table
        if steps.count > rows { lines += ["", "… and \(Figures.count(steps.count - rows, "more step"))."] }
        return lines + ["", "</details>"]
    }

    /// How to get the same again.
    private static func origin(_ summary: RunSummary) -> String {
        let plan = [summary.plan.file, summary.plan.hash].compactMap { $0 }.joined(separator: ", ")
        return "<sub>seed \(summary.seed) · plan \(markdown(plan)) · target \(markdown(summary.target)) · "
            + "Gale \(markdown(summary.gale))</sub>"
    }
}
