package import Analysis
import Core
import Recording

/// What `gale run` prints at the end: at most 30 lines.
package enum TerminalReport {
    /// The most lines there can be; what does not fit is counted and is in `report.md`.
    package static let mostLines = 30
    /// Counters on their line.
    private static let mostCounters = 4

    /// - Parameters:
    ///   - colour: whether escapes for colours may be used.
    ///   - path: where the bundle is; nil when none was written.
    package static func text(_ summary: RunSummary, colour: Bool, path: String? = nil) -> String {
        let paint = Paint(isOn: colour)
        let run = summary.run
        let failed = run.checks.failedFirst.filter { $0.failed > 0 }
        let policies = TerminalPolicies.lines(run, paint)
        let room = Room(
            more: policies.count + (run.slowest.isEmpty ? 0 : 1), reasons: summary.validity.reasons.count,
            steps: run.steps.count, checks: failed.count,
            budgets: summary.budgets.count, findings: summary.findings.count)
        let title =
            "\(summary.name) → \(summary.target)" + (summary.model == nil ? "" : ", simulated")
            + (summary.plan.timeScale.map { ", 1 s is \($0.trimmed(6)) s of the plan" } ?? "")
        var lines = [paint(PlainText.clean(title), .quiet), verdict(summary.verdict, paint)]
        lines += limited(summary.validity.reasons, to: room.reasons) { "  ✗ \(PlainText.clean($0.text))" }
        lines += latencies(run, paint, mostSteps: room.steps)
        if let slowest = run.slowest.first { lines.append(self.slowest(slowest)) }
        lines.append(rates(run))
        lines.append(failures(run, paint))
        lines += policies
        lines += limited(failed, to: room.checks) { check($0, paint) }
        if !run.counters.isEmpty { lines.append(counters(run.counters)) }
        // The broken ones first: they are what is looked for.
        let order: [Verdict] = [.broken, .undecided, .invalid, .met]
        let budgets = order.flatMap { verdict in summary.budgets.filter { $0.verdict == verdict } }
        lines += limited(budgets, to: room.budgets) { budget($0, paint) }
        if summary.model == nil { lines.append(health(run)) }
        lines += limited(summary.findings, to: room.findings) { "  • \(PlainText.clean($0.text))" }
        if let path { lines.append(paint("report: \(PlainText.clean(path))", .quiet)) }
        return lines.map(PlainText.withoutCommands).joined(separator: "\n") + "\n"
    }

    /// How many lines each list may have: all have what they ask for, up to their own limit, as long as everything fits.
    private struct Room {
        /// Lines that are no part of a list: title, verdict, three of latencies, rate, failed, counters, generator, path.
        private static let others = 10
        /// A list is not cut below that many lines.
        private static let least = 2

        private(set) var reasons: Int
        private(set) var steps: Int
        private(set) var checks: Int
        private(set) var budgets: Int
        private(set) var findings: Int

        /// - Parameter more: further lines that are no part of a list.
        init(more: Int, reasons: Int, steps: Int, checks: Int, budgets: Int, findings: Int) {
            self.reasons = min(reasons, 4)
            self.steps = min(steps, 5)
            self.checks = min(checks, 5)
            self.budgets = min(budgets, 6)
            self.findings = min(findings, 4)
            let lists: [WritableKeyPath<Room, Int>] = [\.steps, \.findings, \.checks, \.budgets]
            while Self.others + more + self.reasons + lists.reduce(0, { $0 + self[keyPath: $1] }) > mostLines {
                // The longest is cut, of equals the first: what is looked for last gives way first.
                guard let longest = lists.map({ self[keyPath: $0] }).max(), longest > Self.least,
                    let list = lists.first(where: { self[keyPath: $0] == longest })
                else { return }
                self[keyPath: list] -= 1
            }
        }
    }

    private static func limited<Item>(_ items: [Item], to limit: Int, _ line: (Item) -> String) -> [String] {
        guard items.count > limit else { return items.map(line) }
        return items.prefix(limit - 1).map(line) + ["  … and \(items.count - limit + 1) more"]
    }

    private static func verdict(_ verdict: RunVerdict, _ paint: Paint) -> String {
        let sentence = PlainText.clean(verdict.sentence)
        let word = sentence.prefix { $0 != ":" }
        return paint(String(word), tone(of: verdict.verdict)) + sentence.dropFirst(word.count)
    }

    private static func tone(of verdict: Verdict) -> Paint.Tone {
        switch verdict {
        case .met: .good
        case .broken, .invalid: .bad
        case .undecided: .doubtful
        }
    }

    private static func latencies(_ run: Measurement, _ paint: Paint, mostSteps: Int) -> [String] {
        guard !run.response.isEmpty else { return [] }
        let shown = [50.0, 90, 99, 99.9]
        var rows = [["ms", "calls"] + shown.map(LatencySummary.name(ofPercent:)) + ["max"]]
        func add(_ name: String, _ latency: LatencySummary) {
            let values = shown.map { latency.value(atPercent: $0) } + [latency.isEmpty ? nil : latency.maximum]
            rows.append([name, Figures.count(latency.count)] + values.map { $0.map(Figures.milliseconds) ?? "–" })
        }
        add("response", run.response)
        add("service", run.service)
        let few = run.steps.count > mostSteps ? mostSteps - 1 : mostSteps
        if run.steps.count > 1 {
            for step in run.steps.prefix(few) { add(PlainText.cut(PlainText.clean(step.name), to: 30), step.response) }
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var lines = rows.map { row in
            "  "
                + row.indices.map { PlainText.pad(row[$0], to: widths[$0], right: $0 > 0) }.joined(separator: "  ")
        }
        lines[0] = paint(lines[0], .quiet)
        if run.steps.count > mostSteps { lines.append("  … and \(run.steps.count - few) more steps") }
        return lines
    }

    /// `slowest: 1,250 ms, buy/order at 12.3 s, 503, trace 4bf92f3577b34da6a3ce929d0e0e4736`
    private static func slowest(_ call: SlowCallSummary) -> String {
        let name = PlainText.cut(PlainText.clean(call.name), to: 30)
        let result = PlainText.clean(call.failure ?? String(call.status))
        return "slowest: \(Figures.milliseconds(call.response)) ms, \(name) at \(call.time.fixed(1)) s, \(result)"
            + (call.traceId.map { ", trace \(PlainText.clean($0))" } ?? "")
    }

    private static func rates(_ run: Measurement) -> String {
        let calls = Figures.count(run.ended, "call")
        return "rate: \(Figures.rate(run.rates.offered)) offered, \(Figures.rate(run.rates.achieved)) completed; "
            + "\(calls) in \(Figures.seconds(run.measuredSeconds))"
    }

    private static func failures(_ run: Measurement, _ paint: Paint) -> String {
        guard run.ledger.failed > 0 else { return "failed: none" }
        let worst = run.failures.entries.sorted { $0.count > $1.count }
        var kinds = worst.prefix(4).map { "\(PlainText.clean($0.name)) \(Figures.count($0.count))" }
        if worst.count > 4 { kinds.append("\(worst.count - 4) more kinds") }
        let total =
            "\(Figures.count(run.ledger.failed)) (\(Figures.share(Figures.ratio(run.ledger.failed, of: run.ended))))"
        return "failed: \(paint(total, .bad)): \(kinds.joined(separator: ", "))"
    }

    private static func check(_ check: CheckSummary, _ paint: Paint) -> String {
        let times = Figures.count(check.passed + check.failed, "time")
        let sample = check.sample.map { ", first: \(PlainText.clean($0))" } ?? ""
        let count = "\(Figures.count(check.failed)) of \(times) (\(Figures.share(check.failedShare)))"
        let text = "\(PlainText.clean(check.name)): failed \(count)\(sample)"
        return "  \(paint("✗", .bad)) \(PlainText.cut(text, to: 160))"
    }

    /// `counters: orders 120 (6/s), revenue 3,405.5 (170/s)`
    private static func counters(_ counters: [CounterSummary]) -> String {
        let few = counters.count > mostCounters ? mostCounters - 1 : counters.count
        var texts = counters.prefix(few).map { counter in
            let name = PlainText.cut(PlainText.clean(counter.name), to: 30)
            return "\(name) \(Figures.amount(counter.sum)) (\(Figures.amountRate(counter.perSecond)))"
        }
        if few < counters.count { texts.append("\(counters.count - few) more") }
        return "counters: \(texts.joined(separator: ", "))"
    }

    private static func budget(_ result: BudgetResult, _ paint: Paint) -> String {
        let mark =
            switch result.verdict {
            case .met: "✓"
            case .broken: "✗"
            case .undecided, .invalid: "?"
            }
        // A reason without a value says by itself that there are no data.
        let reason = result.note.map(PlainText.clean)
        let value = [result.valueText, result.valueText == nil ? reason : reason.map { "(\($0))" }].compactMap { $0 }
        var text = "\(PlainText.clean(result.budget.text)): \(value.joined(separator: " "))"
        if result.budget.warnsOnly { text += ", only warns" }
        return "  \(paint(mark, tone(of: result.verdict))) \(text)"
    }

    private static func health(_ run: Measurement) -> String {
        var parts: [String] = []
        if !run.sendLag.isEmpty { parts.append("send lag p99 \(run.sendLag.p99)") }
        if let share = [run.busiestOpen, run.busiestClosed].compactMap({ $0 }).max() {
            parts.append("busiest loop \(Figures.share(share))")
        }
        if let generator = run.generator {
            parts.append("longest stall \(Figures.seconds(generator.longestHiccupSeconds))")
            parts.append("peak memory \(Figures.bytes(generator.peakResidentBytes))")
        }
        return "generator: \(parts.isEmpty ? "nothing recorded" : parts.joined(separator: ", "))"
    }
}
