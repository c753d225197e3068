package import Analysis
import Core
import Recording

/// `report.md`: the run for people, in GitHub's Markdown; it reads well as plain text too.
package enum MarkdownReport {
    package static func text(_ summary: RunSummary) -> String {
        var lines = head(summary)
        func section(_ title: String, _ body: [String]) {
            guard !body.isEmpty else { return }
            lines += ["", "## \(title)", ""] + body
        }
        section("Findings", summary.findings.map { "- \(Markdown.text($0.text))" })
        section("Budgets", MarkdownTables.budgets(summary.budgets))
        section("Calls and attempts", MarkdownPolicies.lines(summary.run))
        section("Latency", latency(summary))
        section("Steps", MarkdownTables.steps(summary.run.steps))
        section("Transactions", MarkdownOutcomes.transactions(summary.run.transactions))
        section("Checks", MarkdownOutcomes.checks(summary.run.checks))
        section("Counters", MarkdownOutcomes.counters(summary.run.counters))
        section("Endpoints", MarkdownEndpoints.endpoints(summary.run))
        section("Shards", MarkdownEndpoints.shards(summary.run))
        section("Events", MarkdownEvents.lines(summary.run))
        section("Model", (summary.model ?? []).map { "- \(Markdown.text($0))" })
        section("Behind the services", MarkdownResources.lines(summary.resources ?? []))
        section("Load", MarkdownTables.phases(summary.run.phases))
        section("Parts of an attempt", MarkdownTables.attempts(summary.run.attempts))
        section("Slowest calls", MarkdownCalls.slowest(summary.run))
        section("Statuses and failures", outcomes(summary.run))
        section("Error patterns", MarkdownCalls.patterns(summary.run))
        section("Ledgers", MarkdownLedgers.lines(summary))
        if summary.model == nil { section("Generator", MarkdownTables.generator(summary.run)) }
        let timeline = MarkdownTimeline.lines(summary.run)
        section(
            "Timeline",
            timeline.isEmpty
                ? [] : Markdown.picture(BundleFile.timelineChart.rawValue, ChartFiles.timelineText(summary)) + timeline)
        section("Environment", environment(summary))
        return lines.joined(separator: "\n") + "\n"
    }

    /// What a reader of a simulation must know before anything else.
    static let banner =
        "SIMULATED: in virtual time, without a network. The client is the real one, the target is the model described below."

    /// The same of a run that was faster than its plan.
    static func words(ofTimeScale scale: Double) -> String {
        "FASTER: 1 s here is \(scale.trimmed(6)) s of the plan. Figures and phases are those of the run; budgets and checks stand "
            + "as the plan writes them, and what was kept is their limit at this scale."
    }

    private static func head(_ summary: RunSummary) -> [String] {
        let run = summary.run
        let title = "# \(Markdown.text(summary.name)): \(summary.verdict.verdict.rawValue)"
        var lines = [title, ""]
        if summary.model != nil { lines += ["> \(banner)", ""] }
        if let scale = summary.plan.timeScale { lines += ["> \(words(ofTimeScale: scale))", ""] }
        lines.append("**\(Markdown.text(summary.verdict.sentence))**")
        if !summary.validity.isValid {
            lines += [""] + summary.validity.reasons.map { "- \(Markdown.text($0.text))" }
        }
        let made = Figures.count(run.ended, "call")
        var load = "\(made) in \(Figures.seconds(run.measuredSeconds)) to \(Markdown.text(summary.target)): "
        load += "\(Figures.rate(run.rates.offered)) offered, \(Figures.rate(run.rates.achieved)) completed, "
        load += "\(Figures.share(Figures.ratio(run.ledger.failed, of: run.ended))) failed"
        let figures = run.figures
        if run.ledger.rejected > 0 { load += ", \(Figures.share(figures.rejectedShare)) rejected" }
        if run.ledger.fallbacks > 0 { load += ", \(Figures.share(figures.fallbackShare)) answered by a fallback" }
        load += "."
        return lines + ["", load]
    }

    private static func latency(_ summary: RunSummary) -> [String] {
        let run = summary.run
        var rows = [("response", run.response), ("service", run.service)]
        if !run.warmUpResponse.isEmpty {
            rows += [("warm-up response", run.warmUpResponse), ("warm-up service", run.warmUpService)]
        }
        guard rows.contains(where: { !$0.1.isEmpty }) else { return [] }
        let percents = LatencySummary.percents
        let table = Markdown.table(
            ["ms", ">calls", ">mean"] + percents.map { ">" + LatencySummary.name(ofPercent: $0) } + [">max"],
            rows.filter { !$0.1.isEmpty }.map { name, latency in
                [name, Figures.count(latency.count), Figures.milliseconds(latency.mean)]
                    + percents.map { MarkdownTables.percentile($0, of: latency) }
                    + [Figures.milliseconds(latency.maximum)]
            })
        var note = "Response time runs from the intended start of a call to its end, service time from sending it."
        if percents.contains(where: { run.response.samples(abovePercent: $0) < Finding.enoughSamples }) {
            note += " Fewer than 10 calls lie above a value in parentheses."
        }
        return Markdown.picture(BundleFile.latencyChart.rawValue, ChartFiles.latencyText(summary)) + table + ["", note]
    }

    /// A chart that stands beside the report, with what it shows in words.
    private static func outcomes(_ run: Measurement) -> [String] {
        var lines = Markdown.table(
            ["Status", ">Calls", ">Share"],
            run.statuses.entries.map {
                [
                    Markdown.text($0.name), Figures.count($0.count),
                    Figures.share(Figures.ratio($0.count, of: run.calls)),
                ]
            })
        let failures = run.failures.entries.map { entry in
            let places = run.steps.filter { $0.failures[entry.name] > 0 }
                .map { "\(Markdown.text($0.name)) \(Figures.count($0.failures[entry.name]))" }
            return [
                Markdown.text(entry.name), Figures.count(entry.count),
                Figures.share(Figures.ratio(entry.count, of: run.calls)), places.joined(separator: ", "),
            ]
        }
        if !lines.isEmpty, !failures.isEmpty { lines.append("") }
        lines += Markdown.table(["Failure", ">Calls", ">Share", "Steps"], failures)
        return lines
    }

    private static func environment(_ summary: RunSummary) -> [String] {
        Markdown.table(["What", "Value"], environmentRows(summary).map { [$0.0, Markdown.text($0.1)] })
    }

    /// What ran where, without what is not known; the values are not yet escaped.
    static func environmentRows(_ summary: RunSummary) -> [(String, String)] {
        let environment = summary.environment
        var rows = [
            ("Started", environment == nil ? "" : summary.started), ("Target", summary.target),
            ("Addresses", environment?.addresses.joined(separator: ", ") ?? ""),
            ("Name resolved in", environment?.resolveSeconds.map(Figures.seconds) ?? ""),
            ("Plan", [summary.plan.file ?? "", summary.plan.hash].filter { !$0.isEmpty }.joined(separator: ", ")),
            ("Variant", summary.plan.variant ?? ""), ("Settings", summary.plan.settings.joined(separator: " ")),
            ("Overrides", summary.plan.overrides.joined(separator: " ")), ("Seed", String(summary.seed)),
            ("Gale", summary.gale + (environment.map { ", \($0.build) build" } ?? "")),
        ]
        if let environment {
            rows += [
                ("libcurl", environment.libcurl),
                ("TLS", environment.tls + (environment.insecure ? ", not verified" : "")),
                ("Machine", "\(environment.cpu), \(Figures.count(environment.cores, "core"))"),
                ("Memory", Figures.bytes(environment.memoryBytes)), ("Kernel", environment.kernel),
            ]
        }
        return rows.filter { !$0.1.isEmpty }
    }
}
