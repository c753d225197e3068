import Analysis
import Core
import Recording

/// The tables of `report.md`.
enum MarkdownTables {
    /// A percentile in milliseconds; in parentheses where fewer than ten samples lie above it.
    static func percentile(_ percent: Double, of latency: LatencySummary) -> String {
        guard let value = latency.value(atPercent: percent) else { return "–" }
        let text = Figures.milliseconds(value)
        return latency.samples(abovePercent: percent) < Finding.enoughSamples ? "(\(text))" : text
    }

    static func budgets(_ budgets: [BudgetResult]) -> [String] {
        Markdown.table(
            ["Budget", "Verdict", ">Value", ">Burn", ">Worst burn", ">Calls", "Note"],
            budgets.map { result in
                let notes = [result.budget.warnsOnly ? "only warns" : nil, result.note].compactMap { $0 }
                return [
                    Markdown.text(result.budget.text),
                    result.verdict == .broken ? "**broken**" : result.verdict.rawValue, result.valueText ?? "–",
                    result.burn.map { "\($0.fixed(2))×" } ?? "–", worstBurn(result), Figures.count(result.samples),
                    Markdown.text(notes.joined(separator: "; ")),
                ]
            })
    }

    /// `3.20× at 12 s`, of a twelfth of the run.
    private static func worstBurn(_ result: BudgetResult) -> String {
        guard let worst = result.worstBurn, worst.burn > 0 else { return "–" }
        return "\(worst.burn.fixed(2))× at \(Figures.seconds(worst.start))"
    }

    /// Two rows per step would hide the comparison of steps, so service time is two columns of the one row.
    static func steps(_ steps: [StepSummary]) -> [String] {
        let shown = [50.0, 95, 99, 99.9]
        return Markdown.table(
            ["Step, response ms", ">calls", ">failed", ">mean"] + shown.map { ">" + LatencySummary.name(ofPercent: $0) }
                + [">max", ">service p50", ">service p99"],
            steps.map { step in
                let response = step.response
                let calls = step.succeeded.map { $0 + (step.failed ?? 0) } ?? response.count
                return [
                    Markdown.text(step.name), Figures.count(calls), step.failed.map { Figures.count($0) } ?? "–",
                    response.isEmpty ? "–" : Figures.milliseconds(response.mean),
                ] + shown.map { percentile($0, of: response) } + [
                    response.isEmpty ? "–" : Figures.milliseconds(response.maximum), percentile(50, of: step.service),
                    percentile(99, of: step.service),
                ]
            })
    }

    static func phases(_ phases: [PhaseSummary]) -> [String] {
        Markdown.table(
            ["Phase", ">from", ">length", ">offered", ">completed", ">dropped", ">failed", ">p50 ms", ">p99 ms"],
            phases.map { phase in
                [
                    Markdown.text(phase.text), Figures.seconds(phase.start),
                    Figures.seconds(phase.seconds), Figures.rate(phase.rates.offered),
                    Figures.rate(phase.rates.achieved), Figures.count(phase.ledger.dropped),
                    Figures.count(phase.ledger.failed), percentile(50, of: phase.response),
                    percentile(99, of: phase.response),
                ]
            })
    }

    static func attempts(_ attempts: AttemptPhases) -> [String] {
        let shown = [50.0, 90, 99, 99.9]
        return Markdown.table(
            ["Part, ms", ">count", ">mean"] + shown.map { ">" + LatencySummary.name(ofPercent: $0) } + [">max"],
            attempts.rows.filter { !$0.summary.isEmpty }.map { name, latency in
                [name, Figures.count(latency.count), Figures.milliseconds(latency.mean)]
                    + shown.map { percentile($0, of: latency) } + [Figures.milliseconds(latency.maximum)]
            })
    }

    static func generator(_ run: Measurement) -> [String] {
        Markdown.table(["Check", ">Value", "Limit"], generatorRows(run))
    }

    /// What was looked at, what it was, and its limit, in plain text.
    static func generatorRows(_ run: Measurement) -> [[String]] {
        var rows: [[String]] = []
        func add(_ what: String, _ value: String?, _ limit: String = "") {
            if let value { rows.append([what, value, limit]) }
        }
        if !run.sendLag.isEmpty {
            let lag = run.sendLag
            let limit = run.hasOpenPhase ? "p99 ≤ max(1 ms, 10 % of response p99)" : ""
            add("send lag p50, p99, max", "\(lag.p50), \(lag.p99), \(lag.maximum)", limit)
        }
        add("busiest loop, open phases", run.busiestOpen.map(Figures.share), "≤ 90 % of a core")
        add("busiest loop, closed phases", run.busiestClosed.map(Figures.share))
        if run.ledger.scheduled > 0 { add("arrivals dropped late", Figures.count(run.ledger.droppedLate), "≤ 1 %") }
        guard let generator = run.generator else { return rows }
        add("stalls above 10 ms", Figures.count(generator.hiccups))
        add("longest stall", Figures.seconds(generator.longestHiccupSeconds))
        add("longest turn of a loop", Figures.seconds(generator.longestTurnSeconds))
        let cpu = generator.userSeconds + generator.systemSeconds
        add(
            "CPU, user and system",
            "\(Figures.seconds(generator.userSeconds)), \(Figures.seconds(generator.systemSeconds))")
        let calls = run.ledger.made + run.warmUp.made
        if calls > 0 { add("CPU per call", Figures.seconds(cpu / Double(calls))) }
        add("peak memory", Figures.bytes(generator.peakResidentBytes))
        let descriptors = "\(Figures.count(generator.descriptorLimit)) descriptors"
        add(
            "most connections", Figures.count(generator.peakConnections),
            "\(descriptors), \(Figures.count(generator.localPorts)) ports")
        add("most calls in flight", Figures.count(generator.peakInFlight))
        add("clients on loops", "\(Figures.count(generator.clients)) on \(Figures.count(generator.loops))")
        return rows
    }
}
