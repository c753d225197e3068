import Analysis
import Core
import Recording

/// What became of calls and of attempts in `report.md`: the two ledgers beside each other, and what lies between them.
enum MarkdownPolicies {
    /// Empty for a plan without policies, whose calls are its attempts.
    static func lines(_ run: Measurement) -> [String] {
        guard hasSomething(run) else { return [] }
        return table(run.ledger) + [""] + sentences(run).map { "- \($0)" } + budget(run.timeline)
    }

    /// False for a plan without policies.
    static func hasSomething(_ run: Measurement) -> Bool {
        let ledger = run.ledger
        return run.policies != nil || ledger.rejected + ledger.fallbacks + ledger.retries + ledger.hedges > 0
    }

    /// What lies between the two ledgers, in plain text.
    static func sentences(_ run: Measurement) -> [String] {
        let policies = run.policies ?? PolicyCounts()
        return [summary(run)] + retries(run.ledger, policies) + hedges(run.ledger, policies) + rejections(policies)
            + others(policies)
    }

    private static func table(_ ledger: Ledger) -> [String] {
        let calls = [
            ("made", ledger.made), ("succeeded", ledger.succeeded), ("failed", ledger.failed),
            ("cancelled", ledger.cancelled), ("rejected", ledger.rejected),
            ("answered by a fallback", ledger.fallbacks),
        ]
        let attempts = [
            ("all", ledger.attempts), ("first tries", ledger.firstTries), ("retries", ledger.retries),
            ("hedges", ledger.hedges),
        ]
        func cells(_ rows: [(String, Int)], _ index: Int, of all: Int) -> [String] {
            guard index < rows.count else { return ["", "", ""] }
            let (name, count) = rows[index]
            return [name, Figures.count(count), all > 0 ? Figures.share(Figures.ratio(count, of: all)) : "–"]
        }
        return Markdown.table(
            ["Calls", ">count", ">share", "Attempts", ">count", ">share"],
            calls.indices.map { cells(calls, $0, of: ledger.made) + cells(attempts, $0, of: ledger.attempts) })
    }

    private static func summary(_ run: Measurement) -> String {
        let figures = run.figures
        let amplification = figures.amplification.map {
            "\(Figures.amount($0)) \($0 == 1 ? "attempt" : "attempts") per call that was not rejected"
        }
        return "Amplification: \(amplification ?? "–"). Goodput: \(Figures.rate(figures.goodput)). "
            + "Errors: \(Figures.share(figures.errorShare)), those that a fallback answered apart."
    }

    /// `Retries: 480, for connect 200, timeout 280. They rescued 300 calls; …`
    private static func retries(_ ledger: Ledger, _ policies: PolicyCounts) -> [String] {
        guard ledger.retries + policies.retriesDenied > 0 else { return [] }
        let reasons = zip(PolicyCounts.retryReasons, policies.retries).filter { $0.1 > 0 }
            .map { "\($0.0) \(Figures.count($0.1))" }
        let unsent = policies.retries.reduce(0, +) - ledger.retries
        return [
            "Retries: \(Figures.count(ledger.retries))\(reasons.isEmpty ? "" : ", for \(reasons.joined(separator: ", "))")"
                + (unsent > 0 ? " (\(Figures.count(unsent)) of these were turned away before they were sent)" : "")
                + ". They rescued \(Figures.count(policies.rescued, "call")); "
                + "\(Figures.count(policies.exhausted)) failed for all their retries; the budget denied "
                + "\(Figures.count(policies.retriesDenied, "retry", plural: "retries"))."
        ]
    }

    private static func hedges(_ ledger: Ledger, _ policies: PolicyCounts) -> [String] {
        guard ledger.hedges + policies.hedgesDenied > 0 else { return [] }
        return [
            "Hedges: \(Figures.count(ledger.hedges)), of which \(Figures.count(policies.hedgesWon)) won and "
                + "\(Figures.count(policies.hedgesWasted)) were for nothing; the budget denied "
                + "\(Figures.count(policies.hedgesDenied))."
        ]
    }

    private static func rejections(_ policies: PolicyCounts) -> [String] {
        guard policies.rejected > 0 else { return [] }
        let layers = Rejection.allCases.filter { policies.rejections[Int($0.rawValue)] > 0 }
            .map { "\($0.name) \(Figures.count(policies.rejections[Int($0.rawValue)]))" }
        return ["Rejected: \(Figures.count(policies.rejected)) = \(layers.joined(separator: " + "))."]
    }

    private static func others(_ policies: PolicyCounts) -> [String] {
        var lines: [String] = []
        if policies.waited > 0 {
            lines.append(
                "\(Figures.count(policies.waited, "call")) waited in a bulkhead or for a connection before being sent."
            )
        }
        if policies.panics > 0 {
            lines.append(
                "Panic: \(Figures.count(policies.panics, "attempt")) went to any endpoint, because too few were available."
            )
        }
        return lines
    }

    /// The course of the retry budget, when there is one.
    private static func budget(_ windows: [TimelineWindow]) -> [String] {
        let left = windows.map(\.retryBudgetLeft)
        let known = left.compactMap { $0 }
        guard known.count > 1, let least = known.min() else { return [] }
        return [
            "", "```text", "budget left  \(Sparkline.text(left))  at least \(Figures.share(least))", "```",
        ]
    }
}
